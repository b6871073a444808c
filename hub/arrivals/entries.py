"""From what channels understood to entries, head steps and events. Pure; `intake.py` reads and writes."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hub.departures.preview import preview
from hub.events import conversation_changed, conversation_opened, message_added
from hub.ids import inbound_id
from hub.inbound import Inbound, InboundMessage
from hub.model import (
    Account,
    Arrival,
    ArrivalId,
    Author,
    Conversation,
    ConversationId,
    EventItem,
    Message,
    MessageId,
    Tag,
    TeamId,
)
from hub.people import resolve
from hub.people.resolve import Sighting
from hub.store.arrivals import Logged
from hub.store.conversations import Advance
from hub.store.messages import Appended
from hub.views import tag_view


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """An arrival and what its channel made of it."""

    arrival: Arrival
    account: Account
    inbounds: tuple[Inbound, ...]


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that triage has not seen: its arrival, and the conversation as intake left it."""

    arrival: Arrival
    message: Message
    conversation: Conversation


def sighting(one: Understood, said: InboundMessage) -> Sighting:
    return Sighting(account=one.account, sender=said.sender, at=said.at, language=said.language, page=said.page)


def entries(
    said: Sequence[tuple[Understood, InboundMessage]], conversations: Mapping[ConversationId, Conversation]
) -> list[Message]:
    """The entries as they ask to be logged: each conversation's next numbers, in order."""
    by_thread = {one.thread: one for one in conversations.values()}
    heads = {one.id: one.head for one in conversations.values()}
    made = []
    for one, each in said:
        conversation = by_thread[resolve.thread_of(one.account, each.thread)]
        heads[conversation.id] += 1
        made.append(_entry(one.account, each, conversation, heads[conversation.id]))
    return made


def _entry(account: Account, said: InboundMessage, conversation: Conversation, seq: int) -> Message:
    return Message(
        id=inbound_id(account.id, said.external),
        conversation=conversation.id,
        seq=seq,
        kind="in",
        author=Author(kind="contact", id=conversation.contact, name=said.sender.name or conversation.name),
        account=account.id,
        channel=account.kind,
        contact=conversation.contact,
        at=said.at,
        order=said.order,
        text=said.text,
        attachments=said.attachments,
        client_id=said.client_id,
        history=said.history,
    )


def tells(said: InboundMessage) -> bool:
    return bool(said.text.strip()) and not said.history


def untagged(message: Message) -> bool:
    """Whether there are words that a tag is missing for."""
    return message.tag is None and bool(message.text.strip()) and not message.history


def items(
    appended: Sequence[Appended],
    steps: Sequence[Advance],
    before: Mapping[ConversationId, Conversation],
    after: Mapping[ConversationId, Conversation],
    opened: set[str],
) -> list[EventItem]:
    """What browsers are told: rows first, then their entries."""
    rows = [
        conversation_opened(after[one.id])
        if before[one.id].thread in opened
        else conversation_changed(one.id, one.head, _told(before[one.id], one))
        for one in steps
    ]
    return rows + [message_added(one.message) for one in appended]


def advances(
    appended: Sequence[Appended],
    conversations: Mapping[ConversationId, Conversation],
    teams: Mapping[ConversationId, TeamId],
) -> list[Advance]:
    """One step of the head per conversation, to its last entry; who writes is waiting, and what was closed opens.

    Entries that the head has passed already, met again by a redo, move nothing: the row is only told as it stands.
    """
    last: dict[ConversationId, Message] = {}
    first: dict[ConversationId, Message] = {}
    for one in appended:
        if one.message.seq <= conversations[one.message.conversation].in_head:
            continue
        first.setdefault(one.message.conversation, one.message)
        known = last.get(one.message.conversation)
        if known is None or one.message.seq > known.seq:
            last[one.message.conversation] = one.message
    ids = dict.fromkeys(one.message.conversation for one in appended)
    return [
        _advance(last[id_], first[id_], conversations[id_], teams.get(id_))
        if id_ in last
        else _standing(conversations[id_])
        for id_ in ids
    ]


def _standing(conversation: Conversation) -> Advance:
    """No step: behind what is shown it changes nothing, and browsers that a crash left untold hear how it is."""
    fields = ("preview", "last", "in_head", "state", "waiting", "tag", "snoozed_until")
    return Advance(
        id=conversation.id, head=conversation.shown, set={name: getattr(conversation, name) for name in fields}
    )


def _advance(message: Message, first: Message, conversation: Conversation, team: TeamId | None) -> Advance:
    fields: dict[str, object] = {
        "preview": preview(message),
        "last": max(message.at, conversation.last),  # what was held up for days comes in now, not in the past
        "in_head": message.seq,
    }
    if message.tag is not None:
        fields["tag"] = message.tag
    if team is not None:
        fields["team"] = team
    if message.history:
        return Advance(id=message.conversation, head=message.seq, set=fields)
    fields["state"] = "open"
    return Advance(
        id=message.conversation,
        head=message.seq,
        set=fields,
        unset=("snoozed_until",),
        waiting=first.at,
    )


def _told(known: Conversation, one: Advance) -> dict[str, Any]:
    """The row's fields that changed, as browsers are told; `waiting` keeps the earlier time."""
    told = dict(one.set)
    if one.waiting is not None:
        told["waiting"] = known.waiting or one.waiting
    if isinstance(tag := told.get("tag"), Tag):
        told["tag"] = tag_view(tag)
    return told | dict.fromkeys(one.unset)


def advanced(known: Conversation, one: Advance) -> Conversation:
    waiting = {} if one.waiting is None else {"waiting": known.waiting or one.waiting}
    return msgspec.structs.replace(
        known, head=max(known.head, one.head), shown=one.head, **{**one.set, **waiting, **dict.fromkeys(one.unset)}
    )


def marks(further: Sequence[Fresh]) -> list[Logged]:
    messages: dict[ArrivalId, list[MessageId]] = {}
    conversations: dict[ArrivalId, ConversationId] = {}
    for one in further:
        messages.setdefault(one.arrival.id, []).append(one.message.id)
        conversations[one.arrival.id] = one.message.conversation
    return [Logged(id=id_, conversation=conversations[id_], messages=tuple(ids)) for id_, ids in messages.items()]
