"""Arrivals in the ledger: kept once under (account, external id), found again by lane and by state.

Only what somebody still has to look at carries `wait` (lane while it is new; state and time until it is done), and only
`wait` is indexed: the indexes stay as small as the work that is left, however long the log grows.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from hub.model import Arrival, ArrivalId, ConversationId, MessageId, Record
from hub.store.documents import document, record
from hub.store.driver import DUPLICATE_KEY, Ledger, guarded
from hub.store.group import GroupCommit

SPARSE: list[tuple[str, ...]] = [("wait.lane",), ("wait.state", "wait.at")]
RAW_DAYS = 30


class Logged(Record, frozen=True, kw_only=True):
    """What intake made of one arrival that triage still has to look at."""

    id: ArrivalId
    conversation: ConversationId | None
    messages: tuple[MessageId, ...]


class Arrivals:
    def __init__(self, ledger: Ledger, raw_days: int = RAW_DAYS) -> None:
        self._durable = ledger.durable("arrivals")
        self._light = ledger.light("arrivals")
        self._raw = dt.timedelta(days=raw_days)
        self._group: GroupCommit[Arrival, Arrival] = GroupCommit(self._insert)

    async def keep(self, arrival: Arrival) -> Arrival:
        """Store it, journaled, once: what came before under the same id and body is left as it is.

        The same id with another body is another arrival and gets an id of its own. Returns what was kept.
        """
        return await self._group.add(arrival)

    async def _insert(self, arrivals: list[Arrival]) -> list[Arrival | Exception]:
        taken = await self._insert_new(arrivals)
        if not taken:
            return list(arrivals)
        known = await self._digests([arrivals[index].id for index in taken])
        kept: list[Arrival | Exception] = list(arrivals)
        others: list[Arrival] = []
        for index in taken:
            arrival = arrivals[index]
            if known.get(arrival.id) != arrival.digest:
                other = msgspec.structs.replace(arrival, id=ArrivalId(f"{arrival.id}#{arrival.digest[:16]}"))
                kept[index] = other
                others.append(other)
        if others:
            await self._insert_new(others)  # a duplicate here is the same body under its own id: known
        return kept

    async def _insert_new(self, arrivals: list[Arrival]) -> list[int]:
        """Insert what is new; the positions of those whose id is taken."""
        with guarded():
            try:
                await self._durable.insert_many([_waiting(one) for one in arrivals], ordered=False)
            except BulkWriteError as error:
                return _taken(error)
        return []

    async def _digests(self, ids: list[ArrivalId]) -> dict[str, str]:
        with guarded():
            return {row["_id"]: row["digest"] async for row in self._light.find({"_id": {"$in": ids}}, {"digest": 1})}

    async def waiting(self, lanes: list[str]) -> list[Arrival]:
        """Everything new in these lanes, each lane in its order."""
        with guarded():
            rows = await self._light.find({"wait.lane": {"$in": lanes}}).to_list(None)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: (one.lane, one.order, one.at, one.id))

    async def get(self, id_: ArrivalId) -> Arrival | None:
        """One arrival, or None."""
        with guarded():
            row = await self._light.find_one({"_id": id_})
        return record(row, Arrival) if row else None

    async def mark_logged(self, logged: list[Logged]) -> None:
        """In the log, but not triaged yet. Journaled and written last, so that whatever it rests on is on disk too."""
        changes = [
            UpdateOne(
                {"_id": one.id},
                {
                    "$set": {
                        "state": "logged",
                        "conversation": one.conversation,
                        "messages": list(one.messages),
                        "wait.state": "logged",
                    },
                    "$unset": {"wait.lane": ""},
                },
            )
            for one in logged
        ]
        with guarded():
            await self._durable.bulk_write(changes, ordered=False)

    async def mark_done(self, ids: list[ArrivalId], now: dt.datetime) -> None:
        """Nothing is left to do for these, journaled; their raw bodies go after the days of the setting."""
        with guarded():
            await self._durable.update_many({"_id": {"$in": ids}}, self._done(now))

    def _done(self, now: dt.datetime) -> dict[str, Any]:
        return {"$set": {"state": "done", "gone": now + self._raw}, "$unset": {"wait": ""}}

    async def quarantine(self, id_: ArrivalId, why: str) -> None:
        """Set one aside with its reason, so that its lane goes on."""
        update = {
            "$set": {"state": "quarantined", "why": why, "wait.state": "quarantined"},
            "$unset": {"wait.lane": ""},
        }
        with guarded():
            await self._durable.update_one({"_id": id_}, update)

    async def release(self, arrivals: list[Arrival]) -> None:
        """Put them back to new, to be processed again."""
        changes = [
            UpdateOne(
                {"_id": one.id},
                {
                    "$set": {"state": "new", "wait": {"lane": one.lane, "state": "new", "at": one.at}},
                    "$unset": {"why": "", "gone": ""},
                },
            )
            for one in arrivals
        ]
        with guarded():
            await self._durable.bulk_write(changes, ordered=False)

    async def set_aside(self, id_: ArrivalId, now: dt.datetime) -> int:
        """Give one in quarantine up for good, by a person's word; its raw body goes after the days of the setting."""
        with guarded():
            done = await self._durable.update_one({"_id": id_, "state": "quarantined"}, self._done(now))
        return done.modified_count

    async def in_state(self, state: str, since: dt.datetime, until: dt.datetime) -> list[Arrival]:
        """Those in this state that arrived in [since, until), oldest first: the sweep's window."""
        with guarded():
            rows = await self._light.find({"wait.state": state, "wait.at": {"$gte": since, "$lt": until}}).to_list(None)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: (one.at, one.order))

    async def oldest(self, state: str) -> dt.datetime | None:
        """When the oldest of this state arrived; asked once a start, since it reads them all."""
        with guarded():
            rows = await self._light.find({"wait.state": state}, {"at": 1}).sort("wait.at", 1).limit(1).to_list(1)
        return rows[0]["at"] if rows else None

    async def quarantined(self) -> list[Arrival]:
        """All that are in quarantine, newest first; there are few, or the owner has other worries."""
        with guarded():
            rows = await self._light.find({"wait.state": "quarantined"}).to_list(None)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: one.at, reverse=True)


def _waiting(arrival: Arrival) -> dict[str, Any]:
    return document(arrival) | {"wait": {"lane": arrival.lane, "state": arrival.state, "at": arrival.at}}


def _taken(error: BulkWriteError) -> list[int]:
    """The positions whose key is taken; any other write error is raised."""
    errors: Iterable[dict[str, object]] = error.details.get("writeErrors", [])
    positions = []
    for one in errors:
        if one.get("code") != DUPLICATE_KEY:
            raise error
        positions.append(int(str(one["index"])))
    return positions
