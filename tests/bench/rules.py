"""How long do 1,000 rules take against one message?

CPU time of the thread, without the database: rules as owners write them (each asks two or three things, a third of them
for words), messages of the shop's own examples, half of them with labels, entities and a stage. Beside it the same for
1,000 rules of which every one matches, and for 1,000 that ask for words alone, against a message of 4,000 characters.
"""

import random
import time
from collections.abc import Callable, Sequence

import msgspec

from hub.routing.compiled import Compiled
from hub.routing.facts import Facts
from hub.rule import (
    AnyCondition,
    AtStage,
    FromSource,
    HasIntent,
    HasLabel,
    InHours,
    InLanguage,
    Label,
    OnChannel,
    Rule,
    RuleId,
    Score,
    ToTeam,
    Words,
)
from nlp.intents import NAMES
from tests.bench.figures import Figure, Goal, percentile
from tests.bench.house import ROOT, Grounds

RULES, MESSAGES, ROUNDS = 1_000, 500, 4
CHANNELS = ("webchat", "email", "telegram", "slack", "api")
P50 = Goal(
    what="1,000 rules against a message, p50", unit="ms", sense="at most", must=2, aim=0.3, issue="tagging-routing"
)
P99 = Goal(
    what="1,000 rules against a message, p99", unit="ms", sense="at most", must=2, aim=0.3, issue="tagging-routing"
)
GOALS = (P50, P99)


async def run(grounds: Grounds) -> list[Figure]:
    chance = random.Random(1)
    texts = _texts()
    rules = Compiled([_rule(chance, index, texts) for index in range(RULES)])
    messages = [_message(chance, texts) for _ in range(MESSAGES)]
    took = _times(rules, messages * ROUNDS)
    beside = {
        "rules that matched, mean": f"{sum(len(rules.matches(one)) for one in messages) / MESSAGES:.1f}",
        "every rule matches, p99": f"{percentile(_times(_all_match(), messages), 0.99):.3f} ms",
        "words alone, 4,000 characters, p99": f"{percentile(_times(_words_alone(texts), _long(texts)), 0.99):.3f} ms",
    }
    return [
        Figure(goal=P50, readings=(percentile(took, 0.5),), beside=beside),
        Figure(goal=P99, readings=(percentile(took, 0.99),)),
    ]


def _times(rules: Compiled, messages: Sequence[Facts]) -> list[float]:
    return [_time(lambda one=one: rules.matches(one)) for one in messages]  # type: ignore[misc]  # a default that mypy cannot infer


def _time(work: Callable[[], object]) -> float:
    began = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - began) / 1e6


def _texts() -> list[str]:
    """Words of customers, from the messages that the tagger is taught with."""
    files = sorted((ROOT / "nlp" / "data").glob("*.jsonl"))
    lines = [line for file in files for line in file.read_bytes().splitlines() if line.strip()]
    return [str(msgspec.json.decode(line)["text"]) for line in lines]


def _rule(chance: random.Random, index: int, texts: Sequence[str]) -> Rule:
    phrase = " ".join(chance.choice(texts).split()[:2]) or "ship"
    asked: list[AnyCondition] = [
        HasIntent(any_of=(chance.choice(NAMES),), at_least=chance.choice((None, 0.5, 0.8))),
        OnChannel(any_of=(chance.choice(CHANNELS),)),
        InLanguage(any_of=(chance.choice(("vi", "en")),)),
        Words(any=(phrase, chance.choice(texts).split()[0])),
        Words(any=(phrase,), none=("cảm ơn",)),
        AtStage(any_of=(chance.choice(("lead", "customer")),)),
        HasLabel(any_of=(f"label {chance.randrange(20)}",)),
        FromSource(none_of=("ads",)),
        Score(at_least=chance.randrange(100)),
        InHours(open=chance.random() < 0.5),
    ]
    return Rule(
        id=RuleId(f"r{index:04}"),
        name=f"rule {index}",
        when="tagged",
        conditions=tuple(chance.sample(asked, chance.choice((2, 3)))),
        actions=(ToTeam(to="care"),),
        order=index,
    )


def _message(chance: random.Random, texts: Sequence[str]) -> Facts:
    known = chance.random() < 0.5
    return Facts(
        trigger="tagged",
        channel=chance.choice(CHANNELS),
        account="shop",
        intent=chance.choice(NAMES),
        confidence=chance.random(),
        band=chance.choice(("route", "route", "suggest")),
        language=chance.choice(("vi", "vi", "en")),
        text=chance.choice(texts),
        entities=("phone", "order") if known else (),
        labels=tuple(f"label {chance.randrange(20)}" for _ in range(3)) if known else (),
        stage=chance.choice(("lead", "customer")) if known else None,
        score=chance.randrange(100) if known else None,
        open=("", "care"),
    )


def _all_match() -> Compiled:
    return Compiled(
        Rule(id=RuleId(f"r{index:04}"), name="r", when="tagged", actions=(Label(add=("a",)),), order=index)
        for index in range(RULES)
    )


def _words_alone(texts: Sequence[str]) -> Compiled:
    chance = random.Random(2)
    return Compiled(
        Rule(
            id=RuleId(f"r{index:04}"),
            name="r",
            when="tagged",
            conditions=(Words(any=tuple(" ".join(chance.choice(texts).split()[:2]) or "a" for _ in range(3))),),
            actions=(Label(add=("a",)),),
            order=index,
        )
        for index in range(RULES)
    )


def _long(texts: Sequence[str]) -> list[Facts]:
    chance = random.Random(3)
    return [
        Facts(trigger="tagged", text=" ".join(chance.choice(texts) for _ in range(120))[:4_000]) for _ in range(100)
    ]
