"""The log: every entry of every conversation. (conversation, seq) is unique and the insert itself takes the number."""

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any

import msgspec
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from hub.errors import StoreDown
from hub.model import Amended, Attachment, ContactId, ConversationId, Message, MessageId, Reaction, Tag
from hub.store.documents import builtin, document, record
from hub.store.driver import Ledger, guarded, taken_keys
from hub.store.group import GroupCommit
from hub.store.windows import within

INDEXES: list[tuple[str, ...]] = [("contact", "at")]
UNIQUE: list[tuple[str, ...]] = [("conversation", "seq")]
LOST = "The database was away in the middle of this; it is done again."
MOST_REACTIONS = 200  # on one message
MOST_RACES = 50  # a writer that loses this often in a row has met a bug, not a race


class Appended(msgspec.Struct, frozen=True, kw_only=True):
    """The entry as it stands in the log; `fresh` is False when it was there already."""

    message: Message
    fresh: bool


class Numbered(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that asks for a number, and how often the database had broken when that was found out."""

    entry: Message
    since: int


class Messages:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._light = ledger.light("messages")
        self._durable = ledger.durable("messages")
        self._exactly: GroupCommit[Numbered, bool] = GroupCommit(self._insert_exactly)

    # -- append -------------------------------------------------------------------------------------------------------

    async def append(
        self, entries: list[Message], since: int | None = None, *, journaled: bool = False
    ) -> list[Appended]:
        """Log entries, each under the number it proposes or, when that is taken, under the next free one.

        Entries of one conversation keep their order. An entry whose own id is there already is answered as it stands.
        Unjournaled by default: intake's own mark, written last, covers them. `since` is how often the database had
        broken before the numbers were looked up: they may rest on entries that it lost. Raises StoreDown then.
        """
        since = self._ledger.breaks.count if since is None else since
        self._ledger.unbroken_since(since)
        appended = await self._append(entries, journaled)
        if self._ledger.breaks.count != since:
            await self._take_back([one.message for one in appended if one.fresh])
            self._ledger.unbroken_since(since)
        return appended

    async def _append(self, entries: list[Message], journaled: bool) -> list[Appended]:
        done: dict[MessageId, Appended] = {}
        waiting = entries
        for _ in range(MOST_RACES):
            taken = await self._insert_groups(waiting, journaled)
            failed = {entry.id for entry in taken}
            done |= {one.id: Appended(message=one, fresh=True) for one in waiting if one.id not in failed}
            if not taken:
                return [done[entry.id] for entry in entries]
            known = {one.id: one for one in await self.by_ids([entry.id for entry in taken])}
            done |= {id_: Appended(message=one, fresh=False) for id_, one in known.items()}
            waiting = await self._renumber([entry for entry in taken if entry.id not in known], _first_taken(taken))
            if not waiting:
                return [done[entry.id] for entry in entries]
        raise RuntimeError("the log's numbers are taken faster than this process can ask for one")

    async def insert(self, entry: Message, since: int | None = None) -> bool:
        """Log one journaled entry under exactly its number; False when the number or the id is taken.

        Entries of one moment share a command; two that ask for the same number are told apart by the database.
        Raises StoreDown when the database broke since that many breaks.
        """
        since = self._ledger.breaks.count if since is None else since
        self._ledger.unbroken_since(since)
        return await self._exactly.add(Numbered(entry=entry, since=since))

    async def _insert_exactly(self, numbered: list[Numbered]) -> list[bool | Exception]:
        entries = [one.entry for one in numbered]
        failed = {id(entry) for entry in await self._insert(entries, ordered=False, journaled=True)}
        lost = [one.entry for one in numbered if one.since != self._ledger.breaks.count]
        await self._take_back([entry for entry in lost if id(entry) not in failed])
        away = {id(entry) for entry in lost}
        return [StoreDown(LOST) if id(entry) in away else id(entry) not in failed for entry in entries]

    async def _take_back(self, entries: Sequence[Message]) -> None:
        """Remove those whose number has none before it: the database came back without what they were counted on.

        Nobody was told of them yet, and whoever logs them does it again.
        """
        first: dict[ConversationId, int] = {}
        for one in entries:
            first[one.conversation] = min(one.seq, first.get(one.conversation, one.seq))
        alone = {id_ for id_, seq in first.items() if seq > 1 and not await self.window(id_, seq - 1, seq)}
        with guarded():
            for one in (one for one in entries if one.conversation in alone):
                await self._durable.delete_one({"_id": one.id})

    async def _insert_groups(self, entries: list[Message], journaled: bool) -> list[Message]:
        """Insert, each conversation in its order, in the fewest commands; the entries that did not go in.

        Either wave by wave (the first entries of all conversations, then the second ones …) or conversation by
        conversation; once an entry has failed, those behind it in its conversation are held back.
        """
        groups: dict[ConversationId, list[Message]] = {}
        for entry in entries:
            groups.setdefault(entry.conversation, []).append(entry)
        longest = max(len(group) for group in groups.values())
        if longest <= len(groups):
            return await self._insert_waves(list(groups.values()), longest, journaled)
        failed = await asyncio.gather(*(self._insert(group, True, journaled) for group in groups.values()))
        return [entry for part in failed for entry in part]

    async def _insert_waves(self, groups: list[list[Message]], longest: int, journaled: bool) -> list[Message]:
        stopped: set[ConversationId] = set()
        held: list[Message] = []
        for wave in range(longest):
            entries = [group[wave] for group in groups if len(group) > wave]
            held += [entry for entry in entries if entry.conversation in stopped]
            free = [entry for entry in entries if entry.conversation not in stopped]
            failed = await self._insert(free, False, journaled) if free else []
            stopped |= {entry.conversation for entry in failed}
            held += failed
        return held

    async def _insert(self, entries: list[Message], ordered: bool, journaled: bool) -> list[Message]:
        """Insert; those that did not go in, in order (of an ordered group: all from the first that failed)."""
        rows = self._durable if journaled else self._light
        with guarded():
            try:
                await rows.insert_many([document(entry) for entry in entries], ordered=ordered)
            except BulkWriteError as error:
                positions = taken_keys(error)
                return entries[positions[0] :] if ordered else [entries[position] for position in positions]
        return []

    async def _renumber(self, entries: list[Message], taken: dict[ConversationId, int]) -> list[Message]:
        """The same entries with the next free numbers; all numbers before `taken` are in use, a redo's known ones too.

        Looked for from there on, and not from what the entry asked for: a known entry before it left its number free.
        """
        conversations = dict.fromkeys(entry.conversation for entry in entries)
        heads = {one: await self.head(one, taken[one]) for one in conversations}
        renumbered = []
        for entry in entries:
            heads[entry.conversation] += 1
            renumbered.append(msgspec.structs.replace(entry, seq=heads[entry.conversation]))
        return renumbered

    async def head(self, conversation: ConversationId, known: int = 0) -> int:
        """The highest number of the conversation, looked for from `known` on; `known` − 1 when there is none."""
        with guarded():
            rows = self._light.find({"conversation": conversation, "seq": {"$gte": known}}, {"seq": 1})
            return max([row["seq"] async for row in rows], default=known - 1)

    # -- read ---------------------------------------------------------------------------------------------------------

    async def by_ids(self, ids: Iterable[MessageId]) -> list[Message]:
        """Those of these ids that are there."""
        with guarded():
            rows = await self._light.find({"_id": {"$in": list(ids)}}).to_list(None)
        return [record(row, Message) for row in rows]

    async def window(self, conversation: ConversationId, low: int, high: int) -> list[Message]:
        """The entries with low ≤ seq < high, as the thread is drawn: by (order, seq)."""
        with guarded():
            rows = await self._light.find({"conversation": conversation, "seq": {"$gte": low, "$lt": high}}).to_list(
                None
            )
        return sorted((record(row, Message) for row in rows), key=lambda one: (one.order, one.seq))

    async def numbers(
        self, conversations: list[ConversationId], low: int, high: int
    ) -> list[tuple[ConversationId, int, MessageId]]:
        """Which numbers with low ≤ seq < high these conversations have, and whose they are."""
        rows = await self._each("conversation", conversations, "seq", low, high, {"conversation": 1, "seq": 1})
        return sorted((row["conversation"], row["seq"], row["_id"]) for row in rows)

    async def timeline(self, contacts: list[ContactId], since: dt.datetime, before: dt.datetime) -> list[Message]:
        """Everything in [since, before) of one person, all conversations, oldest first."""
        rows = await self._each("contact", contacts, "at", since, before)
        return sorted((record(row, Message) for row in rows), key=lambda one: (one.at, one.order, one.seq))

    async def walk(self, low: str, high: str | None, most: int) -> AsyncGenerator[list[Message], None]:
        """All entries of the conversations with low ≤ id < high, at most so many at once."""
        batch: list[Message] = []
        with guarded():
            async for row in self._light.find(within("conversation", low, high)):
                batch.append(record(row, Message))
                if len(batch) >= most:
                    yield batch
                    batch = []
        if batch:
            yield batch

    async def _each(
        self, field: str, values: Sequence[str], within: str, low: Any, high: Any, fields: dict[str, int] | None = None
    ) -> list[dict[str, Any]]:
        """One query a value: of several at once within a range the embedded database reads every message there is."""
        span = {"$gte": low, "$lt": high}
        asked = [self._light.find({field: value, within: span}, fields).to_list(None) for value in values]
        with guarded():
            return [row for rows in await asyncio.gather(*asked) for row in rows]

    # -- what is learnt later -----------------------------------------------------------------------------------------

    async def set_tags(self, tags: dict[MessageId, Tag]) -> None:
        """Write what the tagger thinks; covered by triage's own mark."""
        changes = [UpdateOne({"_id": id_}, {"$set": {"tag": builtin(tag)}}) for id_, tag in tags.items()]
        with guarded():
            await self._light.bulk_write(changes, ordered=False)

    async def set_file(self, id_: MessageId, index: int, file: Attachment) -> bool:
        """Put in what was fetched, or why it was not, where that file is waited for; False when it is not any more."""
        where = {"_id": id_, f"attachments.{index}.ref": file.ref, f"attachments.{index}.state": "waiting"}
        with guarded():
            done = await self._durable.update_one(where, {"$set": {f"attachments.{index}": builtin(file)}})
        return done.modified_count == 1

    async def wait_for_file(self, id_: MessageId, index: int, file: Attachment) -> bool:
        """A file that failed is waited for again, under its platform's name for it; False when it has none."""
        where = {"_id": id_, f"attachments.{index}.ref": file.ref, f"attachments.{index}.state": "failed"}
        with guarded():
            done = await self._durable.update_one(where, {"$set": {f"attachments.{index}": builtin(file)}})
        return done.modified_count == 1

    async def amend(self, id_: MessageId, amended: Amended) -> bool:
        """What a message says now; False when something later by the platform's time is known. Covered by a mark."""
        change = {"$set": {"amended": builtin(amended)}}
        with guarded():
            done = await self._light.update_one({"_id": id_, "amended": None}, change)
            if done.matched_count == 0:
                done = await self._light.update_one({"_id": id_, "amended.order": {"$lte": amended.order}}, change)
        return done.matched_count == 1

    async def react(self, id_: MessageId, reaction: Reaction) -> None:
        """Put a mark on a message, once; one that was taken away is a mark too. Covered by a mark of the caller's."""
        full = f"reactions.{MOST_REACTIONS - 1}"
        with guarded():
            await self._light.update_one(
                {"_id": id_, full: {"$exists": False}}, {"$addToSet": {"reactions": builtin(reaction)}}
            )


def _first_taken(taken: list[Message]) -> dict[ConversationId, int]:
    """The first number of each conversation that an entry asked for in vain."""
    first: dict[ConversationId, int] = {}
    for entry in taken:
        first[entry.conversation] = min(entry.seq, first.get(entry.conversation, entry.seq))
    return first
