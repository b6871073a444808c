"""Receipts: what the customer's side says of messages that left. States only rise."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

from hub.departures.parts import worst
from hub.events import conversation_changed, message_changed
from hub.inbound import InboundReceipt
from hub.model import Conversation, Delivery, DeliveryState, EventItem, Message
from hub.store import Store
from hub.store.links import Link, link_id
from hub.store.outbox import Settled
from hub.views import delivery_views

WINDOW = 50  # how far back a "read up to" reaches at once; older ones were raised by earlier receipts
_BELOW: dict[str, tuple[DeliveryState, ...]] = {
    "sent": ("unknown",),
    "delivered": ("unknown", "sent"),
    "read": ("unknown", "sent", "delivered"),
    "refused": ("unknown", "sent", "delivered"),  # a bounce after a server had taken it
}
# What "read up to here" raises: not what is unknown, since nobody knows whether it is on that screen.
_RISING: dict[str, tuple[DeliveryState, ...]] = {"delivered": ("sent",), "read": ("sent", "delivered")}
MOST_RACES = 10


async def raise_states(
    store: Store, conversation: Conversation, seq: int, state: Literal["delivered", "read"]
) -> list[EventItem]:
    """The customer has got, or read, everything up to `seq`: what they were sent until then says so.

    How far they have read is written last, so that a redo after a crash does the rest.
    """
    seq = min(seq, conversation.head)
    if seq <= conversation.seen_by_customer:
        return []
    items = await _raise(store, conversation, seq, state)
    if state == "read":
        await store.conversations.seen_by_customer(conversation.id, seq)
    return items


async def _raise(store: Store, conversation: Conversation, seq: int, state: DeliveryState) -> list[EventItem]:
    low = max(conversation.seen_by_customer, seq - WINDOW)
    sent = [
        one
        for one in await store.messages.window(conversation.id, low, seq + 1)
        if one.kind == "out" and one.deliveries and one.delivery in _RISING[state]
    ]
    if not sent:
        return []
    await store.outbox.receipts([one.id for one in sent], state, _RISING[state])
    items = [message_changed(conversation.id, one.id, {"delivery": state}) for one in sent]
    shown = conversation.preview
    if shown is not None and shown.message in {one.id for one in sent}:
        await store.conversations.show_deliveries([(conversation.id, shown.message, state)])
        if state == "read":
            items.append(conversation_changed(conversation.id, conversation.head, {"seen_by_customer": seq}))
    return items


async def report(store: Store, message: Message, said: InboundReceipt, now: dt.datetime) -> list[EventItem]:
    """What the platform says later of one message, for one recipient or all; states only rise, a bounce is the end."""
    for _ in range(MOST_RACES):
        deliveries = tuple(_reported(one, message, said, now) for one in message.deliveries)
        if deliveries == message.deliveries:
            return []
        state = worst(deliveries)
        await _name(store, message, deliveries)  # first: a redo finds nothing left to report
        if await store.outbox.report(message, deliveries, state):
            return await _shown(store, msgspec.structs.replace(message, deliveries=deliveries, delivery=state))
        [message] = await store.messages.by_ids([message.id])
    return []


def _reported(one: Delivery, message: Message, said: InboundReceipt, now: dt.datetime) -> Delivery:
    alone = len({each.to for each in message.deliveries}) == 1  # a bounce may name a forwarded address
    mine = said.to is None or alone or one.to.casefold() == said.to.casefold()
    parts = {each.external for each in message.deliveries} - {None}
    if said.external in parts:
        mine = mine and one.external == said.external
    if not mine or one.state not in _BELOW[said.state]:
        return one
    external = one.external or (said.external if said.state == "sent" else None)
    return msgspec.structs.replace(one, state=said.state, at=now, why=said.why, external=external)


async def _name(store: Store, message: Message, deliveries: Sequence[Delivery]) -> None:
    """Keep the platform's ids that were learnt just now: its edits and reactions name the message by them."""
    known = {one.external for one in message.deliveries}
    names = {one.external for one in deliveries if one.external is not None} - known
    link = Link(id="", message=message.id, conversation=message.conversation, ours=True)
    await store.links.add([msgspec.structs.replace(link, id=link_id(message.account, one)) for one in sorted(names)])


async def _shown(store: Store, message: Message) -> list[EventItem]:
    """Show a message's new state in its row; the event that says it."""
    if message.delivery is not None:
        await store.conversations.show_deliveries([(message.conversation, message.id, message.delivery)])
    told = {"delivery": message.delivery, "deliveries": delivery_views(message)}
    return [message_changed(message.conversation, message.id, told)]


async def settle_echoed(store: Store, message: Message, external: str, now: dt.datetime) -> list[EventItem]:
    """The platform shows a message of ours whose end nobody knew: it was sent."""
    if message.delivery != "unknown":
        return []
    deliveries = tuple(
        msgspec.structs.replace(one, state="sent", at=now, external=external, why=None)
        if one.state == "unknown"
        else one
        for one in message.deliveries
    )
    state = worst(deliveries)
    settled = Settled(id=message.id, claim="", deliveries=deliveries, delivery=state, leave=None)
    if not await store.outbox.settle_late(settled):
        return []
    return await _shown(store, msgspec.structs.replace(message, deliveries=deliveries, delivery=state))
