"""The conversation: the row of the list, and why it is where it is."""

import datetime as dt
from typing import Literal

from hub.model.delivery import DeliveryState
from hub.model.message import Author, MessageKind
from hub.model.record import AccountId, AgentId, ContactId, ConversationId, MessageId, Record, TeamId
from hub.model.tag import Tag

ConversationState = Literal["open", "snoozed", "resolved"]
Priority = Literal["urgent", "high", "normal", "low"]


class Preview(Record, frozen=True, kw_only=True):
    """The last words of a conversation, for its list row."""

    text: str
    kind: MessageKind
    author: Author
    message: MessageId
    delivery: DeliveryState | None = None
    attachments: int = 0


class Reason(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that a rule asked about, and what it found; `sure` where it is the tagger's guess."""

    what: str  # as conditions of rules are called: intent, words, channel …
    value: str
    sure: float | None = None


class Routed(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Why a conversation is where it is: the rule that moved it, as it was called then, and what made it look."""

    rule: str
    name: str
    cause: str  # the id of the message or entry
    at: dt.datetime
    why: tuple[Reason, ...] = ()  # what of the rule's conditions was found


class Conversation(Record, frozen=True, kw_only=True):
    """One thread on one account. `unread` is head − read; `waiting` is since when the customer waits for us."""

    id: ConversationId
    account: AccountId
    channel: str
    thread: str  # "account:thread key"
    turn: int  # 0 for the first conversation of the thread
    contact: ContactId
    name: str  # the contact's, as shown in the list
    to: str  # where replies go, in the channel's own terms
    opened: dt.datetime
    last: dt.datetime
    head: int = 0
    shown: int = 0  # seq of the last words (in, out, note) that the row shows; event entries move the head alone
    read: int = 0
    in_head: int = 0  # seq of the customer's last message
    seen_by_customer: int = 0
    state: ConversationState = "open"
    waiting: dt.datetime | None = None
    team: TeamId | None = None
    agent: AgentId | None = None
    labels: tuple[str, ...] = ()
    tag: Tag | None = None  # of the last tagged message
    preview: Preview | None = None
    snoozed_until: dt.datetime | None = None
    subject: str | None = None
    everyone: tuple[str, ...] = ()  # who else gets an answer to all
    answers: tuple[str, ...] = ()  # the platform's ids of the last message and those before it: an answer names them
    mail: str | None = None  # where what the customer does not read follows to: they proved that it is theirs
    priority: Priority = "normal"
    routed: Routed | None = None  # by which rule it last got its team or agent; None: by nobody, or by a person
    reopened: int | None = None  # seq of the customer's message that last opened it after it was resolved
