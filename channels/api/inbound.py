"""From a program's signed JSON to inbounds. Pure."""

import datetime as dt
import hmac
from collections.abc import Mapping

import msgspec

from channels.api import wire
from channels.base import RawArrival, Verified
from hub.errors import BadInput, Forged, Poison, TooLarge
from hub.inbound import From, Inbound, InboundMessage
from hub.model import Account, Arrival

TIME_DIGITS = 12  # of the seconds since the epoch: more than anybody's clock shows


def verify(headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
    """One signed message. Raises Forged, BadInput or TooLarge; then nothing is kept."""
    secret = wire.secrets.decode(accounts[0].secrets or b"{}").signing_secret
    _check_signature(headers.get(wire.SIGNATURE, ""), secret, body, now)
    try:
        said = wire.incoming.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"This is not a message that the API channel knows: {error}") from error
    if not said.id or not said.thread or not said.sender.id:
        raise BadInput("id, thread and from.id must not be empty.")
    if max(len(said.id), len(said.thread), len(said.sender.id)) > wire.MOST_ID:
        raise BadInput(f"id, thread and from.id may have {wire.MOST_ID} characters each.")
    if len(said.text) > wire.MOST_TEXT:
        raise TooLarge(f"A message may have {wire.MOST_TEXT} characters.")
    return Verified(arrivals=(RawArrival(external=said.id, lane=said.thread, body=body),), answer=b'{"kept":true}')


def normalise(account: Account, arrival: Arrival) -> list[Inbound]:
    """What a kept message means. Raises Poison."""
    try:
        said = wire.incoming.decode(arrival.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Poison(f"not a message of the API channel: {type(error).__name__}") from error
    return [
        InboundMessage(
            external=said.id,
            thread=said.thread,
            sender=From(value=f"{account.id}:{said.sender.id}", name=said.sender.name, verified="signature"),
            to=said.thread,
            at=arrival.at,
            order=arrival.order,
            text=said.text,
            language=said.language,
        )
    ]


def _check_signature(header: str, secret: str, body: bytes, now: dt.datetime) -> None:
    fields = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    at = fields.get("t", "")
    if not secret or not at.isascii() or not at.isdecimal() or len(at) > TIME_DIGITS:
        raise Forged("The request carries no signature that this account knows.")
    given = f"t={int(at)},v1={fields.get('v1', '')}".encode("utf-8", "replace")
    if not hmac.compare_digest(wire.sign(secret, body, int(at)).encode(), given):
        raise Forged("The signature does not fit the body.")
    if abs(now.timestamp() - int(at)) > wire.LIFE_S:
        raise Forged("The signature is older than five minutes; this looks like a replay.")
