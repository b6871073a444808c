"""Socket Mode: an envelope is acknowledged when its arrival is kept, and a dead connection is noticed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import msgspec
import pytest

from channels.base import Batch
from channels.fakes.slack import FakeSlack, Fault, Workspace
from channels.slack import Slack
from channels.slack.socket_mode import Patience
from hub.errors import Unreachable
from hub.model import Account
from tests.channels.slack import room


@pytest.fixture
def slack(slack: FakeSlack) -> FakeSlack:
    slack.socket_mode = True
    return slack


@pytest.fixture
def account(slack: FakeSlack) -> Account:
    return room.account_of(slack, socket=True)


def listening(channel: Slack, account: Account) -> Any:
    return aclosing(cast(Any, channel.listen(account, None)))


async def words(batches: AsyncIterator[Batch]) -> list[str]:
    """The names of the next arrivals, past batches that only say that all is well."""
    async for batch in batches:
        if batch.arrivals:
            return [one.external for one in batch.arrivals]
    raise AssertionError


async def test_an_envelope_is_acknowledged_only_when_the_next_batch_is_asked_for(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    async with listening(channel, account) as batches:
        assert (await anext(batches)).arrivals == ()
        said = slack.say(room.HELP, room.LAN, "Chào")

        assert await words(batches) == [f"{room.HELP}:{said['ts']}"]
        assert len(slack.sockets.unacknowledged) == 1

        assert (await anext(batches)).arrivals == ()
        await slack.sockets.until(lambda: len(slack.sockets.acknowledged) == 1)


async def test_what_was_not_kept_comes_again(slack: FakeSlack, channel: Slack, account: Account) -> None:
    said = slack.say(room.HELP, room.LAN, "Chào")
    async with listening(channel, account) as batches:
        assert await words(batches) == [f"{room.HELP}:{said['ts']}"]  # and the hub stops before it is kept

    async with listening(channel, account) as batches:
        assert await words(batches) == [f"{room.HELP}:{said['ts']}"]
    assert slack.sockets.acknowledged == []


async def test_buttons_come_over_the_socket_too(slack: FakeSlack, channel: Slack, account: Account) -> None:
    to = f"{slack.home.id}/{room.DIRECT}"
    await channel.send(account, to, room.part("Chọn", options=("Có", "Không")))
    (message,) = slack.home.channels[room.DIRECT].messages
    async with listening(channel, account) as batches:
        await anext(batches)
        slack.press(room.DIRECT, message["ts"], room.LAN, index=1)
        names = [*await words(batches), *await words(batches)]

    assert sum(name.startswith(f"press:{room.DIRECT}:") for name in names) == 1


async def test_what_the_hub_has_no_use_for_is_acknowledged_at_once(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    async with listening(channel, account) as batches:
        await anext(batches)
        slack.tell(slack.home, {"type": "star_added"})
        await slack.sockets.add("slash_commands", {"command": "/help", "team_id": slack.home.id})
        await slack.sockets.until(lambda: len(slack.sockets.acknowledged) == 2)


async def test_another_workspaces_event_is_left_to_its_own_account(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    north = Workspace(id="T0NORTH001", bot_token="xoxb-north", channels={room.HELP: slack.home.channels[room.HELP]})
    async with listening(channel, account) as batches:
        await anext(batches)
        slack.say(room.HELP, room.LAN, "North", home=north)
        ours = slack.say(room.HELP, room.LAN, "Chào")
        assert await words(batches) == [f"{room.HELP}:{ours['ts']}"]
        await anext(batches)
        await slack.sockets.until(lambda: len(slack.sockets.acknowledged) == 1)
    assert len(slack.sockets.unacknowledged) == 1


async def test_many_envelopes_are_in_hand_at_once(slack: FakeSlack, channel: Slack, account: Account) -> None:
    for index in range(50):
        slack.say(room.HELP, room.LAN, str(index))
    async with listening(channel, account) as batches:
        names = await words(batches)
        while len(names) < 50:
            names += await words(batches)
        await anext(batches)
        await slack.sockets.until(lambda: len(slack.sockets.acknowledged) == 50)
    assert len(set(names)) == 50


# -- connections end --------------------------------------------------------------------------------------------------


async def test_a_refreshed_connection_goes_on(slack: FakeSlack, channel: Slack, account: Account) -> None:
    async with listening(channel, account) as batches:
        await anext(batches)
        await slack.sockets.disconnect("refresh_requested")
        said = slack.say(room.HELP, room.LAN, "Chào")

        assert await words(batches) == [f"{room.HELP}:{said['ts']}"]


async def test_a_cut_connection_is_made_again(slack: FakeSlack, channel: Slack, account: Account) -> None:
    async with listening(channel, account) as batches:
        await anext(batches)
        await slack.sockets.cut()
        said = slack.say(room.HELP, room.LAN, "Chào")

        assert await words(batches) == [f"{room.HELP}:{said['ts']}"]


async def test_a_connection_that_is_open_and_dead_is_made_anew(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    slack.sockets.greets = False
    said = slack.say(room.HELP, room.LAN, "Chào")
    async with listening(channel, account) as batches:
        await anext(batches)
        waiting = asyncio.ensure_future(words(batches))
        await asyncio.wait([waiting], timeout=0.3)
        slack.sockets.greets = True  # the next connection is served

        assert await waiting == [f"{room.HELP}:{said['ts']}"]
    assert sum(one.method == "apps.connections.open" for one in slack.calls) >= 2


async def test_switched_off_socket_mode_is_said_for_good(slack: FakeSlack, channel: Slack, account: Account) -> None:
    async with listening(channel, account) as batches:
        await anext(batches)
        await slack.sockets.disconnect("link_disabled")
        with pytest.raises(Unreachable, match="switched off") as off:
            await words(batches)
    assert off.value.for_good


@pytest.mark.parametrize(("error", "for_good"), [("invalid_auth", True), ("internal_error", False)])
async def test_a_socket_that_is_not_given_is_said(
    slack: FakeSlack, channel: Slack, account: Account, error: str, for_good: bool
) -> None:
    slack.faults.append(Fault(method="apps.connections.open", harm="refuse", status=200, error=error))
    with pytest.raises(Unreachable) as refused:
        await anext(channel.listen(account, None))
    assert refused.value.for_good is for_good


async def test_a_wrong_app_token_is_said_for_good(slack: FakeSlack, channel: Slack, account: Account) -> None:
    wrong = msgspec.structs.replace(account, secrets=b'{"bot_token":"xoxb-fake-token","app_token":"xapp-old"}')
    with pytest.raises(Unreachable) as refused:
        await anext(channel.listen(wrong, None))
    assert refused.value.for_good


async def test_a_socket_that_does_not_open_is_tried_again(slack: FakeSlack, account: Account) -> None:
    """The SDK would try for ever, with the hub none the wiser."""
    slack.sockets.closed_to_all = True
    hasty = Slack(Patience(connect_s=0.2, ping_s=0.05))
    with pytest.raises(Unreachable, match="cannot be opened"):
        await anext(hasty.listen(account, None))
    await hasty.close()


async def test_an_idle_socket_says_that_all_is_well(slack: FakeSlack, channel: Slack, account: Account) -> None:
    async with listening(channel, account) as batches:
        assert [(await anext(batches)).arrivals for _ in range(3)] == [(), (), ()]
