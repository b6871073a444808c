"""How many messages a second does the hub take in, and how soon are they on an agent's screen?

32 keep-alive writers post signed messages of 256 customers to `/in/{account}` (the API channel); an agent's socket
counts them as they appear. First with the web process alone, then as `hub up` runs everything. The lag is measured on
the web chat, which can wait: 32 customers at a time, for several seconds without a pause.

The must is the acknowledging path's: its one insert, committed in groups. While everything runs, the same database also
logs, tags and routes what was acknowledged, and the two share it: that rate is printed beside the one all the way.
"""

import asyncio
import time

from tests.bench.bare import raw_rate
from tests.bench.figures import Figure, Goal, percentile
from tests.bench.house import Grounds, House
from tests.bench.load import Flood, Screen, close_all, crowd, numbers, writers

ROUNDS = 3
ACKED, SHOWN = 4000, 2500
CHATTERS, EACH = 320, 12

WEB = Goal(what="durable acknowledgements through HTTP, 32 writers, web process alone", unit="R", must=0.5, aim=1.5)
ALL = Goal(what="durable acknowledgements through HTTP, 32 writers, while the same database logs them", unit="R")
WAY = Goal(what="the same messages all the way to the agents' event", unit="R", must=0.3, aim=0.8)
CHAT = Goal(what="web chat flooded by 32 writers, all the way to the agents' event", unit="R")
LAG = Goal(what="web chat flooded: acknowledgement to agents' event, p95", unit="s", sense="at most", must=2, aim=1)
GOALS = (WEB, ALL, WAY, CHAT, LAG)


async def run(grounds: Grounds) -> list[Figure]:
    async with grounds.open("web") as house:
        web = [await _acknowledged(house) for _ in range(ROUNDS)]
    async with grounds.open("up") as house:
        way = [await _shown(house) for _ in range(ROUNDS)]
        chat = [await _chatted(house) for _ in range(ROUNDS)]
    return [
        _figure(WEB, [one[:2] for one in web]),
        _figure(ALL, [(one[0], one[1]) for one in way]),
        _figure(WAY, [(one[0], one[2]) for one in way]),
        _figure(CHAT, [(one[0], one[1]) for one in chat]),
        Figure(goal=LAG, readings=tuple(one[2] for one in chat), beside=_beside([(one[0], one[1]) for one in chat])),
    ]


async def _acknowledged(house: House) -> tuple[float, float]:
    """R and the rate of acknowledgements."""
    before = await raw_rate(house.mongo)
    flood, lines = Flood(house, numbers(ACKED)), await writers(house)
    await flood.run(lines)
    close_all(lines)
    return (before + await raw_rate(house.mongo)) / 2, flood.rate


async def _shown(house: House) -> tuple[float, float, float]:
    """R, the rate of acknowledgements, and the rate at which the same messages were shown."""
    before = await raw_rate(house.mongo)
    screen, lines = await Screen.open(house), await writers(house)
    flood = Flood(house, numbers(SHOWN))
    await flood.run(lines)
    last = await screen.until(flood.wanted)
    close_all([*lines, screen])
    await _settled()
    return (before + await raw_rate(house.mongo)) / 2, flood.rate, SHOWN / (last - flood.began)


async def _chatted(house: House) -> tuple[float, float, float]:
    """R, the rate at which the web chat's messages were shown, and the lag's p95 in seconds."""
    before = await raw_rate(house.mongo)
    screen, customers = await Screen.open(house), await crowd(house, CHATTERS)
    # By turns: each customer says their first word before anybody says a second one.
    turns = iter([(customers[at % CHATTERS], number) for at, number in enumerate(numbers(CHATTERS * EACH))])
    began = time.perf_counter()

    async def write() -> None:
        for customer, number in turns:
            if not await customer.send(number):
                raise RuntimeError("the hub did not take a message of the web chat")

    await asyncio.gather(*(write() for _ in range(32)))
    acked = {number: at for one in customers for number, at in one.acked.items()}
    last = await screen.until(list(acked))
    lag = percentile([screen.shown[number] - at for number, at in acked.items()], 0.95)
    close_all([*customers, screen])
    await _settled()
    return (before + await raw_rate(house.mongo)) / 2, len(acked) / (last - began), lag


async def _settled() -> None:
    """Let triage and sweeps end before the bare database is measured again."""
    await asyncio.sleep(1.0)


def _figure(goal: Goal, measured: list[tuple[float, float]]) -> Figure:
    return Figure(goal=goal, readings=tuple(rate / raw for raw, rate in measured), beside=_beside(measured))


def _beside(measured: list[tuple[float, float]]) -> dict[str, str]:
    return {
        "R": " ".join(f"{raw:.0f}/s" for raw, _ in measured),
        "hub": " ".join(f"{rate:.0f}/s" for _, rate in measured),
    }
