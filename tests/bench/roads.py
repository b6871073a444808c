"""Is everything there once, and in the platform's order, that came over bad roads, also while the hub is killed?

1,000 Telegram updates in 50 chats and 1,000 Slack messages in 20 threads (with the mentions that Slack tells of twice)
go to one `hub up` at the same time, from the fakes, by webhook: half of them doubled, all reordered, a tenth of the
hub's answers lost. Then the same with a hub that is killed with -9, stores and all, at drawn moments while people
write, and started again. Repeats come as each platform makes them; only when everybody has written and the hub is up
for good, those that would come after minutes come within a second. HUB_BENCH_SEED=… draws the same chances again.
"""

import asyncio
import contextlib
import os
import random
import secrets
import time
from collections import Counter

from hub.model import ConversationId, Message
from hub.store import Store, open_store
from hub.store.documents import record
from tests.bench.figures import Figure, Goal, not_run
from tests.bench.house import Grounds, House
from tests.bench.platforms import Road, slack_road, telegram_road
from tests.faults import verdict
from tests.query_shapes import FROM_A_TEST

SAID, BURST = 1_000, 50
KILLS = 4
BETWEEN_S = 2.0  # two bursts, where the hub is killed meanwhile
UP_S = (0.2, 2.0)  # how long a hub lives at least
SETTLE_S, ALL_S = 90.0, 280.0
TAIL = 3_000
PLATFORMS = ("Telegram updates", "Slack events")
WRONG = ("lost", "doubled", "out of order")


def _goal(platform: str, wrong: str, killed: bool) -> Goal:
    how = f"hub killed (-9) {KILLS} times" if killed else "doubled, reordered, 10 % unanswered"
    what = f"1,000 {platform}, {how}: {wrong}"
    return Goal(what=what, unit="messages", sense="at most", must=None if killed else 0, aim=0, issue="channels")


CALM, KILLED = (
    {(platform, wrong): _goal(platform, wrong, killed) for platform in PLATFORMS for wrong in WRONG}
    for killed in (False, True)
)
GOALS = (*CALM.values(), *KILLED.values())


async def run(grounds: Grounds) -> list[Figure]:
    seed = int(os.environ.get("HUB_BENCH_SEED", "0")) or secrets.randbelow(1_000_000)
    print(f"HUB_BENCH_SEED={seed}", flush=True)
    return [*await _judged(grounds, seed, CALM, 0), *await _judged(grounds, seed, KILLED, KILLS)]


async def _judged(grounds: Grounds, seed: int, goals: dict[tuple[str, str], Goal], kills: int) -> list[Figure]:
    """Both platforms' figures; a hub that does not come back is said in the place of these, not of the others."""
    try:
        async with asyncio.timeout(ALL_S):
            return await _journey(grounds, seed, goals, kills)
    except (RuntimeError, TimeoutError) as error:
        why = f"it failed with the seed {seed}: {type(error).__name__}: {error}"[:200]
        return [not_run(goal, why) for goal in goals.values()]


async def _journey(grounds: Grounds, seed: int, goals: dict[tuple[str, str], Goal], kills: int) -> list[Figure]:
    chance = random.Random(f"{seed}:{kills}")
    async with (
        grounds.open("up") as house,
        telegram_road(house, chance) as telegram,
        slack_road(house, chance) as slack,
    ):
        roads = {PLATFORMS[0]: telegram, PLATFORMS[1]: slack}
        began = time.perf_counter()
        await asyncio.gather(_write(roads, BETWEEN_S if kills else 0.0), _kill(house, telegram, kills, chance))
        for road in roads.values():
            road.hurry.set()
        entries, left = await _settled(house, roads)
        about = {"seed": str(seed), "took": f"{time.perf_counter() - began:.0f} s", **left}
        return [
            Figure(goal=goals[name, wrong], readings=(float(count),), beside=about | road.told())
            for name, road in roads.items()
            for wrong, count in zip(WRONG, judge(road.wanted, entries), strict=True)
        ]


async def _write(roads: dict[str, Road], pause_s: float) -> None:
    """Everybody writes, in bursts."""
    for _ in range(0, SAID, BURST):
        for road in roads.values():
            road.speak(BURST)
        await asyncio.sleep(pause_s)


async def _kill(house: House, road: Road, kills: int, chance: random.Random) -> None:
    """kill -9 to the hub and its stores when a drawn part of it was said, and start it again."""
    for mark in sorted(chance.uniform(0.05, 0.85) for _ in range(kills)):
        while road.said < mark * SAID:
            await asyncio.sleep(0.05)
        await asyncio.sleep(chance.uniform(*UP_S))
        await house.kill()
        await house.start("up")


async def _settled(house: House, roads: dict[str, Road]) -> tuple[list[Message], dict[str, str]]:
    """The customers' entries of the log once nothing is on its way, and what still is when the time for that is up."""
    async with open_store(house.mongo) as store:
        left = await _left(store, roads)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while any(left.values()):
                    await asyncio.sleep(0.2)
                    left = await _left(store, roads)
        left["in quarantine"] = await _quarantined(store)
        rows = await store.ledger.light("messages").find({}, comment=FROM_A_TEST).to_list(None)
    entries = [record(row, Message) for row in rows]
    unsettled = {f"left: {name}": str(count) for name, count in left.items() if count}
    if unsettled:
        print((house.data / "bench.log").read_text("utf-8", "replace")[-TAIL:], flush=True)
    return [one for one in entries if one.kind == "in"], unsettled


async def _left(store: Store, roads: dict[str, Road]) -> dict[str, int]:
    return {name: road.waiting() for name, road in roads.items()} | await verdict.waiting(store)


async def _quarantined(store: Store) -> int:
    query = {"state": "quarantined"}
    return len(await store.ledger.light("arrivals").find(query, {"state": 1}, comment=FROM_A_TEST).to_list(None))


def judge(wanted: dict[ConversationId, list[str]], entries: list[Message]) -> tuple[int, int, int]:
    """How many are lost, are there too often, or stand behind one that the platform has later."""
    lost = doubled = late = 0
    for talk, texts in wanted.items():
        drawn = sorted((one for one in entries if one.conversation == talk), key=lambda one: (one.order, one.seq))
        found = Counter(one.text for one in drawn)
        place = {text: at for at, text in enumerate(texts)}
        lost += sum(text not in found for text in texts)
        doubled += sum(found.values()) - len(found)
        places = [place[one.text] for one in drawn if one.text in place]
        late += sum(at < max(places[:behind], default=-1) for behind, at in enumerate(places))
    return lost, doubled + _strays(wanted, entries), late


def _strays(wanted: dict[ConversationId, list[str]], entries: list[Message]) -> int:
    """How many of these platforms' texts stand in a conversation where nobody wrote them."""
    where = {text: talk for talk, texts in wanted.items() for text in texts}
    return sum(one.text in where and where[one.text] != one.conversation for one in entries)
