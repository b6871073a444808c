"""What a program and the hub say to each other: JSON both ways, signed both ways."""

import datetime as dt
import hashlib
import hmac

import msgspec

SIGNATURE = "x-hub-signature"  # "t=<unix seconds>,v1=<hex HMAC-SHA256 of '<t>.<body>'>"
MOST_TEXT = 20_000
MOST_ID = 200
LIFE_S = 300  # a signature older than this is a replay


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str = ""


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One message from the program; `id` is its own, unique in the account, and may be sent again without harm."""

    id: str
    thread: str
    sender: Sender = msgspec.field(name="from")
    text: str
    at: dt.datetime | None = None
    language: str | None = None


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One part of an answer; `id` stays the same when it is sent again by a person."""

    id: str
    to: str
    text: str
    options: tuple[str, ...] = ()


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What the program answers when it has taken an answer; `id` is its own for it."""

    id: str | None = None


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """An account's secrets, as the key ring opens them."""

    signing_secret: str = ""


incoming = msgspec.json.Decoder(Incoming)
secrets = msgspec.json.Decoder(Secrets)


def sign(secret: str, body: bytes, at_s: int) -> str:
    """The signature header of a body that leaves at this time."""
    made = hmac.new(secret.encode(), b"%d." % at_s + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={made}"
