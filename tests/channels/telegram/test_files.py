"""A file is fetched by our server, whole or not at all, and its address shows nowhere."""

import msgspec
import pytest

from channels.fakes.telegram import Bot, FakeTelegram
from channels.telegram import Telegram
from hub.errors import Refused, Retry, SendFailure
from hub.model import Account
from tests.channels.telegram.scene import TOKEN, an_account

MEGA = 1 << 20


async def fetched(channel: Telegram, account: Account, ref: str) -> bytes:
    return b"".join([piece async for piece in channel.fetch(account, ref)])


async def failure(channel: Telegram, account: Account, ref: str) -> SendFailure:
    with pytest.raises(SendFailure) as found:
        await fetched(channel, account, ref)
    error: BaseException | None = found.value
    while error is not None:
        assert TOKEN not in str(error) + repr(error)
        error = error.__cause__
    return found.value


async def test_a_file_comes_whole(channel: Telegram, account: Account, bot: Bot) -> None:
    data = bytes(range(256)) * 4096

    assert await fetched(channel, account, bot.keep_file(data, "a.bin").id) == data


async def test_a_file_over_20_mb_is_refused_with_another_way(channel: Telegram, account: Account, bot: Bot) -> None:
    error = await failure(channel, account, bot.keep_file(b"x", "a.bin", size=20 * MEGA + 1).id)

    assert isinstance(error, Refused) and "up to 20 MB" in str(error)


async def test_a_file_that_is_gone_is_refused(channel: Telegram, account: Account) -> None:
    assert isinstance(await failure(channel, account, "unknown"), Refused)


async def test_a_file_whose_connection_ends_in_the_middle_is_tried_again(
    channel: Telegram, account: Account, telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.faults.script["file"].append("half")
    ref = bot.keep_file(b"x" * MEGA, "a.bin").id

    assert isinstance(await failure(channel, account, ref), Retry)
    assert len(await fetched(channel, account, ref)) == MEGA


async def test_telegram_away_is_tried_again(channel: Telegram) -> None:
    assert isinstance(await failure(channel, an_account("http://127.0.0.1:9"), "x"), Retry)


async def test_a_revoked_token_says_to_connect_again(channel: Telegram, account: Account, bot: Bot) -> None:
    bot.revoked = True

    assert "Connect the bot again" in str(await failure(channel, account, "x"))


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", ""])
async def test_a_path_on_a_servers_own_disk_is_not_followed(
    channel: Telegram, account: Account, bot: Bot, path: str
) -> None:
    file = bot.keep_file(b"x", "a.bin")
    bot.files[file.id] = msgspec.structs.replace(file, path=path)

    assert isinstance(await failure(channel, account, file.id), Refused)
