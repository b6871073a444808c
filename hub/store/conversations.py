"""Conversations: heads, states and what a list row needs, copied in so that no list looks anything up."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
from pymongo import UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from hub.model import (
    AgentId,
    Conversation,
    ConversationId,
    ConversationState,
    DeliveryState,
    Message,
    MessageId,
    Preview,
    Record,
    Routed,
    Tag,
    TeamId,
)
from hub.store.bulk import batches, found
from hub.store.documents import builtin, document, record
from hub.store.driver import Ledger, guarded, taken_keys
from hub.store.group import GroupCommit
from hub.store.windows import within

# Few on purpose: the embedded database writes each of them at every message. Lists read windows of (state, last); how
# many there are by agent, team or waiting, and which, the web folds from the events (inbox_web/tally.py).
INDEXES: list[tuple[str, ...]] = [("state", "last"), ("contact",)]
UNIQUE: list[tuple[str, ...]] = [("thread", "turn")]
STATES: tuple[ConversationState, ...] = ("open", "snoozed", "resolved")
AWAKE = STATES[:2]
EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # whoever waits waits since later


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """Newer words: applied only when they come behind those that are shown. Fields as in `Conversation`."""

    id: ConversationId
    head: int
    set: dict[str, object]
    unset: tuple[str, ...] = ()
    waiting: dt.datetime | None = None  # the customer waits since then, unless they waited already


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation for a team: only if nobody took it meanwhile, nor answered it where it is in a team already."""

    id: ConversationId
    before: TeamId | None
    team: TeamId
    routed: Routed


class Shelved(Record, frozen=True, kw_only=True):
    """As much of a row as says in which lists it stands."""

    id: ConversationId
    head: int
    state: ConversationState
    channel: str
    last: dt.datetime
    agent: AgentId | None = None
    team: TeamId | None = None
    waiting: dt.datetime | None = None


