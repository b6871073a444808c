"""What Slack posts, through the hub's own door and Bolt: on disk before the 200, and nothing of a forgery."""

import time
from pathlib import Path

import aiohttp
import pytest

from channels.fakes.slack import FakeSlack
from hub.embedded import StoreUrls
from hub.model import Account
from tests.channels.slack import room
from tests.channels.slack.hub import a_hub
from tests.channels.whole_hub import Hub
from tests.hub.cutting import Cut, Wire

ASKED = "1795000000.000001"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def asked(slack: FakeSlack) -> None:
    """It has asked something with buttons below."""
    options = enumerate(("Có", "Không"))
    buttons = [{"type": "button", "action_id": f"hub_option_{at}", "value": one} for at, one in options]
    blocks = [{"type": "actions", "elements": buttons}]
    question = {"type": "message", "ts": ASKED, "text": "Chọn", "user": slack.home.bot_user, "blocks": blocks}
    slack.home.channels[room.DIRECT].messages.append(question)


def pressed(slack: FakeSlack) -> bytes:
    """A press as Slack would post it, taken from what waits to be posted."""
    slack.press(room.DIRECT, ASKED, room.LAN, index=1)
    return slack.pusher.waiting.pop().body


async def posted(hub: Hub, body: bytes, headers: dict[str, str]) -> tuple[int, str | None]:
    """The answer's status, and when to try again."""
    async with aiohttp.ClientSession() as http, http.post(hub.url, data=body, headers={**FORM, **headers}) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def presses(hub: Hub) -> list[bytes]:
    return [one.body for one in await hub.kept() if one.external.startswith("press:")]


async def test_a_press_is_on_disk_when_it_is_answered(hub: Hub, slack: FakeSlack) -> None:
    body = pressed(slack)

    assert await posted(hub, body, room.signed(slack, body)) == (200, None)
    assert await presses(hub) == [body]
    await hub.done(1)
    assert [one.text for one in await hub.log(f"{slack.home.id}/{room.DIRECT}")] == ["Không"]


async def test_a_press_is_sent_back_while_the_database_is_away_and_stored_once_by_its_retry(
    wired: Hub, slack: FakeSlack, wire: Wire
) -> None:
    body = pressed(slack)
    wire.cut_for_good()
    away = await posted(wired, body, room.signed(slack, body))
    wire.mend()
    again = [await posted(wired, body, room.signed(slack, body)) for _ in range(2)]

    assert (away, again) == ((503, "5"), [(200, None)] * 2)
    assert await presses(wired) == [body]


async def test_a_press_whose_writing_nobody_confirmed_is_sent_back_and_stored_once(
    wired: Hub, slack: FakeSlack, wire: Wire
) -> None:
    body = pressed(slack)
    wire.plan(Cut(after="insert"))
    unsure = await posted(wired, body, room.signed(slack, body))
    wire.mend()
    again = await posted(wired, body, room.signed(slack, body))

    assert (unsure[0], again[0]) == (503, 200)
    assert await presses(wired) == [body]


async def test_a_full_disk_sends_a_press_back(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account
) -> None:
    async with a_hub(fresh, tmp_path, slack, account, disk_floor_mb=10**9) as hub:
        body = pressed(slack)

        assert await posted(hub, body, room.signed(slack, body)) == (503, "60")
        assert await hub.kept() == []


@pytest.mark.parametrize("late", [-301, 360])  # the second grows less late until it is there
async def test_a_forged_or_late_press_is_refused_and_nothing_is_stored(hub: Hub, slack: FakeSlack, late: int) -> None:
    body = pressed(slack)
    tried: list[dict[str, str]] = [
        {},
        room.signed(slack, body, secret="guessed"),
        room.signed(slack, body + b"&"),
        room.signed(slack, body, at=int(time.time()) + late),
    ]

    assert [(await posted(hub, body, one))[0] for one in tried] == [401] * 4
    assert await hub.kept() == []


async def test_a_header_that_nobody_signed_keeps_no_press_from_being_kept(hub: Hub, slack: FakeSlack) -> None:
    """Bolt skips its handler for a request that says it comes from itself."""
    body = pressed(slack)
    own = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "x"}

    assert (await posted(hub, body, {**room.signed(slack, body), **own}))[0] == 200
    assert await presses(hub) == [body]
