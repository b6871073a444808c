"""From what channels understood to entries of the log. Pure; `intake.py` reads and writes, `heads.py` moves rows."""

from collections.abc import Sequence

import msgspec

from hub.arrivals.threading import Placed, Said, sighting
from hub.arrivals.understanding import Understood
from hub.ids import inbound_id
from hub.inbound import InboundMessage
from hub.model import (
    Arrival,
    ArrivalId,
    Author,
    Conversation,
    ConversationId,
    Message,
    MessageId,
)
from hub.store.arrivals import Logged
from hub.store.fetches import Fetch, fetch_id
from hub.store.links import Link, link_id
from hub.store.mirrored import MirrorReply

ELSEWHERE = "elsewhere"  # who answered in another program: nobody of ours that we know


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that triage has not seen: its arrival, and the conversation as intake left it."""

    arrival: Arrival
    message: Message
    conversation: Conversation


def entries(said: Sequence[Said], placed: Placed) -> list[Message]:
    """The entries as they ask to be logged: each conversation's next numbers, in order."""
    heads = {one.id: one.head for one in placed.conversations.values()}
    made = []
    for (one, each), id_ in zip(said, placed.of, strict=True):
        heads[id_] += 1
        made.append(_entry(one, each, placed, placed.conversations[id_], heads[id_]))
    return made


def _entry(one: Understood, said: InboundMessage, placed: Placed, conversation: Conversation, seq: int) -> Message:
    return Message(
        id=inbound_id(one.account.id, said.external),
        conversation=conversation.id,
        seq=seq,
        kind="out" if said.elsewhere else "in",
        author=_author(one, said, placed, conversation),
        account=one.account.id,
        channel=one.account.kind,
        contact=conversation.contact,
        at=said.at,
        order=said.order,
        text=said.text,
        attachments=said.attachments,
        client_id=said.client_id,
        delivery="sent" if said.elsewhere else None,
        history=said.history,
        subject=said.subject,
        html=said.html,
        visible=said.visible,
        everyone=said.everyone,
        auto=said.auto,
        group=said.group,
        elsewhere=said.elsewhere,
    )


def _author(one: Understood, said: InboundMessage, placed: Placed, conversation: Conversation) -> Author:
    """Who wrote it: of several people in a conversation each has a name of their own."""
    if said.elsewhere:
        return Author(kind="agent", id=ELSEWHERE, name=said.sender.name or one.account.name)
    address = placed.people[sighting(one, said).address]
    if said.conversation == conversation.id or address.contact == conversation.contact:
        return Author(kind="contact", id=conversation.contact, name=said.sender.name or conversation.name)
    return Author(kind="contact", id=address.contact, name=said.sender.name or address.name or said.sender.value)


def tells(said: InboundMessage) -> bool:
    """Whether these are words for the tagger."""
    return bool(said.text.strip()) and not (said.history or said.auto or said.elsewhere)


def is_news(message: Message) -> bool:
    """Whether it asks for anything; what is old, or what a machine wrote, does not."""
    return message.kind == "in" and not message.history and not message.auto


def untagged(message: Message) -> bool:
    """Whether there are words that a tag is missing for."""
    return message.tag is None and bool(message.text.strip()) and is_news(message)


def links(said: Sequence[Said], logged: Sequence[Message]) -> list[Link]:
    """The further names of these entries, by which later ones name them."""
    return [
        Link(id=link_id(one.account.id, name), message=entry.id, conversation=entry.conversation, ours=said_.elsewhere)
        for (one, said_), entry in zip(said, logged, strict=True)
        for name in said_.known_as
    ]


def fetches(logged: Sequence[Message]) -> list[Fetch]:
    """What of these entries is still with the platform."""
    return [
        Fetch(
            id=fetch_id(entry.id, index),
            account=entry.account,
            conversation=entry.conversation,
            message=entry.id,
            index=index,
            ref=file.ref,
            due=entry.at,
        )
        for entry in logged
        for index, file in enumerate(entry.attachments)
        if file.state == "waiting" and file.ref is not None
    ]


def mirror_replies(understood: Sequence[Understood]) -> list[MirrorReply]:
    """Arrivals that no customer is behind and that may be a colleague's word in a mirror."""
    return [
        MirrorReply(id=one.arrival.id, account=one.account.id, due=one.arrival.at, order=one.arrival.order)
        for one in understood
        if not one.inbounds and one.account.settings.get("mirror")
    ]


def marks(further: Sequence[Fresh]) -> list[Logged]:
    messages: dict[ArrivalId, list[MessageId]] = {}
    conversations: dict[ArrivalId, ConversationId] = {}
    for one in further:
        messages.setdefault(one.arrival.id, []).append(one.message.id)
        conversations[one.arrival.id] = one.message.conversation
    return [Logged(id=id_, conversation=conversations[id_], messages=tuple(ids)) for id_, ids in messages.items()]
