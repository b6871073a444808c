"""Slack's signature (v0): HMAC-SHA256 of the time and the raw bytes of the body, good for five minutes.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping

from hub.errors import Forged

SIGNATURE = "x-slack-signature"
TIMESTAMP = "x-slack-request-timestamp"
LIFE_S = 300
TIME_DIGITS = 12


def sign(secret: str, body: bytes, at: str) -> str:
    return "v0=" + hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()


def fits(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether this secret signed these bytes, compared in constant time. Nothing in a header makes it raise."""
    at, given = _headers(headers)
    if not secret or not _is_time(at):
        return False
    return hmac.compare_digest(sign(secret, body, at).encode(), given.encode("utf-8", "replace"))


def check_age(headers: Mapping[str, str], now: dt.datetime) -> None:
    """Raises Forged for a signature that is older or newer than five minutes."""
    at, _ = _headers(headers)
    if not _is_time(at) or abs(now.timestamp() - int(at)) > LIFE_S:
        raise Forged("The signature is older than five minutes; this looks like a replay.")


def _headers(headers: Mapping[str, str]) -> tuple[str, str]:
    small = {name.lower(): value for name, value in headers.items()}
    return small.get(TIMESTAMP, ""), small.get(SIGNATURE, "")


def _is_time(at: str) -> bool:
    return at.isascii() and at.isdecimal() and len(at) <= TIME_DIGITS
