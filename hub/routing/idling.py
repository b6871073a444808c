"""Finds conversations in which nothing was said for as long as a rule waits: each silence once.

A silence is named by the last words before it. The windows follow each other from turn to turn, so that only what
crossed the line since the last turn is read; a rule begins with the silences that end after it was made.
"""

import datetime as dt
from collections.abc import Callable

import msgspec

from hub.model import Conversation
from hub.routing.book import Known
from hub.routing.compiled import Compiled
from hub.routing.happenings import Happened
from hub.routing.planning import Planner
from hub.rule import Rule
from hub.store import Store
from hub.store.rules import Act

CURSOR = "routing-idle"
EVERY = dt.timedelta(seconds=10)
OVERLAP = dt.timedelta(seconds=5)  # a row may be written a little after its time
MOST_BEHIND = dt.timedelta(days=7)


class Idling:
    def __init__(self, store: Store, planner: Planner, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._planner = planner
        self._clock = clock
        self._last: dt.datetime | None = None

    async def step(self, known: Known) -> list[Act]:
        """What is to be done about silences that became long enough since the last turn. Raises StoreDown."""
        rules = [one for one in known.written if one.when == "idle" and one.after_minutes is not None]
        now = self._clock()
        if not rules or (self._last is not None and now - self._last < EVERY):
            return []
        kept = await self._store.cursors.get(CURSOR)
        since = dt.datetime.fromisoformat(kept) if kept else now
        since = max(since - OVERLAP, now - MOST_BEHIND)
        acts: list[Act] = []
        for minutes in sorted({one.after_minutes or 0 for one in rules}):
            of = [one for one in rules if one.after_minutes == minutes]
            acts += await self._of(known, of, dt.timedelta(minutes=minutes), since, now)
        await self._store.cursors.move(CURSOR, now.isoformat(), now)
        self._last = now
        return acts

    async def _of(
        self, known: Known, rules: list[Rule], after: dt.timedelta, since: dt.datetime, now: dt.datetime
    ) -> list[Act]:
        made = min((one.at for one in rules if one.at is not None), default=since)
        begin = max(since, made - OVERLAP)
        rows = await self._store.conversations.listed({"state": "open"}, begin - after, now - after)
        only = _with(known, rules)
        return await self._planner.plan(only, [_silence(one) for one in rows])


def _silence(one: Conversation) -> Happened:
    return Happened(trigger="idle", cause=f"{one.id}:{one.shown}", conversation=one.id)


def _with(known: Known, rules: list[Rule]) -> Known:
    """The same settings with these rules alone: another rule's silence is shorter or longer."""
    compiled = Compiled(known.intents.widened(one) for one in rules)
    return msgspec.structs.replace(known, rules=compiled, written=tuple(rules))
