"""The nouns: frozen records without I/O and without a clock. One kind of record for documents, events and JSON.

Times are aware UTC, cut to milliseconds. Ids are strings; `_id` in the ledger is `id` here. Only `hub/store/` turns
records into documents (`hub/store/documents.py`).
"""

import datetime as dt
from typing import Literal, NewType

import msgspec

AccountId = NewType("AccountId", str)
AddressId = NewType("AddressId", str)  # "channel:value"
AgentId = NewType("AgentId", str)
ArrivalId = NewType("ArrivalId", str)  # "account:external id"
ContactId = NewType("ContactId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
TeamId = NewType("TeamId", str)

AuthorKind = Literal["contact", "agent", "bot", "system"]
MessageKind = Literal["in", "out", "note", "event"]
ConversationState = Literal["open", "snoozed", "resolved"]
DeliveryState = Literal["queued", "sending", "sent", "delivered", "read", "refused", "unknown"]
ArrivalState = Literal["new", "logged", "done", "quarantined"]
FileState = Literal["here", "waiting", "failed"]
Band = Literal["route", "suggest", "default"]
Mood = Literal["good", "plain", "bad"]
RoleName = Literal["administrator", "agent"]
Priority = Literal["urgent", "high", "normal", "low"]

# The worst state of a message's deliveries is the one it shows; `merge_states` in hub/departures follows this order.
DELIVERY_ORDER: tuple[DeliveryState, ...] = ("refused", "unknown", "queued", "sending", "sent", "delivered", "read")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The base of every noun."""


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


class Entity(Record, frozen=True, kw_only=True):
    """A phone number, order code, date, amount, e-mail or link found in a text; offsets in code points."""

    kind: str
    text: str
    start: int
    end: int


class Wish(Record, frozen=True, kw_only=True):
    """A further intent of a message that has several."""

    intent: str
    confidence: float


class Tag(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What the tagger thinks of one message; `band` says whether it routes, is a suggestion, or neither.

    `others` are its further wishes; `urgent` and `mood` ("good", "plain", "bad") are signs by rule, not by the model.
    """

    intent: str
    confidence: float
    band: Band
    language: str
    model: str
    words: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    others: tuple[Wish, ...] = ()
    urgent: bool = False
    mood: Mood = "plain"
    by: str = ""  # the agent who said so, as they were called then; "": the tagger


class Delivery(Record, frozen=True, kw_only=True):
    """How one part of an outgoing message fares with one recipient."""

    part: int
    to: str
    state: DeliveryState
    at: dt.datetime
    external: str | None = None  # the platform's id of it
    why: str | None = None  # the sentence for the agent, when refused or unknown


class Leave(Record, frozen=True, kw_only=True):
    """Present on a message while something of it must still leave.

    lane: conversation and class; order is kept inside it. rank: 0 replies, 1 campaigns. What is *claimed* may leave
    again; only an expired *sending* becomes unknown.
    """

    lane: str
    rank: int
    due: dt.datetime
    step: Literal["queued", "claimed", "sending"] = "queued"
    claim: str | None = None  # whose it is, or was last
    until: dt.datetime | None = None
    attempts: int = 0
    why: str | None = None  # of the last retry


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


class Address(Record, frozen=True, kw_only=True):
    """Where a contact can be reached; `id` is "channel:value", unique. `verified` says how, None when only claimed."""

    id: AddressId
    channel: str
    value: str
    contact: ContactId
    at: dt.datetime
    name: str = ""
    verified: str | None = None
    unreachable: str | None = None  # the sentence that says why nothing reaches it any more
    said: dict[str, str] = {}  # of a site's user: what the site said of them last, name and facts


class Contact(Record, frozen=True, kw_only=True):
    """A person. A merged contact points to its root; the root lists every member, itself included."""

    id: ContactId
    name: str
    at: dt.datetime
    name_key: str = ""  # sorts Đ after D
    members: tuple[ContactId, ...] = ()
    root: ContactId | None = None
    version: int = 0
    language: str | None = None
    facts: dict[str, str] = {}  # claimed: email, phone, page, … each with no proof
    mail: str | None = None  # the address that they proved to be theirs


class Consent(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A person wants nothing that they did not ask for ("stop"), or an agent took that back ("lift"). Never changed.

    `contact` and `address`: who said it and from where, as it was known then. Agents write down what no message shows.
    """

    id: str  # made of the message's, or of the "stop" that it lifts: each is said once
    says: Literal["stop", "lift"]
    contact: ContactId
    by: Author
    at: dt.datetime
    address: AddressId | None = None
    channel: str | None = None
    conversation: ConversationId | None = None
    message: MessageId | None = None
    sure: bool = True  # the tagger was; else it was a suggestion, or one wish of several
    lifts: str | None = None  # the "stop" that is taken back
    reason: str | None = None  # why, or how it was said, in the agent's words


class Merge(Record, frozen=True, kw_only=True):
    """What an unmerge needs: who went into whom, on which evidence, and the members before."""

    id: str
    root: ContactId
    child: ContactId
    child_members: tuple[ContactId, ...]
    why: str
    by: str
    at: dt.datetime
    undone: dt.datetime | None = None


class Account(Record, frozen=True, kw_only=True):
    """A connected website, mailbox, bot token or workspace. `secrets` is encrypted at rest."""

    id: AccountId
    kind: str
    name: str
    at: dt.datetime
    on: bool = True
    team: TeamId | None = None  # where untagged conversations go
    settings: dict[str, object] = {}
    secrets: bytes | None = None
    health: str | None = None  # a sentence when something is wrong


class Preferences(Record, frozen=True, kw_only=True, omit_defaults=True):
    """How somebody likes to work, in whatever browser they sign in; None: they never said."""

    undo_s: int | None = None  # so long an answer can be taken back before it leaves
    notify: bool | None = None  # tell of new messages while the page is out of sight


class Agent(Record, frozen=True, kw_only=True):
    """Somebody who answers. `password` is an argon2id hash."""

    id: AgentId
    name: str
    email: str
    role: RoleName
    password: str
    at: dt.datetime
    teams: tuple[TeamId, ...] = ()
    on: bool = True
    language: str = "vi"
    preferences: Preferences = Preferences()


class Team(Record, frozen=True, kw_only=True):
    id: TeamId
    name: str
    at: dt.datetime
    intents: tuple[str, ...] = ()  # the intents that are routed here


class Session(Record, frozen=True, kw_only=True):
    """A signed-in browser; `id` is the hash of its cookie."""

    id: str
    agent: AgentId
    at: dt.datetime
    until: dt.datetime
    device: str = ""


class Arrival(Record, frozen=True, kw_only=True):
    """What a platform handed over, raw, under its external id, before anybody understood it."""

    id: ArrivalId
    account: AccountId
    channel: str
    external: str
    lane: str  # what must keep order: account and chat
    order: int  # microseconds; the platform's order key where it has one
    at: dt.datetime
    body: bytes
    digest: str  # sha-256, in hex, of the body or of what its channel says makes it the same
    headers: dict[str, str] = {}
    state: ArrivalState = "new"
    why: str | None = None  # why it is in quarantine
    file: str | None = None  # the body's place in GridFS, when it is too large for the document
    conversation: ConversationId | None = None
    messages: tuple[MessageId, ...] = ()
    history: bool = False  # older than the account's beginning here
    aside: bool | None = None  # True: a person gave it up for good; a replay leaves it alone


class Answer(Record, frozen=True, kw_only=True):
    """What the idempotency table remembers of a POST: the body's hash and the answer that was given."""

    id: str  # author and key
    digest: str
    at: dt.datetime
    status: int
    answer: bytes


# What browsers are told ----------------------------------------------------------------------------------------------


class EventItem(Record, frozen=True, kw_only=True):
    """One thing that happened; the types and the shape of `data` are listed in inbox_web/README.md."""

    type: str
    conversation: ConversationId | None
    data: msgspec.Raw  # JSON, encoded once where it happened


class Event(Record, frozen=True, kw_only=True):
    """One numbered batch of the event log; `items` is a JSON array of EventItem, sent to browsers as it is."""

    id: int
    at: dt.datetime
    items: bytes


class Sent(Record, frozen=True, kw_only=True):
    """A send that the platform took; `external` is its id for it."""

    external: str | None = None
    state: DeliveryState = "sent"


class Part(Record, frozen=True, kw_only=True):
    """One piece of an outgoing message, as one call to the platform for one recipient."""

    message: MessageId
    index: int
    conversation: ConversationId = ConversationId("")
    at: dt.datetime | None = None  # when it was written
    author: Author | None = None
    subject: str | None = None
    everyone: tuple[str, ...] = ()  # all who get it, where one message goes to several
    answers: tuple[str, ...] = ()  # the platform's ids of what it answers, the nearest first
    auto: bool = False
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    options: tuple[str, ...] = ()
