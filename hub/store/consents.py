"""Consents: what people said of messages that they did not ask for. Rows are added and never changed."""

from collections.abc import Sequence

from pymongo.errors import BulkWriteError

from hub.model import AddressId, Consent, ContactId
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

INDEXES: list[tuple[str, ...]] = [("contact",), ("address",)]


class Consents:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.light("consents")
        self._durable = ledger.durable("consents")

    async def add(self, consents: Sequence[Consent]) -> None:
        """Keep those that are new, journaled; what was said before stays as it was said."""
        with guarded():
            try:
                await self._durable.insert_many([document(one) for one in consents], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def of_contacts(self, contacts: Sequence[ContactId]) -> list[Consent]:
        """What was said by or of any of these, in no order."""
        with guarded():
            rows = await self._rows.find({"contact": {"$in": list(contacts)}}).to_list(None)
        return [record(row, Consent) for row in rows]

    async def of_address(self, address: AddressId) -> list[Consent]:
        """What was said from this address, whosever it is."""
        with guarded():
            rows = await self._rows.find({"address": address}).to_list(None)
        return [record(row, Consent) for row in rows]

    async def by_ids(self, ids: Sequence[str]) -> list[Consent]:
        """Those of these that were said."""
        with guarded():
            rows = await self._rows.find({"_id": {"$in": list(ids)}}).to_list(None)
        return [record(row, Consent) for row in rows]
