"""Webhooks: kept before they are answered, and nothing of a forged one."""

import datetime as dt
import hmac
import io
from collections.abc import Mapping
from typing import Any

import pytest

from channels.base import Limits, Posted, RawArrival, Verified
from channels.email import Email
from hub.clock import utc_now
from hub.errors import Forged
from hub.inbound import Inbound
from hub.model import Account, AccountId, Arrival, Part, Sent


class Bell:
    """A platform that signs its calls with a secret, in the smallest form."""

    kind = "bell"
    limits = Limits()

    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        if not hmac.compare_digest(headers.get("X-Secret", ""), "the bell knows"):
            raise Forged("The secret does not fit.")
        return Verified(arrivals=(RawArrival(external="1", lane="chat", body=body),), answer=b'{"ok":true}')

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return []

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        return Sent()


@pytest.fixture
async def bell(make_hub: Any) -> Any:
    hub = await make_hub(channels_too={"bell": Bell()})
    await hub.parts.store.accounts.add(Account(id=AccountId("bell-1"), kind="bell", name="Bell", at=utc_now()))
    return hub


async def test_a_verified_call_is_kept_and_then_answered(bell: Any) -> None:
    answer = await bell.client.post("/in/bell-1", data=b"ding", headers={"X-Secret": "the bell knows"})
    kept = await bell.kept()

    assert (answer.status, await answer.json()) == (200, {"ok": True})
    assert [(one.body, one.account) for one in kept] == [(b"ding", "bell-1")]


async def test_a_forged_call_leaves_nothing_but_a_line_without_content(bell: Any, capsys: Any) -> None:
    answer = await bell.client.post("/in/bell-1", data=b"ding", headers={"X-Secret": "guessed"})

    assert (answer.status, answer.content_type) == (401, "application/problem+json")
    assert await bell.arrivals() == 0
    assert "ding" not in capsys.readouterr().out


async def test_an_oversized_call_is_refused_before_it_is_read(make_hub: Any) -> None:
    hub = await make_hub(channels_too={"bell": Bell()}, max_body_kb=1)
    await hub.parts.store.accounts.add(Account(id=AccountId("bell-1"), kind="bell", name="Bell", at=utc_now()))

    answer = await hub.client.post("/in/bell-1", data=b"x" * 2000, headers={"X-Secret": "the bell knows"})

    assert answer.status == 413
    assert await hub.arrivals() == 0


class Post(Bell):
    """A platform that posts whole messages."""

    most_posted = 3000


@pytest.mark.parametrize(("size", "status", "kept"), [(2000, 200, 1), (3000, 200, 1), (3001, 413, 0)])
async def test_a_channel_that_is_posted_whole_messages_takes_larger_ones(
    make_hub: Any, size: int, status: int, kept: int
) -> None:
    hub = await make_hub(channels_too={"bell": Post()}, max_body_kb=1)
    await hub.parts.store.accounts.add(Account(id=AccountId("bell-1"), kind="bell", name="Bell", at=utc_now()))

    answer = await hub.client.post("/in/bell-1", data=b"x" * size, headers={"X-Secret": "the bell knows"})

    assert (answer.status, await hub.arrivals()) == (status, kept)


class Truck(Bell):
    most_posted = 2_000_000


async def test_a_whole_message_may_be_larger_than_a_file_may(make_hub: Any) -> None:
    hub = await make_hub(channels_too={"bell": Truck()}, max_body_kb=1, max_file_mb=1)
    await hub.parts.store.accounts.add(Account(id=AccountId("bell-1"), kind="bell", name="Bell", at=utc_now()))

    body = io.BytesIO(b"x" * 1_500_000)
    answer = await hub.client.post("/in/bell-1", data=body, headers={"X-Secret": "the bell knows"})

    assert (answer.status, await hub.arrivals()) == (200, 1)


async def test_a_large_call_that_is_forged_leaves_nothing(make_hub: Any) -> None:
    hub = await make_hub(channels_too={"bell": Post()}, max_body_kb=1)
    await hub.parts.store.accounts.add(Account(id=AccountId("bell-1"), kind="bell", name="Bell", at=utc_now()))

    answer = await hub.client.post("/in/bell-1", data=b"x" * 2000, headers={"X-Secret": "guessed"})

    assert (answer.status, await hub.arrivals()) == (401, 0)


async def test_mails_are_posted_whole() -> None:
    assert isinstance(Email(), Posted)


async def test_a_full_disk_sends_the_platform_away_to_try_again(make_hub: Any) -> None:
    hub = await make_hub(channels_too={"bell": Bell()}, disk_floor_mb=1_000_000)
    await hub.parts.store.accounts.add(Account(id=AccountId("bell-1"), kind="bell", name="Bell", at=utc_now()))

    answer = await hub.client.post("/in/bell-1", data=b"ding", headers={"X-Secret": "the bell knows"})

    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert await hub.arrivals() == 0


@pytest.mark.parametrize("account", ["nobody", "site"])
async def test_an_account_without_a_webhook_receives_nothing(hub: Any, account: str) -> None:
    """Web chat has `verify` for its own socket; nobody may name a visitor by a header."""
    answer = await hub.client.post(f"/in/{account}", data=b"{}", headers={"x-visitor": "v1"})

    assert answer.status == 404
    assert await hub.arrivals() == 0
