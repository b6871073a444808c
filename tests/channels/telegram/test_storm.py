"""A thousand updates on bad roads: each is stored once, and every chat reads in Telegram's order."""

import msgspec
import pytest

from channels.fakes.telegram import Bot, FakeTelegram, Fault, person
from tests.channels.whole_hub import Hub

CHATS, EACH = 50, 20
pytestmark = pytest.mark.timeout(120)
PEOPLE = [person(900_000 + at, f"Khách {at}") for at in range(CHATS)]


def speak(bot: Bot) -> dict[str, list[str]]:
    """Everybody writes in turn; what each chat should read."""
    for turn in range(EACH):
        for one in PEOPLE:
            bot.hears(one, f"{one['first_name']}: tin {turn}")
    return {str(one["id"]): [f"{one['first_name']}: tin {turn}" for turn in range(EACH)] for one in PEOPLE}


async def read(hub: Hub) -> dict[str, list[str]]:
    return {str(one["id"]): [entry.text for entry in await hub.log(str(one["id"]))] for one in PEOPLE}


async def test_by_webhook_doubled_reordered_and_a_tenth_of_the_answers_lost(
    hooked: Hub, telegram: FakeTelegram, bot: Bot
) -> None:
    telegram.faults.double, telegram.faults.lose, telegram.faults.reorder = 0.5, 0.1, True
    wanted = speak(bot)

    kept = await hooked.done(CHATS * EACH, within_s=100)

    assert len(kept) == CHATS * EACH
    assert await read(hooked) == wanted
    assert len(telegram.pushers[bot.token].pushes) > CHATS * EACH * 1.3


async def test_by_asking_with_a_tenth_of_the_answers_lost(polling: Hub, telegram: FakeTelegram, bot: Bot) -> None:
    faults: list[Fault | None] = ["drop", None, None, "half", None, "malformed", None, None, "bad gateway", None]
    telegram.faults.script["getUpdates"].extend(faults)
    wanted = speak(bot)

    kept = await polling.done(CHATS * EACH, within_s=100)

    assert len(kept) == CHATS * EACH
    assert await read(polling) == wanted
    assert {msgspec.json.decode(one.body)["update_id"] for one in kept} == set(range(548_120_001, 548_121_001))
