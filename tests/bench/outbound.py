"""How many replies a second leave through a channel?

The far side is an aiohttp server in a process of its own (`python -m tests.bench.outbound PORT`). First 640 replies in
128 conversations stand queued, and a worker that just started claims, sends and settles them: counted from the first to
the last that the far side took. Then 32 agents at a time post as many through the API while everything runs: counted
from the first POST to the last message at the far side.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import msgspec
from aiohttp import web

from hub.ids import conversation_id
from tests.bench.bare import raw_rate
from tests.bench.figures import Figure, Goal
from tests.bench.house import API, Grounds, House, free_port
from tests.bench.load import Flood, Screen, close_all, numbers, text, writers
from tests.bench.processes import end_with_parent
from tests.bench.wire import HttpLine, post

ROUNDS = 3
CONVERSATIONS, EACH = 128, 5
ARRIVE_S = 120.0

OUT = Goal(what="outbound to a local channel, queued replies", unit="R", must=0.15, aim=0.3)
WAY = Goal(what="outbound from the agent's POST to the far side, 32 agents", unit="R")
GOALS = (OUT, WAY)


class Seq(msgspec.Struct):
    seq: int


class Taken(msgspec.Struct):
    """How many messages the far side took, and when it took the last one (the machine's monotonic clock)."""

    count: int
    last: float


async def run(grounds: Grounds) -> list[Figure]:
    port = free_port()
    async with far_side(port) as far, grounds.open("web", api_url=f"{far}/take") as house:
        screen, lines = await Screen.open(house), await writers(house)
        worker = await house.start_beside("worker")
        heads = await _conversations(house, screen, lines)
        queued, whole = [], []
        for round_ in range(ROUNDS):
            await worker.stop()
            raw, _ = await _replied(house, lines, heads, far, f"q{round_}", wait=False)
            worker = await house.start_beside("worker")
            queued.append((raw, await _drained(far, EACH * CONVERSATIONS * (2 * round_ + 1))))
            whole.append(await _replied(house, lines, heads, far, f"w{round_}", wait=True))
        close_all([*lines, screen])
    return [_figure(OUT, queued), _figure(WAY, whole)]


def _figure(goal: Goal, measured: list[tuple[float, float]]) -> Figure:
    beside = {
        "R": " ".join(f"{raw:.0f}/s" for raw, _ in measured),
        "hub": " ".join(f"{rate:.0f}/s" for _, rate in measured),
    }
    return Figure(goal=goal, readings=tuple(rate / raw for raw, rate in measured), beside=beside)


async def _conversations(house: House, screen: Screen, lines: list[HttpLine]) -> dict[str, int]:
    """One message of each customer, so that there is a conversation to answer in; by id, the last number seen."""
    flood = Flood(house, numbers(CONVERSATIONS), CONVERSATIONS)
    await flood.run(lines)
    await screen.until(flood.wanted)
    await asyncio.sleep(2.0)
    return {conversation_id(f"{API}:t{who}", 0): 1 for who in range(CONVERSATIONS)}


async def _replied(
    house: House, lines: list[HttpLine], heads: dict[str, int], far: str, key: str, wait: bool
) -> tuple[float, float]:
    """R, and replies a second that reached the far side; 0 when nobody waits for that."""
    before = await raw_rate(house.mongo)
    had = (await _taken(far)).count
    began = time.perf_counter()
    turns = iter(heads)

    async def answer(line: HttpLine) -> None:
        for conversation in turns:
            for turn in range(EACH):
                heads[conversation] = await _reply(house, line, conversation, heads[conversation], f"{key}-{turn}")

    await asyncio.gather(*(answer(line) for line in lines))
    rate = 0.0
    if wait:
        taken = await _until(far, had + CONVERSATIONS * EACH)
        rate = CONVERSATIONS * EACH / (taken.last - began)
        await asyncio.sleep(1.0)
    return (before + await raw_rate(house.mongo)) / 2, rate


async def _drained(far: str, wanted: int) -> float:
    """Replies a second that a worker brought to the far side, once it had begun."""
    first = await _until(far, wanted - CONVERSATIONS * EACH + 1, least=True)
    last = await _until(far, wanted)
    return (last.count - first.count) / (last.last - first.last)


async def _until(far: str, wanted: int, least: bool = False) -> Taken:
    """What the far side says once it has taken so many."""
    async with asyncio.timeout(ARRIVE_S):
        while (taken := await _taken(far)).count < wanted:
            await asyncio.sleep(0.05)
    if taken.count > wanted and not least:
        raise RuntimeError("a reply reached the far side twice")
    return taken


async def _reply(house: House, line: HttpLine, conversation: str, seen: int, key: str) -> int:
    body = msgspec.json.encode({"kind": "reply", "text": text(seen), "seen": seen})
    request = post(
        f"/api/v1/conversations/{conversation}/messages",
        body,
        {
            "Host": f"127.0.0.1:{house.port}",
            "Origin": house.url,
            "Cookie": house.cookie,
            "Idempotency-Key": f"{conversation}-{key}",
        },
    )
    status, answer = await line.ask(request)
    if status != 201:
        raise RuntimeError(f"the reply was refused with {status}: {answer[:200]!r}")
    return msgspec.json.decode(answer, type=Seq).seq


async def _taken(far: str) -> Taken:
    async with aiohttp.ClientSession() as http, http.get(f"{far}/taken") as answer:
        return msgspec.json.decode(await answer.read(), type=Taken)


# -- the far side -----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def far_side(port: int) -> AsyncIterator[str]:
    """A program behind the API channel, as a process; its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.outbound",
        str(port),
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=end_with_parent,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


def _serve(port: int) -> None:
    ids: list[str] = []
    last = 0.0

    async def take(request: web.Request) -> web.Response:
        nonlocal last
        ids.append(msgspec.json.decode(await request.read())["id"])
        last = time.perf_counter()
        return web.Response(body=b'{"id":"far-%d"}' % len(ids), content_type="application/json")

    async def taken(_: web.Request) -> web.Response:
        return web.json_response({"count": len(ids), "last": last})

    app = web.Application()
    app.router.add_post("/take", take)
    app.router.add_get("/taken", taken)
    web.run_app(app, host="127.0.0.1", port=port, print=lambda *_: print("ready", flush=True), access_log=None)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
