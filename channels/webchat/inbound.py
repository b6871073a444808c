"""From the widget's frames to inbounds. Pure: the socket has checked origin and token, here the frame is checked."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping

import msgspec

from channels.base import RawArrival, Verified
from channels.webchat import wire
from hub.errors import BadInput, Forged, Poison, TooLarge
from hub.inbound import From, Inbound, InboundIdentity, InboundMessage, InboundProfile, InboundReceipt
from hub.model import Account, Arrival

VISITOR = "x-visitor"
CLAIM_LIFE_S = 7 * 24 * 3600
CLOCKS_S = 300  # that the site's clock may be ahead of ours
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def verify(headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
    """One frame of the visitor named in the headers. Raises BadInput, TooLarge or Forged; then nothing is kept."""
    visitor, account = headers[VISITOR], accounts[0]
    frame = _decode(body)
    if isinstance(frame, wire.Send | wire.Profile) and not _ID.fullmatch(frame.id):
        raise BadInput("The message id must be 8 to 64 letters, digits, - or _.", field="id")
    if isinstance(frame, wire.Send):
        _check_send(frame)
    if isinstance(frame, wire.Identify):
        _check_claims(frame, account, now)
    raw = RawArrival(external=_external(visitor, frame), lane=visitor, body=body, same=_same(frame))
    return Verified(arrivals=(raw,))


def normalise(account: Account, arrival: Arrival) -> list[Inbound]:
    """What a kept frame means. Raises Poison."""
    try:
        frame = wire.decoder.decode(arrival.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Poison(f"not a frame of the web chat: {type(error).__name__}") from error
    visitor = arrival.lane.removeprefix(f"{account.id}:")
    sender = From(value=visitor, verified="token")
    if isinstance(frame, wire.Send):
        return [_message(frame, arrival, sender)]
    if isinstance(frame, wire.Profile):
        return [_profile(frame, sender)]
    if isinstance(frame, wire.Read):
        return [InboundReceipt(thread=visitor, state="read", seq=frame.seq)]
    claims = wire.claims_decoder.decode(frame.data)
    told = {"name": claims.name, "email": claims.email, "phone": claims.phone}
    return [InboundIdentity(sender=sender, user=claims.id, facts=claims.facts, **told)]


def _decode(body: bytes) -> wire.Frame:
    try:
        return wire.decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"This is not a frame that the chat knows: {error}") from error


def _check_send(frame: wire.Send) -> None:
    if not frame.text.strip() and not frame.attachments:
        raise BadInput("There are no words and no file in this message.", field="text")
    if len(frame.text) > wire.MOST_TEXT:
        raise TooLarge(f"A message may have {wire.MOST_TEXT} characters.")


def _check_claims(frame: wire.Identify, account: Account, now: dt.datetime) -> None:
    secret = wire.secrets_decoder.decode(account.secrets or b"{}").identity_secret
    made = hmac.new(secret.encode(), frame.data.encode(), hashlib.sha256).hexdigest()
    given = frame.signature.lower().encode("utf-8", "replace")  # strings are compared only while they are ASCII
    if not secret or not hmac.compare_digest(made.encode(), given):
        raise Forged("The signature of this identity does not fit.")
    try:
        claims = wire.claims_decoder.decode(frame.data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"The signed identity cannot be read: {error}", field="data") from error
    if not claims.id:
        raise BadInput("The signed identity has no id.", field="data")
    if claims.iat is not None and claims.iat - now.timestamp() > CLOCKS_S:
        raise Forged("The signed identity is from the future; set the clock of the site's server right.")
    if claims.iat is not None and now.timestamp() - claims.iat > CLAIM_LIFE_S:
        raise Forged("The signed identity is older than seven days.")


def _external(visitor: str, frame: wire.Frame) -> str:
    if isinstance(frame, wire.Read):
        return f"{visitor}:read:{frame.seq}"
    if isinstance(frame, wire.Identify):
        return f"{visitor}:identify:{hashlib.sha256(frame.data.encode()).hexdigest()[:16]}"
    return f"{visitor}:{frame.id}"


def _same(frame: wire.Frame) -> bytes | None:
    """A message sent again after its page or language changed is still the same message."""
    if not isinstance(frame, wire.Send):
        return None
    return msgspec.json.encode([frame.id, frame.text, [one.file for one in frame.attachments]])


def _message(frame: wire.Send, arrival: Arrival, sender: From) -> InboundMessage:
    return InboundMessage(
        external=arrival.external,
        thread=sender.value,
        sender=sender,
        to=sender.value,
        at=arrival.at,
        order=arrival.order,
        text=frame.text,
        attachments=frame.attachments,
        client_id=frame.id,
        language=frame.language,
        page=frame.page,
    )


def _profile(frame: wire.Profile, sender: From) -> InboundProfile:
    def field(value: str | None) -> str | None:
        return value.strip()[: wire.MOST_FIELD] or None if value else None

    return InboundProfile(
        sender=sender,
        name=field(frame.name),
        email=field(frame.email),
        phone=field(frame.phone),
        language=frame.language,
    )
