"""How a conversation's row moves when entries were logged, and what browsers are told of it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hub.arrivals.entries import is_news
from hub.departures.preview import preview
from hub.events import conversation_changed, conversation_opened, message_added
from hub.inbound import InboundMessage
from hub.model import Conversation, ConversationId, EventItem, Message, MessageId, Tag
from hub.routing.deciding import Place
from hub.store.conversations import Advance
from hub.store.messages import Appended
from hub.views import Row, tag_view

MOST_ANSWERS = 20  # ids that an answer names: longer chains add nothing that a mail program looks at


def advances(
    appended: Sequence[Appended],
    conversations: Mapping[ConversationId, Conversation],
    places: Mapping[ConversationId, Place],
    said: Mapping[MessageId, InboundMessage],
) -> list[Advance]:
    """One step of the head per conversation, to its last entry; who writes is waiting, and what was closed opens.

    Entries that the head has passed already, met again by a redo, move nothing: the row is only told as it stands.
    """
    news: dict[ConversationId, list[Message]] = {one.message.conversation: [] for one in appended}
    for message in sorted((one.message for one in appended), key=lambda one: one.seq):
        conversation = conversations[message.conversation]
        if message.seq > (conversation.in_head if message.kind == "in" else conversation.shown):
            news[message.conversation].append(message)
    return [
        _advance(entries, conversations[id_], places.get(id_), said) if entries else _standing(conversations[id_])
        for id_, entries in news.items()
    ]


def _standing(conversation: Conversation) -> Advance:
    """No step: behind what is shown it changes nothing, and browsers that a crash left untold hear how it is."""
    fields = ["preview", "last", "in_head", "state", "waiting", "tag", "snoozed_until"]
    fields += ["reopened"] if conversation.reopened is not None else []
    return Advance(
        id=conversation.id, head=conversation.shown, set={name: getattr(conversation, name) for name in fields}
    )


def _advance(
    entries: Sequence[Message],
    conversation: Conversation,
    place: Place | None,
    said: Mapping[MessageId, InboundMessage],
) -> Advance:
    last = entries[-1]
    fields: dict[str, object] = {}
    if not _is_behind(last, conversation):
        fields["preview"] = preview(last)
        fields["last"] = max(last.at, conversation.last)  # what was held up for days comes in now, not in the past
    if came := [one.seq for one in entries if one.kind == "in"]:
        fields["in_head"] = came[-1]
    if tags := [one.tag for one in entries if one.tag is not None]:
        fields["tag"] = tags[-1]
    if place is not None:
        fields |= {"team": place.team, "routed": place.routed}
    fields |= _how_to_answer(entries, conversation, said)
    if conversation.read >= conversation.head and all(one.history or one.kind == "out" for one in entries):
        fields["read"] = last.seq
    if news := [one.seq for one in entries if is_news(one)]:
        fields["state"] = "open"
        if conversation.state == "resolved":  # in the row, so that a redo that finds it open knows it, too
            fields["reopened"] = news[0]
        # Left where nobody snoozed it, since each field to remove costs; one that is left over says nothing while open.
        unset: tuple[str, ...] = ("snoozed_until",) if conversation.snoozed_until is not None else ()
    else:
        unset = ()
        if conversation.head == 0 and all(one.history for one in entries):
            fields["state"] = "resolved"
    since, answered = _waiting(entries)
    if answered and since is not None:
        return Advance(id=conversation.id, head=last.seq, set=fields | {"waiting": since}, unset=unset)
    if answered:
        return Advance(id=conversation.id, head=last.seq, set=fields, unset=(*unset, "waiting"))
    return Advance(id=conversation.id, head=last.seq, set=fields, unset=unset, waiting=since)


def _is_behind(last: Message, conversation: Conversation) -> bool:
    """Whether these are words of long ago in a conversation that shows newer ones."""
    return last.history and conversation.preview is not None and last.at < conversation.last


def _waiting(entries: Sequence[Message]) -> tuple[Any, bool]:
    """Since when the customer waits after these, None when they do not; and whether one of these answered them."""
    since, answered = None, False
    for one in entries:
        if one.kind == "out" and not one.history:
            since, answered = None, True
        elif is_news(one):
            since = since or one.at
    return since, answered


def _how_to_answer(
    entries: Sequence[Message], conversation: Conversation, said: Mapping[MessageId, InboundMessage]
) -> dict[str, object]:
    """Where the next answer goes, and what it names: as the newest entry of this account says, where it changed.

    A machine's words change nothing of it: a colleague's absence note must not take the customer's next answer.
    """
    wanted: dict[str, object] = {}
    for one in entries:
        inbound = said.get(one.id)
        begun = conversation.head > 0
        is_aside = (one.history and begun) or (one.auto and (begun or bool(wanted)))
        if inbound is None or one.account != conversation.account or is_aside:
            continue
        wanted |= {"to": inbound.to, "everyone": inbound.everyone}
        if inbound.subject is not None:
            wanted["subject"] = inbound.subject
        if inbound.client_id is None:  # a widget names nothing by ids
            names = (*(inbound.known_as or (inbound.external,)), *inbound.answers)
            wanted["answers"] = tuple(dict.fromkeys(names))[:MOST_ANSWERS]
    return {name: value for name, value in wanted.items() if value != getattr(conversation, name)}


def advanced(known: Conversation, one: Advance) -> Conversation:
    """The conversation after the step."""
    waiting = {} if one.waiting is None else {"waiting": known.waiting or one.waiting}
    return msgspec.structs.replace(
        known, head=max(known.head, one.head), shown=one.head, **{**one.set, **waiting, **dict.fromkeys(one.unset)}
    )


def items(
    appended: Sequence[Appended],
    steps: Sequence[Advance],
    before: Mapping[ConversationId, Conversation],
    after: Mapping[ConversationId, Conversation],
    opened: set[ConversationId],
) -> list[EventItem]:
    """What browsers are told: rows first, then their entries."""
    rows = [
        conversation_opened(after[one.id])
        if one.id in opened
        else conversation_changed(one.id, one.head, _told(before[one.id], one))
        for one in steps
    ]
    return rows + [message_added(one.message) for one in appended]


def _told(known: Conversation, one: Advance) -> dict[str, Any]:
    """The row's fields that changed, as browsers are told; `waiting` keeps the earlier time."""
    told = {name: value for name, value in one.set.items() if name in Row.__struct_fields__}
    if one.waiting is not None:
        told["waiting"] = known.waiting or one.waiting
    if isinstance(tag := told.get("tag"), Tag):
        told["tag"] = tag_view(tag)
    return told | dict.fromkeys(one.unset)
