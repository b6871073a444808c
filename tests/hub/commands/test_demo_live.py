"""`hub demo --live`: one inbox, four channels, and false platforms that carry every answer back to who asked."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from hub.arrivals.hearing import Pace
from hub.arrivals.listening import Listening
from hub.clock import utc_now
from hub.commands import demo
from hub.commands.demo_shop import guests, posts
from hub.commands.demo_shop.live import Crowd
from hub.commands.demo_shop.town import CHANNEL, Town, open_town
from hub.commands.first_start import DEMO_ACCOUNT
from hub.commands.rooms import Rooms, open_rooms
from hub.commands.serving import parts_of
from hub.commands.whereabouts import address_of
from hub.departures.compose import Draft
from hub.model import Account, Author, Conversation, Message
from hub.settings import Settings
from hub.store.windows import spans
from inbox_web.app import make_app
from tests.hub.commands.conftest import until

LAN = Author(kind="agent", id="a_lan", name="Lan Anh")
PACE = Pace(look_s=0.1, first_s=0.1)
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def hub(rooms: Rooms, worker: None) -> AsyncIterator[Settings]:
    """A hub that runs, as `hub up` does: its web, a worker and its listeners; where it is."""
    ears = (rooms.store, rooms.bus, rooms.announcer, rooms.accounts, rooms.channels, rooms.door, utc_now)
    listening = asyncio.create_task(Listening(*ears, "one", random.Random(1), PACE).run())
    async with TestServer(make_app(parts_of(rooms, None))) as server:
        yield msgspec.structs.replace(rooms.settings, host="127.0.0.1", port=server.port)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


@pytest.fixture
async def beside(hub: Settings) -> AsyncIterator[Rooms]:
    """The rooms of the command, which is another process."""
    async with open_rooms(hub, str(hub.mongo_url), str(hub.redis_url)) as made:
        yield made


async def demo_accounts(rooms: Rooms) -> dict[str, Account]:
    return {one.kind: one for one in await rooms.store.accounts.all() if one.settings.get("demo")}


async def by_channel(rooms: Rooms) -> dict[str, Conversation]:
    found = [one for span in spans("c_", 1) for one in await rooms.store.conversations.of_span(*span)]
    return {one.channel: one for one in found}


async def said(rooms: Rooms, talk: Conversation) -> list[Message]:
    """What the customer said in it."""
    log = await rooms.store.messages.window(talk.id, 0, 1_000)
    return [one for one in log if one.kind == "in"]


@contextlib.asynccontextmanager
async def coming(crowd: Crowd) -> AsyncIterator[None]:
    crowd.pause = _at_once  # type: ignore[method-assign]  # its one wait on chance
    task = asyncio.create_task(crowd.come(rate=0.001))  # one by each way at once, the next in a day
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _at_once(least_s: float, most_s: float) -> None:
    await asyncio.sleep(0)


async def test_four_channels_stand_in_one_inbox_and_every_answer_reaches_who_asked(
    rooms: Rooms, beside: Rooms, hub: Settings
) -> None:
    lines: list[str] = []
    async with open_town(beside, address_of(hub)) as town:
        chance = random.Random(5)
        crowd = Crowd(address_of(hub), DEMO_ACCOUNT, chance, lines.append, ways=guests.ways(town, chance))
        async with coming(crowd):
            await until(lambda: _has(rooms, 4))
            talks = await by_channel(rooms)
            for talk in talks.values():
                words = f"Dạ em chào anh/chị ({talk.channel})"
                await rooms.composer.reply(
                    Draft(author=LAN, conversation=talk.id, key=f"k-{talk.id}", text=words, seen=talk.head)
                )
            await until(lambda: _went_on(rooms, talks))
        assert set(talks) == {"webchat", "telegram", "email", "slack"}
        assert answers(town) == {channel: f"Dạ em chào anh/chị ({channel})" for channel in ("telegram", "slack")}
        assert "Dạ em chào anh/chị (email)" in posts.answer_of(town.smtp.taken[0].mail).text

    assert (crowd.came, crowd.heard) == (4, 4)
    assert {one for one in ("Telegram", "Email", "Slack") for line in lines if f"({one})" in line} == {
        "Telegram",
        "Email",
        "Slack",
    }
    mail = (await said(rooms, talks["email"]))[-1]
    newest = "".join(mail.text[low:high] for low, high in mail.visible)
    assert (mail.html is not None, "Dạ em chào" in mail.text, "Dạ em chào" in newest) == (True, True, False)
    left = await demo_accounts(rooms)
    assert {(one.on, one.health) for one in left.values()} == {(False, None)}


def answers(town: Town) -> dict[str, str]:
    """The newest answer at the false platforms whose messages are plain."""
    own = [one for one in town.slack.home.channels[CHANNEL].messages if one.get("bot_id")]
    return {"telegram": town.bot.sent[-1]["text"], "slack": own[-1]["text"]}


async def _has(rooms: Rooms, count: int) -> bool:
    return len(await by_channel(rooms)) == count


async def _went_on(rooms: Rooms, talks: dict[str, Conversation]) -> bool:
    """Whether everybody answered the answer, in the same conversation."""
    return all([len(await said(rooms, one)) >= 2 for one in talks.values()])


async def test_the_command_ends_by_itself_and_a_second_run_takes_the_same_accounts(
    rooms: Rooms, hub: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await demo._live(hub, rate=1.0, minutes=0.01) == 0
    first = await demo_accounts(rooms)
    assert await demo._live(hub, rate=1.0, minutes=0.01) == 0
    second = await demo_accounts(rooms)

    assert set(first) == {"telegram", "email", "slack"}
    assert {one.id for one in first.values()} == {one.id for one in second.values()}
    assert {(one.on, one.health) for one in second.values()} == {(False, None)}
    assert {one.at for one in first.values()} == {one.at for one in second.values()}
    assert "false ones, on this machine" in capsys.readouterr().out


def test_nothing_but_the_demo_and_the_tests_knows_the_false_platforms() -> None:
    top = Path(demo.__file__).parents[2]
    house = [path for room in ("hub", "channels", "inbox_web", "nlp") for path in (top / room).rglob("*.py")]
    who = {path.relative_to(top) for path in house if "channels.fakes" in path.read_text("utf-8")}
    outside = [one for one in who if not str(one).startswith(("channels/fakes/", "hub/commands/demo"))]
    assert [one for one in outside if "node_modules" not in one.parts] == []
