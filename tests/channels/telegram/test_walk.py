"""A customer's day on Telegram, through the whole hub and back."""

import asyncio
from typing import Any

import pytest

from channels.fakes.telegram import Bot, FakeTelegram
from hub.ids import address_id
from hub.model import Attachment, Message
from hub.views import reaction_views
from tests.channels.telegram.scene import LAN, MINH, PNG
from tests.channels.whole_hub import Hub

CHAT = str(LAN["id"])
GROUP, NEW_GROUP = -4123456, -1002200113399
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(params=["hooked", "polling"])
def either(request: pytest.FixtureRequest) -> Hub:
    """The same day by webhook and by asking."""
    hub: Hub = request.getfixturevalue(request.param)
    return hub


async def attached(hub: Hub, name: str, mime: str, data: bytes) -> Attachment:
    return Attachment(file=await hub.rooms.store.files.put_bytes(data), name=name, mime=mime, bytes=len(data))


async def test_words_and_a_file_come_in_and_an_answer_with_a_picture_leaves(either: Hub, bot: Bot) -> None:
    bot.hears(LAN, "Chào shop, áo **lụa** còn không?")
    bot.hears_file(LAN, "document", b"%PDF-1.7", "Đơn hàng.pdf", caption="Đơn của em đây")
    asked, paper = await either.said(CHAT, 2)
    picture = await attached(either, "lụa.png", "image/png", PNG)

    answer = await either.delivered(await either.replies(CHAT, "Dạ **còn** ạ!", attachments=(picture,)))

    assert (asked.text, asked.author.name) == ("Chào shop, áo **lụa** còn không?", "Lan Phạm")
    assert (paper.text, paper.attachments[0].name) == ("Đơn của em đây", "Đơn hàng.pdf")
    assert (answer.delivery, answer.deliveries[0].external) == ("sent", f"{CHAT}:{bot.sent[0]['message_id']}")
    assert (bot.sent[0]["caption"], bot.sent[0]["caption_entities"][0]["type"]) == ("Dạ còn ạ!", "bold")
    sent = bot.files[bot.sent[0]["photo"][0]["file_id"]]
    assert sent.data == PNG


async def test_a_file_is_fetched_into_the_ledger(either: Hub, bot: Bot) -> None:
    data = b"%PDF-1.7 " + b"\x00\x01" * 5_000
    bot.hears_file(LAN, "document", data, "Đơn hàng.pdf", of={"mime_type": "application/pdf"})

    await either.until(CHAT, lambda log: any(one.state == "here" for each in log for one in each.attachments))

    file = (await either.log(CHAT))[0].attachments[0]
    assert (file.name, file.mime) == ("Đơn hàng.pdf", "application/pdf")
    assert b"".join([piece async for piece in either.rooms.store.files.read(file.file)]) == data


async def test_a_file_over_20_mb_says_how_else_to_get_it(either: Hub, bot: Bot) -> None:
    bot.hears_file(LAN, "document", b"x", "phim.mkv", size=30_000_000)

    await either.until(CHAT, lambda log: any(one.state == "failed" for each in log for one in each.attachments))

    assert "20 MB" in str((await either.log(CHAT))[0].attachments[0].why)


async def test_a_pressed_button_is_what_the_customer_said_and_stops_spinning(either: Hub, bot: Bot) -> None:
    bot.hears(LAN, "Chào shop")
    await either.said(CHAT, 1)
    await either.delivered(await either.replies(CHAT, "Anh/chị cần gì ạ?", options=("Xem giá", "Gặp nhân viên")))

    query = bot.presses(LAN, bot.sent[-1], "Gặp nhân viên")

    assert [one.text for one in await either.said(CHAT, 3)] == ["Chào shop", "Anh/chị cần gì ạ?", "Gặp nhân viên"]
    async with asyncio.timeout(20):
        while bot.answered != [query]:
            await asyncio.sleep(0.02)


