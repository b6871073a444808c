"""Arrivals in the ledger: kept once under (account, external id), found again by what waits and by time.

What is new is named by a docket and done once none names it; a row carries a state of its own, and `waits`, only while
it is logged and not triaged, done but for a late tag, or aside in quarantine.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from pymongo import DeleteMany, InsertOne, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from hub.model import Arrival, ArrivalId, ConversationId, MessageId, Record
from hub.store.bulk import batches, found, journaled
from hub.store.dockets import Docket, Dockets, crossed_out, docket, row_of
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys
from hub.store.group import GroupCommit
from hub.store.recent import Recent, in_lanes

INDEXES: list[tuple[str, ...]] = [("at",)]
SPARSE: list[tuple[str, ...]] = [("waits",)]
# What an arrival waits for that waits for no lane: a person's decision, triage, or its tag alone. No lane is called so.
ASIDE, TRIAGE = "#quarantine", "#triage"
TAG = "#tag:"  # and the hour in which it was done but for a tag
UNDONE = ("new", "logged", "quarantined")  # what a row says while it waits; "new" one of an older hub
RAW_DAYS = 30
MOST_TOGETHER = 500


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
        self._dockets = Dockets(self._light, self._durable)
        self.raw = dt.timedelta(days=raw_days)  # how long the raw form is kept
        self._group: GroupCommit[Arrival, Kept] = GroupCommit(self._insert)
        self._recent = Recent()

    async def keep(self, arrival: Arrival) -> Kept:
        """Store it, journaled, once: what came before under the same id and body is left as it is.

        The same id with another body is another arrival and gets an id of its own.
        """
        kept = await self._group.add(arrival)
        if kept.new:
            self._recent.add(kept.arrival)
        return kept

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
        """Insert what is new, behind the docket that names it; the positions of those whose id is taken."""
        named = docket(arrivals, min(one.at for one in arrivals))
        first = next(iter(await self._insert_behind(named, arrivals, ordered=True)), None)
        if first is None:
            return []
        rest = arrivals[first + 1 :]  # not tried: they go in behind a docket of their own
        again = docket(rest, named.since) if rest else named
        taken = await self._insert_behind(again, rest, ordered=False) if rest else []
        await self._were_known(again, rest, taken)
        await self._were_known(named, arrivals, range(first, len(arrivals)))
        return [first, *(first + 1 + position for position in taken)]

    async def _insert_behind(self, named: Docket, arrivals: list[Arrival], ordered: bool) -> list[int]:
        """One command; the positions of those whose id is taken (ordered: of the first, and none behind it is in)."""
        with guarded():
            try:
                await self._durable.insert_many([row_of(named), *map(_row, arrivals)], ordered=ordered)
            except BulkWriteError as error:
                return [position - 1 for position in taken_keys(error) if position > 0]
        return []

    async def _were_known(self, named: Docket, arrivals: list[Arrival], known: Sequence[int]) -> None:
        """Cross out what this docket names in vain: it is done, or another one names it."""
        new = {one.id for at, one in enumerate(arrivals) if at not in set(known)}
        if gone := sorted({arrivals[position].id for position in known} - new):
            await journaled(self._light, self._light, crossed_out([(named, gone)]))

    async def keep_done(self, arrivals: Sequence[Arrival]) -> None:
        """Store what is logged already, journaled and behind all that it rests on; what is there stays as it is."""
        with guarded():
            try:
                await self._durable.insert_many([_row(one) for one in arrivals], ordered=False)
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

    def recent(self, lanes: Iterable[str]) -> list[Arrival]:
        """What this process kept in these lanes a moment ago, each lane in its order; most likely all that waits there.

        Only `waiting` knows. What was answered once is not answered again.
        """
        return self._recent.take(lanes)

    async def waiting(self, lanes: Iterable[str], known: Sequence[Arrival] = ()) -> list[Arrival]:
        """Everything new in these lanes, each lane in its order; what is `known` (as it was kept) is not read again."""
        wanted = set(lanes)
        named = {each.arrival for one in await self._dockets.open() for each in one.named if each.lane in wanted}
        here = [one for one in known if one.id in named]
        rows = await found(self._light, "_id", sorted(named - {one.id for one in here}))
        new = [record(row, Arrival) for row in rows if "state" not in row]
        return sorted([*here, *new], key=in_lanes)

    async def waiting_lanes(self, before: dt.datetime) -> list[str]:
        """The lanes of everything new that was kept before then, the longest waiting first."""
        old = sorted((one for one in await self._dockets.open() if one.since < before), key=lambda one: one.since)
        return list(dict.fromkeys(each.lane for one in old for each in one.named))

    async def gather_dockets(self, before: dt.datetime) -> None:
        """Make looks cheap again when intake is far behind. Raises StoreDown."""
        await self._dockets.gather(before)

    async def untriaged(self, before: dt.datetime) -> list[Arrival]:
        """What was kept before then and is logged, and no more; the oldest, as many as go into one batch."""
        with guarded():
            rows = await self._light.find({"waits": TRIAGE}).to_list(None)
        old = sorted((one for one in (record(row, Arrival) for row in rows) if one.at < before), key=lambda one: one.at)
        return old[:MOST_TOGETHER]

    async def owing(self, hour: dt.datetime, before: dt.datetime) -> dict[ArrivalId, tuple[MessageId, ...]]:
        """The messages of what was done in this hour but for a tag, and was kept before then."""
        with guarded():
            rows = await self._light.find({"waits": _tag_of(hour)}, {"messages": 1, "at": 1}).to_list(None)
        return {ArrivalId(one["_id"]): tuple(one.get("messages", ())) for one in rows if one["at"] < before}

    async def owe_nothing(self, ids: Iterable[ArrivalId]) -> None:
        """Their tags are written, or will never come."""
        with guarded():
            for some in batches(list(ids)):
                await self._light.update_many({"_id": {"$in": some}, "state": "done"}, {"$unset": {"waits": ""}})

    async def still_new(self, ids: Iterable[ArrivalId]) -> set[ArrivalId]:
        """Those of these that intake has not logged yet, and nobody set aside."""
        return set(ids) & await self._dockets.ids()

    async def get(self, id_: ArrivalId) -> Arrival | None:
        """One arrival, or None."""
        return (await self.by_ids([id_])).get(id_)

    async def by_ids(self, ids: Iterable[ArrivalId]) -> dict[ArrivalId, Arrival]:
        """Those of these ids that are there."""
        with guarded():
            rows = await self._light.find({"_id": {"$in": list(ids)}}).to_list(None)
        return {one.id: one for one in await self._as_they_are(rows)}

    async def between(self, since: dt.datetime, until: dt.datetime) -> list[Arrival]:
        """Everything that was kept in [since, until), whatever became of it, oldest first."""
        with guarded():
            rows = await self._light.find({"at": {"$gte": since, "$lt": until}}).to_list(None)
        return sorted(await self._as_they_are(rows), key=lambda one: (one.at, one.order, one.id))

    async def _as_they_are(self, rows: Sequence[dict[str, Any]]) -> list[Arrival]:
        """With the state that dockets give to those without one of their own.

        Those that no docket names are looked at once more: one may have been logged behind the first look.
        """
        bare = [row["_id"] for row in rows if "state" not in row]
        new = await self._dockets.ids() if bare else set()
        unnamed = await found(self._light, "_id", [id_ for id_ in bare if id_ not in new], {"state": 1})
        states = {row["_id"]: row.get("state", "done") for row in unnamed} | dict.fromkeys(new, "new")
        return [record({"state": states.get(row["_id"], "done")} | row, Arrival) for row in rows]

    async def mark(self, logged: list[Logged], done: list[ArrivalId], *, durably: bool = True) -> None:
        """These are in the log and wait for triage; for those nothing is left to do. Written last.

        Journaled, whatever it rests on is on disk with it; else that has to be journaled already.
        """
        if not logged and not done:
            return
        changes: list[UpdateOne | UpdateMany | DeleteMany] = [
            UpdateOne(
                {"_id": one.id, "state": {"$exists": False}},  # whoever did it before may be done with it by now
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
        changes += await self._dockets.crossing_out([*(one.id for one in logged), *done])
        await journaled(self._light, self._durable if durably else self._light, changes)

    async def triaged(self, ids: Sequence[ArrivalId], owing: Sequence[ArrivalId], now: dt.datetime) -> None:
        """Nothing is left to do for those of these that are logged still; for those that owe one, but a late tag.

        Journaled, and written last.
        """
        done = {"$set": {"state": "done"}, "$unset": {"waits": ""}}
        later = {"$set": {"state": "done", "waits": _tag_of(now)}}
        changes = [
            UpdateMany({"_id": {"$in": some}, "state": "logged"}, change)
            for which, change in ((ids, done), (owing, later))
            for some in batches(which)
        ]
        await journaled(self._light, self._durable, changes)

    async def quarantine(self, id_: ArrivalId, why: str) -> None:
        """Set one aside with its reason, so that its lane goes on."""
        named = await self._dockets.crossing_out([id_])  # before: who releases it names it anew
        with guarded():
            await self._durable.update_one({"_id": id_}, {"$set": {"state": "quarantined", "why": why, "waits": ASIDE}})
        await journaled(self._light, self._light, named)

    async def release(self, arrivals: Sequence[Arrival], now: dt.datetime) -> None:
        """Put them back to new, to be processed again; they begin to wait now."""
        if arrivals:
            own = {"$unset": {"state": "", "why": "", "waits": ""}}
            named = InsertOne(row_of(docket(arrivals, now)))  # first: what has no state and no docket is done
            with guarded():
                await self._durable.bulk_write([named, *(UpdateOne({"_id": one.id}, own) for one in arrivals)])

    async def set_aside(self, id_: ArrivalId) -> bool:
        """Give one in quarantine up for good, by a person's word; False when it is not there any more."""
        with guarded():
            done = await self._durable.update_one(
                {"_id": id_, "state": "quarantined"},
                {"$set": {"state": "done", "aside": True}, "$unset": {"why": "", "waits": ""}},
            )
        return done.modified_count == 1

    async def quarantined(self) -> list[Arrival]:
        """All that are in quarantine, newest first; there are few, or the owner has other worries."""
        with guarded():
            rows = await self._light.find({"waits": ASIDE}).to_list(None)
        return sorted((record(row, Arrival) for row in rows), key=lambda one: one.at, reverse=True)

    async def drop_raw(self, now: dt.datetime, since: dt.datetime | None = None, stay: Iterable[str] = ()) -> int:
        """Drop what is done and was kept longer ago than the days of the setting; how many.

        `since`: what was kept before then was looked at already; what came through the channels that `stay` stays.
        """
        end, kinds = now - self.raw, list(stay)
        new = await self._dockets.ids()  # a released one is young on its docket
        age = {"$lt": end} | ({"$gte": since} if since is not None else {})
        some = {"channel": {"$nin": kinds}} if kinds else {}
        some |= {"_id": {"$nin": sorted(new)}} if new else {}
        with guarded():
            gone = await self._light.delete_many({"at": age, "state": {"$nin": list(UNDONE)}} | some)
        return gone.deleted_count

    async def oldest_undone(self) -> dt.datetime | None:
        """When the oldest of all that waits was kept; None when nothing does."""
        named = sorted(await self._dockets.ids())
        with guarded():
            rows = await self._light.find({"waits": {"$in": [ASIDE, TRIAGE]}}, {"at": 1}).to_list(None)
        rows += await found(self._light, "_id", named, {"at": 1})
        return min((row["at"] for row in rows), default=None)

    async def forget_strays(self, before: dt.datetime) -> None:
        """Cross out what dockets older than that name in vain: what was never kept behind them, or waits by itself."""
        old = [one for one in await self._dockets.open() if one.since < before]
        if old:
            ids = sorted({id_ for one in old for id_ in one.ids})
            rows = await found(self._light, "_id", ids, {"state": 1})
            there = {row["_id"] for row in rows if "state" not in row}
            strays = [(one, some) for one in old if (some := [id_ for id_ in one.ids if id_ not in there])]
            await journaled(self._light, self._light, crossed_out(strays))  # off these: another may name it rightly

    async def adopt(self) -> None:
        """Name on dockets what a hub of version 1 left new under its lane. Raises StoreDown."""
        with guarded():
            rows = await self._light.find({"waits": {"$gt": ""}, "state": "new"}).to_list(None)
        for some in batches([record(row, Arrival) for row in rows], MOST_TOGETHER):
            await self.release(some, max(one.at for one in some))


def _row(arrival: Arrival) -> dict[str, Any]:
    """As it is kept: what it is waiting for is its docket's to say."""
    row = document(arrival)
    del row["state"]
    return row


def _tag_of(hour: dt.datetime) -> str:
    return f"{TAG}{hour:%Y-%m-%dT%H}"
