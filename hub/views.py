"""What browsers are shown of the nouns: the shapes of the JSON API and of the live events, made in one place.

Nothing secret and no content hash leaves through here. The shapes are listed in inbox_web/README.md.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from hub.model import (
    Amended,
    Author,
    Change,
    Consent,
    Conversation,
    CopyOf,
    DeliveryState,
    FileState,
    Message,
    Mood,
    Preview,
    Priority,
    Reaction,
    Record,
    Routed,
    Tag,
    Wish,
)


class View(msgspec.Struct, frozen=True, kw_only=True):
    """The base of every view."""


Shown = TypeVar("Shown", bound=View)


class FileView(View, frozen=True, kw_only=True):
    """`url` answers once it is "here"; `why` it "failed", if it did; HTML shows it by `inline`, its content id.

    `again`: it failed, and its platform may be asked for it once more.
    """

    name: str
    mime: str
    bytes: int
    url: str
    width: int | None = None
    height: int | None = None
    state: FileState = "here"
    why: str | None = None
    inline: str | None = None
    again: bool = False


class DeliveryView(View, frozen=True, kw_only=True):
    part: int
    to: str
    state: DeliveryState
    at: dt.datetime
    why: str | None = None


class AmendedView(View, frozen=True, kw_only=True):
    """What a message says now; `gone`: it was deleted."""

    text: str
    at: dt.datetime
    gone: bool


class ReactionView(View, frozen=True, kw_only=True):
    by: str
    name: str
    emoji: str


class TagView(View, frozen=True, kw_only=True):
    intent: str
    confidence: float
    band: str
    language: str
    words: tuple[str, ...] = ()
    others: tuple[Wish, ...] = ()  # its further wishes
    urgent: bool = False
    mood: Mood = "plain"
    by: str = ""  # the agent who corrected it


class ConsentView(View, frozen=True, kw_only=True):
    """ "stop": the person wants nothing that they did not ask for; "lift": an agent took the one that it names back."""

    id: str
    says: str
    by: Author
    at: dt.datetime
    channel: str | None
    conversation: str | None
    message: str | None
    sure: bool
    lifts: str | None
    reason: str | None


class MessageView(View, frozen=True, kw_only=True):
    id: str
    conversation: str
    seq: int
    kind: str
    author: Author
    account: str
    channel: str
    contact: str
    at: dt.datetime
    order: int
    text: str
    attachments: tuple[FileView, ...]
    options: tuple[str, ...]
    tag: TagView | None
    change: Change | None
    delivery: DeliveryState | None
    deliveries: tuple[DeliveryView, ...]
    client: str | None
    history: bool = False
    subject: str | None = None
    html: str | None = None  # where its HTML is
    visible: tuple[tuple[int, int], ...] = ()  # the newest words in `text`, as [from, to) in code points; (): all
    everyone: tuple[str, ...] = ()
    auto: bool = False
    group: str | None = None
    elsewhere: bool = False
    copy_of: CopyOf | None = None
    amended: AmendedView | None = None
    reactions: tuple[ReactionView, ...] = ()


class Row(View, frozen=True, kw_only=True):
    """A conversation in the list; unread is max(0, head − read)."""

    id: str
    account: str
    channel: str
    contact: str
    name: str
    to: str
    opened: dt.datetime
    last: dt.datetime
    head: int
    read: int
    in_head: int
    state: str
    waiting: dt.datetime | None
    team: str | None
    agent: str | None
    labels: tuple[str, ...]
    tag: TagView | None
    preview: Preview | None
    snoozed_until: dt.datetime | None
    subject: str | None = None
    everyone: tuple[str, ...] = ()
    priority: Priority = "normal"
    routed: Routed | None = None  # the rule that gave it its team or agent
    reopened: int | None = None  # seq of the customer's message that last opened it after it was resolved


def shown(record: Record, view: type[Shown]) -> Shown:
    """Those fields of a record that the view has. Five times slower than naming them: not for each message."""
    return msgspec.convert(record, view, from_attributes=True)


def tag_view(tag: Tag | None) -> TagView | None:
    """The tag without the model that made it."""
    if tag is None:
        return None
    return TagView(
        intent=tag.intent,
        confidence=tag.confidence,
        band=tag.band,
        language=tag.language,
        words=tag.words,
        others=tag.others,
        urgent=tag.urgent,
        mood=tag.mood,
        by=tag.by,
    )


def consent_views(consents: Sequence[Consent]) -> tuple[ConsentView, ...]:
    """What a person said of messages that they did not ask for, in its order."""
    return tuple(shown(one, ConsentView) for one in consents)


def delivery_views(message: Message) -> tuple[DeliveryView, ...]:
    """Each delivery without the platform's own id."""
    return tuple(
        DeliveryView(part=one.part, to=one.to, state=one.state, at=one.at, why=one.why) for one in message.deliveries
    )


