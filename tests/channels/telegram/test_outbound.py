"""What leaves: in one call, within the limits, and every failure told for what it is."""

import asyncio
from typing import Any

import msgspec
import pytest

from channels.fakes.telegram import Bot, Chat, FakeTelegram, Fault
from channels.telegram import Telegram
from hub.errors import Refused, Retry, SendFailure, Unknown
from hub.model import Account
from tests.channels.telegram.scene import LAN, TOKEN, a_file, a_part, an_account

GROUP = -1002200113344


@pytest.fixture
def chat(bot: Bot) -> Chat:
    return bot.private(LAN)


@pytest.fixture
def to(chat: Chat) -> str:
    return str(chat.id)


async def test_words_arrive_with_their_marks_as_entities(
    channel: Telegram, account: Account, bot: Bot, to: str
) -> None:
    sent = await channel.send(account, to, a_part("👍 Dạ **còn** ạ, xem [mẫu](https://mocan.example/m)"))

    message = bot.sent[-1]
    assert sent.external == f"{to}:{message['message_id']}"
    assert message["text"] == "👍 Dạ còn ạ, xem mẫu"
    assert [(one["type"], one["offset"], one["length"]) for one in message["entities"]] == [
        ("bold", 6, 3),
        ("text_link", 17, 3),
    ]


