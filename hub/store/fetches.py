"""Files that a platform still has: which to fetch, and when to try again."""

import datetime as dt
from collections.abc import Sequence

from pymongo.errors import BulkWriteError

from hub.model import AccountId, ConversationId, MessageId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

INDEXES: list[tuple[str, ...]] = [("due",)]


class Fetch(Record, frozen=True, kw_only=True):
    """One file of one entry; `id` is "message:index"."""

    id: str
    account: AccountId
    conversation: ConversationId
    message: MessageId
    index: int
    ref: str
    due: dt.datetime
    attempts: int = 0


def fetch_id(message: MessageId, index: int) -> str:
    """Under which a fetch is kept."""
    return f"{message}:{index}"


class Fetches:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.light("fetches")

    async def add(self, fetches: Sequence[Fetch]) -> None:
        """Insert those that are new. Covered by the caller's journaled write."""
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in fetches], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def due(self, now: dt.datetime, most: int) -> list[Fetch]:
        """Those whose time has come, at most so many."""
        with guarded():
            rows = await self._rows.find({"due": {"$lte": now}}).limit(most).to_list(None)
        return sorted((record(row, Fetch) for row in rows), key=lambda one: (one.due, one.id))

    async def take(self, fetch: Fetch, until: dt.datetime) -> bool:
        """Try it now: nobody else does before `until`. False when somebody was faster."""
        with guarded():
            done = await self._rows.update_one(
                {"_id": fetch.id, "due": fetch.due}, {"$set": {"due": until, "attempts": fetch.attempts + 1}}
            )
        return done.modified_count == 1

    async def again(self, id_: str, due: dt.datetime) -> None:
        """Try it once more at that time."""
        with guarded():
            await self._rows.update_one({"_id": id_}, {"$set": {"due": due}})

    async def done(self, id_: str) -> None:
        """It came, or never will."""
        with guarded():
            await self._rows.delete_one({"_id": id_})
