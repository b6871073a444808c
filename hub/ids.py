"""Ids that are derived from their cause, so that doing any step twice names the same thing; and random ones."""

import hashlib
import secrets

from hub.model import AccountId, AddressId, ArrivalId, ContactId, ConversationId, MessageId


def _digest(kind: str, *parts: str) -> str:
    whole = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return f"{kind}_{hashlib.sha256(whole).hexdigest()[:24]}"


def arrival_id(account: AccountId, external: str) -> ArrivalId:
    """Under which an arrival is kept."""
    return ArrivalId(f"{account}:{external}")


def address_id(channel: str, value: str) -> AddressId:
    """Where a person can be reached."""
    return AddressId(f"{channel}:{value}")


def contact_id(address: AddressId) -> ContactId:
    """A first-seen contact is named by the address it was seen at."""
    return ContactId(_digest("c", address))


def conversation_id(thread: str, turn: int) -> ConversationId:
    """The `turn`-th conversation of a thread on an account."""
    return ConversationId(_digest("v", thread, str(turn)))


def inbound_id(account: AccountId, external: str) -> MessageId:
    """A message from a platform."""
    return MessageId(_digest("m", account, external))


def outgoing_id(author: str, key: str) -> MessageId:
    """An entry that an author made under an Idempotency-Key."""
    return MessageId(_digest("m", "out", author, key))


def amendment_id(message: MessageId, order: int) -> MessageId:
    """The entry that says that a message was edited or deleted at the platform's time `order`."""
    return MessageId(_digest("m", "amended", message, str(order)))


def random_id(kind: str) -> str:
    """A fresh id for what has no cause of its own: an account, an agent, a team."""
    return f"{kind}_{secrets.token_hex(12)}"