async def test_formatting_that_telegram_cannot_read_goes_once_more_without(
    channel: Telegram, account: Account, bot: Bot, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.fakes.telegram.formatting.KINDS", set())

    await channel.send(account, to, a_part("Dạ **còn** ạ"))

    assert [(one["text"], "entities" in one) for one in bot.sent] == [("Dạ còn ạ", False)]


async def test_a_picture_and_its_words_are_one_message(channel: Telegram, account: Account, bot: Bot, to: str) -> None:
    sent = await channel.send(account, to, a_part("Mẫu be đây ạ", attachments=(a_file("be.png", "image/png"),)))

    assert [(one["caption"], "photo" in one) for one in bot.sent] == [("Mẫu be đây ạ", True)]
    assert sent.external == f"{to}:{bot.sent[0]['message_id']}"


async def test_what_is_no_picture_after_all_goes_as_a_document(
    channel: Telegram, account: Account, bot: Bot, to: str
) -> None:
    await channel.send(account, to, a_part(attachments=(a_file("hỏng.png", "image/png", b"no picture"),)))

    assert bot.sent[-1]["document"]["file_name"] == "hỏng.png"


@pytest.mark.parametrize(
    ("mimes", "kinds"),
    [
        (("image/png", "video/mp4"), ["photo", "video"]),
        (("image/png", "application/pdf"), ["document", "document"]),
        (("audio/mpeg", "audio/mpeg"), ["audio", "audio"]),
    ],
)
async def test_several_files_are_one_album(
    channel: Telegram, account: Account, bot: Bot, to: str, mimes: tuple[str, ...], kinds: list[str]
) -> None:
    files = tuple(a_file(f"{at}.bin", mime) for at, mime in enumerate(mimes))

    sent = await channel.send(account, to, a_part("Dạ đây ạ", attachments=files))

    assert [next(kind for kind in kinds if kind in one) for one in bot.sent] == kinds
    assert len({one["media_group_id"] for one in bot.sent}) == 1
    assert [one.get("caption") for one in bot.sent] == ["Dạ đây ạ", None]
    assert sent.external == f"{to}:{bot.sent[0]['message_id']}"


async def test_words_too_long_for_a_caption_follow_their_file(
    channel: Telegram, account: Account, bot: Bot, to: str
) -> None:
    words = "ạ" * 1025

    sent = await channel.send(account, to, a_part(words, attachments=(a_file("a.png", "image/png"),)))

    assert ["photo" in one for one in bot.sent] == [True, False]
    assert bot.sent[1]["text"] == words
    assert sent.external == f"{to}:{bot.sent[1]['message_id']}"


async def test_a_caption_of_exactly_the_limit_in_utf16_is_one_message(
    channel: Telegram, account: Account, bot: Bot, to: str
) -> None:
    await channel.send(account, to, a_part("👍" * 512, attachments=(a_file("a.png", "image/png"),)))

    assert len(bot.sent) == 1


async def test_when_only_the_file_arrived_the_sentence_says_so(
    channel: Telegram, account: Account, telegram: FakeTelegram, bot: Bot, to: str
) -> None:
    telegram.faults.script["sendMessage"].append("bad gateway")

    with pytest.raises(Unknown, match="files were sent, but not the words"):
        await channel.send(account, to, a_part("ạ" * 1025, attachments=(a_file("a.png", "image/png"),)))

    assert len(bot.sent) == 1


async def test_quick_replies_are_buttons_that_carry_their_words(
    channel: Telegram, account: Account, bot: Bot, to: str
) -> None:
    long = "Đổi trả hàng đã mua tại cửa hàng trong vòng bảy ngày"

    await channel.send(account, to, a_part("Anh/chị cần gì ạ?", options=("Còn hàng?", "Giá", long)))

    rows = bot.sent[-1]["reply_markup"]["inline_keyboard"]
    assert [[(one["text"], one["callback_data"]) for one in row] for row in rows] == [
        [("Còn hàng?", "=Còn hàng?"), ("Giá", "=Giá")],
        [(long, "#2")],
    ]


async def test_in_a_group_an_answer_shows_what_it_answers(channel: Telegram, account: Account, bot: Bot) -> None:
    group = bot.group(GROUP, "Khách sỉ")
    asked = bot.hears(LAN, "Giá sỉ?", group)

    await channel.send(account, str(GROUP), a_part("Dạ 90k ạ", answers=(f"{GROUP}:{asked['message_id']}", "x")))

    assert bot.sent[-1]["reply_to_message"]["message_id"] == asked["message_id"]


async def test_in_a_group_an_answer_to_what_is_gone_arrives_all_the_same(
    channel: Telegram, account: Account, bot: Bot
) -> None:
    bot.group(GROUP, "Khách sỉ")

    await channel.send(account, str(GROUP), a_part("Dạ 90k ạ", answers=(f"{GROUP}:77",)))

    assert "reply_to_message" not in bot.sent[-1]


async def test_a_topic_is_answered_in_the_topic(channel: Telegram, account: Account, bot: Bot) -> None:
    bot.group(GROUP, "Khách sỉ", topics=(77,))

    await channel.send(account, f"{GROUP}/77", a_part("Dạ 90k ạ"))

    assert bot.sent[-1]["message_thread_id"] == 77


async def test_a_group_that_moved_gets_it_at_its_new_place(channel: Telegram, account: Account, bot: Bot) -> None:
    bot.migrates(bot.group(-4123, "Khách", "group"), LAN, GROUP)

    sent = await channel.send(account, "-4123", a_part("Dạ 90k ạ"))

    assert sent.external == f"{GROUP}:{bot.sent[-1]['message_id']}"


# -- failures ---------------------------------------------------------------------------------------------------------


async def failure(channel: Telegram, account: Account, to: str, text: str = "Dạ", **more: Any) -> SendFailure:
    with pytest.raises(SendFailure) as found:
        await channel.send(account, to, a_part(text, **more))
    assert TOKEN not in str(found.value) + repr(found.value.__cause__)
    return found.value


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [
        ("bot was blocked by the user", "blocked the bot"),
        ("user is deactivated", "account is gone"),
        ("bot can't initiate conversation with a user", "may not write first"),
        ("bot was kicked from the supergroup chat", "removed from this group"),
    ],
)
async def test_where_the_bot_may_not_write_the_sentence_says_why(
    channel: Telegram, account: Account, chat: Chat, gone: str, sentence: str
) -> None:
    chat.gone = gone

    error = await failure(channel, account, str(chat.id))

    assert isinstance(error, Refused) and sentence in str(error)


