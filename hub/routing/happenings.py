"""From the event log to what rules wait for. Pure: which trigger, where, and the cause under which it counts once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from hub.model import ContactId, ConversationId, EventItem, MessageId, Record
from hub.routing.facts import number
from hub.rule import Trigger

RULE, ASSIGNMENT = "rule:", "assignment"  # who rules and the giving out of conversations are, as authors
_VERBS: dict[str, Trigger] = {"assigned": "assigned", "resolved": "resolved", "rated": "rated"}


class Happened(Record, frozen=True, kw_only=True):
    """Something that rules may wait for. Of a person's change the conversation is looked for later."""

    trigger: Trigger
    cause: str
    conversation: ConversationId | None = None
    message: MessageId | None = None
    contact: ContactId | None = None
    changed: tuple[str, ...] = ()
    rating: float | None = None


def happenings(number: int, items: Sequence[EventItem]) -> list[Happened]:
    """What happened in one batch of the event log, in its order.

    A conversation is opened once, and again by each message that finds it resolved: the message is the cause then.
    """
    opened = {str(_data(one)["row"]["id"]) for one in items if one.type == "conversation.opened"}
    reopened = {
        (one.conversation, _data(one)["set"].get("reopened"))
        for one in items
        if one.type == "conversation.changed" and b'"reopened"' in bytes(one.data)
    }
    found: list[Happened] = []
    for index, item in enumerate(items):
        if item.type == "message.added":
            found += _added(_data(item)["message"], opened, reopened)
        elif item.type == "message.changed":
            found += _changed(item, _data(item))
        elif item.type == "contact.changed":
            found += _of_contact(_data(item), f"{number}:{index}")
        elif item.type == "form.sent":
            form = _data(item)
            cause = form.get("arrival") or f"{number}:{index}"
            found.append(Happened(trigger="form_sent", cause=cause, contact=ContactId(form["contact"])))
    return found


def _data(item: EventItem) -> Any:
    return msgspec.json.decode(item.data)


def _added(
    message: dict[str, Any], opened: set[str], reopened: set[tuple[ConversationId | None, int | None]]
) -> Iterator[Happened]:
    conversation, id_ = ConversationId(message["conversation"]), MessageId(message["id"])
    if message.get("history"):
        return
    if message["kind"] == "in":
        if conversation in opened:
            opened.discard(conversation)
            yield Happened(trigger="opened", cause=conversation, conversation=conversation, message=id_)
        elif (conversation, message["seq"]) in reopened:
            yield Happened(trigger="opened", cause=id_, conversation=conversation, message=id_)
        yield Happened(trigger="arrived", cause=id_, conversation=conversation, message=id_)
        if message.get("tag") is not None:
            yield Happened(trigger="tagged", cause=id_, conversation=conversation, message=id_)
    elif message["kind"] == "event":
        yield from _entry(message, conversation, id_)


def _entry(message: dict[str, Any], conversation: ConversationId, id_: MessageId) -> Iterator[Happened]:
    """What somebody did. A rule's own acts are nobody's cause: two rules would call each other for ever."""
    change, by = message.get("change") or {}, message["author"]["id"]
    trigger = _VERBS.get(change.get("verb", ""))
    if trigger is None or by.startswith(RULE) or (trigger == "assigned" and change.get("to") is None):
        return
    stars = number(change.get("to")) if trigger == "rated" else None
    yield Happened(trigger=trigger, cause=id_, conversation=conversation, message=id_, rating=stars)


def _changed(item: EventItem, data: dict[str, Any]) -> Iterator[Happened]:
    id_, fields = MessageId(data["message"]), data["set"]
    tag = fields.get("tag")
    if tag is not None and not tag.get("by"):  # an agent's word on a tag teaches; it moves nothing
        yield Happened(trigger="tagged", cause=id_, conversation=item.conversation, message=id_)
    if fields.get("delivery") == "refused":
        yield Happened(trigger="refused", cause=id_, conversation=item.conversation, message=id_)


def _of_contact(data: dict[str, Any], cause: str) -> Iterator[Happened]:
    fields: dict[str, Any] = data["set"]
    told = [*(name for name in fields if name != "facts"), *(fields.get("facts") or ())]
    names = dict.fromkeys(str(one) for one in data.get("changed", told))
    if names:  # told again after a redo, nothing is other than before
        yield Happened(trigger="contact_changed", cause=cause, contact=ContactId(data["contact"]), changed=tuple(names))


def moments(happened: Iterable[Happened]) -> list[list[Happened]]:
    """What belongs together: a message that arrived, began its conversation and was tagged is one moment."""
    groups: dict[tuple[str | None, str], list[Happened]] = {}
    for one in happened:
        begins = one.trigger in ("opened", "arrived", "tagged")
        key = (str(one.conversation), str(one.message)) if begins else (one.trigger, one.cause)
        groups.setdefault(key, []).append(one)
    return list(groups.values())
