"""The base of every noun, and the ids by which they name each other."""

from typing import NewType

import msgspec

AccountId = NewType("AccountId", str)
AddressId = NewType("AddressId", str)  # "channel:value"
AgentId = NewType("AgentId", str)
ArrivalId = NewType("ArrivalId", str)  # "account:external id"
ContactId = NewType("ContactId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
TeamId = NewType("TeamId", str)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The base of every noun."""
