"""What events say of messages, as far as the index wants it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from hub.events import Added, Changed
from hub.model import ConversationId, EventItem, MessageId
from hub.search.index import Entry


class _File(msgspec.Struct, frozen=True):
    name: str


class _Amended(msgspec.Struct, frozen=True):
    text: str
    gone: bool


class _Message(msgspec.Struct, frozen=True, kw_only=True):
    id: MessageId
    conversation: ConversationId
    seq: int
    at: dt.datetime
    text: str = ""
    subject: str | None = None
    attachments: tuple[_File, ...] = ()
    amended: _Amended | None = None


class _Set(msgspec.Struct, frozen=True):
    amended: Any = None
    attachments: Any = None


class Told(msgspec.Struct, frozen=True):
    """Entries that the events carry whole, and messages that have to be read again."""

    entries: list[Entry]
    changed: set[MessageId]


_added = msgspec.json.Decoder(Added[_Message])
_changed = msgspec.json.Decoder(Changed[_Set])


def told(items: Sequence[EventItem]) -> Told:
    """What to put in for these items."""
    entries, changed = list[Entry](), set[MessageId]()
    for item in items:
        if item.type == "message.added":
            message = _added.decode(item.data).message
            if message.amended is None:
                entries.append(_entry(message))
            else:  # done again by who had not told it: others may have amended it since
                changed.add(message.id)
        elif item.type == "message.changed":
            said = _changed.decode(item.data)
            if said.set.amended is not None or said.set.attachments is not None:
                changed.add(said.message)
    return Told(entries=[one for one in entries if one.message not in changed], changed=changed)


def _entry(message: _Message) -> Entry:
    names = (file.name for file in message.attachments)
    return Entry(
        message=message.id,
        conversation=message.conversation,
        seq=message.seq,
        at=message.at,
        text="\n".join(filter(None, (message.text, message.subject, *names))),
    )
