"""The mirror through the whole hub: from a customer's words to the team's channel, and from its button back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from channels.fakes.slack import FakeSlack
from hub.embedded import StoreUrls
from tests.channels.slack import room
from tests.channels.slack.hub import a_hub
from tests.channels.whole_hub import Hub

TEAM = "C0TEAM0001"
THREAD = f"T0SHOP0001/{room.DIRECT}"


@pytest.fixture
async def hub(fresh: StoreUrls, tmp_path: Path, slack: FakeSlack) -> AsyncIterator[Hub]:
    """Its own conversations are mirrored, since it names itself."""
    slack.home.add_channel(TEAM, "team")
    account = room.account_of(slack, mirror=TEAM, mirror_accounts=["acc"])
    async with a_hub(fresh, tmp_path, slack, account) as made:
        await followed(made)
        yield made


async def followed(hub: Hub) -> None:
    """Wait until the mirror has begun."""
    async with asyncio.timeout(20):
        while await hub.rooms.store.cursors.get(f"mirror:acc:{TEAM}") is None:
            await asyncio.sleep(0.02)


async def shown(slack: FakeSlack, count: int) -> list[Any]:
    """What stands in the team's channel, once there is so much."""
    async with asyncio.timeout(20):
        while len(slack.home.channels[TEAM].messages) < count:
            await asyncio.sleep(0.02)
    return slack.home.channels[TEAM].messages


@pytest.mark.timeout(120)
async def test_a_customer_is_answered_from_the_teams_channel(hub: Hub, slack: FakeSlack) -> None:
    slack.say(room.DIRECT, room.LAN, "Bàn này còn không?")
    await slack.pusher.push_due()
    head, _ = await shown(slack, 2)
    slack.say(TEAM, room.MINH, "Dạ còn ạ", thread_ts=head["ts"])
    await slack.pusher.push_due()
    button = (await shown(slack, 4))[-1]
    slack.press(TEAM, button["ts"], room.MINH)
    await slack.pusher.push_due()

    entries = await hub.until(THREAD, lambda found: found[-1].delivery == "sent")
    assert [(one.kind, one.author.name, one.text) for one in entries] == [
        ("in", "Lan", "Bàn này còn không?"),
        ("note", "Minh Đỗ", "Dạ còn ạ"),
        ("out", "Minh Đỗ", "Dạ còn ạ"),
    ]
    assert slack.home.channels[room.DIRECT].messages[-1]["text"] == "Dạ còn ạ"
    assert (await shown(slack, 5))[-1]["text"] == "↩ *Minh Đỗ*\nDạ còn ạ"
