"""How long after a customer sent it does a message stand on an agent's screen, when the hub is a quarter busy?

50 agents are connected; 256 customers of the web chat write at a quarter of the top rate, which was measured just
before in the same hub. The time runs from the moment at which the message was due to be sent (a slow hub cannot slow
the clock) to its event on one agent's socket; the other 49 are served as well. After that, one more round under the
same load, in which one of the 50 has the inbox open in Chromium: until the message's row is painted there. It is not
in the figures above, because the browser takes its part of the machine from the hub.
"""

import asyncio
import time

from tests.bench.bare import raw_insert_s
from tests.bench.figures import Figure, Goal, not_run, percentile
from tests.bench.house import Grounds, House
from tests.bench.load import Customer, Screen, close_all, crowd, numbers
from tests.bench.painted import painted_inbox
from tests.bench.wire import WsLine, ws_line, ws_lines
from tests.web.browsing import why_no_browser

ROUNDS = 3
AGENTS, CUSTOMERS = 50, 256
TOP, LASTING_S = 1500, 8.0
QUARTER = 4

P50 = Goal(what="customer's send to agent's screen, 50 agents, p50", unit="ms", sense="at most", must=25)
P99 = Goal(what="customer's send to agent's screen, 50 agents, p99", unit="ms", sense="at most", must=100, aim=50)
IN_P = Goal(what="customer's send to agent's screen, 50 agents, p50 beside P", unit="P", sense="at most", aim=4)
PAINTED = Goal(what="customer's send to the row painted in Chromium, 50 agents, p50", unit="ms", sense="at most")
GOALS = (P50, P99, IN_P, PAINTED)


async def run(grounds: Grounds) -> list[Figure]:
    async with grounds.open("up") as house:
        screen, customers = await Screen.open(house), await crowd(house, CUSTOMERS)
        others = await ws_lines(AGENTS - 1, lambda: _agent(house))
        top = await _top(screen, customers)
        rounds = [await _round(house, screen, customers, top / QUARTER) for _ in range(ROUNDS)]
        others.pop().close()
        painted = await _painted(house, screen, customers, top / QUARTER)
        close_all([screen, *customers, *others])
    beside = {"top rate": f"{top:.0f}/s", "P": " ".join(f"{p * 1000:.2f} ms" for p, _ in rounds)}
    took = [_since(due, screen.shown) for _, due in rounds]
    p50s = [percentile(one, 0.5) for one in took]
    return [
        Figure(goal=P50, readings=tuple(one * 1000 for one in p50s), beside=beside),
        Figure(goal=P99, readings=tuple(percentile(one, 0.99) * 1000 for one in took), beside=beside),
        Figure(goal=IN_P, readings=tuple(one / p for one, (p, _) in zip(p50s, rounds, strict=True)), beside=beside),
        painted,
    ]


async def _painted(house: House, screen: Screen, customers: list[Customer], rate: float) -> Figure:
    """The round with a browser: rows that others had pushed out of sight before a frame was painted are counted."""
    if why := why_no_browser():
        return not_run(PAINTED, why)
    async with painted_inbox(house) as inbox:
        _, due = await _round(house, screen, customers, rate)
        await inbox.until(max(due))
        took = _since(due, await inbox.times())
    event = _since(due, screen.shown)
    beside = {
        "p99": _ms(took, 0.99),
        "live event in that round": f"p50 {_ms(event, 0.5)}, p99 {_ms(event, 0.99)}",
        "never in sight": f"{len(due) - len(took)} of {len(due)}",
    }
    return Figure(goal=PAINTED, readings=(percentile(took, 0.5) * 1000,), beside=beside)


def _since(due: dict[int, float], then: dict[int, float]) -> list[float]:
    """Seconds from when each message was due until then, of those that came."""
    return [then[number] - at for number, at in due.items() if number in then]


def _ms(took: list[float], share: float) -> str:
    return f"{percentile(took, share) * 1000:.0f} ms"


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


async def _round(
    house: House, screen: Screen, customers: list[Customer], rate: float
) -> tuple[float, dict[int, float]]:
    """P, and when each message was due; all of them are shown."""
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
    return p, due
