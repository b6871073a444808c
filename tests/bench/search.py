"""How soon are words found among 100,000 messages?

The index alone: 100,000 made-up messages in 9,000 conversations, searched as a process searches, in a thread beside its
loop, by what people type: one word, two, a beginning, an order's number, a word that every message has. Beside it how
fast they are put in, and the room on disk.
"""

import asyncio
import datetime as dt
import random
import time
from pathlib import Path

from hub.model import ConversationId, MessageId
from hub.search.index import FILE, Entry, Index, Progress
from tests.bench.figures import Figure, Goal, percentile
from tests.bench.house import Grounds
from tests.bench.load import WORDS

MESSAGES, CONVERSATIONS, AT_ONCE = 100_000, 9_000, 200
SEARCHES, PAGE = 400, 50
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

FOUND = Goal(what="search among 100,000 messages, p95", unit="ms", sense="at most", must=50, aim=10, issue="search")
PUT_IN = Goal(what="messages put into the search index", unit="messages/s", issue="search")
GOALS = (FOUND, PUT_IN)


async def run(grounds: Grounds) -> list[Figure]:
    path = grounds.folder / FILE
    rate = await asyncio.to_thread(fill, path, MESSAGES)
    took = await asyncio.to_thread(times, path, MESSAGES)
    beside = {"p50": f"{percentile(took, 0.5):.2f} ms", "worst": f"{max(took):.1f} ms"}
    room = {"on disk": f"{path.stat().st_size / 1e6:.0f} MB"}
    return [
        Figure(goal=FOUND, readings=(percentile(took, 0.95),), beside=beside),
        Figure(goal=PUT_IN, readings=(rate,), beside=room),
    ]


def fill(path: Path, count: int) -> float:
    """Put in so many messages; how many a second."""
    chance = random.Random(1)
    index = Index(path, write=True)
    began = time.perf_counter()
    for start in range(0, count, AT_ONCE):
        index.put([_entry(number, chance) for number in range(start, min(start + AT_ONCE, count))], Progress())
    took = time.perf_counter() - began
    index.close()
    return count / took


def times(path: Path, count: int) -> list[float]:
    """Milliseconds of each search. Raises RuntimeError when an order's number is not found."""
    chance = random.Random(2)
    index = Index(path, write=False)
    took = []
    for _ in range(SEARCHES):
        typed, must = _typed(chance, count)
        began = time.perf_counter()
        hits = index.find(typed, PAGE)
        took.append((time.perf_counter() - began) * 1000)
        if must and not hits:
            raise RuntimeError(f"{typed!r} was put in and is not found")
    index.close()
    return took


def _entry(number: int, chance: random.Random) -> Entry:
    return Entry(
        message=MessageId(f"m_{number:032x}"),
        conversation=ConversationId(f"v_{number % CONVERSATIONS:032x}"),
        seq=number // CONVERSATIONS + 1,
        at=BEGAN + dt.timedelta(seconds=7 * number),
        text=f"{chance.choice(WORDS)} {chance.choice(WORDS)} đơn MA{number}",
    )


def _typed(chance: random.Random, count: int) -> tuple[str, bool]:
    """What somebody types, and whether it must be found."""
    words = chance.choice(WORDS).split()
    number = chance.randrange(count)
    return chance.choice(
        [
            (" ".join(words[:2]), True),
            (words[0], True),
            (words[-1][:2], False),
            (f"đơn MA{number}", True),
            (f"don ma{str(number)[:2]}", True),
            (f"{words[0]} {chance.choice(WORDS).split()[0]} don", False),
        ]
    )
