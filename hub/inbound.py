"""What an adapter makes of an arrival: messages, edits, reactions, receipts, and what somebody says of themself.

Frozen records like those of `hub/model/`, made by channels and read by intake; none of them is stored as it is.
"""

import datetime as dt
from typing import Literal

from msgspec import field

from hub.model import Attachment, ConversationId, MessageId, Record


class From(Record, frozen=True, kw_only=True):
    """Who sent an inbound, in the channel's own terms; `verified` says how the platform proved it, if it did."""

    value: str
    name: str = ""
    verified: str | None = None


class InboundFile(Record, frozen=True, kw_only=True):
    """A file that came along: its bytes (`data`), or the name (`ref`) by which the channel fetches it afterwards."""

    name: str
    mime: str
    size: int = 0
    data: bytes | None = None
    ref: str | None = None
    inline: str | None = None
    width: int | None = None
    height: int | None = None


class InboundMessage(Record, frozen=True, kw_only=True, tag="message"):
    """Words or files from a customer. `external` is the platform's message id, unique in the account.

    Which conversation it joins, in this order: `conversation`, which a token of ours proves; the one of the first of
    `answers` that is our own message; the one of the first of `answers` that the sender takes part in; `thread`.
    """

    external: str
    thread: str  # the thread key: which conversation on this account
    sender: From
    to: str  # where an answer goes
    at: dt.datetime
    order: int
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    client_id: str | None = None
    language: str | None = None
    page: str | None = None
    history: bool = False
    files: tuple[InboundFile, ...] = ()
    subject: str | None = None
    html: str | None = None  # sanitised
    visible: tuple[tuple[int, int], ...] = ()
    everyone: tuple[str, ...] = ()
    auto: bool = False
    group: str | None = None
    elsewhere: bool = False  # our side wrote it in another program: it is logged as an answer
    known_as: tuple[str, ...] = ()  # further ids by which later messages name it
    answers: tuple[str, ...] = ()  # ids of messages that it says it answers, the nearest first
    conversation: ConversationId | None = None


class InboundEdit(Record, frozen=True, kw_only=True, tag="edit"):
    """A message says something else now, or is gone; `target` is its external id. The latest `order` wins."""

    target: str
    at: dt.datetime
    order: int
    text: str = ""
    gone: bool = False


class InboundReaction(Record, frozen=True, kw_only=True, tag="reaction"):
    """Somebody put a mark on a message (`emoji`), or took it away (`on` is False)."""

    target: str
    sender: From
    emoji: str
    order: int
    on: bool = True


class InboundRating(Record, frozen=True, kw_only=True, tag="rating"):
    """The customer says how content they are, one star to five, by a button below our message (`target`)."""

    target: str
    sender: From
    stars: int
    at: dt.datetime
    order: int


class InboundReceipt(Record, frozen=True, kw_only=True, tag="receipt"):
    """How far the customer's side is: everything up to `seq`, or one message by its external id or by our own.

    `to` names the recipient, where there were several; `why` is the sentence for the agent when it was refused.
    """

    thread: str = ""
    state: Literal["sent", "delivered", "read", "refused"]
    seq: int | None = None
    external: str | None = None
    message: MessageId | None = None
    to: str | None = None
    why: str | None = None


class InboundMove(Record, frozen=True, kw_only=True, tag="move"):
    """The platform gave a chat another id: its conversation goes on under the new thread key."""

    thread: str
    new_thread: str
    to: str


class InboundReach(Record, frozen=True, kw_only=True, tag="reach"):
    """Nothing reaches this sender any more (`why` says it), or again (None).

    `of`: believed only if this message of ours went to them; who got one mail of ours may speak of nobody else.
    """

    sender: From
    why: str | None = None
    of: MessageId | None = None


class InboundProfile(Record, frozen=True, kw_only=True, tag="profile"):
    """What somebody says of themself; claimed, never proof."""

    sender: From
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


class InboundIdentity(Record, frozen=True, kw_only=True, tag="identity"):
    """The site's backend vouches that this sender is its user `user`; the adapter checked the signature."""

    sender: From
    user: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    facts: dict[str, str] = field(default_factory=dict)  # what the site knows beside: stage, score, region, source


Inbound = (
    InboundMessage
    | InboundEdit
    | InboundReaction
    | InboundRating
    | InboundReceipt
    | InboundMove
    | InboundReach
    | InboundProfile
    | InboundIdentity
)
