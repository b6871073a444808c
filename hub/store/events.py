"""The event log that browsers follow: one document holds a batch, and the insert itself takes its number.

A number leaves the process only after it is journaled: `append` journals (the default), or its caller does by a later
journaled write and only then publishes. A reader that was not told of a number therefore leaves the newest alone for
`SETTLE`, since the writer may not have reached the disk yet.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec
import structlog
from pymongo.errors import BulkWriteError, DuplicateKeyError

from hub.errors import StoreDown
from hub.model import Event, EventItem
from hub.store.driver import Ledger, guarded, taken_keys
from hub.store.group import GroupCommit

INDEXES: list[tuple[str, ...]] = [("n",)]
EVENT_DAYS = 7
HINT_EVERY = 256
PROBE = 1024
SETTLE = dt.timedelta(seconds=1)
GAP = dt.timedelta(seconds=5)  # a writer takes its number and writes its row in far less

LOST = "The database was away in the middle of this; it is done again."

log = structlog.get_logger()
_encoder = msgspec.json.Encoder()


class Appending(msgspec.Struct, frozen=True):
    items: Sequence[EventItem]
    at: dt.datetime
    journaled: bool
    breaks: int | None


class Events:
    def __init__(self, ledger: Ledger, days: int = EVENT_DAYS) -> None:
        self._light = ledger.light("events")
        self._durable = ledger.durable("events")
        self._hints = ledger.light("cursors")
        self._keep = dt.timedelta(days=days)
        self._breaks = ledger.breaks
        self._seen_breaks = -1  # no number is known yet
        self._next = 1
        self._last: dt.datetime | None = None  # when this process added its last event
        self._group: GroupCommit[Appending, Event] = GroupCommit(self._insert)

    async def append(
        self, items: Sequence[EventItem], now: dt.datetime, journaled: bool = True, breaks: int | None = None
    ) -> Event:
        """Add a batch; returns the event that holds it, perhaps beside the items of other callers.

        breaks: how often the database had broken before what this tells of was written; it is told of no more when that
        may have been lost since. Raises StoreDown then.
        """
        return await self._group.add(Appending(items, now, journaled, breaks))

    async def _insert(self, batch: list[Appending]) -> list[Event | Exception]:
        while True:
            await self._find_out(batch[0].at)
            safe = (None, self._breaks.count)
            standing = [one for one in batch if one.breaks in safe]
            if not standing:
                return [StoreDown(LOST)] * len(batch)
            body = _encoder.encode([item for one in standing for item in one.items])
            rows = self._durable if any(one.journaled for one in standing) else self._light
            number, at = self._next, batch[0].at
            try:
                with guarded():
                    await rows.insert_one(
                        {"_id": number, "n": number, "at": at, "gone": at + self._keep, "items": body}
                    )
                break
            except DuplicateKeyError:
                self._next = await self._head_from(number) + 1
        self._next, self._last = number + 1, at
        if number % HINT_EVERY in (0, 1):  # the very first one too: a small hub's numbers are as dear
            await self._hint(number)
        event = Event(id=number, at=at, items=body)
        return [event if one.breaks in safe else StoreDown(LOST) for one in batch]

    async def _find_out(self, now: dt.datetime) -> None:
        """Ask for the newest number at first, when a connection broke, and after a quiet time.

        A database that was killed comes back without what was not journaled: going on by heart would leave a gap that
        no reader gets over. And when all have expired, another process may have gone on at a higher number.
        """
        quiet = self._last is not None and now - self._last > self._keep / 2
        if quiet or self._seen_breaks != self._breaks.count:
            seen = self._breaks.count
            self._next = await self.head() + 1
            self._seen_breaks, self._last = seen, None

    async def head(self) -> int:
        """The number of the newest event, 0 when there is none.

        When a quiet week let all of them expire, it is a number that none of them can have had.
        """
        with guarded():
            hint = await self._hints.find_one({"_id": "events"})
        if hint is None:
            return await self._head_from(0)
        head = await self._head_from(hint["n"])
        expired = head == hint["n"] and not await self.has(head)
        return head + 2 * HINT_EVERY if expired else head

    async def _head_from(self, known: int) -> int:
        """The highest number, looked for from a known one on in windows, so that no scan is needed."""
        head = known
        while True:
            with guarded():
                rows = self._light.find({"n": {"$gte": head, "$lt": head + PROBE}}, {"n": 1})
                top = max([row["n"] async for row in rows], default=head)
            if top < head + PROBE - 1:
                return top
            head = top + 1 if top == head + PROBE - 1 else top

    async def _hint(self, number: int) -> None:
        with guarded():
            await self._hints.update_one({"_id": "events"}, {"$max": {"n": number}}, upsert=True)

    async def after(self, number: int, most: int, now: dt.datetime, told: int = 0) -> list[Event]:
        """Up to `most` events behind `number`, in order and without gaps; the newest ones only once they are journaled.

        told: the highest number that a writer has announced, which is journaled for certain.
        """
        with guarded():
            rows = await self._light.find({"n": {"$gt": number, "$lte": number + most}}).to_list(None)
        events: list[Event] = []
        for row in sorted(rows, key=lambda row: int(row["n"])):
            if row["n"] != number + 1 + len(events) or (row["n"] > told and row["at"] > now - SETTLE):
                break
            events.append(Event(id=row["n"], at=row["at"], items=bytes(row["items"])))
        if not events and all(row["n"] != number + 1 for row in rows):
            await self._close_gap(number, now)
        return events

    async def _close_gap(self, number: int, now: dt.datetime) -> None:
        """Take the numbers behind `number` that no event has while later ones are long there, or readers wait for ever.

        A killed database leaves such a gap when a writer had counted on a row that was not journaled yet.
        """
        with guarded():
            query = {"n": {"$gt": number, "$lte": number + PROBE}}
            rows = await self._light.find(query, {"n": 1, "at": 1}).to_list(None)
        later = min(rows, key=lambda row: int(row["n"]), default=None)
        if later is None or later["n"] == number + 1 or later["at"] > now - GAP:
            return
        empty = [
            {"_id": n, "n": n, "at": now, "gone": now + self._keep, "items": b"[]"}
            for n in range(number + 1, later["n"])
        ]
        log.warning("numbers that no event has are closed", first=number + 1, last=later["n"] - 1)
        with guarded():
            try:
                await self._durable.insert_many(empty, ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def numbers(self, low: int, high: int) -> list[int]:
        """The numbers in [low, high) that are kept, in order."""
        with guarded():
            rows = await self._light.find({"n": {"$gte": low, "$lt": high}}, {"n": 1}).to_list(None)
        return sorted(int(row["n"]) for row in rows)

    async def has(self, number: int) -> bool:
        """Whether this event is still kept; 0 is before the first one."""
        if number == 0:
            return True
        with guarded():
            return await self._light.find_one({"_id": number}, {"_id": 1}) is not None
