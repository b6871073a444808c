"""What Slack posts, through the hub's own door and Bolt: on disk before the 200, and nothing of a forgery."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from channels.fakes.slack import Clock, FakeSlack
from hub.embedded import StoreUrls
from hub.model import Account
from tests.channels.slack import room
from tests.channels.slack.hub import Hub, a_hub
from tests.hub.cutting import Cut, cutting

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """In the hub's own time, since signatures grow old; it has asked something with buttons below."""
    async with FakeSlack(Clock(time.time())) as made:
        room.furnish(made)
        buttons = [
            {"type": "button", "action_id": f"hub_option_{at}", "value": one} for at, one in enumerate(("Có", "Không"))
        ]
        blocks = [{"type": "actions", "elements": buttons}]
        asked = {
            "type": "message",
            "ts": "1795000000.000001",
            "text": "Chọn",
            "user": made.home.bot_user,
            "blocks": blocks,
        }
        made.home.channels[room.DIRECT].messages.append(asked)
        yield made


def pressed(slack: FakeSlack) -> bytes:
    """A press as Slack would post it, taken from what waits to be posted."""
    slack.press(room.DIRECT, "1795000000.000001", room.LAN, index=1)
    return slack.pusher.waiting.pop().body


async def posted(hub: Hub, body: bytes, headers: dict[str, str]) -> tuple[int, str | None]:
    """The answer's status, and when to try again."""
    async with aiohttp.ClientSession() as http, http.post(hub.url, data=body, headers={**FORM, **headers}) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def presses(hub: Hub) -> list[bytes]:
    return [one.body for one in await hub.kept() if one.external.startswith("press:")]


async def test_a_press_is_on_disk_when_it_is_answered(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account
) -> None:
    async with a_hub(fresh, tmp_path, slack, account) as hub:
        body = pressed(slack)

        assert await posted(hub, body, room.signed(slack, body)) == (200, None)
        assert await presses(hub) == [body]
        await hub.done(1)
        assert [one.text for one in await hub.log(f"{slack.home.id}/{room.DIRECT}")] == ["Không"]


async def test_a_press_is_sent_back_while_the_database_is_away_and_stored_once_by_its_retry(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account
) -> None:
    with cutting(fresh.mongo) as wire:
        urls = StoreUrls(mongo=wire.url, redis=fresh.redis)
        async with a_hub(urls, tmp_path, slack, account) as hub:
            body = pressed(slack)
            wire.cut_for_good()
            away = await posted(hub, body, room.signed(slack, body))
            wire.mend()
            again = [await posted(hub, body, room.signed(slack, body)) for _ in range(2)]

            assert (away, again) == ((503, "5"), [(200, None)] * 2)
            assert await presses(hub) == [body]


async def test_a_press_whose_writing_nobody_confirmed_is_sent_back_and_stored_once(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account
) -> None:
    with cutting(fresh.mongo) as wire:
        urls = StoreUrls(mongo=wire.url, redis=fresh.redis)
        async with a_hub(urls, tmp_path, slack, account) as hub:
            body = pressed(slack)
            wire.plan(Cut(after="insert"))
            unsure = await posted(hub, body, room.signed(slack, body))
            wire.mend()
            again = await posted(hub, body, room.signed(slack, body))

            assert (unsure[0], again[0]) == (503, 200)
            assert await presses(hub) == [body]


async def test_a_full_disk_sends_a_press_back(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account
) -> None:
    async with a_hub(fresh, tmp_path, slack, account, disk_floor_mb=10**9) as hub:
        body = pressed(slack)

        assert await posted(hub, body, room.signed(slack, body)) == (503, "60")
        assert await hub.kept() == []


@pytest.mark.parametrize("late", [-301, 301])
async def test_a_forged_or_late_press_is_refused_and_nothing_is_stored(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account, late: int
) -> None:
    async with a_hub(fresh, tmp_path, slack, account) as hub:
        body = pressed(slack)
        old = room.signed(slack, body, at=int(time.time()) + late)
        tried: list[dict[str, Any]] = [
            {},
            room.signed(slack, body, secret="guessed"),
            room.signed(slack, body + b"&"),
            old,
        ]

        assert [(await posted(hub, body, one))[0] for one in tried] == [401] * 4
        assert await hub.kept() == []


async def test_a_header_that_nobody_signed_keeps_no_press_from_being_kept(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account
) -> None:
    """Bolt skips its handler for a request that says it comes from itself."""
    async with a_hub(fresh, tmp_path, slack, account) as hub:
        body = pressed(slack)
        own = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "x"}

        assert (await posted(hub, body, {**room.signed(slack, body), **own}))[0] == 200
        assert await presses(hub) == [body]
