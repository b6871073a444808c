"""The whole ledger, collection by collection, as documents: for a backup, and for putting one back.

Each collection is walked by a field that one of its indexes serves, in windows that together cover everything; a
collection that is not named here is small or new, and is read at once.
"""

import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from pymongo.errors import BulkWriteError

from hub.store.dockets import DOCKET
from hub.store.driver import Document, Ledger, guarded, taken_keys
from hub.store.events import Events
from hub.store.windows import BEGINNING, by_time, spans, within

# What a copy rests on goes first: how far sweeps have come, what arrived, then what was made of it. So whatever
# happens while it is made, an arrival whose message is missing in the copy is still waiting in it.
FIRST = ("cursors", "arrivals", "conversations", "messages", "contacts", "addresses", "merges", "files.files")
BY_TIME = {
    "contacts": "at",
    "uploads": "at",
    "answers": "gone",
    "mirrored": "gone",
    "dialogues": "gone",
    "mirror_replies": "due",
}
# Short: read at once, by when they are due. Of acts these are the ones that are not done: a done one only spares work.
QUEUES = ("fetches", "amendments", "mailings", "namings", "acts")
BY_HAND = ("corrections", "intent_examples")  # people's own words, one by one: few
BY_TEXT = {
    "conversations": ("contact", "c_", 2),
    "messages": ("conversation", "v_", 2),
    "addresses": ("contact", "c_", 2),
    "merges": ("root", "c_", 1),
    "consents": ("contact", "c_", 1),
    "sessions": ("agent", "", 0),
    "files.chunks": ("files_id", "", 2),
    "links": ("message", "m_", 1),
}
LEFT_OUT = ("meta",)  # the version and the indexes: made by whoever opens the ledger
AT_ONCE = 200
NUMBERS = 1024
EMPTY_FILE = hashlib.sha256(b"").hexdigest()  # the one that has no chunk to be found by


class Whole:
    """Reads and writes documents as they are; `put` is for an empty ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def names(self) -> list[str]:
        """Every collection, in the order in which a copy is to be made."""
        with guarded():
            there = set(await self._ledger.database.list_collection_names())
        there = {name for name in there if name not in LEFT_OUT and not name.startswith("system.")}
        return [name for name in FIRST if name in there] + sorted(there - set(FIRST))

    async def rows(self, name: str, now: dt.datetime) -> AsyncIterator[list[Document]]:
        """All documents of a collection, once each, in batches."""
        if name == "arrivals":
            found = self._arrivals(now)
        elif name in BY_TIME:
            found = self._by_time(name, BY_TIME[name], now)
        elif name in QUEUES:
            found = self._each(name, [{"due": {"$gte": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)}}])
        elif name in BY_HAND:
            found = self._each(name, [within("at", BEGINNING, None)])
        elif name in BY_TEXT:
            found = self._each(name, [within(field, low, high) for field, low, high in _text_spans(name)])
        elif name == "events":
            found = self._events()
        elif name == "files.files":
            found = self._files()
        else:
            found = self._each(name, [{}])
        async for batch in found:
            yield batch

    async def put(self, name: str, rows: list[Document]) -> None:
        """Insert these documents; those that are there already, from an earlier try, stay. Covered by `seal`."""
        with guarded():
            try:
                await self._ledger.light(name).insert_many(rows, ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def seal(self, now: dt.datetime) -> None:
        """A journaled write behind all others: everything put before is on disk with it."""
        with guarded():
            await self._ledger.durable("meta").update_one({"_id": "restored"}, {"$set": {"at": now}}, upsert=True)

    # -- walks --------------------------------------------------------------------------------------------------------

    async def _each(self, name: str, filters: list[dict[str, Any]]) -> AsyncIterator[list[Document]]:
        for one in filters:
            async for batch in self._batches(name, one):
                yield batch

    async def _batches(self, name: str, where: dict[str, Any]) -> AsyncIterator[list[Document]]:
        batch: list[Document] = []
        with guarded():
            async for row in self._ledger.light(name).find(where):
                batch.append(row)
                if len(batch) >= AT_ONCE:
                    yield batch
                    batch = []
        if batch:
            yield batch

    async def _by_time(self, name: str, field: str, now: dt.datetime) -> AsyncIterator[list[Document]]:
        async def fetch(low: dt.datetime, high: dt.datetime) -> list[Document]:
            with guarded():
                rows: list[Document] = await self._ledger.light(name).find(within(field, low, high)).to_list(None)
            return rows

        ends = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), now + dt.timedelta(days=3650)
        if rows := await fetch(ends[0], BEGINNING):
            yield rows
        async for rows in by_time(fetch, BEGINNING, now):
            yield rows
        if rows := await fetch(now, ends[1]):
            yield rows

    async def _arrivals(self, now: dt.datetime) -> AsyncIterator[list[Document]]:
        """Dockets before and behind the arrivals: else one that comes meanwhile, or is logged, would pass for done."""
        seen = set[str]()
        async for batch in self._batches("arrivals", {"waits": DOCKET}):
            seen |= {row["_id"] for row in batch}
            yield batch
        async for batch in self._by_time("arrivals", "at", now):
            yield batch
        async for batch in self._batches("arrivals", {"waits": DOCKET}):
            if new := [row for row in batch if row["_id"] not in seen]:
                yield new

    async def _events(self) -> AsyncIterator[list[Document]]:
        """Oldest first; one that comes meanwhile is left out, so that the copy has no gap."""
        filters, high = list[dict[str, Any]](), await Events(self._ledger).head() + 1
        while high > 1:
            low = max(high - NUMBERS, 1)
            with guarded():
                if await self._ledger.light("events").find_one(within("n", low, high), {"_id": 1}) is None:
                    break
            filters.insert(0, within("n", low, high))
            high = low
        async for batch in self._each("events", filters):
            yield batch

    async def _files(self) -> AsyncIterator[list[Document]]:
        """Their rows, found by their first chunks."""
        async for batch in self._each("files.files", [{"_id": EMPTY_FILE}]):
            yield batch
        for field, low, high in _text_spans("files.chunks"):
            with guarded():
                first = self._ledger.light("files.chunks").find({**within(field, low, high), "n": 0}, {field: 1})
                ids = [row[field] async for row in first]
            for start in range(0, len(ids), AT_ONCE):
                async for batch in self._batches("files.files", {"_id": {"$in": ids[start : start + AT_ONCE]}}):
                    yield batch


def _text_spans(name: str) -> Iterator[tuple[str, str, str | None]]:
    field, prefix, digits = BY_TEXT[name]
    for low, high in spans(prefix, digits):
        yield field, low, high