@pytest.mark.parametrize("to", ["1", "nobody", ""])
async def test_an_unknown_chat_is_refused(channel: Telegram, account: Account, to: str) -> None:
    assert isinstance(await failure(channel, account, to), Refused)


@pytest.mark.parametrize("text", ["", " \n"])
async def test_nothing_to_read_is_refused_before_it_leaves(
    channel: Telegram, account: Account, telegram: FakeTelegram, to: str, text: str
) -> None:
    assert isinstance(await failure(channel, account, to, text), Refused)
    assert telegram.calls == []


async def test_files_over_the_limit_are_refused_before_they_are_read(
    channel: Telegram, account: Account, telegram: FakeTelegram, to: str
) -> None:
    huge = msgspec.structs.replace(a_file("a.zip", "application/zip"), bytes=50_000_001)

    error = await failure(channel, account, to, attachments=(huge,))

    assert isinstance(error, Refused) and telegram.calls == []


async def test_429_is_obeyed_by_its_seconds(channel: Telegram, account: Account, bot: Bot, to: str) -> None:
    bot.floods.block(LAN["id"], 17, bot.clock.now())

    error = await failure(channel, account, to)

    assert isinstance(error, Retry) and error.after_s == 17 and not error.whole_account


async def test_ten_chats_refused_in_a_row_are_the_whole_bot_which_then_rests(
    channel: Telegram, account: Account, telegram: FakeTelegram, bot: Bot
) -> None:
    bot.floods.block(0, 5, bot.clock.now())
    people = [LAN | {"id": 100 + at} for at in range(10)]
    chats = [str(bot.private(one).id) for one in people]

    errors = [await failure(channel, account, one) for one in chats]
    asked = len(telegram.calls)
    resting = await failure(channel, account, chats[0])

    assert [isinstance(one, Retry) and one.whole_account for one in errors] == [False] * 9 + [True]
    assert isinstance(resting, Retry) and resting.whole_account and len(telegram.calls) == asked


async def test_a_crowd_of_sends_leaves_at_the_bots_pace(channel: Telegram, account: Account, bot: Bot) -> None:
    chats = [str(bot.private(LAN | {"id": 100 + at}).id) for at in range(23)]
    began = asyncio.get_running_loop().time()

    await asyncio.gather(*(channel.send(account, one, a_part("Dạ")) for one in chats))

    assert asyncio.get_running_loop().time() - began >= (23 - 12) / 30


@pytest.mark.parametrize(
    ("fault", "kind", "left"),
    [
        ("bad gateway", Retry, 0),
        ("server error", Unknown, 1),
        ("drop", Unknown, 1),
        ("half", Unknown, 1),
        ("malformed", Unknown, 1),
    ],
)
async def test_what_may_have_left_is_unknown_and_what_has_not_is_tried_again(
    channel: Telegram,
    account: Account,
    telegram: FakeTelegram,
    bot: Bot,
    to: str,
    fault: Fault,
    kind: type[SendFailure],
    left: int,
) -> None:
    telegram.faults.script["sendMessage"].append(fault)

    assert type(await failure(channel, account, to)) is kind
    assert len(bot.sent) == left


async def test_no_connection_means_that_nothing_left(channel: Telegram) -> None:
    assert type(await failure(channel, an_account("http://127.0.0.1:9"), "1")) is Retry


async def test_no_answer_in_time_is_unknown(
    channel: Telegram, account: Account, telegram: FakeTelegram, bot: Bot, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.telegram.line.TALK_S", 0.3)
    telegram.faults.script["sendMessage"].append("hang")

    assert type(await failure(channel, account, to)) is Unknown
    assert len(bot.sent) == 1


async def test_a_revoked_token_is_refused_with_what_to_do(
    channel: Telegram, account: Account, bot: Bot, to: str
) -> None:
    bot.revoked = True

    error = await failure(channel, account, to)

    assert isinstance(error, Refused) and "Connect the bot again" in str(error)
