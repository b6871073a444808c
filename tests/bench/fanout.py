"""How fast do live events reach 100, 500 and 1000 connected agents, beside what bare aiohttp does?

Events are appended to the log and rung for on the bus, as intake does, and `hub web` hands each to every socket. W(n)
is an aiohttp server that sends a text of the same length to as many sockets with `send_str`. The same thin client
counts the frames of both; each pair of readings is taken back to back.
"""

import asyncio
import time

import msgspec

from hub.clock import utc_now
from hub.commands.rooms import Rooms
from hub.events import message_added
from hub.model import AccountId, Author, ContactId, ConversationId, Event, EventItem, Message, MessageId
from tests.bench.bare import Count, bare_server, fanned_out
from tests.bench.figures import Figure, Goal
from tests.bench.house import Grounds, House, free_port
from tests.bench.load import close_all, text
from tests.bench.wire import WsLine, ws_line, ws_lines

ROUNDS = 3
DELIVERIES = 60_000
SIZES = (100, 500, 1000)
GOALS = tuple(Goal(what=f"live fan-out to {size} agents", unit=f"W({size})", must=0.6, aim=0.8) for size in SIZES)


async def run(grounds: Grounds) -> list[Figure]:
    figures = []
    async with grounds.open("web") as house, house.rooms() as rooms, bare_server(free_port()) as bare:
        for goal, size in zip(GOALS, SIZES, strict=True):
            pairs = [await _pair(house, rooms, bare, size) for _ in range(ROUNDS)]
            beside = {
                f"W({size})": " ".join(f"{one:.0f}/s" for one, _ in pairs),
                "hub": " ".join(f"{one:.0f}/s" for _, one in pairs),
            }
            figures.append(Figure(goal=goal, readings=tuple(hub / w for w, hub in pairs), beside=beside))
    return figures


async def _pair(house: House, rooms: Rooms, bare: str, size: int) -> tuple[float, float]:
    """W(size) and the hub's deliveries a second."""
    frames = DELIVERIES // size
    frame = b'{"t":"events","n":123456,"items":' + msgspec.json.encode([_item(0)]) + b"}"
    w = await fanned_out(bare, size, frames, frame)
    return w, await _live(house, rooms, size, frames)


async def _live(house: House, rooms: Rooms, size: int, frames: int) -> float:
    count = Count()
    lines = await ws_lines(size, lambda: _agent(house, count))
    await _greeted(count, size)
    try:
        events = [await _append(rooms, number) for number in range(frames)]
        before = count.frames
        began = time.perf_counter()
        for event in events:
            await rooms.announcer.ring(event)
        await count.until(before + size * frames, 60)
        return size * frames / (count.last - began)
    finally:
        close_all(lines)
        await asyncio.sleep(0.5)


async def _agent(house: House, count: Count) -> WsLine:
    line = await ws_line(f"{house.url}/live", house.url, house.cookie, counted=count)
    line.say(b'{"t":"hello","since":null}')
    return line


async def _greeted(count: Count, size: int) -> None:
    """Until every socket has its hello and who is here, and no more frames come."""
    await count.until(2 * size, 60)
    seen = -1
    while count.frames != seen:
        seen = count.frames
        await asyncio.sleep(0.3)


async def _append(rooms: Rooms, number: int) -> Event:
    event = await rooms.announcer.append([_item(number)], utc_now(), journaled=False)
    assert event is not None
    return event


def _item(number: int) -> EventItem:
    now = utc_now()
    return message_added(
        Message(
            id=MessageId(f"m_{number:024}"),
            conversation=ConversationId("v_0123456789abcdef01234567"),
            seq=number + 1,
            kind="in",
            author=Author(kind="contact", id="c_0123456789abcdef01234567", name="Khách #12AB"),
            account=AccountId("bench"),
            channel="api",
            contact=ContactId("c_0123456789abcdef01234567"),
            at=now,
            order=int(now.timestamp() * 1_000_000),
            text=text(number),
        )
    )
