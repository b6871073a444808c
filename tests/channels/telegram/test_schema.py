"""What we ask of Telegram, and what the fake answers and tells, is what the Bot API publishes."""

from contextlib import aclosing
from typing import Any

import pytest

from channels.fakes.telegram import Bot, FakeTelegram
from channels.telegram import Telegram
from hub.model import Account
from tests.channels.telegram.scene import LAN, MINH, PNG, PUBLIC, TOKEN, a_file, a_part, an_account, house
from tests.channels.telegram.schema import PLACE, WHY, Schema

pytestmark = pytest.mark.skipif(not PLACE.exists(), reason=WHY)
GROUP = -1002200113344


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema()


def wrong(schema: Schema, telegram: FakeTelegram) -> list[str]:
    """Everything that was asked and answered so far, against the schema."""
    found: list[str] = []
    for call in telegram.calls:
        found += schema.check_call(call.method, call.values, call.files)
        if call.answer["ok"]:
            found += schema.check_result(call.method, call.answer["result"])
    return found


async def test_connecting_watching_and_asking(
    channel: Telegram, account: Account, telegram: FakeTelegram, schema: Schema
) -> None:
    await channel.connect(account, {"token": TOKEN})
    channel.borrow(house(PUBLIC))
    await channel.connect(account, {"token": TOKEN})
    await channel.check(an_account(telegram.url, "webhook"))
    await channel.connect(account, {"token": TOKEN})
    telegram.bots[TOKEN].updates.set_hook(False)
    async with aclosing(channel.listen(account, None)) as batches:  # type: ignore[type-var]  # a generator, declared as an iterator
        await anext(batches)

    assert {one.method for one in telegram.calls} >= {"getMe", "setWebhook", "deleteWebhook", "getUpdates"}
    assert wrong(schema, telegram) == []


async def test_everything_that_is_sent(
    channel: Telegram, account: Account, telegram: FakeTelegram, bot: Bot, schema: Schema
) -> None:
    to = str(bot.private(LAN).id)
    bot.group(GROUP, "Khách sỉ", topics=(77,))
    asked = bot.hears(MINH, "Giá?", bot.chats[GROUP])
    picture, film = a_file("a.png", "image/png"), a_file("b.mp4", "video/mp4")
    sound, paper = a_file("c.mp3", "audio/mpeg"), a_file("d.pdf", "application/pdf")
    parts: list[tuple[str, dict[str, Any]]] = [
        (to, {"text": "**Dạ** _còn_ [mẫu](https://m.example) `a` ~~b~~", "options": ("Có", "Không")}),
        (f"{GROUP}/77", {"text": "Dạ", "answers": (f"{GROUP}:{asked['message_id']}",)}),
        (to, {"text": "một", "attachments": (picture,), "options": ("Có",)}),
        (to, {"text": "hai", "attachments": (film,)}),
        (to, {"attachments": (sound,)}),
        (to, {"attachments": (paper,)}),
        (to, {"text": "**ba**", "attachments": (picture, film)}),
        (to, {"attachments": (picture, paper)}),
    ]

    for where, part in parts:
        await channel.send(account, where, a_part(**part))

    assert len(bot.sent) == 10
    assert wrong(schema, telegram) == []


async def test_files_and_presses(
    channel: Telegram, account: Account, telegram: FakeTelegram, bot: Bot, schema: Schema
) -> None:
    bot.hears_file(LAN, "document", b"data", "a.pdf")
    ref = bot.updates.waiting[-1].update["message"]["document"]["file_id"]
    assert b"".join([piece async for piece in channel.fetch(account, ref)]) == b"data"
    await channel.send(account, str(LAN["id"]), a_part("Chọn ạ", options=("Có",)))
    bot.presses(LAN, bot.sent[-1], "Có")
    async with aclosing(channel.listen(account, None)) as batches:  # type: ignore[type-var]  # a generator, declared as an iterator
        await channel.kept(account, (await anext(batches)).arrivals)

    assert len(bot.answered) == 1
    assert wrong(schema, telegram) == []


def test_everything_that_people_do(bot: Bot, schema: Schema) -> None:
    bot.updates.allowed.add("message_reaction")
    message = bot.hears(LAN, "chào", entities=[{"type": "bold", "offset": 0, "length": 4}])
    bot.edits(message, "chào shop")
    bot.reacts(LAN, message, ["👍"], ["❤"])
    bot.hears_file(LAN, "photo", PNG, "a.jpg", caption="đây")
    bot.hears_file(LAN, "voice", b"ogg", "a.ogg", of={"duration": 3, "mime_type": "audio/ogg"})
    bot.hears(LAN, location={"latitude": 10.7, "longitude": 106.7})
    bot.hears(LAN, contact={"phone_number": "84901", "first_name": "Lan", "user_id": LAN["id"]})
    bot.blocks(LAN)
    bot.blocks(LAN, on=False)
    bot.migrates(bot.group(-4123, "Khách", "group"), MINH, GROUP)

    wrong = [one for each in bot.updates.waiting for one in schema.check("Update", each.update)]

    assert len(bot.updates.waiting) == 11
    assert wrong == []
