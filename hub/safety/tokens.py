"""What strangers carry and the hub must recognise: visitor tokens, file links, and what a site's backend signed."""

import datetime as dt
import hashlib
import hmac
from typing import TypeVar

import msgspec

from hub.errors import Forged
from hub.safety.keys import KeyRing

T = TypeVar("T")

LINK_S = 3600
IDENTITY_AGE_S = 7 * 24 * 3600  # a signed identity that says when it was made is good for a week


class Visitor(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Somebody's browser on one website; the token proves it and nothing more."""

    account: str
    id: str


class FileLink(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The right of one visitor to one file of one message until `until` (seconds since the epoch)."""

    message: str
    index: int
    until: int


class SignedUser(msgspec.Struct, frozen=True, kw_only=True):
    """Who the site's backend says that the visitor is; `iat` in seconds, when it signed."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    iat: int | None = None


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


def signature_of(secret: str, data: str) -> str:
    """What a site's backend must send beside `data`: hex HMAC-SHA256 with the account's identity secret."""
    return hmac.new(secret.encode(), data.encode(), hashlib.sha256).hexdigest()


def read_user(secret: str, data: str, signature: str, now: dt.datetime) -> SignedUser:
    """The user whom the site's backend vouches for; raises Forged. Constant time."""
    if not hmac.compare_digest(signature_of(secret, data).encode(), signature.lower().encode()):
        raise Forged("The signature of this user does not match; check the site's identity secret.")
    user = _decode(data.encode(), SignedUser)
    if user.iat is not None and now.timestamp() - user.iat > IDENTITY_AGE_S:
        raise Forged("The signature of this user is too old; sign again at each page load.")
    return user


def _decode(payload: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.MsgspecError as error:
        raise Forged("What was signed cannot be read.") from error
