"""What was told: the event log that browsers follow, and the answers that a repeated request gets again."""

import datetime as dt

import msgspec

from hub.model.record import ConversationId, Record


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


class Answer(Record, frozen=True, kw_only=True):
    """What the idempotency table remembers of a POST: the body's hash and the answer that was given."""

    id: str  # author and key
    digest: str
    at: dt.datetime
    status: int
    answer: bytes
