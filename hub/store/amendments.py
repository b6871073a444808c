"""Edits, reactions and receipts whose message is not here yet: kept until it comes."""

import datetime as dt
from collections.abc import Sequence

from pymongo.errors import BulkWriteError

from hub.model import AccountId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

INDEXES: list[tuple[str, ...]] = [("due",)]


class Amendment(Record, frozen=True, kw_only=True):
    """One of them; `id` is "arrival:position", `body` the JSON of its inbound."""

    id: str
    account: AccountId
    body: bytes
    at: dt.datetime
    due: dt.datetime


class Amendments:
    def __init__(self, ledger: Ledger) -> None:
        self._light = ledger.light("amendments")
        self._durable = ledger.durable("amendments")

    async def add(self, amendments: Sequence[Amendment]) -> None:
        """Insert those that are new. Covered by the caller's journaled write."""
        with guarded():
            try:
                await self._light.insert_many([document(one) for one in amendments], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def due(self, now: dt.datetime, most: int) -> list[Amendment]:
        """Those to try now, at most so many, in the order in which they came."""
        with guarded():
            rows = await self._light.find({"due": {"$lte": now}}).limit(most).to_list(None)
        return sorted((record(row, Amendment) for row in rows), key=lambda one: (one.at, one.id))

    async def again(self, id_: str, due: dt.datetime) -> None:
        """Its message is still not here."""
        with guarded():
            await self._light.update_one({"_id": id_}, {"$set": {"due": due}})

    async def done(self, id_: str) -> None:
        """It was folded on, or nobody waits for it any more; journaled: what was folded on is on disk with it."""
        with guarded():
            await self._durable.delete_one({"_id": id_})
