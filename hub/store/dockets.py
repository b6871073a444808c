"""Dockets: which arrivals intake has still to log. One row names all that were kept by one command.

A docket is written before its arrivals, in their command, and whoever logs one crosses it out; so what is kept is
either done or named here, whatever crashes. An arrival itself is not written again when it is done: that cost the
embedded database more than keeping it. Dockets stand among the arrivals, since two commands could be torn apart.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bson import ObjectId
from pymongo import DeleteMany, InsertOne, UpdateMany

from hub.model import Arrival, ArrivalId, Record
from hub.store.bulk import batches
from hub.store.documents import document, record
from hub.store.driver import Collection, guarded

# What a row of the arrivals' collection waits for when it is no arrival; no lane and no other wait is called so.
DOCKET = "#docket"
MANY = 200  # dockets that intake is behind, at which they are made fewer
FULL = 500  # names on one


class Named(Record, frozen=True, kw_only=True):
    """An arrival that is still to log."""

    arrival: ArrivalId
    lane: str


class Docket(Record, frozen=True, kw_only=True):
    id: str
    since: dt.datetime
    named: tuple[Named, ...]

    @property
    def ids(self) -> list[ArrivalId]:
        return [one.arrival for one in self.named]


class Dockets:
    def __init__(self, light: Collection, durable: Collection) -> None:
        self._light = light
        self._durable = durable
        self._seen: dict[ArrivalId, list[Docket]] = {}  # which names what, as it was read last

    async def open(self) -> list[Docket]:
        """All that name something still; as few as commands that intake is behind. Raises StoreDown."""
        with guarded():
            rows = await self._light.find({"waits": DOCKET}).to_list(None)
        found = [record(row, Docket) for row in rows]
        self._seen = {}
        for one in found:
            for each in one.named:
                self._seen.setdefault(each.arrival, []).append(one)
        return found

    async def ids(self, which: Callable[[Docket], bool] = lambda _: True) -> set[ArrivalId]:
        """What these dockets name."""
        return {one.arrival for docket in await self.open() if which(docket) for one in docket.named}

    async def crossing_out(self, ids: Iterable[ArrivalId]) -> list[UpdateMany | DeleteMany]:
        """The writes that cross these out, wherever they are named. Raises StoreDown."""
        done = set(ids)
        if done <= self._seen.keys():  # what was seen names too much at worst
            dockets = {one.id: one for id_ in done for one in self._seen.pop(id_)}.values()
        else:
            dockets = {one.id: one for one in await self.open()}.values()
        return crossed_out([(one, some) for one in dockets if (some := [id_ for id_ in one.ids if id_ in done])])

    async def gather(self, before: dt.datetime) -> None:
        """Put what many dockets from before then name on a few, since every look reads them all. Raises StoreDown.

        What is crossed out meanwhile is named once more, and done again.
        """
        old = sorted((one for one in await self.open() if one.since < before), key=lambda one: (one.since, one.id))
        if len(old) < MANY:
            return
        for some in batches(old, FULL):  # a command each: the driver gives up a long one, and names stay fresh
            named = list(dict.fromkeys(each for one in some for each in one.named))
            fewer = [InsertOne(row_of(_new(tuple(part), some[-1].since))) for part in batches(named, FULL)]
            gone = [DeleteMany({"_id": {"$in": part}}) for part in batches([one.id for one in some])]
            with guarded():
                await self._durable.bulk_write([*fewer, *gone])


def crossed_out(found: Sequence[tuple[Docket, Sequence[ArrivalId]]]) -> list[UpdateMany | DeleteMany]:
    """The writes that take these names off their dockets; a docket without names goes."""
    empty = [docket.id for docket, some in found if len(some) == len(docket.named)]
    others = [(docket.id, list(some)) for docket, some in found if len(some) < len(docket.named)]
    changes: list[UpdateMany | DeleteMany] = [
        UpdateMany({"_id": id_}, {"$pull": {"named": {"arrival": {"$in": some}}}}) for id_, some in others
    ]
    changes += [DeleteMany({"_id": {"$in": some}, "named": []}) for some in batches([id_ for id_, _ in others])]
    return changes + [DeleteMany({"_id": {"$in": some}}) for some in batches(empty)]


def docket(arrivals: Sequence[Arrival], since: dt.datetime) -> Docket:
    """A new one, that names each of these once."""
    lanes = {one.id: one.lane for one in reversed(arrivals)}  # of two with one id the first is kept
    return _new(tuple(Named(arrival=id_, lane=lane) for id_, lane in reversed(lanes.items())), since)


def _new(named: tuple[Named, ...], since: dt.datetime) -> Docket:
    return Docket(id=f"#{ObjectId()}", since=since, named=named)


def row_of(one: Docket) -> dict[str, Any]:
    """As it is written."""
    return document(one) | {"waits": DOCKET}
