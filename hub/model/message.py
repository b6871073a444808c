"""The entries of the log: words, files and events, and what people later did to them."""

import datetime as dt
from typing import Literal

from hub.model.delivery import Delivery, DeliveryState, Leave
from hub.model.record import AccountId, ContactId, ConversationId, MessageId, Record
from hub.model.tag import Tag

AuthorKind = Literal["contact", "agent", "bot", "system"]
MessageKind = Literal["in", "out", "note", "event"]
FileState = Literal["here", "waiting", "failed"]


class Author(Record, frozen=True, kw_only=True):
    """Who wrote an entry; `name` is as it was at that time."""

    kind: AuthorKind
    id: str
    name: str


class Attachment(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One file of a message; `file` is the content hash in the ledger, never shown outside, "" until it is here."""

    file: str
    name: str
    mime: str
    bytes: int
    width: int | None = None
    height: int | None = None
    state: FileState = "here"
    ref: str | None = None  # the platform's own name for it, by which its channel fetches it
    why: str | None = None  # the sentence for the agent, when it could not be fetched
    inline: str | None = None  # the content id by which the HTML shows it


class Reaction(Record, frozen=True, kw_only=True):
    """Somebody's mark on a message, put there or taken away (`on`): of one person and emoji the latest counts."""

    by: str  # the address of whoever reacted
    name: str
    emoji: str
    order: int  # the platform's time, in microseconds
    on: bool = True


class Amended(Record, frozen=True, kw_only=True):
    """What a message says now, after an edit or a deletion; its own words stay as they were written."""

    text: str
    at: dt.datetime
    order: int  # the platform's time, in microseconds: the latest wins
    gone: bool = False


class Change(Record, frozen=True, kw_only=True):
    """What an event entry says: verb is opened, assigned, resolved, reopened, labelled, routed, identified, merged …"""

    verb: str
    to: str | None = None  # id of the agent or team, or the label
    to_name: str | None = None
    rule: str | None = None  # the id of the rule that did it
    rule_name: str | None = None  # as it was called then


class CopyOf(Record, frozen=True, kw_only=True):
    """The entry that the same message became first, on another account of ours that got it too."""

    message: MessageId
    conversation: ConversationId
    account: AccountId


class Message(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An entry in the log, never rewritten. (conversation, seq) is unique, (order, seq) draws the thread."""

    id: MessageId
    conversation: ConversationId
    seq: int
    kind: MessageKind
    author: Author
    account: AccountId
    channel: str
    contact: ContactId  # whose timeline it stands in
    at: dt.datetime
    order: int  # microseconds since the epoch, the platform's where it has them
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    client_id: str | None = None  # the widget's own id, for its acknowledgement
    options: tuple[str, ...] = ()  # quick replies offered with an outgoing message
    tag: Tag | None = None
    change: Change | None = None
    deliveries: tuple[Delivery, ...] = ()
    delivery: DeliveryState | None = None  # the worst of the deliveries
    leave: Leave | None = None
    history: bool = False  # imported or backfilled: never notifies, answers or triggers
    subject: str | None = None
    html: str | None = None  # the content hash of its sanitised HTML
    visible: tuple[tuple[int, int], ...] = ()  # the newest words in `text`, as [from, to) in code points; (): all
    everyone: tuple[str, ...] = ()  # who else got it, in the channel's own terms
    answers: tuple[str, ...] = ()  # the platform's ids of what an outgoing message answers, the nearest first
    auto: bool = False  # a machine wrote it: never answered by itself, never reopens
    group: str | None = None  # entries of one album are drawn as one
    elsewhere: bool = False  # an answer of ours that was written in another program
    copy_of: CopyOf | None = None  # it came to another account first
    amended: Amended | None = None
    reactions: tuple[Reaction, ...] = ()  # in the order in which they came
