"""What strangers carry and the hub must recognise: visitor tokens and file links.

What a site's backend signs is checked by the web chat's channel, with the account's own secret.
"""

import datetime as dt
from typing import TypeVar

import msgspec

from hub.errors import Forged
from hub.safety.keys import KeyRing

T = TypeVar("T")

LINK_S = 3600
CLAIM_S = 7 * 24 * 3600
INSTALL_S = 15 * 60


class Visitor(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Somebody's browser on one website; the token proves it and nothing more."""

    account: str
    id: str


class FileLink(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The right of one visitor to one file of one message until `until` (seconds since the epoch)."""

    message: str
    index: int
    until: int


class MailClaim(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Whoever opens this reads the mail of `address`, which `contact` claims; good until `until`."""

    contact: str
    address: str
    until: int


class Install(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An agent began to add the app of `app` to a further workspace, which becomes `account`; good until `until`."""

    app: str
    account: str
    agent: str
    until: int


def visitor_token(ring: KeyRing, visitor: Visitor) -> str:
    """What the visitor's browser keeps; it does not expire, it only names."""
    return ring.sign("visitor", msgspec.json.encode(visitor))


def read_visitor(ring: KeyRing, token: str, account: str) -> Visitor:
    """The visitor of a token that was issued for this account; raises Forged."""
    visitor = _decode(ring.verify("visitor", token), Visitor)
    if visitor.account != account:
        raise Forged("This token belongs to another site.")
    return visitor


def file_token(ring: KeyRing, message: str, index: int, now: dt.datetime) -> str:
    """Good for an hour and for this one file.

    The end is rounded up to the half hour, so that the same file keeps its address for a while and caches can help.
    """
    until = (int(now.timestamp()) // (LINK_S // 2) + 2) * (LINK_S // 2)
    return ring.sign("file", msgspec.json.encode(FileLink(message=message, index=index, until=until)))


def read_file(ring: KeyRing, token: str, now: dt.datetime) -> FileLink:
    """Which file a link may open; raises Forged when it is not ours or has expired."""
    link = _decode(ring.verify("file", token), FileLink)
    if link.until < now.timestamp():
        raise Forged("This link has expired; open the conversation again.")
    return link


def claim_token(ring: KeyRing, contact: str, address: str, now: dt.datetime) -> str:
    """What the mail's link carries; good for a week."""
    until = int(now.timestamp()) + CLAIM_S
    return ring.sign("mail", msgspec.json.encode(MailClaim(contact=contact, address=address, until=until)))


def read_claim(ring: KeyRing, token: str, now: dt.datetime) -> MailClaim:
    """Whose address the link proves; raises Forged when it is not ours or has expired."""
    claim = _decode(ring.verify("mail", token), MailClaim)
    if claim.until < now.timestamp():
        raise Forged("This link has expired; leave your address in the chat once more.")
    return claim


def install_token(ring: KeyRing, app: str, account: str, agent: str, now: dt.datetime) -> str:
    """What the platform leads back with; good for a quarter of an hour."""
    until = int(now.timestamp()) + INSTALL_S
    return ring.sign("install", msgspec.json.encode(Install(app=app, account=account, agent=agent, until=until)))


def read_install(ring: KeyRing, token: str, now: dt.datetime) -> Install:
    """What was begun; raises Forged when it was not begun here or is too old."""
    try:
        begun = _decode(ring.verify("install", token), Install)
    except Forged as error:
        raise Forged("This was not begun here; begin once more.") from error
    if begun.until < now.timestamp():
        raise Forged("This took too long; begin once more.")
    return begun


def _decode(payload: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.MsgspecError as error:
        raise Forged("What was signed cannot be read.") from error
