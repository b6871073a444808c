"""What an owner decided of the intents, as it is taught: merged, switched off, own ones, and examples given back."""

import msgspec
import numpy as np
import pytest

from nlp.examples import Row, shipped
from nlp.gate import Fresh, Judged, judge
from nlp.plan import LEAST_OWN, PLAIN, Plan, applied, differing, missing, pooled, taught
from nlp.teach import train

GIFT = "own_gift_wrap_1"
ROWS = [Row(text="giá sao", intent="ask_price"), Row(text="còn hàng không", intent="ask_stock")]


def gifts(count: int) -> list[Row]:
    return [Row(text=f"gói quà số {number} giúp em", intent=GIFT, own=True) for number in range(count)]


def test_a_plain_plan_teaches_what_there_is_and_never_the_unknown() -> None:
    assert applied([*ROWS, Row(text="asdf", intent="unknown")]) == ROWS


def test_a_merged_intents_messages_count_for_the_other_one() -> None:
    plan = Plan(merged={"ask_stock": "ask_price"})
    assert taught(ROWS, plan) == {"giá sao": "ask_price", "còn hàng không": "ask_price"}


def test_what_is_switched_off_is_not_taught_and_neither_is_what_was_merged_into_it() -> None:
    plan = Plan(merged={"ask_stock": "ask_price"}, off=("ask_price",))
    assert (taught(ROWS, plan), plan.now("ask_stock"), plan.now("refund")) == ({}, "unknown", "refund")


def test_an_own_intent_is_taught_from_its_eighth_message_on() -> None:
    plan = Plan(own=(GIFT,))
    assert (missing(gifts(LEAST_OWN - 1), plan), applied(gifts(LEAST_OWN - 1), plan)) == ({GIFT: 1}, [])
    assert (missing(gifts(LEAST_OWN), plan), len(applied(gifts(LEAST_OWN), plan))) == ({}, LEAST_OWN)


def test_the_same_words_twice_are_one_message_of_the_eight() -> None:
    again = [*gifts(LEAST_OWN - 1), Row(text="GÓI quà  số 0 giúp em", intent=GIFT, own=True)]
    assert missing(again, Plan(own=(GIFT,))) == {GIFT: 1}


def test_an_own_example_stands_above_what_else_is_known_of_its_text_until_it_is_taken_back() -> None:
    pool = pooled(ROWS, [Row(text="Giá sao", intent="ask_promotion", own=True)], anew=True)
    back = pooled(pool, [], anew=True)
    assert (taught(pool)["giá sao"], taught(back)["giá sao"]) == ("ask_promotion", "ask_price")
    assert differing(taught(pool), taught(back)) == 1


def test_without_a_plan_the_examples_that_were_taught_stay() -> None:
    assert pooled([*ROWS, *gifts(2)], [Row(text="mới", intent="refund")], anew=False)[-2:] == gifts(2)


def test_the_gate_compares_what_both_know_and_shows_the_rest_beside() -> None:
    truth = ["a"] * 50 + ["b"] * 10
    before, after = np.array([True] * 50 + [False] * 10), np.array([True] * 55 + [False] * 5)
    verdict = judge(truth, Judged(right=before, bare=before), Judged(right=after, bare=after), {"a"})
    assert (verdict.rows, verdict.before.right, verdict.after.right, verdict.passed) == (50, 1.0, 1.0, True)
    assert verdict.fresh == {"b": Fresh(rows=10, right=0.5, bare=0.5)}


def test_what_intents_that_come_back_take_of_the_others_has_limits_of_its_own() -> None:
    truth, right = (
        ["a"] * 100 + ["b"] * 400 + ["c"] * 9,
        Judged(right=np.array([True] * 509), bare=np.array([True] * 509)),
    )
    some, much = (np.array([True] * count + [False] * (509 - count)) for count in (5, 11))
    passed = judge(truth, right, right, {"a", "b"}, Judged(right=some, bare=some), Judged(right=some, bare=some))
    failed = judge(truth, right, right, {"a", "b"}, Judged(right=much, bare=some), Judged(right=much, bare=some))
    assert (passed.against, passed.taken) == ([], {"": 0.01, "a": 0.05})
    assert failed.against == [
        "new intents: 2.2% of the messages go there; at most 2 points may",
        "a to new intents: 11.0% of the messages go there; at most 5 points may",
    ]


@pytest.mark.timeout(120)
def test_what_a_new_intent_takes_is_lost_to_the_others_and_what_comes_back_is_not() -> None:
    prices = [row for row in shipped() if row.intent == "ask_price"][:80]
    others = [row for name in ("refund", "spam") for row in [one for one in shipped() if one.intent == name][:40]]
    mine = [msgspec.structs.replace(row, intent=GIFT, own=True) for row in prices[1::2]]
    plan = Plan(own=(GIFT,))
    fresh = train([*prices[::2], *others], mine, heads=1, former=plan, plan=plan).verdict
    back = train(
        [*prices[::2], *others, *mine], mine, heads=1, former=Plan(own=(GIFT,), off=(GIFT,)), plan=plan
    ).verdict
    assert fresh.taken == back.taken
    assert fresh.taken["ask_price"] > 0.1
    lost, taken = {"overall", "ask_price", "ask_price without diacritics"}, {"new intents", "ask_price to new intents"}
    assert {line.split(":")[0] for line in fresh.against} & (lost | taken) == lost
    assert taken <= {line.split(":")[0] for line in back.against}
    assert back.after.right > fresh.after.right


@pytest.mark.timeout(180)
def test_a_merge_taken_back_and_an_intent_switched_off_do_not_trouble_the_gate() -> None:
    names = ("ask_hours", "refund", "spam", "praise")
    few = [row for name in names for row in [one for one in shipped() if one.intent == name][:40]]
    merged = Plan(merged={"praise": "refund"})
    found = train(few, [], heads=1, former=merged, plan=Plan(off=("spam",)))
    assert found.verdict.passed, found.verdict.against
    assert (set(found.verdict.fresh), found.verdict.gone) == ({"praise"}, {"spam": 40})
    assert (found.heads.labels, found.rows) == (("ask_hours", "praise", "refund"), few)
    assert train(few, [], heads=1, former=PLAIN, plan=merged).verdict.passed
