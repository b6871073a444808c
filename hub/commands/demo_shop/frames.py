"""What the demo's customers send, as the web chat's own frames: checked by the channel, like any widget's."""

import datetime as dt
import hashlib
import hmac

import msgspec

from channels.base import RawArrival, Webhook
from channels.webchat import wire
from channels.webchat.inbound import VISITOR
from hub.commands.demo_shop.script import Story
from hub.model import Account

encode = msgspec.json.encode


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A frame of one visitor at its time."""

    visitor: str
    at: dt.datetime
    body: bytes


def introduction(story: Story, account: Account, at: dt.datetime, number: int) -> Said | None:
    """How the shop gets to know this visitor; None for a stranger."""
    person = story.person
    phone, email = f"0900 000 {100 + number}", f"{person.key}@example.com"
    if person.known == "no":
        return None
    if person.known == "site":
        claims = {"id": person.key, "name": person.name, "phone": phone, "email": email}
        return Said(visitor=story.visitor, at=at, body=_signed(account, encode(claims).decode()))
    profile = wire.Profile(id=f"{story.visitor}-who", name=person.name, phone=phone, language=person.language)
    return Said(visitor=story.visitor, at=at, body=encode(profile))


def words(story: Story, number: int, text: str, at: dt.datetime, page: str) -> Said:
    """A message; `number` is its line in the story."""
    frame = wire.Send(id=f"{story.visitor}-{number}", text=text, language=story.person.language, page=page)
    return Said(visitor=story.visitor, at=at, body=encode(frame))


def read(story: Story, seq: int, at: dt.datetime) -> Said:
    """The customer has seen everything up to `seq`."""
    return Said(visitor=story.visitor, at=at, body=encode(wire.Read(seq=seq)))


def checked(said: Said, account: Account, channel: Webhook) -> list[RawArrival]:
    """What the door is given: verified, in the order of its time."""
    verified = channel.verify({VISITOR: said.visitor}, said.body, [account], said.at)
    order = int(said.at.timestamp() * 1_000_000)
    return [msgspec.structs.replace(one, order=order) for one in verified.arrivals]


def _signed(account: Account, data: str) -> bytes:
    secret = wire.secrets_decoder.decode(account.secrets or b"{}").identity_secret
    return encode(
        wire.Identify(data=data, signature=hmac.new(secret.encode(), data.encode(), hashlib.sha256).hexdigest())
    )
