"""One workspace of the false Slack, and the channel that is connected to it."""

import datetime as dt
import hashlib
from typing import Any

import msgspec

from channels.base import RawArrival, Verified
from channels.fakes.slack import FakeSlack
from channels.slack import Slack, signature
from hub.ids import arrival_id
from hub.inbound import Inbound
from hub.model import Account, AccountId, Arrival, MessageId, Part

HELP, DIRECT = "C0HELP0001", "D0LAN00001"
LAN, MINH, ANN = "U0LAN00001", "U0MINH0001", "U9ACME0001"
AT = dt.datetime(2026, 11, 21, 9, 54, tzinfo=dt.UTC)


def furnish(slack: FakeSlack) -> None:
    """A shop's workspace with two people, a channel and a direct message."""
    slack.home.add_user(LAN, "Lan")
    slack.home.add_user(MINH, "Minh Đỗ")
    slack.home.add_channel(HELP, "help")
    slack.home.add_channel(DIRECT, LAN, "im")


def settings(slack: FakeSlack, **more: Any) -> dict[str, object]:
    home = slack.home
    known = {"team_id": home.id, "bot_user_id": home.bot_user, "bot_id": home.bot_id, "app_id": slack.app_id}
    return {"api_url": slack.api_url, **known, "bot_name": "Mộc An", **more}


def account_of(slack: FakeSlack, *, socket: bool = False, **more: Any) -> Account:
    secrets = {"bot_token": slack.home.bot_token, "signing_secret": slack.signing_secret}
    secrets |= {"app_token": slack.app_token} if socket else {}
    return Account(
        id=AccountId("acc"),
        kind="slack",
        name="Mộc An",
        at=AT,
        settings=settings(slack, **more),
        secrets=msgspec.json.encode(secrets),
    )


def signed(slack: FakeSlack, body: bytes, at: int | None = None, secret: str | None = None) -> dict[str, str]:
    """Headers as Slack sends them."""
    said = str(int(slack.clock()) if at is None else at)
    made = signature.sign(slack.signing_secret if secret is None else secret, body, said)
    return {"X-Slack-Request-Timestamp": said, "X-Slack-Signature": made}


def now(slack: FakeSlack) -> dt.datetime:
    return dt.datetime.fromtimestamp(slack.clock(), dt.UTC)


def verify(slack: FakeSlack, account: Account, body: bytes) -> Verified:
    """What a well signed body becomes."""
    return Slack().verify(signed(slack, body), body, [account], now(slack))


def arrivals_of(slack: FakeSlack, account: Account) -> list[RawArrival]:
    """What everything that the false Slack wants to post now is kept as."""
    return [one for delivery in slack.pusher.waiting for one in verify(slack, account, delivery.body).arrivals]


def kept(account: Account, raw: RawArrival) -> Arrival:
    return Arrival(
        id=arrival_id(account.id, raw.external),
        account=account.id,
        channel=account.kind,
        external=raw.external,
        lane=f"{account.id}:{raw.lane}",
        order=raw.order or 0,
        at=AT,
        body=raw.body,
        digest=hashlib.sha256(raw.body if raw.same is None else raw.same).hexdigest(),
        history=raw.history,
    )


def meanings(slack: FakeSlack, account: Account) -> list[Inbound]:
    """What everything that the false Slack wants to post now means."""
    raws = arrivals_of(slack, account)
    return [one for raw in raws for one in Slack().normalise(account, kept(account, raw))]


def part(text: str = "Dạ có ạ", **more: Any) -> Part:
    return Part(message=MessageId("m_1"), index=0, text=text, **more)
