"""What browsers are told: appended once, rung for by the number, shaped by the views."""

import asyncio
import datetime as dt

import msgspec

from hub.bus import Bus, open_bus
from hub.events import CHANNEL, Announcer, Ring, settings_changed
from tests.hub.core import START, Core, running, until

SOON = START + dt.timedelta(hours=1)


async def test_an_announcement_stands_in_the_log_and_its_ring_carries_it(core: Core) -> None:
    rings: list[Ring] = []
    listening = asyncio.Event()

    async def listen(bus: Bus) -> None:
        async for channel, payload in bus.listen([CHANNEL]):
            if channel:
                rings.append(msgspec.json.decode(payload, type=Ring))
            listening.set()

    async with running(listen(core.bus)):
        await listening.wait()
        await core.announcer.announce([settings_changed()], START)
        await until(lambda: heard(rings))

    [event] = await core.store.events.after(0, 10, SOON)
    assert (rings[0].n, bytes(rings[0].items)) == (event.id, event.items)


async def heard(rings: list[Ring]) -> bool:
    return bool(rings)


async def test_nothing_to_say_takes_no_number(core: Core) -> None:
    assert await core.announcer.append([], START) is None
    await core.announcer.ring(None)

    assert await core.store.events.head() == 0


async def test_without_redis_an_announcement_is_in_the_log_all_the_same(core: Core) -> None:
    async with open_bus("redis://127.0.0.1:1/0") as nobody:
        await Announcer(core.store, nobody).announce([settings_changed()], START)

    assert [one.type for one in await core.told()] == ["settings.changed"]


async def test_the_words_of_a_message_and_its_row_are_told_as_browsers_read_them(core: Core) -> None:
    message = await core.hears("Chào shop", "m1", name="Hoa")
    opened, added, *_ = [(one.type, msgspec.json.decode(one.data)) for one in await core.told()]

    assert (opened[0], opened[1]["row"]["name"], opened[1]["row"]["head"]) == ("conversation.opened", "Hoa", 1)
    assert (added[0], added[1]["message"]["id"], added[1]["message"]["text"]) == (
        "message.added",
        message.id,
        "Chào shop",
    )
    assert "leave" not in added[1]["message"]
