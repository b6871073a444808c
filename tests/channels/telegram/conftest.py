"""A Telegram on this machine, a bot of it, and a whole hub that the bot belongs to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.fakes.telegram import Bot, FakeTelegram
from channels.telegram import Telegram
from hub.embedded import StoreUrls
from hub.model import Account
from tests.channels.telegram.scene import ACCOUNT, PUBLIC, TOKEN, UNHURRIED, an_account, house
from tests.channels.whole_hub import Hub, beside, listening, opened, settle


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
    async with opened(fresh, tmp_path) as (rooms, url):
        telegram.routes[PUBLIC] = url
        yield Hub(rooms, url, ACCOUNT)


@pytest.fixture
async def hooked(hub: Hub, telegram: FakeTelegram, bot: Bot) -> AsyncIterator[Hub]:
    """The hub with the bot's webhook at its door, set as connecting sets it."""
    account = an_account(telegram.url, "webhook")
    channel = Telegram()
    channel.borrow(house(PUBLIC))
    await channel.connect(account, {"token": TOKEN})
    await channel.close()
    await settle(hub.rooms, account)
    yield hub


@pytest.fixture
async def polling(hub: Hub, telegram: FakeTelegram) -> AsyncIterator[Hub]:
    """The hub asking for the bot's updates, impatiently after failures."""
    await settle(hub.rooms, an_account(telegram.url))
    async with beside(listening(hub.rooms).run()):
        yield hub
