"""Asking for updates: confirmed once they are kept and not before, and every trouble a sentence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import msgspec
import pytest

from channels.base import Batch
from channels.fakes.telegram import Bot, FakeTelegram, Fault
from channels.telegram import Telegram
from hub.errors import Unreachable
from hub.model import Account
from tests.channels.telegram.scene import LAN, TOKEN, an_account


async def batch(batches: AsyncIterator[Batch]) -> list[str]:
    """The texts of the next batch."""
    async with asyncio.timeout(20):
        return [text(one.body) for one in (await anext(batches)).arrivals]


def text(body: bytes) -> str:
    update: dict[str, Any] = msgspec.json.decode(body)
    return str(update["message"]["text"])


def listening(channel: Telegram, account: Account, cursor: str | None = None) -> Any:
    return aclosing(channel.listen(account, cursor))  # type: ignore[type-var]  # a generator, declared as an iterator


async def test_updates_are_confirmed_by_asking_for_the_next(channel: Telegram, account: Account, bot: Bot) -> None:
    bot.hears(LAN, "một")
    async with listening(channel, account) as batches:
        first = await batch(batches)
        waiting_while_kept = len(bot.updates.waiting)
        bot.hears(LAN, "hai")
        second = await batch(batches)

    assert (first, waiting_while_kept, second) == (["một"], 1, ["hai"])
    assert [text(msgspec.json.encode(one.update)) for one in bot.updates.waiting] == ["hai"]


async def test_what_was_not_kept_is_handed_over_again(channel: Telegram, account: Account, bot: Bot) -> None:
    bot.hears(LAN, "một")
    async with listening(channel, account) as batches:
        before = await anext(batches)

    async with listening(channel, account) as batches:
        again = await anext(batches)

    assert before.arrivals == again.arrivals
    assert before.cursor == str(bot.updates.waiting[-1].id)


async def test_the_kinds_are_named_every_time(channel: Telegram, account: Account, telegram: FakeTelegram) -> None:
    async with listening(channel, account) as batches:
        await anext(batches)

    assert set(telegram.calls[-1].values["allowed_updates"]) == {
        "message",
        "edited_message",
        "message_reaction",
        "my_chat_member",
        "callback_query",
    }


async def test_a_quiet_account_says_that_it_is_well_at_once(channel: Telegram, account: Account) -> None:
    async with listening(channel, account, "77") as batches, asyncio.timeout(20):
        assert await anext(batches) == Batch(arrivals=(), cursor="77")


async def test_a_message_is_handed_over_while_we_wait(channel: Telegram, account: Account, bot: Bot) -> None:
    async with listening(channel, account) as batches:
        await anext(batches)
        asking = asyncio.ensure_future(batch(batches))
        while not bot.updates.polls > 1:
            await asyncio.sleep(0)
        bot.hears(LAN, "đây")
        assert await asking == ["đây"]


async def unreachable(channel: Telegram, account: Account) -> Unreachable:
    with pytest.raises(Unreachable) as found:
        async with listening(channel, account) as batches, asyncio.timeout(20):
            async for one in batches:
                assert one.arrivals == ()
    assert TOKEN not in str(found.value) + repr(found.value.__cause__)
    return found.value


async def test_a_revoked_token_needs_a_person(channel: Telegram, account: Account, bot: Bot) -> None:
    bot.revoked = True

    error = await unreachable(channel, account)

    assert error.for_good and "hub connect telegram" in str(error)


async def test_a_webhook_that_somebody_set_is_named(channel: Telegram, account: Account, bot: Bot) -> None:
    bot.updates.set_hook(True)

    assert "A webhook is set" in str(await unreachable(channel, account))


async def test_a_second_program_that_asks_is_named(channel: Telegram, account: Account) -> None:
    async with listening(channel, account) as batches:
        await anext(batches)
        asking = asyncio.ensure_future(anext(batches))
        another = Telegram()
        async with listening(another, account) as theirs:
            await anext(theirs)
            with pytest.raises(Unreachable, match="Another program asks"):
                await asking
        await another.close()


@pytest.mark.parametrize("fault", ["refuse", "drop", "half", "malformed", "bad gateway"])
async def test_a_broken_answer_loses_nothing(
    channel: Telegram, account: Account, telegram: FakeTelegram, bot: Bot, fault: Fault
) -> None:
    bot.hears(LAN, "một")
    telegram.faults.script["getUpdates"].append(fault)
    await unreachable(channel, account)

    async with listening(channel, account) as batches:
        assert await batch(batches) == ["một"]


async def test_a_server_that_is_away_is_a_sentence(channel: Telegram) -> None:
    assert "cannot be reached" in str(await unreachable(channel, an_account("http://127.0.0.1:9")))


# -- the watch over a webhook -----------------------------------------------------------------------------------------


async def test_with_a_webhook_nobody_asks_for_updates(channel: Telegram, telegram: FakeTelegram, bot: Bot) -> None:
    bot.hook = {"url": "https://hub.example/in/tg", "secret_token": "", "max_connections": 40}
    async with listening(channel, an_account(telegram.url, "webhook")) as batches:
        assert (await anext(batches)).arrivals == ()

    assert [one.method for one in telegram.calls] == ["getWebhookInfo"]


async def test_a_webhook_that_fails_is_named_with_what_waits(
    channel: Telegram, telegram: FakeTelegram, bot: Bot
) -> None:
    bot.hook = {
        "url": "https://hub.example/in/tg",
        "secret_token": "",
        "max_connections": 40,
        "last_error_date": int(bot.clock.now()),
        "last_error_message": "SSL error: certificate verify failed",
    }
    bot.hears(LAN, "một")

    error = await unreachable(channel, an_account(telegram.url, "webhook"))

    assert "certificate verify failed. 1 wait there." in str(error)


async def test_a_webhook_that_leads_elsewhere_is_named(channel: Telegram, telegram: FakeTelegram, bot: Bot) -> None:
    error = await unreachable(channel, an_account(telegram.url, "webhook"))

    assert "hub connect telegram" in str(error)
