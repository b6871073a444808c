"""What must leave: outgoing messages that carry `leave`, claimed in batches, settled.

A claim for a call that must not be made twice is journaled as *sending* by the same update.

Claims are guarded updates whose modified count is looked at, never find_one_and_update over a growing collection.
"""

import datetime as dt
from typing import Any, Literal, NamedTuple

from pymongo import UpdateMany, UpdateOne

from hub.model import Delivery, DeliveryState, Leave, Message, MessageId, Record
from hub.store.bulk import journaled
from hub.store.documents import builtin, record
from hub.store.driver import Collection, Ledger, guarded

INDEXES: list[tuple[str, ...]] = [("leave.rank", "leave.due")]
SPARSE: list[tuple[str, ...]] = [("leave.lane",), ("leave.until",)]
TOGETHER = 32  # ids in one update: hundreds cost the embedded database their square


class Claim(NamedTuple):
    """A message that somebody wants to send: *sending* before a call that must not be made twice, else *claimed*."""

    id: MessageId
    seen: str | None  # whose it was last when it was read: nobody has touched it since, or it is not given
    step: Literal["claimed", "sending"]
    until: dt.datetime


class Settled(Record, frozen=True, kw_only=True):
    """How a send ended: the deliveries as they now are; `leave` is set when something must still go."""

    id: MessageId
    claim: str
    deliveries: tuple[Delivery, ...]
    delivery: DeliveryState
    leave: Leave | None


