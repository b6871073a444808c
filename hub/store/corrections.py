"""What agents say of the tagger's tags: which message, what it said, what it should have said. Only ever added to."""

import datetime as dt

from pymongo.errors import DuplicateKeyError

from hub.model import AgentId, ConversationId, MessageId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded
from hub.store.windows import BEGINNING

INDEXES: list[tuple[str, ...]] = [("at",)]


class Correction(Record, frozen=True, kw_only=True):
    """One word of an agent on one message; of one text the latest counts. `text` is what the customer wrote."""

    id: str
    message: MessageId
    conversation: ConversationId
    text: str
    after: str  # the intent that it should have
    agent: AgentId
    name: str  # the agent's, as it was then
    at: dt.datetime
    before: str | None = None  # the intent that it had
    model: str = ""  # the version of the model that gave it


class Corrections:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("corrections")

    async def add(self, one: Correction) -> None:
        """Keep it, journaled; one that is known under its id stays as it is."""
        with guarded():
            try:
                await self._rows.insert_one(document(one))
            except DuplicateKeyError:
                return

    async def known(self, id_: str) -> bool:
        """Whether this one was kept before."""
        with guarded():
            return await self._rows.find_one({"_id": id_}, {"_id": 1}) is not None

    async def all(self) -> list[Correction]:
        """Every one, the oldest first. People make them by hand: they stay few enough to be learnt in one go."""
        with guarded():
            rows = await self._rows.find({"at": {"$gte": BEGINNING}}).to_list(None)
        return sorted((record(row, Correction) for row in rows), key=lambda one: (one.at, one.id))
