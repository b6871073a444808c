"""Receipts: what the customer's side says of messages that left. States only rise."""

from hub.events import conversation_changed, message_changed
from hub.model import Conversation, DeliveryState, EventItem
from hub.store import Store

WINDOW = 50  # how far back a "read up to" reaches at once; older ones were raised by earlier receipts
_BELOW: dict[str, tuple[DeliveryState, ...]] = {
    "delivered": ("sent",),
    "read": ("sent", "delivered"),
}


async def raise_states(store: Store, conversation: Conversation, seq: int) -> list[EventItem]:
    """The customer has read everything up to `seq`: what they were sent until then becomes read."""
    seq = min(seq, conversation.head)
    if not await store.conversations.seen_by_customer(conversation.id, seq):
        return []
    low = max(conversation.seen_by_customer, seq - WINDOW)
    sent = [
        one
        for one in await store.messages.window(conversation.id, low, seq + 1)
        if one.kind == "out" and one.delivery in _BELOW["read"]
    ]
    if not sent:
        return []
    await store.outbox.receipts([one.id for one in sent], "read", _BELOW["read"])
    items = [message_changed(conversation.id, one.id, {"delivery": "read"}) for one in sent]
    shown = conversation.preview
    if shown is not None and shown.message in {one.id for one in sent}:
        await store.conversations.show_deliveries([(conversation.id, shown.message, "read")])
        items.append(conversation_changed(conversation.id, conversation.head, {"seen_by_customer": seq}))
    return items
