"""Does the hub take in the last 10,000 of 100,000 messages as fast as the first 10,000?

All of them go the whole way, from `/in/{account}` to the agents' event, in 2,000 conversations. No more than 1,000
are on their way at a time, so that every ten thousand is timed by what was shown, not by what was acknowledged.
"""

import asyncio
import time

from tests.bench.bare import raw_rate
from tests.bench.figures import Figure, Goal
from tests.bench.house import Grounds, House
from tests.bench.load import Flood, Screen, close_all, numbers, writers
from tests.bench.wire import HttpLine

MESSAGES, PART = 100_000, 10_000
CUSTOMERS = 2_000
ON_THEIR_WAY = 1_000
SHOWN_S = 400.0

LAST = Goal(what="last 10,000 of 100,000 messages against the first 10,000", unit="ratio", must=0.8, aim=0.95)
GOALS = (LAST,)
_full: dict[Grounds, tuple[House, Figure]] = {}


async def run(grounds: Grounds) -> list[Figure]:
    _, figure = await _filled(grounds)
    return [figure]


async def full_house(grounds: Grounds) -> House:
    """The stopped house with 100,000 messages in it; filled once a run."""
    house, _ = await _filled(grounds)
    return house


async def _filled(grounds: Grounds) -> tuple[House, Figure]:
    if grounds not in _full:
        house = await grounds.house()
        try:
            await house.start("up")
            await house.furnish()
            await house.tagging()
            figure = await _fill(house)
        finally:
            await house.stop()
        house.holds = MESSAGES
        _full[grounds] = house, figure
    return _full[grounds]


async def _fill(house: House) -> Figure:
    before = await raw_rate(house.mongo)
    screen, lines = await Screen.open(house), await writers(house)
    parts = []
    for _ in range(MESSAGES // PART):
        parts.append(await _part(house, screen, lines))
        print(f"    {len(parts) * PART:,}: {parts[-1]:.0f}/s", flush=True)
    close_all([*lines, screen])
    await asyncio.sleep(2.0)
    after = await raw_rate(house.mongo)
    beside = {
        "R before, after": f"{before:.0f}/s {after:.0f}/s",
        "each 10,000": " ".join(f"{one:.0f}/s" for one in parts),
    }
    return Figure(goal=LAST, readings=(parts[-1] / parts[0],), beside=beside)


async def _part(house: House, screen: Screen, lines: list[HttpLine]) -> float:
    """The rate at which the next ten thousand were shown."""
    room = asyncio.Semaphore(ON_THEIR_WAY)
    screen.told = room.release
    flood = Flood(house, numbers(PART), CUSTOMERS)
    began = time.perf_counter()
    await flood.run(lines, room)
    last = await screen.until(flood.wanted, SHOWN_S)
    screen.told = None
    return PART / (last - began)
