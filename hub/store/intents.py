"""What owners say of intents: names, merges and switches, one row an intent; and their examples, only ever added to.

The rows are few and read whole. An intent's id is stored in tags: it is never changed, and its row stays
when it is removed.
"""

import datetime as dt
from collections.abc import Sequence

from pymongo.errors import BulkWriteError

from hub.model import AgentId, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys
from hub.store.house import Few
from hub.store.windows import BEGINNING

EXAMPLE_INDEXES: list[tuple[str, ...]] = [("at",)]


class IntentWord(Record, frozen=True, kw_only=True):
    """The owner's word on one intent: all of an own one; of a built-in one what differs, None where nothing does."""

    id: str
    at: dt.datetime
    by: str  # the agent's name, as it was then
    vi: str | None = None
    en: str | None = None
    meaning: str | None = None
    tone: str | None = None
    own: bool = False
    on: bool = True
    into: str | None = None  # the intent that it counts for
    gone: bool = False  # an own one that its owner removed: only older tags, and what it counts for, know it


class ExampleWord(Record, frozen=True, kw_only=True):
    """An example that somebody gave, or (not `given`) took back; of one text the latest word counts."""

    id: str
    intent: str
    text: str
    agent: AgentId
    name: str  # the agent's, as it was then
    at: dt.datetime
    given: bool = True


class IntentWords(Few[IntentWord]):
    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "intents", IntentWord)

    async def say(self, id_: str, by: str, at: dt.datetime, changes: dict[str, object]) -> None:
        """Change what is said of an intent (None takes it back), whether or not anything was said of it before."""
        kept = {name: value for name, value in changes.items() if value is not None}
        gone = {name: "" for name, value in changes.items() if value is None}
        update = {"$set": {**kept, "by": by, "at": at}} | ({"$unset": gone} if gone else {})
        with guarded():
            await self._rows.update_one({"_id": id_}, update, upsert=True)


class ExampleWords:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("intent_examples")

    async def add(self, words: Sequence[ExampleWord]) -> None:
        """Keep them, journaled; those that are known under their ids stay as they are."""
        if not words:
            return
        with guarded():
            try:
                await self._rows.insert_many([document(one) for one in words], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def all(self) -> list[ExampleWord]:
        """Every word, the oldest first. People give them by hand: they stay few enough to be learnt in one go."""
        with guarded():
            rows = await self._rows.find({"at": {"$gte": BEGINNING}}).to_list(None)
        return sorted((record(row, ExampleWord) for row in rows), key=lambda one: (one.at, one.id))
