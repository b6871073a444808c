"""Arrivals in the ledger: kept once under (account, external id), found again by lane and by time.

Only what is not done carries `waits` (a new one its lane), and what is done but for a late tag; so a look into a lane
reads what waits there and never what is done. The sweep reads windows of `since`, when they began to wait, and looks at
the state there.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from pymongo import UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from hub.model import Arrival, ArrivalId, ConversationId, MessageId, Record
from hub.store.bulk import batches, found, journaled
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys
from hub.store.group import GroupCommit

INDEXES: list[tuple[str, ...]] = [("since",)]
SPARSE: list[tuple[str, ...]] = [("waits",)]
# What an arrival waits for that waits for no lane: a person's decision, triage, or its tag alone. No lane is called so.
ASIDE, TRIAGE = "#quarantine", "#triage"
TAG = "#tag:"  # and the hour in which it was done but for a tag
RAW_DAYS = 30


class Logged(Record, frozen=True, kw_only=True):
    """What intake made of one arrival that triage still has to look at."""

    id: ArrivalId
    conversation: ConversationId | None
    messages: tuple[MessageId, ...]


class Kept(Record, frozen=True, kw_only=True):
    """An arrival as it was kept; `new` is False when it was there already."""

    arrival: Arrival
    new: bool


class Arrivals:
    def __init__(self, ledger: Ledger, raw_days: int = RAW_DAYS) -> None:
        self._durable = ledger.durable("arrivals")
        self._light = ledger.light("arrivals")
        self.raw = dt.timedelta(days=raw_days)  # how long the raw form is kept
        self._group: GroupCommit[Arrival, Kept] = GroupCommit(self._insert)

    async def keep(self, arrival: Arrival) -> Kept:
        """Store it, journaled, once: what came before under the same id and body is left as it is.

        The same id with another body is another arrival and gets an id of its own.
        """
        return await self._group.add(arrival)

    async def _insert(self, arrivals: list[Arrival]) -> list[Kept | Exception]:
        taken = await self._insert_new(arrivals)
        if not taken:
            return [Kept(arrival=one, new=True) for one in arrivals]
        known = await self._digests([arrivals[index].id for index in taken])
        again, others = set(taken), dict[int, Arrival]()
        for index in taken:
            arrival = arrivals[index]
            if known.get(arrival.id) != arrival.digest:
                other = msgspec.structs.replace(arrival, id=ArrivalId(f"{arrival.id}#{arrival.digest[:16]}"))
                others[index] = other
        if others:  # a duplicate here is the same body under its own id: known
            places = list(others)
            again -= set(places) - {places[index] for index in await self._insert_new(list(others.values()))}
        return [Kept(arrival=others.get(at, one), new=at not in again) for at, one in enumerate(arrivals)]

    async def _insert_new(self, arrivals: list[Arrival]) -> list[int]:
        """Insert what is new; the positions of those whose id is taken."""
        with guarded():
            try:
                await self._durable.insert_many([_waiting(one) for one in arrivals], ordered=False)
            except BulkWriteError as error:
                return taken_keys(error)
        return []

    async def keep_done(self, arrivals: Sequence[Arrival]) -> None:
        """Store what is logged already, journaled and behind all that it rests on; what is there stays as it is."""
        rows = [document(msgspec.structs.replace(one, state="done")) | {"since": one.at} for one in arrivals]
        with guarded():
            try:
                await self._durable.insert_many(rows, ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def known(self, ids: Iterable[ArrivalId]) -> set[ArrivalId]:
        """Those of these that are kept."""
        with guarded():
            rows = await self._light.find({"_id": {"$in": list(ids)}}, {"_id": 1}).to_list(None)
        return {ArrivalId(row["_id"]) for row in rows}

    async def _digests(self, ids: list[ArrivalId]) -> dict[str, str]:
        with guarded():
            return {row["_id"]: row["digest"] async for row in self._light.find({"_id": {"$in": ids}}, {"digest": 1})}

    async def waiting(self, lanes: list[str]) -> list[Arrival]:
        """Everything new in these lanes, each lane in its order."""
        rows = await found(self._light, "waits", lanes)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: (one.lane, one.order, one.at, one.id))

    async def forgotten(self, before: dt.datetime) -> list[str]:
        """The lanes of everything new that began to wait before then, whatever windows were looked at; sorted."""
        with guarded():
            rows = await self._light.find({"waits": {"$gt": ""}}, {"waits": 1, "since": 1}).to_list(None)
        lanes = {row["waits"] for row in rows if row["since"] < before} - {ASIDE, TRIAGE}
        return sorted(one for one in lanes if not one.startswith(TAG))

    async def untriaged(self, before: dt.datetime) -> list[Arrival]:
        """What began to wait before then and is logged, and no more, whatever windows were looked at."""
        with guarded():
            rows = await self._light.find({"waits": TRIAGE}).to_list(None)
        return [one for one in (record(row, Arrival) for row in rows) if one.at < before]

    async def owing(self, hour: dt.datetime, before: dt.datetime) -> dict[ArrivalId, tuple[MessageId, ...]]:
        """The messages of what was done in this hour but for a tag, and began to wait before then."""
        with guarded():
            rows = await self._light.find({"waits": _tag_of(hour)}, {"messages": 1, "since": 1}).to_list(None)
        return {ArrivalId(one["_id"]): tuple(one.get("messages", ())) for one in rows if one["since"] < before}

    async def owe_nothing(self, ids: Iterable[ArrivalId]) -> None:
        """Their tags are written, or will never come."""
        with guarded():
            for some in batches(list(ids)):
                await self._light.update_many({"_id": {"$in": some}, "state": "done"}, {"$unset": {"waits": ""}})

    async def still_new(self, ids: Iterable[ArrivalId]) -> set[ArrivalId]:
        """Those of these that intake has not logged yet, and nobody set aside."""
        with guarded():
            rows = await self._light.find({"_id": {"$in": list(ids)}, "state": "new"}, {"_id": 1}).to_list(None)
        return {ArrivalId(row["_id"]) for row in rows}

    async def get(self, id_: ArrivalId) -> Arrival | None:
        """One arrival, or None."""
        with guarded():
            row = await self._light.find_one({"_id": id_})
        return record(row, Arrival) if row else None

    async def by_ids(self, ids: Iterable[ArrivalId]) -> dict[ArrivalId, Arrival]:
        """Those of these ids that are there."""
        with guarded():
            rows = await self._light.find({"_id": {"$in": list(ids)}}).to_list(None)
        return {one.id: one for one in (record(row, Arrival) for row in rows)}

    async def between(self, since: dt.datetime, until: dt.datetime) -> list[Arrival]:
        """Everything that began to wait in [since, until), whatever became of it, oldest first."""
        with guarded():
            rows = await self._light.find({"since": {"$gte": since, "$lt": until}}).to_list(None)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: (one.at, one.order, one.id))

    async def mark(
        self,
        logged: list[Logged],
        done: list[ArrivalId],
        *,
        owing: Sequence[ArrivalId] = (),
        now: dt.datetime | None = None,
        durably: bool = True,
    ) -> None:
        """These are in the log and wait for triage; for those nothing is left to do, of `owing` but a late tag.

        Written last. `now` is when, for those that owe one. Journaled, whatever it rests on is on disk with it; else
        that has to be journaled already.
        """
        changes: list[UpdateOne | UpdateMany] = [
            UpdateOne(
                {"_id": one.id},
                {
                    "$set": {
                        "state": "logged",
                        "conversation": one.conversation,
                        "messages": list(one.messages),
                        "waits": TRIAGE,
                    }
                },
            )
            for one in logged
        ]
        for some in batches(done):
            changes.append(UpdateMany({"_id": {"$in": some}}, {"$set": {"state": "done"}, "$unset": {"waits": ""}}))
        for some in batches(list(owing)):
            assert now is not None
            changes.append(UpdateMany({"_id": {"$in": some}}, {"$set": {"state": "done", "waits": _tag_of(now)}}))
        await journaled(self._light, self._durable if durably else self._light, changes)

    async def quarantine(self, id_: ArrivalId, why: str) -> None:
        """Set one aside with its reason, so that its lane goes on."""
        with guarded():
            await self._durable.update_one({"_id": id_}, {"$set": {"state": "quarantined", "why": why, "waits": ASIDE}})

    async def release(self, arrivals: list[Arrival], now: dt.datetime) -> None:
        """Put them back to new, to be processed again; they begin to wait now."""
        changes = [
            UpdateOne(
                {"_id": one.id}, {"$set": {"state": "new", "since": now, "waits": one.lane}, "$unset": {"why": ""}}
            )
            for one in arrivals
        ]
        if changes:
            with guarded():
                await self._durable.bulk_write(changes, ordered=False)

    async def set_aside(self, id_: ArrivalId) -> bool:
        """Give one in quarantine up for good, by a person's word; False when it is not there any more."""
        with guarded():
            done = await self._durable.update_one(
                {"_id": id_, "state": "quarantined"},
                {"$set": {"state": "done", "aside": True}, "$unset": {"why": "", "waits": ""}},
            )
        return done.modified_count == 1

    async def undone(self, since: dt.datetime, until: dt.datetime) -> list[Arrival]:
        """Those that began to wait in [since, until) and are new or logged, oldest first: the sweep's window."""
        with guarded():
            rows = await self._light.find(
                {"since": {"$gte": since, "$lt": until}, "state": {"$in": ["new", "logged"]}}
            ).to_list(None)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: (one.at, one.order))

    async def quarantined(self) -> list[Arrival]:
        """All that are in quarantine, newest first; there are few, or the owner has other worries."""
        with guarded():
            rows = await self._light.find({"waits": ASIDE}).to_list(None)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: one.at, reverse=True)

    async def drop_raw(self, now: dt.datetime, since: dt.datetime | None = None, stay: Iterable[str] = ()) -> int:
        """Drop what was done with longer ago than the days of the setting; how many.

        `since`: what began to wait before then was looked at already; what came through the channels that `stay` stays.
        """
        age = {"$lt": now - self.raw} | ({"$gte": since} if since is not None else {})
        kinds = list(stay)
        with guarded():
            some = {"channel": {"$nin": kinds}} if kinds else {}
            gone = await self._light.delete_many({"since": age, "state": "done"} | some)
        return gone.deleted_count


def _tag_of(hour: dt.datetime) -> str:
    return f"{TAG}{hour:%Y-%m-%dT%H}"


def _waiting(arrival: Arrival) -> dict[str, Any]:
    return document(arrival) | {"since": arrival.at, "waits": arrival.lane}
