"""The mirror: what of conversations is shown in a team's channel, and what was said there and is still to be read.

A post is written down before it is made: nothing is posted twice, whatever breaks off.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from pymongo.errors import BulkWriteError, DuplicateKeyError

from hub.model import AccountId, ArrivalId, ConversationId, MessageId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

REPLY_INDEXES: list[tuple[str, ...]] = [("due",)]


class Mirrored(Record, frozen=True, kw_only=True):
    """A post, or a name that leads to one; `id` says of what. The database drops it after `gone`.

    *posting* for long, or for ever: whether it stands there nobody knows, and it is not made again.
    """

    id: str
    conversation: ConversationId
    at: dt.datetime
    gone: dt.datetime
    state: Literal["posting", "posted"] = "posted"
    external: str | None = None  # the platform's id of it
    message: MessageId | None = None
    seen: int = 0  # of a thread: the last number that was shown in it


class MirrorReply(Record, frozen=True, kw_only=True):
    """An arrival from a mirror, to be read."""

    id: ArrivalId
    account: AccountId
    due: dt.datetime
    order: int
    attempts: int = 0


class MirroredPosts:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("mirrored")

    async def begin(self, post: Mirrored) -> bool:
        """Journal that it is about to be posted; False when somebody did, or does."""
        with guarded():
            try:
                await self._rows.insert_one(document(post))
            except DuplicateKeyError:
                return False
        return True

    async def done(self, id_: str, external: str) -> None:
        """It stands there under this id."""
        with guarded():
            await self._rows.update_one({"_id": id_}, {"$set": {"state": "posted", "external": external}})

    async def drop(self, id_: str) -> None:
        """It does not stand there."""
        with guarded():
            await self._rows.delete_one({"_id": id_})

    async def get(self, id_: str) -> Mirrored | None:
        """One, or None."""
        with guarded():
            row = await self._rows.find_one({"_id": id_})
        return record(row, Mirrored) if row else None

    async def shown(self, ids: Sequence[str], seq: int, gone: dt.datetime) -> None:
        """Everything up to `seq` was shown in the thread that these lead to: they stay until `gone`."""
        with guarded():
            await self._rows.update_many({"_id": {"$in": list(ids)}}, {"$max": {"seen": seq}, "$set": {"gone": gone}})


class MirrorReplies:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.light("mirror_replies")

    async def add(self, replies: Sequence[MirrorReply]) -> None:
        """Insert those that are new. Covered by the caller's journaled write."""
        if not replies:
            return
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in replies], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def due(self, now: dt.datetime, most: int) -> list[MirrorReply]:
        """Those whose time has come, at most so many."""
        with guarded():
            rows = await self._rows.find({"due": {"$lte": now}}).limit(most).to_list(None)
        return sorted((record(row, MirrorReply) for row in rows), key=lambda one: (one.order, one.id))

    async def again(self, one: MirrorReply, due: dt.datetime) -> None:
        """Try it once more at that time."""
        with guarded():
            await self._rows.update_one({"_id": one.id}, {"$set": {"due": due, "attempts": one.attempts + 1}})

    async def done(self, id_: ArrivalId) -> None:
        """Nothing is left to do."""
        with guarded():
            await self._rows.delete_one({"_id": id_})
