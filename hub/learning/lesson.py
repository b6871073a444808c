"""What is to be learnt: what agents corrected and owners gave, and the plan of intents by which it counts."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from hub.intents import IntentList, rows_of, standing
from hub.learning.waiting import latest, waiting
from hub.model import Record
from hub.store import Store
from hub.store.corrections import Correction
from hub.store.intents import ExampleWord
from nlp.examples import Row
from nlp.plan import PLAIN, Plan, differing, missing, pooled, taught


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """All that people said: each correction, the examples that stand, and the intents as they hold."""

    corrections: tuple[Correction, ...]
    examples: tuple[ExampleWord, ...]
    intents: IntentList

    @property
    def plan(self) -> Plan:
        """By which it counts."""
        return self.intents.plan

    @property
    def rows(self) -> list[Row]:
        """What is taught, under the names that it was given."""
        return [Row(text=one.text, intent=one.after) for one in latest(self.corrections)] + rows_of(self.examples)


class Standing(Record, frozen=True, kw_only=True):
    """What a model would learn of a lesson, beside what it was taught."""

    waiting: int  # corrections that it has not learnt
    changed: int  # messages, corrected ones included, that would be taught otherwise, anew or no more
    messages: dict[str, int]  # how many each intent would have
    missing: dict[str, int]  # how many an own intent needs before it is taught
    taught: frozenset[str] = frozenset()  # the intents that it knows


async def read_lesson(store: Store) -> Lesson:
    """All of it. Raises StoreDown."""
    return Lesson(
        corrections=tuple(await store.corrections.all()),
        examples=tuple(standing(await store.examples.all())),
        intents=IntentList(await store.intents.all()),
    )


def compare(lesson: Lesson, learnt: Sequence[Row], former: Plan = PLAIN) -> Standing:
    """The lesson beside a model that learnt these rows by `former`."""
    pool = pooled(learnt, lesson.rows, anew=True)
    before, after = taught(learnt, former), taught(pool, lesson.plan)
    teachable = set(after.values())
    return Standing(
        waiting=sum(1 for one in waiting(lesson.corrections, learnt) if lesson.plan.now(one.after) in teachable),
        changed=differing(before, after),
        messages=dict(Counter(after.values())),
        missing=missing(pool, lesson.plan),
        taught=frozenset(before.values()),
    )