class Conversations:
    def __init__(self, ledger: Ledger) -> None:
        self._light = ledger.light("conversations")
        self._durable = ledger.durable("conversations")
        self._steps: GroupCommit[Advance, None] = GroupCommit(self._advance_together)

    async def get(self, id_: ConversationId) -> Conversation | None:
        """One conversation, or None."""
        with guarded():
            row = await self._light.find_one({"_id": id_})
        return record(row, Conversation) if row else None

    async def by_ids(self, ids: list[ConversationId]) -> list[Conversation]:
        """Those of these ids that are there."""
        with guarded():
            rows = await self._light.find({"_id": {"$in": ids}}).to_list(None)
        return [record(row, Conversation) for row in rows]

    async def of_threads(self, threads: list[str]) -> dict[str, Conversation]:
        """The newest conversation of each thread that has one."""
        rows = await found(self._light, "thread", threads)
        every = sorted((record(row, Conversation) for row in rows), key=lambda one: one.turn)
        return {one.thread: one for one in every}

    async def open(self, conversations: list[Conversation]) -> set[ConversationId]:
        """Insert those that are new; one that is there already stays as it is, and its id is answered."""
        with guarded():
            try:
                await self._light.insert_many([document(one) for one in conversations], ordered=False)
            except BulkWriteError as error:
                return {conversations[index].id for index in taken_keys(error)}
        return set()

    async def advance(self, advances: list[Advance]) -> None:
        """Show newer words in one command; what is shown never goes back. Covered by the caller's journaled write."""
        changes = [UpdateOne({"_id": one.id}, _advanced(one)) for one in advances]
        with guarded():
            done = await self._light.bulk_write(changes, ordered=False)
        if done.modified_count < len(advances):
            await self._overtaken([one for one in advances if one.waiting is not None])

    async def advance_one(self, step: Advance) -> None:
        """The same for one, which shares its command with whoever else has one at this moment."""
        await self._steps.add(step)

    async def _advance_together(self, steps: list[Advance]) -> list[Exception | None]:
        await self.advance(steps)
        return [None] * len(steps)

    async def _overtaken(self, advances: list[Advance]) -> None:
        """A note or reply behind the customer's words moved the head first: they wait for us all the same."""
        changes = [
            UpdateOne(
                {"_id": one.id, "in_head": {"$lt": one.set["in_head"]}},
                {
                    "$set": {name: one.set[name] for name in ("in_head", "state", "reopened") if name in one.set},
                    "$unset": {"snoozed_until": ""},
                    "$min": {"waiting": one.waiting},
                },
            )
            for one in advances
        ]
        if changes:
            with guarded():
                await self._light.bulk_write(changes, ordered=False)

    async def change(
        self, id_: ConversationId, changes: dict[str, Any], guard: dict[str, Any] | None = None, head: int | None = None
    ) -> bool:
        """Set fields (None removes one), journaled, under a guard of equalities; False when the guard did not hold."""
        update: dict[str, Any] = {}
        kept = {name: builtin(value) for name, value in changes.items() if value is not None}
        gone = {name: "" for name, value in changes.items() if value is None}
        if kept:
            update["$set"] = kept
        if gone:
            update["$unset"] = gone
        if head is not None:
            update["$max"] = {"head": head}
        with guarded():
            done = await self._durable.update_one({"_id": id_, **(guard or {})}, update)
        return done.matched_count == 1

    async def label(self, id_: ConversationId, add: list[str], remove: list[str]) -> None:
        """Add and remove labels without touching the others'."""
        with guarded():
            if add:
                await self._durable.update_one({"_id": id_}, {"$addToSet": {"labels": {"$each": add}}})
            if remove:
                await self._durable.update_one({"_id": id_}, {"$pull": {"labels": {"$in": remove}}})

    async def triaged(self, tags: dict[ConversationId, Tag], moves: Sequence[Move]) -> bool:
        """Show the last messages' tags, and give conversations that nobody took yet to their teams, in one command.

        False when somebody was faster with one of the teams. Covered by triage's mark.
        """
        updates = [UpdateOne({"_id": id_}, {"$set": {"tag": _lean(tag)}}) for id_, tag in tags.items()]
        updates += [
            UpdateOne(
                {"_id": one.id, "agent": None, "team": one.before} | ({"waiting": {"$gt": EVER}} if one.before else {}),
                {"$set": {"team": one.team, "routed": builtin(one.routed)}},
            )
            for one in moves
        ]
        with guarded():
            done = await self._light.bulk_write(updates, ordered=False)
        return done.matched_count == len(updates)

    async def retag(self, id_: ConversationId, in_head: int, tag: Tag) -> bool:
        """Show another tag of the last words; False when the customer wrote more meanwhile. Covered by its event."""
        with guarded():
            done = await self._light.update_one({"_id": id_, "in_head": in_head}, {"$set": {"tag": _lean(tag)}})
        return done.matched_count == 1

    async def read_up_to(self, id_: ConversationId, seq: int) -> bool:
        """The team has seen everything up to `seq`; never goes back. True when that was news."""
        with guarded():
            done = await self._light.update_one({"_id": id_, "read": {"$lt": seq}}, {"$set": {"read": seq}})
        return done.modified_count == 1

    async def seen_by_customer(self, id_: ConversationId, seq: int) -> bool:
        """The customer has seen everything up to `seq`; never goes back. True when that was news."""
        with guarded():
            done = await self._light.update_one(
                {"_id": id_, "seen_by_customer": {"$lt": seq}}, {"$set": {"seen_by_customer": seq}}
            )
        return done.modified_count == 1

    async def show_deliveries(self, shown: list[tuple[ConversationId, MessageId, DeliveryState]]) -> None:
        """Write a delivery's new state into the rows that still show that message."""
        updates = [
            UpdateOne({"_id": id_, "preview.message": message}, {"$set": {"preview.delivery": state}})
            for id_, message, state in shown
        ]
        with guarded():
            await self._light.bulk_write(updates, ordered=False)

    async def show_words(self, id_: ConversationId, message: MessageId, words: str) -> None:
        """Show what a message says now, if the row still shows that message."""
        with guarded():
            await self._light.update_one({"_id": id_, "preview.message": message}, {"$set": {"preview.text": words}})

    async def show_sent(self, shown: list[tuple[Message, Preview]]) -> None:
        """Show how sends ended, and put right the heads that a crash between message and head left behind.

        Rows are read first: hardly ever is one behind, many show newer words already, and an update that finds nothing
        costs as much as any.
        """
        ids = list({message.conversation for message, _ in shown})
        with guarded():
            rows = await self._light.find({"_id": {"$in": ids}}, {"shown": 1, "preview.message": 1}).to_list(None)
        heads = {row["_id"]: row["shown"] for row in rows}
        showing = {(row["_id"], row["preview"]["message"]) for row in rows if row.get("preview")}
        late = [one for one in shown if heads.get(one[0].conversation, one[0].seq) < one[0].seq]
        await self._advance_late(late)
        # Those of the late ones, too: whoever wrote them may have been faster with the row than we were.
        current = [one for one, _ in shown if (one.conversation, one.id) in showing]
        await self._show_ended([*current, *(one for one, _ in late)])

    async def _show_ended(self, ended: list[Message]) -> None:
        """In rows that show just these; one that moves on meanwhile shows newer words."""
        updates: list[UpdateMany] = []
        for state in {one.delivery for one in ended}:
            for some in batches([one for one in ended if one.delivery == state]):
                which = {
                    "_id": {"$in": [one.conversation for one in some]},
                    "preview.message": {"$in": [one.id for one in some]},
                }
                updates.append(UpdateMany(which, {"$set": {"preview.delivery": state}}))
        if updates:
            with guarded():
                await self._light.bulk_write(updates, ordered=False)

    async def _advance_late(self, late: list[tuple[Message, Preview]]) -> None:
        steps = [
            Advance(id=one.conversation, head=one.seq, set={"last": one.at, "preview": preview}, unset=("waiting",))
            for one, preview in late
        ]
        if steps:
            await self.advance(steps)

    async def listed(self, where: dict[str, Any], since: dt.datetime, before: dt.datetime) -> list[Conversation]:
        """Those that match these equalities with `last` in [since, before), newest first: one window of a list."""
        rows = await self._window([where["state"]] if "state" in where else STATES, where, since, before)
        return sorted((record(row, Conversation) for row in rows), key=lambda one: (one.last, one.id), reverse=True)

    async def shelved(self, since: dt.datetime, before: dt.datetime) -> list[Shelved]:
        """What is open or snoozed with `last` in [since, before), newest first, as little of it as is needed."""
        fields = dict.fromkeys(Shelved.__struct_fields__[1:], 1)
        rows = await self._window(AWAKE, {}, since, before, fields)
        return sorted((record(row, Shelved) for row in rows), key=lambda one: (one.last, one.id), reverse=True)

    async def _window(
        self,
        states: Sequence[str],
        where: dict[str, Any],
        since: dt.datetime,
        before: dt.datetime,
        fields: dict[str, int] | None = None,
    ) -> list[dict[str, Any]]:
        """One query a state: of several at once the embedded database reads every conversation that there is."""
        last = {"$gte": since, "$lt": before}
        asked = [self._light.find({**where, "state": state, "last": last}, fields).to_list(None) for state in states]
        with guarded():
            return [row for rows in await asyncio.gather(*asked) for row in rows]

    async def of_contacts(self, contacts: list[str]) -> list[Conversation]:
        """Every conversation of a person, newest first."""
        with guarded():
            rows = await self._light.find({"contact": {"$in": contacts}}).to_list(None)
        return sorted((record(row, Conversation) for row in rows), key=lambda one: one.last, reverse=True)

    async def of_span(self, low: str, high: str | None) -> list[Conversation]:
        """Those whose contact's id is in [low, high); None is no end."""
        with guarded():
            rows = await self._light.find(within("contact", low, high)).to_list(None)
        return [record(row, Conversation) for row in rows]

    async def waking(self, now: dt.datetime) -> list[Conversation]:
        """Snoozed conversations whose time has come."""
        with guarded():
            rows = await self._light.find({"state": "snoozed", "snoozed_until": {"$lte": now}}).to_list(None)
        return [record(row, Conversation) for row in rows]


def _advanced(one: Advance) -> list[dict[str, Any]]:
    """The row with these words if they are newer, else as it is.

    The guard stands in the update: as a second clause of the filter it costs the embedded database as much again.
    """
    newer = {"$lt": ["$shown", one.head]}
    fields = {name: _lean(value) for name, value in one.set.items()} | {"shown": one.head}
    moved: dict[str, Any] = {"head": {"$max": ["$head", one.head]}}
    if one.waiting is not None:
        moved["waiting"] = {"$min": ["$waiting", one.waiting]}
    gone = [{"$set": {name: {"$cond": [newer, "$$REMOVE", f"${name}"]} for name in one.unset}}] if one.unset else []
    row = {"$mergeObjects": ["$$ROOT", {"$literal": fields}, moved]}
    return [*gone, {"$replaceWith": {"$cond": [newer, row, "$$ROOT"]}}]


def _lean(value: object) -> Any:
    made = builtin(value)
    return {name: part for name, part in made.items() if part is not None} if isinstance(made, dict) else made