def file_views(message: Message) -> tuple[FileView, ...]:
    """Its files, each served by the right to the conversation."""
    return tuple(
        FileView(
            name=file.name,
            mime=file.mime,
            bytes=file.bytes,
            url=f"/api/v1/files/{message.id}/{index}",
            width=file.width,
            height=file.height,
            state=file.state,
            why=file.why,
            inline=file.inline,
            again=file.state == "failed" and file.ref is not None,
        )
        for index, file in enumerate(message.attachments)
    )


def amended_view(amended: Amended | None) -> AmendedView | None:
    """What it says now, without the platform's own time."""
    return AmendedView(text=amended.text, at=amended.at, gone=amended.gone) if amended is not None else None


def reaction_views(reactions: Sequence[Reaction]) -> tuple[ReactionView, ...]:
    """The marks that are on it now: of each person and emoji the latest by the platform's time counts."""
    latest: dict[tuple[str, str], Reaction] = {}
    for one in sorted(reactions, key=lambda one: one.order):
        latest[one.by, one.emoji] = one
    return tuple(ReactionView(by=one.by, name=one.name, emoji=one.emoji) for one in latest.values() if one.on)


def message_view(message: Message) -> MessageView:
    """One entry as agents see it."""
    return MessageView(
        id=message.id,
        conversation=message.conversation,
        seq=message.seq,
        kind=message.kind,
        author=message.author,
        account=message.account,
        channel=message.channel,
        contact=message.contact,
        at=message.at,
        order=message.order,
        text=message.text,
        attachments=file_views(message),
        options=message.options,
        tag=tag_view(message.tag),
        change=message.change,
        delivery=message.delivery,
        deliveries=delivery_views(message),
        client=message.client_id,
        history=message.history,
        subject=message.subject,
        html=f"/api/v1/messages/{message.id}/html" if message.html else None,
        visible=message.visible,
        everyone=message.everyone,
        auto=message.auto,
        group=message.group,
        elsewhere=message.elsewhere,
        copy_of=message.copy_of,
        amended=amended_view(message.amended),
        reactions=reaction_views(message.reactions),
    )


def row(conversation: Conversation) -> Row:
    """One conversation as the list shows it."""
    return Row(
        id=conversation.id,
        account=conversation.account,
        channel=conversation.channel,
        contact=conversation.contact,
        name=conversation.name,
        to=conversation.to,
        opened=conversation.opened,
        last=conversation.last,
        head=conversation.head,
        read=conversation.read,
        in_head=conversation.in_head,
        state=conversation.state,
        waiting=conversation.waiting,
        team=conversation.team,
        agent=conversation.agent,
        labels=conversation.labels,
        tag=tag_view(conversation.tag),
        preview=conversation.preview,
        snoozed_until=conversation.snoozed_until,
        subject=conversation.subject,
        everyone=conversation.everyone,
        priority=conversation.priority,
        routed=conversation.routed,
        reopened=conversation.reopened,
    )
