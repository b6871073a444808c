"""What a channel is handed to send, and what it says of it."""

import datetime as dt

from hub.model.delivery import DeliveryState
from hub.model.message import Attachment, Author
from hub.model.record import ConversationId, MessageId, Record


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


class Sent(Record, frozen=True, kw_only=True):
    """A send that the platform took; `external` is its id for it."""

    external: str | None = None
    state: DeliveryState = "sent"
