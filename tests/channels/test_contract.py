"""What every channel in the table keeps to; a new one is looked at unasked, with the payloads in its fixtures folder.

A fixture is `{"about", "account": settings, "lane", "body" (JSON or text), "inbounds": […]}`.
"""

import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

import channels
from channels.base import Channel, Check, Limits, Listener, Webhook
from hub.errors import Poison
from hub.ids import arrival_id
from hub.inbound import Inbound
from hub.model import Account, AccountId, Arrival

HERE = Path(__file__).parent
AT = dt.datetime(2026, 11, 21, 9, 54, 3, 120_000, tzinfo=dt.UTC)
ORDER = 1_795_254_843_120_000
KINDS = sorted(channels.CHANNELS)
FIXTURES = [(kind, path) for kind in KINDS for path in sorted((HERE / kind / "fixtures").glob("*.json"))]


def account(kind: str, fixture: dict[str, Any] | None = None) -> Account:
    settings = (fixture or {}).get("account", {})
    return Account(id=AccountId("acc"), kind=kind, name="Mộc An", at=AT, settings=settings)


def arrival(kind: str, fixture: dict[str, Any]) -> Arrival:
    body = fixture["body"] if isinstance(fixture["body"], str) else msgspec.json.encode(fixture["body"]).decode()
    return Arrival(
        id=arrival_id(AccountId("acc"), fixture["external"]),
        account=AccountId("acc"),
        channel=kind,
        external=fixture["external"],
        lane=f"acc:{fixture['lane']}",
        order=ORDER,
        at=AT,
        body=body.encode(),
        digest=hashlib.sha256(body.encode()).hexdigest(),
        headers=fixture.get("headers", {}),
    )


@pytest.fixture(params=KINDS)
def channel(request: pytest.FixtureRequest) -> Channel:
    return channels.load(request.param)


def test_it_has_the_kind_it_is_listed_under_and_one_that_fits_an_address(channel: Channel) -> None:
    assert channels.CHANNELS[channel.kind].startswith(f"channels.{channel.kind}:")
    assert re.fullmatch(r"[a-z][a-z0-9]*", channel.kind)


def test_it_keeps_the_contract(channel: Channel) -> None:
    assert isinstance(channel, Channel)
    assert isinstance(channel, Webhook | Listener)
    assert not isinstance(channel, Check) or callable(channel.check)


def test_its_limits_can_be_kept(channel: Channel) -> None:
    limits = channel.limits
    assert isinstance(limits, Limits)
    assert limits.text >= 4 and limits.text_unit in {"codepoint", "utf16", "utf8"}
    assert limits.timeout_s > 0 and limits.attachments >= 0 and limits.attachment_bytes > 0


def test_it_has_a_readme_at_its_door_and_payloads_to_be_judged_by(channel: Channel) -> None:
    assert (Path(channels.__file__).parent / channel.kind / "README.md").is_file()
    assert list((HERE / channel.kind / "fixtures").glob("*.json"))


@pytest.mark.parametrize(("kind", "path"), FIXTURES, ids=[f"{kind}-{path.stem}" for kind, path in FIXTURES])
def test_a_payload_means_what_stands_beside_it(kind: str, path: Path) -> None:
    fixture = msgspec.json.decode(path.read_bytes())
    expected = msgspec.convert(fixture["inbounds"], list[Inbound])

    assert channels.load(kind).normalise(account(kind, fixture), arrival(kind, fixture)) == expected


@pytest.mark.parametrize(("kind", "path"), FIXTURES, ids=[f"{kind}-{path.stem}" for kind, path in FIXTURES])
def test_normalising_twice_means_the_same_and_changes_nothing(kind: str, path: Path) -> None:
    fixture = msgspec.json.decode(path.read_bytes())
    one, whose = arrival(kind, fixture), account(kind, fixture)
    before = msgspec.json.encode(one)
    first = channels.load(kind).normalise(whose, one)

    assert channels.load(kind).normalise(whose, one) == first
    assert msgspec.json.encode(one) == before
    assert msgspec.convert(msgspec.to_builtins(first), list[Inbound]) == first


@pytest.mark.parametrize("body", ["", "{", "null", "[]", '{"t":"nothing"}', "\x00", '{"id":"\ud800"}'])
def test_what_nobody_can_read_is_poison_and_its_reason_quotes_nothing(channel: Channel, body: str) -> None:
    raw = body.encode("utf-8", "surrogatepass")
    one = msgspec.structs.replace(
        arrival(channel.kind, {"external": "x", "lane": "chat", "body": ""}), body=raw + b' "secret words"'
    )
    with pytest.raises(Poison) as poison:
        channel.normalise(account(channel.kind), one)
    assert "secret words" not in str(poison.value)
