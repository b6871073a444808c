"""Strangers whose platform gave an id and no name: whom to ask for, and when."""

import datetime as dt
from collections.abc import Sequence

from pymongo.errors import BulkWriteError

from hub.model import AccountId, AddressId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

INDEXES: list[tuple[str, ...]] = [("due",)]


class Naming(Record, frozen=True, kw_only=True):
    """One address without a name; `id` is the address's own."""

    id: AddressId
    account: AccountId
    value: str
    due: dt.datetime
    attempts: int = 0


class Namings:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.light("namings")

    async def add(self, namings: Sequence[Naming]) -> None:
        """Insert those that are new."""
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in namings], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def due(self, now: dt.datetime, most: int) -> list[Naming]:
        """Those to ask for now, at most so many."""
        with guarded():
            rows = await self._rows.find({"due": {"$lte": now}}).limit(most).to_list(None)
        return sorted((record(row, Naming) for row in rows), key=lambda one: (one.due, one.id))

    async def take(self, one: Naming, until: dt.datetime) -> bool:
        """Ask now: nobody else does before `until`. False when somebody was faster."""
        change = {"due": until, "attempts": one.attempts + 1}
        with guarded():
            done = await self._rows.update_one({"_id": one.id, "due": one.due}, {"$set": change})
        return done.modified_count == 1

    async def again(self, id_: AddressId, due: dt.datetime) -> None:
        """Ask once more at that time."""
        with guarded():
            await self._rows.update_one({"_id": id_}, {"$set": {"due": due}})

    async def done(self, id_: AddressId) -> None:
        """They have a name."""
        with guarded():
            await self._rows.delete_one({"_id": id_})
