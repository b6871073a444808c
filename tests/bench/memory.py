"""How much memory does an idle hub hold, 60 seconds after it was ready, with an empty store and its tagger loaded?

RSS of each process, as the kernel says it: pages that two processes share count twice, so the sum is the strict
reading; PSS, which splits them, stands beside it.
"""

import asyncio

from tests.bench.figures import Figure, Goal
from tests.bench.house import Grounds, House
from tests.bench.processes import command, family, memory_mb

AFTER_S = 60.0

HUB = Goal(
    what="memory 60 s after ready, empty store: hub with its tagger", unit="MB", sense="at most", must=250, aim=150
)
ALL = Goal(what="memory 60 s after ready, empty store: all processes", unit="MB", sense="at most", must=350, aim=220)
GOALS = (HUB, ALL)


async def run(grounds: Grounds) -> list[Figure]:
    async with grounds.open("up") as house:
        await asyncio.sleep(AFTER_S)
        return figures(house, HUB, ALL)


def figures(house: House, hub: Goal, everything: Goal) -> list[Figure]:
    """Both figures of a running hub, now."""
    held = {_name(pid): memory_mb(pid) for pid in family(house.processes[0].pid)}
    beside = {name: f"{rss:.0f} (PSS {pss:.0f})" for name, (rss, pss) in held.items()}
    own = [rss for name, (rss, _) in held.items() if name in ("hub", "tagger")]
    return [
        Figure(goal=hub, readings=(sum(own),), beside=beside),
        Figure(goal=everything, readings=(sum(rss for rss, _ in held.values()),), beside=beside),
    ]


def _name(pid: int) -> str:
    words = command(pid)
    for mark, name in (
        ("nlp.serve", "tagger"),
        ("secantus", "database"),
        ("valkey", "redis"),
        ("nlp.train", "training"),
    ):
        if mark in words:
            return name
    return "hub"
