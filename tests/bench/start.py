"""How soon is the hub ready after `hub up`, on an empty folder and on one with 100,000 messages?

Ready is when `/readyz` first says 200. The empty folder is new each time, with everything that a first start makes.
With 100,000 messages the hub was stopped cleanly once, and once it was killed with its stores while messages came in.
"""

import asyncio
import contextlib
import shutil

from tests.bench.figures import Figure, Goal, not_run
from tests.bench.growth import NotFilled, full_house
from tests.bench.house import Grounds, House
from tests.bench.load import Flood, close_all, numbers, writers
from tests.bench.memory import figures

ROUNDS = 3
IN_FLIGHT_S = 2.0

EMPTY = Goal(what="ready after `hub up`, empty", unit="s", sense="at most", must=3, aim=1.5)
CLEAN = Goal(what="ready after `hub up`, 100,000 messages, clean stop", unit="s", sense="at most", must=5, aim=3)
KILLED = Goal(what="ready after `hub up`, 100,000 messages, kill -9", unit="s", sense="at most", must=15, aim=8)
HUB = Goal(what="memory with 100,000 messages, just started: hub with its tagger", unit="MB", sense="at most")
ALL = Goal(what="memory with 100,000 messages, just started: all processes", unit="MB", sense="at most")
GOALS = (EMPTY, CLEAN, KILLED, HUB, ALL)


async def run(grounds: Grounds) -> list[Figure]:
    empty = [await _first(grounds) for _ in range(ROUNDS)]
    try:
        house = await full_house(grounds)
    except NotFilled as error:
        return [Figure(goal=EMPTY, readings=tuple(empty)), *(not_run(goal, str(error)) for goal in GOALS[1:])]
    try:
        clean = [await house.start("up")]
        await house.tagging()
        held = figures(house, HUB, ALL)
        killed = []
        for _ in range(ROUNDS):
            await _kill_in_flight(house)
            killed.append(await house.start("up"))
        for _ in range(ROUNDS - 1):
            await house.stop()
            clean.append(await house.start("up"))
    finally:
        await house.stop()
    beside = {"messages": f"{house.holds:,}"}
    return [
        Figure(goal=EMPTY, readings=tuple(empty)),
        Figure(goal=CLEAN, readings=tuple(clean), beside=beside),
        Figure(goal=KILLED, readings=tuple(killed), beside=beside),
        *held,
    ]


async def _first(grounds: Grounds) -> float:
    house = await grounds.house(trained=False)
    try:
        return await house.start("up")
    finally:
        await house.kill()
        shutil.rmtree(house.data, ignore_errors=True)


async def _kill_in_flight(house: House) -> None:
    """kill -9 to the hub and its stores while 32 writers write."""
    lines = await writers(house)
    flood = asyncio.create_task(Flood(house, numbers(20_000)).run(lines))
    await asyncio.sleep(IN_FLIGHT_S)
    await house.kill()
    with contextlib.suppress(Exception):
        await flood
    close_all(lines)
