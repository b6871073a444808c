"""What platforms hand over, raw, before anybody understood it."""

import datetime as dt
from typing import Literal

import msgspec

from hub.model.record import AccountId, ArrivalId, ConversationId, MessageId, Record

ArrivalState = Literal["new", "logged", "done", "quarantined"]


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
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    state: ArrivalState = "new"
    why: str | None = None  # why it is in quarantine
    file: str | None = None  # the body's place in GridFS, when it is too large for the document
    conversation: ConversationId | None = None
    messages: tuple[MessageId, ...] = ()
    history: bool = False  # older than the account's beginning here
    aside: bool | None = None  # True: a person gave it up for good; a replay leaves it alone
