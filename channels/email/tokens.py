"""Addresses and Message-IDs that prove what they name: signed with the account's token secret, lower case, short.

    answers     local+c.<conversation>.<mac>@domain        in Reply-To
    bounces     local+b.<message>.<recipient>.<mac>@domain as envelope sender (VERP)
    Message-ID  m.<message>.<part>.<mac>@domain

Mail systems turn letters small and cut local parts at 64 octets, so ids stand in base32 without padding and a mac has
80 bits. Nothing here proves who sent a mail, only that its sender once got one of ours.
"""

import base64
import hashlib
import hmac
import re

from hub.model import ConversationId, MessageId, Record

MOST_LOCAL = 64  # octets, RFC 5321
MOST_ID = 76  # characters of a Message-ID without brackets: from 78 on some senders fold and break it
MAC_BYTES = 10
ID = re.compile(r"([a-z])_([0-9a-f]{24})")
CONVERSATION, BOUNCE = "c", "b"
_TOKEN = r"[a-z2-7]"
REPLY = re.compile(rf"\+c\.({_TOKEN}{{20}})\.({_TOKEN}{{16}})@")
RETURN = re.compile(rf"\+b\.({_TOKEN}{{20}})\.({_TOKEN}{{6}})\.({_TOKEN}{{16}})@")
OWN = re.compile(rf"m\.({_TOKEN}{{20}})\.([0-9]{{1,3}})\.({_TOKEN}{{16}})@")


class Return(Record, frozen=True, kw_only=True):
    """What a return path names: our message, and which of its recipients (`is_recipient` compares)."""

    message: MessageId
    recipient: str


def reply_address(address: str, secret: str, conversation: str) -> str:
    """Where an answer to this conversation goes; the plain address when no token fits into it."""
    packed = _packed(conversation, "v")
    if not packed or not secret:
        return address
    return _tagged(address, f"c.{packed}.{_mac(secret, CONVERSATION, packed)}")


def conversation_of(address: str, secret: str) -> ConversationId | None:
    """The conversation that this address proves; None for any other address."""
    found = REPLY.search(address.lower())
    if found is None or not secret or not _fits(found[2], _mac(secret, CONVERSATION, found[1])):
        return None
    return ConversationId(_unpacked(found[1], "v"))


def return_path(address: str, secret: str, message: str, recipient: str) -> str:
    """The envelope sender of one message to one recipient; the plain address when no token fits into it."""
    packed = _packed(message, "m")
    if not packed or not secret:
        return address
    whom = recipient_mark(recipient)
    return _tagged(address, f"b.{packed}.{whom}.{_mac(secret, BOUNCE, packed, whom)}")


def returned(address: str, secret: str) -> Return | None:
    """What came back, when this address is a return path of ours."""
    found = RETURN.search(address.lower())
    if found is None or not secret or not _fits(found[3], _mac(secret, BOUNCE, found[1], found[2])):
        return None
    return Return(message=MessageId(_unpacked(found[1], "m")), recipient=found[2])


def recipient_mark(recipient: str) -> str:
    """Six letters that stand for an address in a return path."""
    return _letters(hashlib.sha256(recipient.lower().encode()).digest()[:4])[:6]


def message_id(domain: str, secret: str, message: str, part: int) -> str:
    """The Message-ID of one part, without brackets; the same at every try, and for every recipient."""
    packed = _packed(message, "m") or _letters(hashlib.sha256(message.encode()).digest()[:12])
    local = f"m.{packed}.{part}.{_mac(secret, 'm', packed, str(part))}"
    return f"{local}@{_shortened(domain, MOST_ID - len(local) - 1)}"


def message_of(bare: str, secret: str) -> MessageId | None:
    """Our message, when this Message-ID (without brackets) is one that we gave; None for any other."""
    found = OWN.match(bare.lower())
    if found is None or not secret or not _fits(found[3], _mac(secret, "m", found[1], found[2])):
        return None
    return MessageId(_unpacked(found[1], "m"))


def without_tag(address: str) -> str:
    """The address in small letters, without what stands after a plus."""
    local, at, domain = address.lower().strip().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _tagged(address: str, tag: str) -> str:
    local, _, domain = address.rpartition("@")
    whole = f"{local}+{tag}"
    return f"{whole}@{domain}" if local and len(whole.encode()) <= MOST_LOCAL else address


def _shortened(domain: str, most: int) -> str:
    """As many of a domain's last labels as there is room for."""
    labels = domain.lower().split(".")
    while len(".".join(labels)) > most and len(labels) > 1:
        labels.pop(0)
    return ".".join(labels)[-most:]


def _packed(id_: str, kind: str) -> str:
    found = ID.fullmatch(id_)
    return _letters(bytes.fromhex(found[2])) if found is not None and found[1] == kind else ""


def _unpacked(letters: str, kind: str) -> str:
    padded = letters.upper() + "=" * (-len(letters) % 8)
    return f"{kind}_{base64.b32decode(padded)[:12].hex()}"


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _mac(secret: str, *parts: str) -> str:
    made = hmac.new(secret.encode(), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return _letters(made[:MAC_BYTES])


def _fits(given: str, made: str) -> bool:
    return hmac.compare_digest(given.encode(), made.encode())
