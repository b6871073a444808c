"""Mails that answer or confirm what was said in a chat: which must leave, and when. Each leaves once or never."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from pymongo.errors import BulkWriteError

from hub.model import AccountId, ContactId, ConversationId, MessageId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

INDEXES: list[tuple[str, ...]] = [("due",)]


class Mailing(Record, frozen=True, kw_only=True):
    """`kind` "answer": an outgoing message, if it stays unread; "confirm": the question whether an address is theirs.

    state: *waiting* → *leaving*, journaled before the call → gone, or *sent* (kept for a while, so that it is not
    asked again). What is *leaving* after its time was lost with its process, and never leaves again.
    """

    id: str
    kind: Literal["answer", "confirm"]
    account: AccountId  # of the chat
    contact: ContactId
    to: str
    due: dt.datetime
    conversation: ConversationId | None = None
    message: MessageId | None = None
    seq: int = 0
    state: Literal["waiting", "leaving", "sent"] = "waiting"
    attempts: int = 0


class Mailings:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("mailings")

    async def add(self, mailings: Sequence[Mailing]) -> None:
        """Insert those that are new."""
        if not mailings:
            return
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in mailings], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def due(self, now: dt.datetime, most: int) -> list[Mailing]:
        """Those whose time has come, at most so many."""
        with guarded():
            rows = await self._rows.find({"due": {"$lte": now}}).limit(most).to_list(None)
        return sorted((record(row, Mailing) for row in rows), key=lambda one: (one.due, one.seq, one.id))

    async def leaving(self, one: Mailing, until: dt.datetime) -> bool:
        """Journal that it is about to leave; False when somebody else does that."""
        change = {"state": "leaving", "due": until, "attempts": one.attempts + 1}
        with guarded():
            done = await self._rows.update_one({"_id": one.id, "due": one.due, "state": "waiting"}, {"$set": change})
        return done.modified_count == 1

    async def again(self, ids: Sequence[str], due: dt.datetime) -> None:
        """Nothing left; look again at that time."""
        with guarded():
            await self._rows.update_many({"_id": {"$in": list(ids)}}, {"$set": {"state": "waiting", "due": due}})

    async def sent(self, ids: Sequence[str], until: dt.datetime) -> None:
        """They left; remember it until then."""
        with guarded():
            await self._rows.update_many({"_id": {"$in": list(ids)}}, {"$set": {"state": "sent", "due": until}})

    async def done(self, ids: Sequence[str]) -> None:
        """Nothing is left to do."""
        with guarded():
            await self._rows.delete_many({"_id": {"$in": list(ids)}})
