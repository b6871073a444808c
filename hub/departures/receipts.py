"""Receipts: what the customer's side says of messages that left. States only rise."""

from typing import Literal

from hub.events import conversation_changed, message_changed
from hub.model import Conversation, DeliveryState, EventItem
from hub.store import Store

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
