"""Links: which entry a platform's id means, for ids that the entry's own id cannot be worked out from.

Those are the further names of what came in, and the ids that platforms gave to what went out; and which entry was
the first of those that one message to several of our accounts became.
"""

from collections.abc import Iterable, Sequence

from pymongo.errors import BulkWriteError

from hub.model import AccountId, ConversationId, MessageId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

INDEXES: list[tuple[str, ...]] = [("message",)]


class Link(Record, frozen=True, kw_only=True):
    """`id` is `link_id` or `copies_id`; `ours` when our side wrote the message."""

    id: str
    message: MessageId
    conversation: ConversationId
    ours: bool
    account: AccountId | None = None  # of the first of several copies, whose ids name no account


def link_id(account: AccountId, external: str) -> str:
    """Under which a link is kept."""
    return f"{account}:{external}"


def copies_id(kind: str, external: str) -> str:
    """Under which the first of one message's copies is kept, whichever account of this kind it came to."""
    return f"copies:{kind}:{external}"


class Links:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.light("links")

    async def add(self, links: Sequence[Link]) -> set[str]:
        """Insert the new ones; the ids that others have, who keep them. Covered by the caller's journaled write."""
        if not links:
            return set()
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in links], ordered=False)
            except BulkWriteError as error:
                return {links[at].id for at in taken_keys(error)}
        return set()

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Link]:
        """Those of these ids that are known."""
        with guarded():
            rows = await self._rows.find({"_id": {"$in": list(ids)}}).to_list(None)
        return {one.id: one for one in (record(row, Link) for row in rows)}
