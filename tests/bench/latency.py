"""How long after a customer sent it does a message stand on an agent's screen, when the hub is a quarter busy?

50 agents are connected; 64 customers of the web chat write at a quarter of the top rate, which was measured just
before in the same hub. The time runs from the moment at which the message was due to be sent (a slow hub cannot slow
the clock) to its event on one agent's socket; the other 49 are served as well.
"""

import asyncio
import time

from tests.bench.bare import raw_insert_s
from tests.bench.figures import Figure, Goal, percentile
from tests.bench.house import Grounds, House
from tests.bench.load import Customer, Screen, close_all, crowd, numbers
from tests.bench.wire import WsLine, ws_line, ws_lines

ROUNDS = 3
AGENTS, CUSTOMERS = 50, 256
TOP, LASTING_S = 1500, 8.0
QUARTER = 4

P50 = Goal(what="customer's send to agent's screen, 50 agents, p50", unit="ms", sense="at most", must=25)
P99 = Goal(what="customer's send to agent's screen, 50 agents, p99", unit="ms", sense="at most", must=100, aim=50)
IN_P = Goal(what="customer's send to agent's screen, 50 agents, p50 beside P", unit="P", sense="at most", aim=4)
GOALS = (P50, P99, IN_P)


async def run(grounds: Grounds) -> list[Figure]:
    async with grounds.open("up") as house:
        screen, customers = await Screen.open(house), await crowd(house, CUSTOMERS)
        others = await ws_lines(AGENTS - 1, lambda: _agent(house))
        top = await _top(screen, customers)
        rounds = [await _round(house, screen, customers, top / QUARTER) for _ in range(ROUNDS)]
        close_all([screen, *customers, *others])
    beside = {"top rate": f"{top:.0f}/s", "P": " ".join(f"{p * 1000:.2f} ms" for p, _ in rounds)}
    p50s = [percentile(took, 0.5) for _, took in rounds]
    return [
        Figure(goal=P50, readings=tuple(one * 1000 for one in p50s), beside=beside),
        Figure(goal=P99, readings=tuple(percentile(took, 0.99) * 1000 for _, took in rounds), beside=beside),
        Figure(goal=IN_P, readings=tuple(one / p for one, (p, _) in zip(p50s, rounds, strict=True)), beside=beside),
    ]


async def _agent(house: House) -> WsLine:
    line = await ws_line(f"{house.url}/live", house.url, house.cookie)
    line.say(b'{"t":"hello","since":null}')
    return line


async def _top(screen: Screen, customers: list[Customer]) -> float:
    """Messages a second all the way when 32 customers at a time write as fast as they can."""
    turns = iter([(customers[at % len(customers)], number) for at, number in enumerate(numbers(TOP))])
    sent: list[int] = []

    async def write() -> None:
        for customer, number in turns:
            if await customer.send(number):
                sent.append(number)

    began = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(32)))
    last = await screen.until(sent)
    await asyncio.sleep(2.0)
    return len(sent) / (last - began)


async def _round(house: House, screen: Screen, customers: list[Customer], rate: float) -> tuple[float, list[float]]:
    """P, and how long each message took, in seconds."""
    p = await raw_insert_s(house.mongo)
    due: dict[int, float] = {}
    sends: list[asyncio.Task[bool]] = []
    began = time.perf_counter()
    for at, number in enumerate(numbers(int(rate * LASTING_S))):
        due[number] = began + at / rate
        await asyncio.sleep(max(0.0, due[number] - time.perf_counter()))
        sends.append(asyncio.create_task(customers[at % len(customers)].send(number)))
    taken = await asyncio.gather(*sends)
    if not all(taken):
        raise RuntimeError(
            f"the hub did not take {taken.count(False)} of {len(taken)} messages at a quarter of its rate"
        )
    await screen.until(list(due))
    return p, [screen.shown[number] - at for number, at in due.items()]
