"""What an owner decided of the intents, as far as teaching goes: merged ones, ones switched off, and their own. Pure.

A model keeps what it was taught under the names that it came with, and the plan beside it: so a merge can be taken
back, and what is switched off is learnt again once it is on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from nlp.examples import Row, same
from nlp.intents import UNKNOWN

LEAST_OWN = 8  # different messages from which on an own intent is taught
ENOUGH_OWN = 20  # with fewer it is often not recognised
OUTSIDE = (UNKNOWN, "oos")  # noise for judging, never taught: a class of noise would learn its own rows only


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`merged`: an intent's name to the one that it counts for, in one step."""

    merged: dict[str, str] = {}
    off: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    def now(self, intent: str) -> str:
        """What a message of this intent counts for: the one that it was merged into; "unknown" when that is off."""
        root = self.merged.get(intent, intent)
        return UNKNOWN if root in self.off else root

    @property
    def is_plain(self) -> bool:
        """Whether every intent stands for itself."""
        return not (self.merged or self.off)


PLAIN = Plan()


def applied(rows: Sequence[Row], plan: Plan = PLAIN) -> list[Row]:
    """The rows as they are taught: merged ones under the name that they count for.

    Left out is what is switched off, an own intent that has too few, and what else is known of an own example's text.
    """
    named = _named(rows, plan)
    short = _missing(named, plan)
    return [row for row in named if row.intent not in OUTSIDE and row.intent not in short]


def missing(rows: Sequence[Row], plan: Plan) -> dict[str, int]:
    """How many messages each own intent still needs before it is taught, those that need some."""
    return _missing(_named(rows, plan), plan)


def _named(rows: Sequence[Row], plan: Plan) -> list[Row]:
    own = {same(row.text) for row in rows if row.own}
    kept = [row for row in rows if row.own or same(row.text) not in own] if own else list(rows)
    return kept if plan.is_plain else [msgspec.structs.replace(row, intent=plan.now(row.intent)) for row in kept]


def _missing(named: Sequence[Row], plan: Plan) -> dict[str, int]:
    if not plan.own:
        return {}
    counts = Counter(name for name, _ in {(row.intent, same(row.text)) for row in named})
    return {name: LEAST_OWN - counts[name] for name in plan.own if plan.now(name) == name and counts[name] < LEAST_OWN}


def known(rows: Sequence[Row]) -> list[Row]:
    """The rows that are taught: all but those of no known intent."""
    return [row for row in rows if row.intent not in OUTSIDE]


def pooled(examples: Sequence[Row], corrections: Sequence[Row], *, anew: bool) -> list[Row]:
    """What there is to learn from, under its own names; `anew`: the owner's examples are those among the corrections.

    They stand beside what else is known of their texts, which counts again when they are taken back.
    """
    told, given = ([row for row in known(rows) if not row.own] for rows in (examples, corrections))
    own = known([row for row in (corrections if anew else examples) if row.own])
    return merged(told, given) + own


def merged(examples: Sequence[Row], corrections: Sequence[Row]) -> list[Row]:
    """The examples, then the corrections; of one text the latest word counts."""
    latest = {same(row.text): row for row in corrections}
    return [row for row in examples if same(row.text) not in latest] + list(latest.values())


def taught(rows: Sequence[Row], plan: Plan = PLAIN) -> Mapping[str, str]:
    """Of each text the intent that is taught of it."""
    return {same(row.text): row.intent for row in applied(rows, plan)}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """How many messages are taught otherwise, anew or no more."""
    return sum(1 for text in before.keys() | after.keys() if before.get(text) != after.get(text))
