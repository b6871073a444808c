"""Connecting: the token is tried at once, and Telegram knows afterwards where to hand over."""

from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.base import Backfill, Borrows, Check, Closing, Connects, Files, Kept, Listener, Named, Webhook
from channels.fakes.telegram import Bot, FakeTelegram
from channels.telegram import Telegram, wire
from channels.telegram.connect import is_reachable
from hub.errors import BadInput, Unreachable
from hub.model import Account
from tests.channels.email.certificates import Authority
from tests.channels.telegram.scene import LAN, PUBLIC, SECRET, TOKEN, an_account, house


def test_it_can_what_the_contract_lets_a_channel_do() -> None:
    for able in (Webhook, Listener, Files, Kept, Connects, Borrows, Check, Named, Closing):
        assert isinstance(Telegram(), able)
    assert not isinstance(Telegram(), Backfill)


@pytest.mark.parametrize(
    ("url", "reachable"),
    [
        ("https://hub.mocan.vn", True),
        ("https://hub.mocan.vn:8443/", True),
        ("https://203.0.114.9", True),
        ("http://hub.mocan.vn", False),
        ("https://hub.mocan.vn:9000", False),
        ("https://localhost", False),
        ("https://192.168.1.7", False),
        ("https://127.0.0.1", False),
        ("https://hub.local", False),
        ("https://hub:99999", False),
        ("", False),
    ],
)
def test_which_addresses_telegram_can_call(url: str, reachable: bool) -> None:
    assert is_reachable(url) is reachable


async def test_with_a_public_address_the_webhook_is_set(
    channel: Telegram, telegram: FakeTelegram, account: Account, bot: Bot
) -> None:
    channel.borrow(house(PUBLIC))

    connected = await channel.connect(account, {"token": f" {TOKEN} "})

    assert connected.name == "@mocan_bot"
    assert connected.settings["way"] == "webhook"
    assert connected.settings["api_url"] == telegram.url
    assert msgspec.json.decode(connected.secrets, type=wire.Secrets) == wire.Secrets(token=TOKEN, secret=SECRET)
    assert bot.hook["url"] == f"{PUBLIC}/in/tg" and bot.hook["secret_token"] == SECRET
    assert "message_reaction" in bot.updates.allowed
    assert set(connected.steps) == {"vi", "en"} and "t.me/mocan_bot" in connected.steps["vi"][0]


async def test_without_one_the_hub_asks_and_nothing_that_waits_is_dropped(
    channel: Telegram, account: Account, bot: Bot
) -> None:
    bot.hook, bot.updates.hooked = {"url": "https://old.example/x", "secret_token": "", "max_connections": 1}, True
    bot.hears(LAN, "đang chờ")

    connected = await channel.connect(account, {"token": TOKEN})

    assert connected.settings["way"] == "polling"
    assert (bot.hook, len(bot.updates.waiting)) == ({}, 1)


@pytest.mark.parametrize("token", ["", "abc", "123", ":x", "1:mật khẩu", "1:a/../b", "١:x"])
async def test_what_cannot_be_a_token_is_not_tried(
    channel: Telegram, account: Account, telegram: FakeTelegram, token: str
) -> None:
    with pytest.raises(BadInput, match="123456:ABC"):
        await channel.connect(account, {"token": token})
    assert telegram.calls == []


async def test_a_token_that_telegram_does_not_know_says_where_to_get_one(channel: Telegram, account: Account) -> None:
    with pytest.raises(BadInput, match="@BotFather") as found:
        await channel.connect(account, {"token": "999:unknown"})
    assert found.value.field == "token"


async def test_telegram_away_says_what_to_look_at(channel: Telegram) -> None:
    with pytest.raises(BadInput, match="connection to the internet"):
        await channel.connect(an_account("http://127.0.0.1:9"), {"token": TOKEN})


async def test_a_working_account_has_nothing_to_say(channel: Telegram, account: Account) -> None:
    assert await channel.check(account) is None


async def test_a_revoked_token_a_webhook_and_an_absent_server_are_named(
    channel: Telegram, account: Account, bot: Bot
) -> None:
    bot.hook = {"url": "https://elsewhere.example", "secret_token": "", "max_connections": 40}
    hooked = await channel.check(account)
    bot.revoked = True
    revoked = await channel.check(account)

    assert hooked is not None and "A webhook is set" in hooked
    assert revoked is not None and "token" in revoked
    assert "cannot be reached" in (await channel.check(an_account("http://127.0.0.1:9")) or "")


async def test_a_certificate_that_has_expired_is_said(channel: Telegram, tmp_path: Path) -> None:
    server = TestServer(web.Application(), scheme="https")
    await server.start_server(ssl=Authority(tmp_path).server(tmp_path, days=-1))
    old = an_account(str(server.make_url("")).rstrip("/"))
    with pytest.raises(Unreachable, match="certificate is not trusted") as found:
        await anext(channel.listen(old, None))
    with pytest.raises(BadInput, match="certificate is not trusted"):
        await channel.connect(old, {"token": TOKEN})

    assert not found.value.for_good
    assert await channel.check(old) == str(found.value)
    await server.close()
