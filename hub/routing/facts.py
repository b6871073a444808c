"""What rules may ask about one thing that happened: a flat record, made from the ledger's by `gather`. Pure."""

import math
from typing import Literal

from hub.model import Contact, Conversation, Message, Priority, Record, Tag
from hub.rule import Trigger
from nlp.fold import fold

MOST_WORDS = 4_000  # characters of a message that are looked at for words
SAID: tuple[Trigger, ...] = ("opened", "arrived", "tagged")  # what customers do by writing: their own message is asked


class Facts(Record, frozen=True, kw_only=True):
    """One occurrence, as it was when it happened. None and () mean that nothing of the kind is known."""

    trigger: Trigger
    channel: str | None = None
    account: str | None = None
    intent: str | None = None
    confidence: float = 0.0
    band: str | None = None
    wishes: tuple[str, ...] = ()  # what is certainly wanted: the intent that routes, and what else the message says
    language: str | None = None
    text: str = ""
    entities: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    stage: str | None = None
    region: str | None = None
    source: str | None = None
    score: float | None = None
    rating: float | None = None
    labels: tuple[str, ...] = ()
    priority: Priority = "normal"
    team: str = ""
    waiting: Literal["us", "customer"] = "us"
    open: tuple[str, ...] = ()  # the teams that are open, and "" when the shop is
    changed: tuple[str, ...] = ()


def gather(
    trigger: Trigger,
    conversation: Conversation,
    *,
    message: Message | None = None,
    tag: Tag | None = None,
    contact: Contact | None = None,
    open: tuple[str, ...] = (),
    changed: tuple[str, ...] = (),
    rating: float | None = None,
) -> Facts:
    """The facts of something that happened in a conversation; `tag` instead of the message's own, if it came later.

    Where no customer's message is the cause, what they last wanted is known from the conversation's row.
    """
    tag = tag or (message.tag if message is not None else None)
    if tag is None and trigger not in SAID:
        tag = conversation.tag
    told = contact.facts if contact is not None else {}
    return Facts(
        trigger=trigger,
        channel=conversation.channel,
        account=conversation.account,
        intent=tag.intent if tag else None,
        confidence=tag.confidence if tag else 0.0,
        band=tag.band if tag else None,
        wishes=_wishes(tag),
        language=_language(tag, contact),
        text=newest_words(message) if message is not None else "",
        entities=tuple({one.kind: None for one in tag.entities}) if tag else (),
        signs=_signs(tag),
        stage=told.get("stage"),
        region=told.get("region"),
        source=told.get("source"),
        score=number(told.get("score")),
        rating=rating,
        labels=conversation.labels,
        priority=conversation.priority,
        team=conversation.team or "",
        waiting="customer" if conversation.waiting is not None else "us",
        open=open,
        changed=changed,
    )


def _wishes(tag: Tag | None) -> tuple[str, ...]:
    if tag is None:
        return ()
    first = (tag.intent,) if tag.band == "route" else ()
    return (*first, *(one.intent for one in tag.others))


def _signs(tag: Tag | None) -> tuple[str, ...]:
    """What its words show beside its wishes: "urgent", and a "good" or "bad" mood."""
    if tag is None:
        return ()
    mood = () if tag.mood == "plain" else (tag.mood,)
    return ("urgent", *mood) if tag.urgent else mood


def _language(tag: Tag | None, contact: Contact | None) -> str | None:
    if tag is not None and tag.language:
        return tag.language
    return contact.language if contact is not None else None


def newest_words(message: Message) -> str:
    """What was written anew: a quotation below it says nothing about this customer now."""
    text = " ".join(message.text[low:high] for low, high in message.visible) if message.visible else message.text
    return f"{message.subject} {text}" if message.subject else text


def number(text: str | None) -> float | None:
    """A finite number, or None."""
    try:
        found = float(text) if text else None
    except ValueError:
        return None
    return found if found is not None and math.isfinite(found) else None


def spoken(text: str) -> str:
    """Words without accents, case and punctuation, one space before and behind each: " gia bao nhieu "."""
    letters = fold(text[:MOST_WORDS]).lower()
    return f" {' '.join(''.join(one if one.isalnum() else ' ' for one in letters).split())} "
