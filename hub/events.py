"""Event items, encoded once where something happened, and their way out: append to the log, then ring.

The doorbell carries the batch itself; a follower takes it only when its number is the next one, else it reads the log.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec

from hub.bus import Bus
from hub.model import ArrivalId, Conversation, ConversationId, Event, EventItem, Message, MessageId
from hub.store import Store
from hub.views import message_view, row

CHANNEL = "events"
Said = TypeVar("Said")
Fields = TypeVar("Fields")
_encoder = msgspec.json.Encoder()


class Ring(msgspec.Struct, frozen=True):
    """What the doorbell carries of an event; `items` is its JSON array."""

    n: int
    items: msgspec.Raw


# What events carry, for readers: each names the fields of an entry or a row that it wants.


class Added(msgspec.Struct, Generic[Said], frozen=True):
    """The data of `message.added`."""

    message: Said


class Changed(msgspec.Struct, Generic[Fields], frozen=True):
    """The data of `message.changed`; what did not change is missing in `set`."""

    message: MessageId
    set: Fields


class RowOpened(msgspec.Struct, Generic[Said], frozen=True):
    """The data of `conversation.opened`."""

    row: Said


class RowChanged(msgspec.Struct, Generic[Fields], frozen=True):
    """The data of `conversation.changed`: fields as of entry number `head`."""

    head: int
    set: Fields


def _item(type_: str, conversation: ConversationId | None, data: dict[str, Any]) -> EventItem:
    return EventItem(type=type_, conversation=conversation, data=msgspec.Raw(_encoder.encode(data)))


def message_added(message: Message) -> EventItem:
    """An entry stands in the log."""
    return _item("message.added", message.conversation, {"message": message_view(message)})


def message_changed(conversation: ConversationId, message: MessageId, fields: dict[str, Any]) -> EventItem:
    """Something was learnt about an entry: its tag, its delivery."""
    return _item("message.changed", conversation, {"message": message, "set": fields})


def conversation_opened(conversation: Conversation) -> EventItem:
    """A conversation is new; the whole row."""
    return _item("conversation.opened", conversation.id, {"row": row(conversation)})


def conversation_changed(conversation: ConversationId, head: int, fields: dict[str, Any]) -> EventItem:
    """Fields of a row as of entry number `head`; readers apply each field only if no higher head has set it."""
    return _item("conversation.changed", conversation, {"head": head, "set": fields})


def contact_changed(contact: str, fields: dict[str, Any], changed: Sequence[str] | None = None) -> EventItem:
    """Something was learnt about a person; `changed` names what is other than before, for `facts` holds all of them."""
    told = {"contact": contact, "set": fields}
    return _item("contact.changed", None, told | ({"changed": list(changed)} if changed is not None else {}))


def form_sent(contact: str, arrival: ArrivalId) -> EventItem:
    """Somebody filled in a form and told who they are; what it said is told by `contact.changed`.

    A redo tells it again: the arrival says that it is the same form.
    """
    return _item("form.sent", None, {"contact": contact, "arrival": arrival})


def settings_changed() -> EventItem:
    """Accounts, agents or teams changed: ask for them again."""
    return _item("settings.changed", None, {})


def quarantine_changed() -> EventItem:
    """Something went into quarantine or left it."""
    return _item("quarantine.changed", None, {})


class Announcer:
    """Appends to the event log and rings; one per process."""

    def __init__(self, store: Store, bus: Bus) -> None:
        self._store = store
        self._bus = bus

    async def append(
        self, items: Sequence[EventItem], now: dt.datetime, journaled: bool = True, breaks: int | None = None
    ) -> Event | None:
        """Add a batch to the log; None when there is nothing to say. Unjournaled only before a journaled write.

        Raises StoreDown when the database broke more often than `breaks`: what is to be told may be lost.
        """
        if not items:
            return None
        return await self._store.events.append(items, now, journaled, breaks)

    async def ring(self, event: Event | None) -> None:
        """Wake the followers; call it only when the event is journaled."""
        if event is not None:
            await self._bus.publish(CHANNEL, _encoder.encode(Ring(event.id, msgspec.Raw(event.items))))

    async def announce(self, items: Sequence[EventItem], now: dt.datetime) -> None:
        """Append, journaled, and ring."""
        await self.ring(await self.append(items, now))
