"""A Telegram on this machine, a bot of it, and a whole hub that the bot belongs to."""

import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from channels.fakes.telegram import Bot, FakeTelegram
from channels.telegram import Telegram
from hub.arrivals.hearing import Pace
from hub.arrivals.listening import Listening
from hub.arrivals.tagging import Tagger
from hub.clock import utc_now
from hub.commands.rooms import new_worker, open_rooms
from hub.commands.serving import parts_of
from hub.embedded import StoreUrls
from hub.model import Account
from hub.settings import Settings
from inbox_web.app import make_app
from tests.channels.telegram.scene import PUBLIC, TOKEN, UNHURRIED, Hub, an_account, beside, house, settle


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(rules=UNHURRIED, conflict_s=0.05) as fake:
        yield fake


@pytest.fixture
def bot(telegram: FakeTelegram) -> Bot:
    return telegram.add_bot(TOKEN, "mocan_bot")


@pytest.fixture
async def channel() -> AsyncIterator[Telegram]:
    one = Telegram()
    one.borrow(house())
    yield one
    await one.close()


@pytest.fixture
def account(telegram: FakeTelegram, bot: Bot) -> Account:
    return an_account(telegram.url)


@pytest.fixture
async def hub(fresh: StoreUrls, tmp_path: Path, telegram: FakeTelegram, bot: Bot) -> AsyncIterator[Hub]:
    """The door on a free port with a worker; PUBLIC leads to it for the fake's webhooks."""
    async with contextlib.AsyncExitStack() as stack:
        settings = Settings(data=tmp_path, disk_floor_mb=0)
        rooms = await stack.enter_async_context(open_rooms(settings, fresh.mongo, fresh.redis))
        server = TestServer(make_app(parts_of(rooms, None)))
        await stack.enter_async_context(server)
        url = str(server.make_url("/")).rstrip("/")
        telegram.routes[PUBLIC] = url
        await stack.enter_async_context(beside(new_worker(rooms, Tagger(tmp_path / "models")).run()))
        yield Hub(rooms, url)


@pytest.fixture
async def hooked(hub: Hub, telegram: FakeTelegram, bot: Bot) -> AsyncIterator[Hub]:
    """The hub with the bot's webhook at its door, set as connecting sets it."""
    account = an_account(telegram.url, "webhook")
    channel = Telegram()
    channel.borrow(house(PUBLIC))
    await channel.connect(account, {"token": TOKEN})
    await channel.close()
    await settle(hub, account)
    yield hub


@pytest.fixture
async def polling(hub: Hub, telegram: FakeTelegram) -> AsyncIterator[Hub]:
    """The hub asking for the bot's updates, impatiently after failures."""
    await settle(hub, an_account(telegram.url))
    pace = Pace(look_s=0.05, first_s=0.05, for_good_s=0.2)
    rooms, chance = hub.rooms, random.Random(1)
    ears = (rooms.store, rooms.bus, rooms.announcer, rooms.accounts, rooms.channels, rooms.door, utc_now)
    listening = Listening(*ears, "one", chance, pace)
    async with beside(listening.run()):
        yield hub
