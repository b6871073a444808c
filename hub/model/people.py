"""Whom we talk with: contacts, their addresses, and what they want nothing of."""

import datetime as dt
from typing import Literal

import msgspec

from hub.model.message import Author
from hub.model.record import AddressId, ContactId, ConversationId, MessageId, Record


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
    said: dict[str, str] = msgspec.field(default_factory=dict)  # what a site said of its user last


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
    facts: dict[str, str] = msgspec.field(default_factory=dict)  # claimed: email, phone, page, … each with no proof
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
