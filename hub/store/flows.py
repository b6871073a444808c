"""Bots' flows, which owners write, and how far each conversation's last one has come: one row a conversation.

Dialogues stand apart from conversations' rows: they are found by an index of their own, which no message's write pays.
"""

import datetime as dt
from typing import Any

from pymongo.errors import DuplicateKeyError

from hub.flow import Dialogue, Flow
from hub.model import ConversationId
from hub.store.documents import builtin, document, record
from hub.store.driver import Ledger, guarded
from hub.store.rules import Versioned

INDEXES: list[tuple[str, ...]] = [("due",)]  # only on dialogues that go on: sparse
KEEP = dt.timedelta(days=30)
EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Flows(Versioned[Flow]):
    """Few, by their ids."""

    STALE = "Somebody changed this flow meanwhile. Look at it again before you save yours."

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "flows", Flow)


class Dialogues:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("dialogues")

    async def get(self, id_: ConversationId) -> Dialogue | None:
        """The conversation's last dialogue, going on or ended; None when it never had one."""
        with guarded():
            row = await self._rows.find_one({"_id": id_})
        return record(row, Dialogue) if row else None

    async def begin(self, new: Dialogue, before: Dialogue | None) -> bool:
        """Keep a new one in the place of an ended one, journaled; False when somebody else began one meanwhile."""
        row = document(new) | {"gone": new.at + KEEP}
        with guarded():
            if before is not None:
                done = await self._rows.replace_one({"_id": new.id, "key": before.key}, row)
                return done.matched_count == 1
            try:
                await self._rows.insert_one(row)
            except DuplicateKeyError:
                return False
        return True

    async def move(self, one: Dialogue, changes: dict[str, Any]) -> bool:
        """Go on (None removes a field), if it stands where this one says and goes on; journaled."""
        kept = {name: builtin(value) for name, value in changes.items() if value is not None}
        gone = {name: "" for name, value in changes.items() if value is None}
        update = {"$set": kept} | ({"$unset": gone} if gone else {})
        stands = {"_id": one.id, "key": one.key, "seen": one.seen, "due": one.due}
        with guarded():
            done = await self._rows.update_one(stands, update)
        return done.matched_count == 1

    async def going(self, before: dt.datetime | None = None) -> list[Dialogue]:
        """Those that go on; with a time those of them that silence should have ended before it."""
        span = {"$gte": EVER} | ({"$lt": before} if before is not None else {})
        with guarded():
            rows = await self._rows.find({"due": span}).to_list(None)
        return [record(row, Dialogue) for row in rows]
