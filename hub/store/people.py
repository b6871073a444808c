"""Contacts, their addresses, and the merges between them."""

import datetime as dt
import time
from typing import Any

from pymongo.errors import BulkWriteError

from hub.model import Address, AddressId, Contact, ContactId, Merge
from hub.store.documents import builtin, document, record
from hub.store.driver import Ledger, guarded, taken_keys

CONTACT_INDEXES: list[tuple[str, ...]] = [("at",)]
ADDRESS_INDEXES: list[tuple[str, ...]] = [("contact",)]
MERGE_INDEXES: list[tuple[str, ...]] = [("root",)]
FRESH_S, MOST_SEEN = 10.0, 20_000


class Addresses:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.light("addresses")
        self._breaks = ledger.breaks
        self._seen: dict[AddressId, tuple[float, Address]] = {}
        self._seen_breaks = 0

    async def senders(self, ids: list[AddressId]) -> dict[AddressId, Address]:
        """The same, as they were a few seconds ago: an address never changes its contact, only what is said of it."""
        now = time.monotonic()
        if self._seen_breaks != self._breaks.count or len(self._seen) > MOST_SEEN:
            self._seen, self._seen_breaks = {}, self._breaks.count  # a killed database may have lost them
        fresh = {id_: self._seen[id_][1] for id_ in ids if id_ in self._seen and now - self._seen[id_][0] < FRESH_S}
        breaks, left = self._seen_breaks, [id_ for id_ in ids if id_ not in fresh]
        read = await self.by_ids(left) if left else {}
        if breaks == self._breaks.count == self._seen_breaks:
            self._seen |= {id_: (now, one) for id_, one in read.items()}
        return fresh | read

    async def by_ids(self, ids: list[AddressId]) -> dict[AddressId, Address]:
        """Those of these "channel:value" ids that are known."""
        with guarded():
            rows = await self._rows.find({"_id": {"$in": ids}}).to_list(None)
        return {one.id: one for one in (record(row, Address) for row in rows)}

    async def add(self, addresses: list[Address]) -> None:
        """Insert those that are new; one that is known keeps its contact."""
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in addresses], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def verify(self, id_: AddressId, how: str) -> None:
        """Remember how this address was proved."""
        self._seen.pop(id_, None)
        with guarded():
            await self._rows.update_one({"_id": id_}, {"$set": {"verified": how}})

    async def name(self, id_: AddressId, name: str) -> None:
        """What the platform calls whoever is behind this address."""
        self._seen.pop(id_, None)
        with guarded():
            await self._rows.update_one({"_id": id_}, {"$set": {"name": name}})

    async def say(self, id_: AddressId, said: dict[str, str]) -> None:
        """Remember what the site said of its user; what it did not name stays."""
        self._seen.pop(id_, None)
        with guarded():
            await self._rows.update_one({"_id": id_}, {"$set": {f"said.{name}": one for name, one in said.items()}})

    async def reach(self, id_: AddressId, why: str | None) -> bool:
        """Remember that nothing reaches this address any more, or again (None); False when it is not known."""
        self._seen.pop(id_, None)
        change = {"$unset": {"unreachable": ""}} if why is None else {"$set": {"unreachable": why}}
        with guarded():
            done = await self._rows.update_one({"_id": id_}, change)
        return done.matched_count == 1

    async def of_contacts(self, contacts: list[ContactId]) -> list[Address]:
        """Every address of a person."""
        with guarded():
            rows = await self._rows.find({"contact": {"$in": contacts}}).to_list(None)
        return [record(row, Address) for row in rows]


class Contacts:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.light("contacts")
        self._durable = ledger.durable("contacts")

    async def get(self, id_: ContactId) -> Contact | None:
        """One contact, or None."""
        with guarded():
            row = await self._rows.find_one({"_id": id_})
        return record(row, Contact) if row else None

    async def by_ids(self, ids: list[ContactId]) -> dict[ContactId, Contact]:
        """Those of these ids that are there."""
        with guarded():
            rows = await self._rows.find({"_id": {"$in": ids}}).to_list(None)
        return {one.id: one for one in (record(row, Contact) for row in rows)}

    async def add(self, contacts: list[Contact]) -> None:
        """Insert those that are new."""
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in contacts], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def change(self, id_: ContactId, changes: dict[str, Any], version: int | None = None) -> bool:
        """Set fields (None removes one); with `version` only when it still is that one. False when it is not."""
        kept = {name: builtin(value) for name, value in changes.items() if value is not None}
        gone = {name: "" for name, value in changes.items() if value is None}
        update: dict[str, Any] = {"$inc": {"version": 1}}
        if kept:
            update["$set"] = kept
        if gone:
            update["$unset"] = gone
        guard = {} if version is None else {"version": version}
        with guarded():
            done = await self._durable.update_one({"_id": id_, **guard}, update)
        return done.matched_count == 1

    async def listed(self, since: dt.datetime, before: dt.datetime) -> list[Contact]:
        """Those first seen in [since, before), newest first: one window of a list. Merged ones are among them."""
        with guarded():
            rows = await self._rows.find({"at": {"$gte": since, "$lt": before}}).to_list(None)
        return sorted((record(row, Contact) for row in rows), key=lambda one: (one.at, one.id), reverse=True)


class Merges:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("merges")

    async def add(self, merge: Merge) -> None:
        """Keep what an unmerge needs; known ones stay as they are."""
        with guarded():
            await self._rows.update_one({"_id": merge.id}, {"$setOnInsert": document(merge)}, upsert=True)

    async def get(self, id_: str) -> Merge | None:
        """One merge, or None."""
        with guarded():
            row = await self._rows.find_one({"_id": id_})
        return record(row, Merge) if row else None

    async def undo(self, merge: Merge) -> None:
        """Write down when it was undone."""
        with guarded():
            await self._rows.update_one({"_id": merge.id}, {"$set": {"undone": merge.undone}})

    async def of(self, root: ContactId) -> list[Merge]:
        """What went into this root."""
        with guarded():
            rows = await self._rows.find({"root": root}).to_list(None)
        return [record(row, Merge) for row in rows]
