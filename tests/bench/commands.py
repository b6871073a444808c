"""How many database commands does one inbound message cost, from the request to the agent's screen?

`hub up` runs with a listener on its driver (`counted.py`): web, intake, tags and routes are all in that process, and
the tagger's own process knows no database. What also happens while nobody writes (sweeps, heartbeats) is measured
before and taken off, shape by shape. At 32 writers the count ends when the last message is shown; alone, messages
come one by one, further apart than anything in the hub remembers.
"""

import asyncio
import signal
import time
from collections import Counter

import msgspec

from tests.bench.figures import Figure, Goal
from tests.bench.house import Grounds, House
from tests.bench.load import Flood, Screen, close_all, numbers, writers
from tests.bench.wire import HttpLine

ROUNDS, FLOOD = 3, 2000
ALONE, APART_S = 8, 3.5
IDLE_S, SETTLE_S = 31.0, 2.5  # what happens twice a minute is seen
ONCE_A_MINUTE = {"find messages {leave.rank}"}  # where the outbox begins: too seldom for the idle seconds

MANY = Goal(what="database commands per message, 32 writers", unit="commands", sense="at most", must=4, aim=1)
LONE = Goal(what="database commands per message, alone", unit="commands", sense="at most", must=14, aim=10)
GOALS = (MANY, LONE)


class Counts(msgspec.Struct, frozen=True):
    commands: dict[str, int]
    statements: dict[str, int]


async def run(grounds: Grounds) -> list[Figure]:
    async with grounds.open("up", module="tests.bench.counted") as house:
        screen, lines = await Screen.open(house), await writers(house)
        await _warm(house, screen, lines)
        idle = await _idle(house)
        many = [await _flooded(house, screen, lines, idle) for _ in range(ROUNDS)]
        lone = await _alone(house, screen, lines, idle)
        close_all([*lines, screen])
    return [
        Figure(goal=MANY, readings=tuple(sum(one.values()) / FLOOD for one in many), beside=_most(many[-1], FLOOD)),
        Figure(goal=LONE, readings=(sum(lone.values()) / ALONE,), beside=_most(lone, ALONE)),
    ]


async def _warm(house: House, screen: Screen, lines: list[HttpLine]) -> None:
    flood = Flood(house, numbers(512))
    await flood.run(lines)
    await screen.until(flood.wanted)
    await asyncio.sleep(SETTLE_S)


async def _counts(house: House) -> Counter[str]:
    """What the hub has asked its database so far."""
    file = house.data / "counts.json"
    file.unlink(missing_ok=True)
    house.processes[0].signal(signal.SIGUSR1)
    async with asyncio.timeout(10):
        while not file.exists():
            await asyncio.sleep(0.01)
    return Counter(msgspec.json.decode(file.read_bytes(), type=Counts).commands)


async def _idle(house: House) -> dict[str, float]:
    """Commands a second while nobody writes, by shape."""
    before, began = await _counts(house), time.perf_counter()
    await asyncio.sleep(IDLE_S)
    after, took = await _counts(house), time.perf_counter() - began
    return {shape: count / took for shape, count in (after - before).items()}


async def _flooded(house: House, screen: Screen, lines: list[HttpLine], idle: dict[str, float]) -> dict[str, float]:
    before, began = await _counts(house), time.perf_counter()
    flood = Flood(house, numbers(FLOOD))
    await flood.run(lines)
    await screen.until(flood.wanted)
    await asyncio.sleep(SETTLE_S)
    return _without(await _counts(house) - before, idle, time.perf_counter() - began)


async def _alone(house: House, screen: Screen, lines: list[HttpLine], idle: dict[str, float]) -> dict[str, float]:
    before, began = await _counts(house), time.perf_counter()
    for number in numbers(ALONE):
        flood = Flood(house, [number])
        await flood.run(lines[:1])
        await screen.until([number])
        await asyncio.sleep(APART_S)
    return _without(await _counts(house) - before, idle, time.perf_counter() - began)


def _without(counts: Counter[str], idle: dict[str, float], took_s: float) -> dict[str, float]:
    left = {shape: count - idle.get(shape, 0.0) * took_s for shape, count in counts.items()}
    return {shape: count for shape, count in left.items() if count > 0 and shape not in ONCE_A_MINUTE}


def _most(counts: dict[str, float], messages: int) -> dict[str, str]:
    """The shapes that cost most, per message."""
    ordered = sorted(counts.items(), key=lambda one: -one[1])[:12]
    return {f"`{shape}`": f"{count / messages:.2g}" for shape, count in ordered if count / messages >= 0.005}
