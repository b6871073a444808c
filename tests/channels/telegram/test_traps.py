"""Trap 28 of the field, part by part: how Telegram adapters lose, stall and leak."""

from typing import Any

import msgspec
import pytest

from channels.fakes.telegram import Bot, FakeTelegram, person
from tests.channels.telegram.scene import (
    LAN,
    PNG,
    SECRET,
    TOKEN,
)
from tests.channels.whole_hub import Hub

CHAT = str(LAN["id"])
pytestmark = pytest.mark.timeout(180)


async def test_trap_28_a_failing_handler_loses_nothing(hooked: Hub, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The update is kept before anybody interprets it; a bug sets it aside, and a retry after the fix shows it."""

    def broken(*_: Any) -> str:
        raise RuntimeError("a bug")

    with monkeypatch.context() as bug:
        bug.setattr("channels.telegram.contents.words", broken)
        bot.hears(LAN, "Còn áo M không?")
        kept = await hooked.done(1)
    aside = kept[0]
    await hooked.rooms.store.arrivals.release([aside], aside.at)
    await hooked.rooms.bus.nudge("intake", [aside.lane])

    assert aside.state == "quarantined"
    assert [one.text for one in await hooked.said(CHAT, 1)] == ["Còn áo M không?"]


async def test_trap_28_a_poison_update_does_not_hold_its_chat(hooked: Hub, telegram: FakeTelegram, bot: Bot) -> None:
    bot.hears(LAN, "trước")
    bot.updates.add("message", {"message_id": "nhầm", "chat": {"id": LAN["id"]}, "date": None}, CHAT)
    bot.updates.add("message", {"message_id": 3, "chat": {"id": LAN["id"]}, "date": 1795254840, "text": 5}, CHAT)
    bot.hears(LAN, "sau")

    kept = await hooked.done(4)

    assert [one.text for one in await hooked.log(CHAT)] == ["trước", "sau"]
    assert sorted(one.state for one in kept) == ["done", "done", "quarantined", "quarantined"]
    assert len(telegram.pushers[TOKEN].pushes) == 4


async def test_trap_28_update_ids_that_begin_anew_hide_nothing(polling: Hub, bot: Bot) -> None:
    """After an idle week the numbers begin again, lower than before, and meet numbers that were there already."""
    first = bot.updates.waiting[0].id if bot.updates.waiting else 548_120_001
    for turn in range(3):
        bot.hears(LAN, f"cũ {turn}")
    await polling.said(CHAT, 3)

    bot.updates.restart_numbers(first)
    for turn in range(2):
        bot.hears(LAN, f"mới {turn}")
    bot.updates.restart_numbers(1_000)
    bot.hears(LAN, "thấp hơn")

    words = [one.text for one in await polling.said(CHAT, 6)]
    assert words == ["cũ 0", "cũ 1", "cũ 2", "mới 0", "mới 1", "thấp hơn"]


async def test_trap_28_the_same_message_under_another_update_id_is_logged_once(polling: Hub, bot: Bot) -> None:
    message = bot.hears(LAN, "một lần")
    bot.updates.add("message", message, CHAT)

    await polling.done(2)

    assert [one.text for one in await polling.log(CHAT)] == ["một lần"]


async def test_trap_28_a_429_storm_does_not_stall_other_chats(hooked: Hub, telegram: FakeTelegram, bot: Bot) -> None:
    stormy = [person(600 + at, f"Khách {at}") for at in range(5)]
    for one in (*stormy, LAN):
        bot.hears(one, "Alo")
    await hooked.done(6)
    for one in stormy:
        bot.floods.block(one["id"], 120, bot.clock.now())
    waiting = [await hooked.replies(str(one["id"]), "Dạ em đây") for one in stormy]

    sent = await hooked.delivered(await hooked.replies(CHAT, "Dạ em nghe"))

    assert sent.delivery == "sent"
    stuck = await hooked.rooms.store.messages.by_ids([one.id for one in waiting])
    assert {one.delivery for one in stuck} == {"queued"}
    assert bot.floods.early <= len(stormy)


async def test_trap_28_an_album_is_drawn_as_one(hooked: Hub, telegram: FakeTelegram, bot: Bot) -> None:
    telegram.faults.reorder = True
    for at in range(3):
        more = {"caption": "Ba mẫu này"} if at == 0 else {}
        bot.hears_file(LAN, "photo", PNG, f"{at}.jpg", media_group_id="13900000000000001", **more)

    entries = await hooked.said(CHAT, 3)

    assert {one.group for one in entries} == {f"{CHAT}:13900000000000001"}
    assert [one.text for one in entries] == ["Ba mẫu này", "", ""]


async def test_trap_28_an_edit_before_its_message_is_not_lost(hooked: Hub, bot: Bot) -> None:
    bot.updates.hooked = False
    message = bot.hears(LAN, "Áo size M")
    bot.updates.waiting.clear()
    bot.edits(message, "Áo size L")
    await hooked.done(1)
    bot.updates.add("message", message, CHAT)
    await hooked.done(2)

    def is_amended(entries: list[Any]) -> bool:
        return [one.amended.text for one in entries if one.amended] == ["Áo size L"]

    await hooked.until(CHAT, is_amended)
    assert [one.text for one in await hooked.log(CHAT)] == ["Áo size M"]


async def test_trap_28_a_reaction_before_its_message_is_not_lost(hooked: Hub, bot: Bot) -> None:
    message = bot.put(bot.private(LAN), LAN, {"text": "Cảm ơn shop"})
    bot.reacts(LAN, message, [], ["❤"])
    await hooked.done(1)
    bot.updates.add("message", message, CHAT)
    await hooked.done(2)

    await hooked.until(CHAT, lambda entries: any(one.reactions for one in entries))
    assert [one.emoji for one in (await hooked.log(CHAT))[0].reactions] == ["❤"]


async def test_trap_28_a_webhook_beside_the_polling_is_the_accounts_health(
    polling: Hub, telegram: FakeTelegram, bot: Bot
) -> None:
    bot.hears(LAN, "trước")
    await polling.said(CHAT, 1)
    bot.updates.set_hook(True)
    await polling.until_health(lambda why: why is not None and "A webhook is set" in why)
    bot.updates.set_hook(False)
    bot.hears(LAN, "sau")

    assert [one.text for one in await polling.said(CHAT, 2)] == ["trước", "sau"]
    await polling.until_health(lambda why: why is None)


async def test_trap_28_a_files_address_with_the_token_is_in_no_view(hooked: Hub, bot: Bot) -> None:
    bot.hears_file(LAN, "document", b"%PDF-1.7 " + b"x" * 300, "Đơn.pdf", caption="Đơn của em")

    await hooked.until(CHAT, lambda entries: any(file.state == "here" for one in entries for file in one.attachments))

    entries = await hooked.log(CHAT)
    kept = await hooked.kept()
    talk = await hooked.talk(CHAT)
    events = await hooked.rooms.store.events.after(0, 10_000, entries[0].at.replace(year=2100))
    shown = msgspec.json.encode([entries, kept, talk]) + b"".join(one.items for one in events)
    assert TOKEN.encode() not in shown and b"/file/bot" not in shown
    assert SECRET.encode() not in shown
