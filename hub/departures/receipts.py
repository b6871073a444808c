"""Receipts: what the customer's side says of messages that left. States only rise."""

import datetime as dt
from typing import Literal

import msgspec

from hub.departures.parts import worst
from hub.events import conversation_changed, message_changed
from hub.model import Conversation, DeliveryState, EventItem, Message
from hub.store import Store
from hub.store.outbox import Settled
from hub.views import delivery_views

WINDOW = 50  # how far back a "read up to" reaches at once; older ones were raised by earlier receipts
_BELOW: dict[str, tuple[DeliveryState, ...]] = {
    "delivered": ("sent",),
    "read": ("sent", "delivered"),
}


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
        if one.kind == "out" and one.delivery in _BELOW[state]
    ]
    if not sent:
        return []
    await store.outbox.receipts([one.id for one in sent], state, _BELOW[state])
    items = [message_changed(conversation.id, one.id, {"delivery": state}) for one in sent]
    shown = conversation.preview
    if shown is not None and shown.message in {one.id for one in sent}:
        await store.conversations.show_deliveries([(conversation.id, shown.message, state)])
        if state == "read":
            items.append(conversation_changed(conversation.id, conversation.head, {"seen_by_customer": seq}))
    return items


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
    await store.conversations.show_deliveries([(message.conversation, message.id, state)])
    stand = msgspec.structs.replace(message, deliveries=deliveries, delivery=state)
    return [message_changed(message.conversation, message.id, {"delivery": state, "deliveries": delivery_views(stand)})]
