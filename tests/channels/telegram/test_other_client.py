"""The fake understands a client that nobody here wrote: grammY, from npm."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from channels.fakes.telegram import Bot, FakeTelegram
from tests.channels.from_npm import fetched
from tests.channels.telegram.scene import LAN, PNG, TOKEN

SCRIPT = Path(__file__).with_name("other_client.mjs")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetched(tmp_path_factory.mktemp("grammy"), SCRIPT, "grammy@1")


@pytest.mark.timeout(180)
async def test_grammy_talks_with_the_fake_as_with_telegram(client: Path, telegram: FakeTelegram, bot: Bot) -> None:
    node = await asyncio.create_subprocess_exec(
        "node",
        SCRIPT.name,
        telegram.url,
        TOKEN,
        cwd=client,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        bot.hears(LAN, "/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
        await sent(bot, 1)
        bot.presses(LAN, bot.sent[0], "Giá")
        bot.hears_file(LAN, "photo", PNG, "a.jpg")
        await sent(bot, 2)
        bot.edits(bot.hears(LAN, "còn áo?"), "còn áo M?")
        await sent(bot, 3)
        bot.hears(LAN, "hết")
        out, errors = await node.communicate()

    assert (node.returncode, errors) == (0, b"")
    assert msgspec.json.decode(out) == [
        ["photo", len(PNG)],
        ["text", "còn áo?"],
        ["edit", "còn áo M?"],
        ["text", "hết"],
    ]
    assert [one.get("text") or one["caption"] for one in bot.sent] == ["Dạ 90k ạ", "Dạ đây", "còn áo?"]
    assert len(bot.answered) == 1 and bot.updates.waiting == []


async def sent(bot: Bot, count: int) -> None:
    while len(bot.sent) < count:
        await asyncio.sleep(0.01)
