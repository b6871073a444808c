"""The nouns: frozen records without I/O and without a clock. One kind of record for documents, events and JSON.

Times are aware UTC, cut to milliseconds. Ids are strings; `_id` in the ledger is `id` here. Only `hub/store/` turns
records into documents (`hub/store/documents.py`). Everybody imports them from here, whatever file they stand in.
"""

from hub.model.arrival import Arrival, ArrivalState
from hub.model.conversation import Conversation, ConversationState, Preview, Priority, Reason, Routed
from hub.model.delivery import DELIVERY_ORDER, Delivery, DeliveryState, Leave
from hub.model.house import Account, Agent, Preferences, RoleName, Session, Team
from hub.model.message import (
    Amended,
    Attachment,
    Author,
    AuthorKind,
    Change,
    CopyOf,
    FileState,
    Message,
    MessageKind,
    Reaction,
)
from hub.model.part import Part, Sent
from hub.model.people import Address, Consent, Contact, Merge
from hub.model.record import (
    AccountId,
    AddressId,
    AgentId,
    ArrivalId,
    ContactId,
    ConversationId,
    MessageId,
    Record,
    TeamId,
)
from hub.model.tag import Band, Entity, Mood, Tag, Wish
from hub.model.told import Answer, Event, EventItem

__all__ = [
    "DELIVERY_ORDER",
    "Account",
    "AccountId",
    "Address",
    "AddressId",
    "Agent",
    "AgentId",
    "Amended",
    "Answer",
    "Arrival",
    "ArrivalId",
    "ArrivalState",
    "Attachment",
    "Author",
    "AuthorKind",
    "Band",
    "Change",
    "Consent",
    "Contact",
    "ContactId",
    "Conversation",
    "ConversationId",
    "ConversationState",
    "CopyOf",
    "Delivery",
    "DeliveryState",
    "Entity",
    "Event",
    "EventItem",
    "FileState",
    "Leave",
    "Merge",
    "Message",
    "MessageId",
    "MessageKind",
    "Mood",
    "Part",
    "Preferences",
    "Preview",
    "Priority",
    "Reaction",
    "Reason",
    "Record",
    "RoleName",
    "Routed",
    "Sent",
    "Session",
    "Tag",
    "Team",
    "TeamId",
    "Wish",
]
