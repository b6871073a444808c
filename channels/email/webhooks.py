"""Mail by webhook: is the request what it says it is? Raw bytes, constant time; nothing is kept of a forged one.

raw MIME   Content-Type: message/rfc822, X-Hub-Signature: t=<unix s>,v1=<hex HMAC-SHA256 of "<t>.<body>">
Mailgun    its form, signed with HMAC-SHA256(timestamp + token)
Postmark   its JSON, with the user name and password that stand in the URL
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping

from channels.base import RawArrival, Verified
from channels.email import forms, wire
from channels.email.listening.lane import lane
from hub.errors import Forged, Poison, TooLarge
from hub.model import Account

SIGNATURE = "x-hub-signature"
LIFE_S = 300  # a signature older than this is a replay
TIME_DIGITS = 12
MOST_BYTES = 50 * 1024 * 1024  # a mail of 35 MB, packed into a form or JSON


def sign(secret: str, body: bytes, at_s: int) -> str:
    """The signature header of a raw mail that is posted at this time."""
    made = hmac.new(secret.encode(), b"%d." % at_s + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={made}"


def verify(headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
    """One mail. Raises Forged or TooLarge; then nothing is kept."""
    if len(body) > MOST_BYTES:
        raise TooLarge(f"A mail may have {MOST_BYTES // 2**20} MB as it is posted.")
    secrets = wire.secrets_of(accounts[0])
    content_type = headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    same = body
    if kind == "application/json":
        _check_postmark(headers.get("authorization", ""), secrets)
        form: wire.HookForm = "postmark"
    elif kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        same = _check_mailgun(body, content_type, secrets, now)
        form = "mailgun"
    else:
        _check_signature(headers.get(SIGNATURE, ""), body, secrets, now)
        form = "raw"
    return Verified(arrivals=(_arrival(form, content_type, body, same),), answer=b'{"kept":true}')


def _arrival(form: wire.HookForm, content_type: str, body: bytes, same: bytes) -> RawArrival:
    digest = hashlib.sha256(same).hexdigest()
    kept = {wire.FORM: form} | ({"content-type": content_type[:500]} if form == "mailgun" else {})
    return RawArrival(external=f"hook:{digest}", lane=lane(same), body=body, same=same, headers=kept)


def _check_signature(header: str, body: bytes, secrets: wire.Secrets, now: dt.datetime) -> None:
    fields = dict(part.strip().split("=", 1) for part in header.split(",") if "=" in part)
    at_s = _time(fields.get("t", ""), now)
    if not secrets.hook_secret:
        raise Forged("This mailbox takes no mail by webhook. Connect it for that first.")
    if not _same(sign(secrets.hook_secret, body, at_s).partition("v1=")[2], fields.get("v1", "")):
        raise Forged("The signature does not fit the mail.")


def _check_mailgun(body: bytes, content_type: str, secrets: wire.Secrets, now: dt.datetime) -> bytes:
    """The mail itself, which stays the same when Mailgun tries again with a new signature."""
    try:
        given = forms.fields(body, content_type)
    except Poison as error:
        raise Forged("This is not a form that Mailgun posts.") from error
    stamp, token, signature = (given.get(name, b"") for name in ("timestamp", "token", "signature"))
    _time(stamp.decode("latin-1"), now)
    made = hmac.new(secrets.mailgun_key.encode(), stamp + token, hashlib.sha256).hexdigest()
    if not secrets.mailgun_key or not _same(made, signature.decode("latin-1")):
        raise Forged("The signature is not Mailgun's. Check the webhook signing key.")
    return given.get("body-mime") or body


def _check_postmark(header: str, secrets: wire.Secrets) -> None:
    scheme, _, given = header.partition(" ")
    try:
        pair = base64.b64decode(given.strip(), validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        pair = b""
    wanted = f"{secrets.postmark_user}:{secrets.postmark_password}".encode()
    if not secrets.postmark_password or not hmac.compare_digest(pair, wanted):
        raise Forged("User name or password in Postmark's webhook URL are not those of this mailbox.")


def _time(given: str, now: dt.datetime) -> int:
    if not given.isascii() or not given.isdecimal() or len(given) > TIME_DIGITS:
        raise Forged("The request carries no signature that this mailbox knows.")
    if abs(now.timestamp() - int(given)) > LIFE_S:
        raise Forged("The signature is older than five minutes; this looks like a replay.")
    return int(given)


def _same(made: str, given: str) -> bool:
    return hmac.compare_digest(made.encode(), given.encode("utf-8", "replace"))
