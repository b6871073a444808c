"""Does the hub take in the last 10,000 of 100,000 messages as fast as the first 10,000?

The first and the last ten thousand go the whole way, from `/in/{account}` to the agents' event, in 2,000 conversations.
No more than 1,000 are on their way at a time, so that they are timed by what was shown, not by what was acknowledged.
The 80,000 between them are copies of the first under ids and numbers of their own, written straight into the ledger:
arrivals, messages, heads and events, as they would stand there.
"""

import asyncio
import time
from collections import Counter
from typing import Any

from hub.store import Store, open_store
from tests.bench.bare import raw_rate
from tests.bench.figures import Figure, Goal
from tests.bench.house import Grounds, House
from tests.bench.load import Flood, Screen, close_all, numbers, writers
from tests.bench.wire import HttpLine

MESSAGES, PART = 100_000, 10_000
COPIES = MESSAGES // PART - 2
CUSTOMERS = 2_000
ON_THEIR_WAY = 1_000
SHOWN_S = 300.0
AT_ONCE = 1_000
WARM = 500

LAST = Goal(what="last 10,000 of 100,000 messages against the first 10,000", unit="ratio", must=0.8, aim=0.95)
GOALS = (LAST,)
_full: dict[Grounds, tuple[House, Figure]] = {}
_failed: set[Grounds] = set()


class NotFilled(Exception):
    """There is no folder with 100,000 messages in this run."""


async def run(grounds: Grounds) -> list[Figure]:
    _, figure = await _filled(grounds)
    return [figure]


async def full_house(grounds: Grounds) -> House:
    """The stopped house with 100,000 messages in it; filled once a run."""
    house, _ = await _filled(grounds)
    return house


async def _filled(grounds: Grounds) -> tuple[House, Figure]:
    if grounds in _failed:
        raise NotFilled("the folder with 100,000 messages could not be filled before")
    if grounds not in _full:
        _failed.add(grounds)  # until it is full: nobody shall wait twice
        house = await grounds.house()
        first = await _part(house)
        print(f"    the first ten thousand: {first[1]:.0f}/s", flush=True)
        await _copy(house)
        print("    those between are copied", flush=True)
        last = await _part(house)
        house.holds = MESSAGES
        beside = {
            "first": f"{first[1]:.0f}/s at R {first[0]:.0f}/s",
            "last": f"{last[1]:.0f}/s at R {last[0]:.0f}/s",
        }
        _failed.discard(grounds)
        _full[grounds] = house, Figure(goal=LAST, readings=(last[1] / first[1],), beside=beside)
    return _full[grounds]


async def _part(house: House) -> tuple[float, float]:
    """R, and the rate at which the next ten thousand were shown, some to warm up not counted."""
    try:
        await house.start("up")
        await house.furnish()
        await house.tagging()
        raw = await raw_rate(house.mongo)
        screen, lines = await Screen.open(house), await writers(house)
        await _shown(house, screen, lines, WARM)
        rate = await _shown(house, screen, lines, PART - WARM)
        close_all([*lines, screen])
        await asyncio.sleep(3.0)  # triage and sweeps end
        return (raw + await raw_rate(house.mongo)) / 2, rate
    finally:
        await house.stop()


async def _shown(house: House, screen: Screen, lines: list[HttpLine], count: int) -> float:
    room = asyncio.Semaphore(ON_THEIR_WAY)
    screen.told = room.release
    flood = Flood(house, numbers(count), CUSTOMERS)
    began = time.perf_counter()
    await flood.run(lines, room)
    last = await screen.until(flood.wanted, SHOWN_S)
    screen.told = None
    return count / (last - began)


# -- the messages between ----------------------------------------------------------------------------------------------


async def _copy(house: House) -> None:
    try:
        await house.start("web")
        async with open_store(house.mongo) as store:
            await _copy_rows(store)
    finally:
        await house.stop()


async def _copy_rows(store: Store) -> None:
    arrivals, messages, events = [await _all(store, name) for name in ("arrivals", "messages", "events")]
    held = Counter(row["conversation"] for row in messages)
    top = max(row["n"] for row in events)
    for copy in range(1, COPIES + 1):
        await _insert(store, "arrivals", [row | _renamed(row, copy) for row in arrivals])
        moved = [_renamed(row, copy) | {"seq": row["seq"] + copy * held[row["conversation"]]} for row in messages]
        await _insert(store, "messages", [row | new for row, new in zip(messages, moved, strict=True)])
        numbers_ = [row["n"] + copy * top for row in events]
        await _insert(store, "events", [row | {"_id": n, "n": n} for row, n in zip(events, numbers_, strict=True)])
    for conversation, count in held.items():
        head = count * (COPIES + 1)
        heads = {"head": head, "in_head": head}
        await store.ledger.light("conversations").update_one({"_id": conversation}, {"$set": heads})


def _renamed(row: dict[str, Any], copy: int) -> dict[str, Any]:
    return {"_id": f"{row['_id']}~{copy}"}


async def _all(store: Store, name: str) -> list[dict[str, Any]]:
    return list(await store.ledger.light(name).find({}).to_list(None))


async def _insert(store: Store, name: str, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        await store.ledger.light(name).insert_many(rows[start : start + AT_ONCE], ordered=False)
