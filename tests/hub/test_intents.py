"""The list of intents as it holds in a shop: names, merges, switches, and what they make of tags and rules."""

import datetime as dt
from typing import Any

import pytest

from hub.intents import IntentList, standing
from hub.model import AgentId, Tag, Wish
from hub.rule import HasIntent, HasWish, Label, Rule, RuleId
from hub.store.intents import ExampleWord, IntentWord

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def word(id_: str, **said: Any) -> IntentWord:
    return IntentWord(id=id_, at=NOW, by="Lan", **said)


def tag(intent: str, *others: str) -> Tag:
    further = tuple(Wish(intent=name, confidence=0.4) for name in others)
    return Tag(intent=intent, confidence=0.9, band="route", language="vi", model="m", words=("giá",), others=further)


def example(text: str, intent: str, minute: int, *, given: bool = True) -> ExampleWord:
    at = NOW + dt.timedelta(minutes=minute)
    return ExampleWord(id=f"x{minute}", intent=intent, text=text, agent=AgentId("a"), name="Lan", at=at, given=given)


def test_without_a_word_of_the_owner_it_is_the_built_in_list() -> None:
    plain = IntentList()
    assert (len(plain.all), plain.all[-1].name, plain.plan.is_plain) == (29, "unknown", True)
    assert [one.name for one in plain.all if not one.meaning_vi] == []


def test_own_intents_stand_before_the_unknown_under_the_names_that_the_owner_gave() -> None:
    listed = IntentList([word("own_gift", own=True, vi="Gói quà", tone="care"), word("ask_price", vi="Hỏi giá")])
    gift = listed.all[-2]
    assert (gift.name, gift.vi, gift.en, gift.tone, gift.own) == ("own_gift", "Gói quà", "Gói quà", "care", True)
    price = listed.by_name["ask_price"]
    assert (price.vi, price.en, price.renamed) == ("Hỏi giá", "Price", True)


def test_merges_are_followed_to_their_end_and_a_ring_ends_somewhere() -> None:
    listed = IntentList([word("ask_stock", into="ask_product"), word("ask_product", into="ask_price")])
    assert (listed.root("ask_stock"), listed.plan.merged["ask_stock"]) == ("ask_price", "ask_price")
    ring = IntentList([word("ask_stock", into="ask_price"), word("ask_price", into="ask_stock")])
    assert ring.root("ask_stock") in ("ask_stock", "ask_price")


@pytest.mark.parametrize("name", ["stop_messages", "unknown"])
def test_what_must_stay_stays_whatever_the_ledger_says(name: str) -> None:
    assert IntentList([word(name, on=False, into="spam")]).by_name[name].stands


def test_a_fresh_tag_of_a_merged_intent_is_the_one_that_it_counts_for() -> None:
    listed = IntentList([word("ask_stock", into="ask_price"), word("spam", on=False)])
    now = listed.now(tag("ask_stock", "ask_price", "spam", "refund"))
    assert (now.intent, now.band, [one.intent for one in now.others]) == ("ask_price", "route", ["refund"])
    twice = listed.now(tag("spam", "ask_stock", "refund", "ask_price"))
    assert [one.intent for one in twice.others] == ["ask_price", "refund"]


def test_a_fresh_tag_of_an_intent_that_is_off_is_not_understood() -> None:
    now = IntentList([word("spam", on=False)]).now(tag("spam", "refund"))
    assert (now.intent, now.band, now.words, [one.intent for one in now.others]) == (
        "unknown",
        "default",
        (),
        ["refund"],
    )


def test_a_name_that_nobody_knows_is_left_as_it_is() -> None:
    listed = IntentList([word("spam", on=False)])
    assert (listed.now(tag("own_gone")).intent, listed.shown("own_gone")) == ("own_gone", None)


def test_a_rule_also_matches_what_counts_for_its_intents() -> None:
    rule = Rule(
        id=RuleId("r"),
        name="r",
        when="tagged",
        conditions=(HasIntent(any_of=("ask_stock",)), HasWish(none_of=("ask_price",))),
        actions=(Label(add=("x",)),),
        at=NOW,
        by="Lan",
    )
    widened, wish = IntentList([word("ask_stock", into="ask_price")]).widened(rule).conditions
    assert isinstance(widened, HasIntent)
    assert isinstance(wish, HasWish)
    assert (widened.any_of, wish.none_of) == (("ask_stock", "ask_price"), ("ask_price", "ask_stock"))
    assert IntentList().widened(rule) is rule


def test_of_one_text_the_latest_word_counts() -> None:
    words = [
        example("gói quà", "own_gift", 1),
        example("Gói  quà", "own_gift", 2, given=False),
        example("bọc quà", "own_gift", 3),
        example("bọc quà", "own_wrap", 4),
    ]
    assert [(one.text, one.intent) for one in standing(words)] == [("bọc quà", "own_wrap")]