async def test_pressed_stars_rate_the_conversation_and_are_no_words(either: Hub, bot: Bot) -> None:
    bot.hears(LAN, "Chào shop")
    await either.said(CHAT, 1)
    stars = tuple("★" * n for n in range(5, 0, -1))
    await either.delivered(await either.replies(CHAT, "Anh/chị chấm em mấy sao ạ?", options=stars))
    talk = await either.talk(CHAT)
    await either.rooms.store.conversations.change(talk.id, {"state": "resolved"})

    bot.presses(LAN, bot.sent[-1], "★★★★")

    async with asyncio.timeout(20):
        while (after := await either.talk(CHAT)).head == talk.head:
            await asyncio.sleep(0.02)
    [rated] = await either.rooms.store.messages.window(talk.id, talk.head + 1, after.head + 1)
    assert rated.change is not None
    assert (rated.kind, rated.change.verb, rated.change.to, rated.author.name) == ("event", "rated", "4", "Lan Phạm")
    assert after.state == "resolved"
    assert len(await either.log(CHAT)) == 2


async def test_a_changed_message_shows_what_it_says_now(either: Hub, bot: Bot) -> None:
    message = bot.hears(LAN, "Em lấy size M")
    await either.said(CHAT, 1)
    bot.edits(message, "Em lấy size L")

    await either.until(CHAT, lambda log: any(one.amended for one in log))
    entry = (await either.log(CHAT))[0]
    assert entry.amended is not None
    assert (entry.text, entry.amended.text) == ("Em lấy size M", "Em lấy size L")


async def test_a_mark_on_our_own_answer_is_shown_and_taken_away_again(either: Hub, bot: Bot) -> None:
    bot.hears(LAN, "Chào shop")
    await either.said(CHAT, 1)
    await either.delivered(await either.replies(CHAT, "Dạ em chào chị"))
    bot.reacts(LAN, bot.sent[-1], [], ["👍"])
    await either.until(CHAT, lambda log: marks(log) == ["👍"])
    bot.reacts(LAN, bot.sent[-1], ["👍"], ["❤"])
    await either.until(CHAT, lambda log: marks(log) == ["❤"])
    bot.reacts(LAN, bot.sent[-1], ["❤"], [])
    await either.until(CHAT, lambda log: marks(log) == [])


def marks(log: list[Message]) -> list[str]:
    """The marks that stand in a conversation, as pages show them."""
    return [view.emoji for one in log for view in reaction_views(one.reactions)]


async def test_who_blocked_the_bot_is_unreachable_until_they_come_back(either: Hub, bot: Bot) -> None:
    bot.hears(LAN, "Thôi nhé")
    await either.said(CHAT, 1)
    bot.blocks(LAN)
    await reached(either, lambda why: why is not None and "blocked the bot" in why)
    refused = await either.delivered(await either.replies(CHAT, "Dạ chị ơi"))
    bot.blocks(LAN, on=False)
    await reached(either, lambda why: why is None)

    assert refused.delivery == "refused" and "blocked the bot" in str(refused.deliveries[0].why)


async def reached(hub: Hub, like: Any) -> None:
    """Wait until what keeps Lan from being reached is like this."""
    address = address_id("telegram", CHAT)
    async with asyncio.timeout(20):
        while not like((await hub.rooms.store.addresses.by_ids([address]))[address].unreachable):
            await asyncio.sleep(0.02)


async def test_a_group_that_moves_goes_on_in_the_same_conversation(
    either: Hub, telegram: FakeTelegram, bot: Bot
) -> None:
    group = bot.group(GROUP, "Khách sỉ", "group")
    bot.hears(MINH, "Giá sỉ?", group)
    before = (await either.said(str(GROUP), 1))[0].conversation
    after = bot.migrates(group, MINH, NEW_GROUP)
    await either.done(3)
    bot.hears(LAN, "Em cũng hỏi", after)
    await either.done(4)

    entries = await either.rooms.store.messages.window(before, 0, 1_000)
    assert [one.text for one in entries if one.kind == "in"] == ["Giá sỉ?", "Em cũng hỏi"]


async def test_a_revoked_token_is_the_accounts_health_and_a_new_one_ends_it(polling: Hub, bot: Bot) -> None:
    bot.hears(LAN, "trước")
    await polling.said(CHAT, 1)
    bot.revoked = True
    bot.updates.waiting.clear()
    bot.hears(LAN, "trong lúc ấy")
    await polling.until_health(lambda why: why is not None and "does not know this bot's token any more" in why)
    bot.revoked = False

    assert [one.text for one in await polling.said(CHAT, 2)] == ["trước", "trong lúc ấy"]
    await polling.until_health(lambda why: why is None)