class Outbox:
    def __init__(self, ledger: Ledger) -> None:
        self._light = ledger.light("messages")
        self._durable = ledger.durable("messages")

    async def leaving(self, lanes: list[str]) -> list[Message]:
        """Everything that must leave in these lanes, each lane in the log's order."""
        with guarded():
            rows = await self._light.find({"leave.lane": {"$in": lanes}}).to_list(None)
        return sorted((record(row, Message) for row in rows), key=lambda one: (one.conversation, one.seq))

    async def due(self, rank: int, since: dt.datetime, until: dt.datetime) -> list[str]:
        """The lanes with something of this rank due in [since, until); the sweep's window."""
        with guarded():
            rows = self._light.find({"leave.rank": rank, "leave.due": {"$gte": since, "$lt": until}}, {"leave.lane": 1})
            return sorted({row["leave"]["lane"] async for row in rows})

    async def oldest(self, rank: int) -> dt.datetime | None:
        """When the oldest of this rank was due; asked once a start, since it reads them all."""
        with guarded():
            rows = (
                await self._light.find({"leave.rank": rank}, {"leave.due": 1}).sort("leave.due", 1).limit(1).to_list(1)
            )
        return rows[0]["leave"]["due"] if rows else None

    async def claim(self, asked: list[Claim], claim: str) -> set[MessageId]:
        """Lease those that are queued as they were read, *sending* ones journaled; only what is answered may be sent.

        `claim` must be new: it tells ours from others', and what was read before it from what was read since. The same
        again after StoreDown answers with what the first one got.
        """
        mine = await self._claimed("claimed", self._light, asked, claim)
        return mine | await self._claimed("sending", self._durable, asked, claim)

    async def _claimed(self, step: str, rows: Collection, asked: list[Claim], claim: str) -> set[MessageId]:
        some = [one for one in asked if one.step == step]
        if not some:
            return set()
        ids, updates = [one.id for one in some], list[UpdateMany]()
        changes = {"leave.step": step, "leave.claim": claim, "leave.until": max(one.until for one in some)}
        for seen in {one.seen for one in some}:
            guard = {"leave.step": "queued", "leave.claim": seen}
            updates += _groups([one.id for one in some if one.seen == seen], guard, changes)
        with guarded():
            done = await rows.bulk_write(updates, ordered=False)
        return set(ids) if done.modified_count == len(ids) else await self._mine(ids, claim)

    async def _mine(self, ids: list[MessageId], claim: str) -> set[MessageId]:
        with guarded():
            rows = self._light.find({"_id": {"$in": ids}, "leave.claim": claim}, {"_id": 1})
            return {row["_id"] async for row in rows}

    async def settle(self, settled: list[Settled]) -> bool:
        """Write how the sends ended, journaled; False when a claim was lost meanwhile: then nothing of it changed."""
        changes = [UpdateOne({"_id": one.id, "leave.claim": one.claim}, _ended(one)) for one in settled]
        return await journaled(self._light, self._durable, changes) == len(changes)

    async def settle_late(self, settled: Settled) -> bool:
        """An answer that came after its lease had run out settles what was taken for unknown; False if nothing was."""
        with guarded():
            done = await self._durable.update_one(
                {"_id": settled.id, "delivery": "unknown"},
                {"$set": {"deliveries": builtin(settled.deliveries), "delivery": settled.delivery}},
            )
        return done.modified_count == 1

    async def take_back(self, message: Message, settled: Settled) -> bool:
        """End a lease that has run out; False when its holder moved it on since `message` was read."""
        assert message.leave is not None
        seen = {"leave.claim": settled.claim, "leave.step": message.leave.step, "leave.until": message.leave.until}
        with guarded():
            done = await self._durable.update_one({"_id": message.id, **seen}, _ended(settled))
        return done.modified_count == 1

    async def expired(self, now: dt.datetime) -> list[Message]:
        """Claimed or sending messages whose lease has run out."""
        with guarded():
            rows = await self._light.find({"leave.until": {"$lt": now}}).to_list(None)
        return [record(row, Message) for row in rows]

    async def reopen(self, message: Message, delivery: DeliveryState, leave: Leave | None) -> bool:
        """By a person's word: send again (`leave`) or take as sent (None); False when its state changed meanwhile."""
        deliveries = tuple(
            Delivery(part=one.part, to=one.to, state=delivery, at=one.at, external=one.external)
            if one.state in ("refused", "unknown")
            else one
            for one in message.deliveries
        )
        update: dict[str, object] = {"deliveries": builtin(deliveries), "delivery": delivery}
        if leave is not None:
            update["leave"] = {name: value for name, value in builtin(leave).items() if value is not None}
        step, claim = (message.leave.step, message.leave.claim) if message.leave is not None else (None, None)
        guard = {"delivery": message.delivery, "leave.step": step, "leave.claim": claim}
        with guarded():
            done = await self._durable.update_one({"_id": message.id, **guard}, {"$set": update})
        return done.modified_count == 1

    async def report(self, before: Message, deliveries: tuple[Delivery, ...], delivery: DeliveryState) -> bool:
        """What the platform says later of a message that left; False when its deliveries changed since `before`."""
        states = {f"deliveries.{index}.state": one.state for index, one in enumerate(before.deliveries)}
        change = {"$set": {"deliveries": builtin(deliveries), "delivery": delivery}}
        with guarded():
            done = await self._light.update_one({"_id": before.id, "leave": None, **states}, change)
        return done.matched_count == 1

    async def receipts(self, ids: list[MessageId], state: DeliveryState, before: tuple[DeliveryState, ...]) -> int:
        """Raise the state of sent messages to delivered or read; states never go back."""
        with guarded():
            done = await self._light.update_many(
                {"_id": {"$in": ids}, "delivery": {"$in": list(before)}},
                {"$set": {"delivery": state, "deliveries.$[].state": state}},
            )
        return done.modified_count


def _groups(ids: list[MessageId], guard: dict[str, Any], changes: dict[str, Any]) -> list[UpdateMany]:
    """The same guarded change for all of these, some at a time."""
    parts = [ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER)]
    return [UpdateMany({"_id": {"$in": part}} | guard, {"$set": changes}) for part in parts]


def _ended(one: Settled) -> dict[str, Any]:
    """How a send ended, as an update; what must still go stays in `leave`."""
    fields: dict[str, Any] = {"deliveries": builtin(one.deliveries), "delivery": one.delivery}
    if one.leave is None:
        return {"$set": fields, "$unset": {"leave": ""}}
    return {
        "$set": fields | {"leave": {name: value for name, value in builtin(one.leave).items() if value is not None}}
    }
