"""The compiled rules answer what the plain reading of them answers, whatever they say and whatever happened."""

import dataclasses
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.routing.compiled import Compiled
from hub.routing.facts import Facts, spoken
from hub.rule import (
    AtStage,
    Changed,
    FromSource,
    HasEntity,
    HasIntent,
    HasLabel,
    HasPriority,
    HasSign,
    HasWish,
    InHours,
    InLanguage,
    InRegion,
    InTeam,
    OnAccount,
    OnChannel,
    OneOf,
    Priority,
    Rating,
    Rule,
    RuleId,
    Score,
    Stop,
    ToTeam,
    Trigger,
    Waiting,
    Words,
)
from tests.hub.routing.plain import matches

# Few values of each kind, so that rules and facts meet; the words share beginnings and have accents.
VALUES: dict[type[OneOf], tuple[str, ...]] = {
    OnChannel: ("webchat", "email", "telegram"),
    OnAccount: ("shop", "page"),
    InLanguage: ("vi", "en"),
    HasEntity: ("phone", "order", "date"),
    HasSign: ("urgent", "bad"),
    HasWish: ("complaint", "refund", "praise"),
    AtStage: ("lead", "customer"),
    InRegion: ("hn", "sg"),
    FromSource: ("ads", "friend"),
    HasLabel: ("vip", "old", "new"),
    HasPriority: get_args(Priority),
    InTeam: ("", "sales", "care"),
    Waiting: ("us", "customer"),
    Changed: ("stage", "phone"),
}
INTENTS = ("complaint", "refund", "praise")
PHRASES = ("giá", "bao nhiêu", "giá bao nhiêu", "Hàng", "hàng mới", "ship", "đổi trả")
TEXTS = st.lists(st.sampled_from((*PHRASES, "ơi", "giaá", "shipper", "new!", "GIA")), max_size=6).map(" ".join)
TRIGGERS = st.sampled_from(get_args(Trigger)[:3])
NUMBERS = st.sampled_from((0.0, 0.3, 0.5, 0.9, 1.0))
MAYBE = st.none() | NUMBERS


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


def one_of(kind: type[OneOf]) -> st.SearchStrategy[OneOf]:
    values = VALUES[kind]
    return st.builds(kind, any_of=some(values), none_of=some(values))


CONDITIONS: st.SearchStrategy[Any] = st.one_of(
    *(one_of(kind) for kind in VALUES),
    st.builds(
        HasIntent,
        any_of=some(INTENTS),
        none_of=some(INTENTS),
        sure=st.sampled_from(("certain", "suggested", "any")),
        at_least=MAYBE,
    ),
    st.builds(Words, any=some(PHRASES), all=some(PHRASES), none=some(PHRASES)),
    st.builds(Score, at_least=MAYBE, at_most=MAYBE),
    st.builds(Rating, at_least=MAYBE, at_most=MAYBE),
    st.builds(InHours, open=st.booleans(), team=st.none() | st.sampled_from(("sales", "care"))),
)
RULES = st.lists(
    st.builds(
        Rule,
        id=st.integers(0, 10**9).map(lambda n: RuleId(f"r{n}")),
        name=st.just("a rule"),
        when=TRIGGERS,
        conditions=st.lists(CONDITIONS, max_size=4).map(tuple),
        actions=st.sampled_from(((ToTeam(to="sales"),), (ToTeam(to="care"), Stop()))),
        on=st.sampled_from((True, True, True, False)),
        order=st.integers(0, 5),
    ),
    max_size=30,
    unique_by=lambda one: one.id,
)
FACTS = st.builds(
    Facts,
    trigger=TRIGGERS,
    channel=st.sampled_from(VALUES[OnChannel]),
    account=st.sampled_from(VALUES[OnAccount]),
    intent=st.none() | st.sampled_from(INTENTS),
    confidence=NUMBERS,
    band=st.sampled_from((None, "route", "suggest", "default")),
    language=st.none() | st.sampled_from(("vi", "en", "fr")),
    text=TEXTS,
    entities=some(VALUES[HasEntity]),
    signs=some(VALUES[HasSign]),
    wishes=some(VALUES[HasWish]),
    stage=st.none() | st.sampled_from(VALUES[AtStage]),
    region=st.none() | st.sampled_from(VALUES[InRegion]),
    source=st.none() | st.sampled_from(VALUES[FromSource]),
    score=MAYBE,
    rating=MAYBE,
    labels=some(VALUES[HasLabel]),
    priority=st.sampled_from(VALUES[HasPriority]),
    team=st.sampled_from(VALUES[InTeam]),
    waiting=st.sampled_from(VALUES[Waiting]),
    open=some(("", "sales", "care")),
    changed=some(VALUES[Changed]),
)


@settings(max_examples=400, deadline=None)
@given(rules=RULES, facts=st.lists(FACTS, min_size=1, max_size=5))
def test_compiled_rules_answer_what_the_plain_reading_answers(rules: list[Rule], facts: list[Facts]) -> None:
    compiled = Compiled(rules)
    assert [compiled.matches(one) for one in facts] == [matches(rules, one) for one in facts]


@dataclasses.dataclass(frozen=True)
class Case:
    """Words, and whether a rule that wants them fits a text."""

    words: Words
    text: str
    fits: bool


@pytest.mark.parametrize(
    "case",
    [
        Case(Words(any=("giá",)), "Cho em hỏi GIA ạ", True),
        Case(Words(any=("giá",)), "Giangx ơi", False),
        Case(Words(any=("bao nhiêu",)), "bao\nnhieu, shop?", True),
        Case(Words(any=("đổi trả",)), "doi-tra", True),
        Case(Words(all=("giá", "ship")), "giá gồm ship chưa", True),
        Case(Words(all=("giá", "ship")), "giá sao", False),
        Case(Words(any=("giá",), none=("sỉ",)), "giá sỉ", False),
        Case(Words(none=("sỉ",)), "", True),
        Case(Words(any=("giá",)), "😀" * 50 + "\x00", False),
    ],
)
def test_words_are_found_whole_and_without_regard_to_accents(case: Case) -> None:
    rule = Rule(id=RuleId("r"), name="r", when="arrived", conditions=(case.words,), actions=(Stop(),))
    assert bool(Compiled([rule]).matches(Facts(trigger="arrived", text=case.text))) is case.fits


def test_a_hundred_thousand_characters_are_cut_before_they_are_looked_at() -> None:
    assert len(spoken("á " * 50_000)) <= 4_002


def test_it_says_what_it_must_be_told() -> None:
    rules = [
        Rule(id=RuleId("a"), name="a", when="opened", conditions=(AtStage(any_of=("lead",)),), actions=(Stop(),)),
        Rule(id=RuleId("b"), name="b", when="tagged", conditions=(Score(at_least=1),), actions=(Stop(),)),
    ]
    compiled = Compiled(rules)
    assert (compiled.asks("opened"), compiled.asks("tagged"), compiled.has("idle")) == ({"stage"}, {"score"}, False)


def test_a_rule_that_is_off_is_not_looked_at() -> None:
    rule = Rule(id=RuleId("r"), name="r", when="arrived", actions=(Stop(),), on=False)
    assert Compiled([rule]).matches(Facts(trigger="arrived")) == []
