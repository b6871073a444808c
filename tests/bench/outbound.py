"""How many replies a second reach a channel, from the agents' API to the far side?

32 agents' browsers at a time post replies in 128 conversations of the API channel; the far side is an aiohttp server
in a process of its own (`python -m tests.bench.outbound PORT`). Counted from the first POST to the last message
there.
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
from tests.bench.bare import WRITERS, raw_rate
from tests.bench.figures import Figure, Goal
from tests.bench.house import API, Grounds, House, free_port
from tests.bench.load import Flood, Screen, close_all, numbers, text, writers
from tests.bench.wire import HttpLine, post

ROUNDS = 3
CONVERSATIONS, EACH = 128, 5
ARRIVE_S = 120.0

OUT = Goal(what="outbound to a local channel, from the agent's POST to the far side", unit="R", must=0.15, aim=0.3)
GOALS = (OUT,)


class Seq(msgspec.Struct):
    seq: int


async def run(grounds: Grounds) -> list[Figure]:
    port = free_port()
    async with far_side(port) as far, grounds.open("up", api_url=f"{far}/take") as house:
        screen, lines = await Screen.open(house), await writers(house)
        heads = await _conversations(house, screen, lines)
        measured = [await _replied(house, lines, heads, far, round_) for round_ in range(ROUNDS)]
        close_all([*lines, screen])
    beside = {
        "R": " ".join(f"{raw:.0f}/s" for raw, _ in measured),
        "hub": " ".join(f"{rate:.0f}/s" for _, rate in measured),
    }
    return [Figure(goal=OUT, readings=tuple(rate / raw for raw, rate in measured), beside=beside)]


async def _conversations(house: House, screen: Screen, lines: list[HttpLine]) -> dict[str, int]:
    """One message of each customer, so that there is a conversation to answer in; by id, the last number seen."""
    flood = Flood(house, numbers(CONVERSATIONS), CONVERSATIONS)
    await flood.run(lines)
    await screen.until(flood.wanted)
    await asyncio.sleep(2.0)
    return {conversation_id(f"{API}:t{who}", 0): 1 for who in range(CONVERSATIONS)}


async def _replied(
    house: House, lines: list[HttpLine], heads: dict[str, int], far: str, round_: int
) -> tuple[float, float]:
    """R, and replies a second that reached the far side."""
    before = await raw_rate(house.mongo)
    had = await _taken(far)
    began = time.perf_counter()
    turns = iter(heads)

    async def answer(line: HttpLine) -> None:
        for conversation in turns:
            for turn in range(EACH):
                heads[conversation] = await _reply(house, line, conversation, heads[conversation], f"{round_}-{turn}")

    await asyncio.gather(*(answer(line) for line in lines[:WRITERS]))
    wanted = had[0] + CONVERSATIONS * EACH
    async with asyncio.timeout(ARRIVE_S):
        while (came := await _taken(far))[0] < wanted:
            await asyncio.sleep(0.05)
    if came[0] > wanted:
        raise RuntimeError("a reply reached the far side twice")
    await asyncio.sleep(1.0)
    return (before + await raw_rate(house.mongo)) / 2, CONVERSATIONS * EACH / (came[1] - began)


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


async def _taken(far: str) -> tuple[int, float]:
    """How many messages the far side took, and when it took the last one (the machine's monotonic clock)."""
    async with aiohttp.ClientSession() as http, http.get(f"{far}/taken") as answer:
        said = await answer.json()
    return int(said["count"]), float(said["last"])


# -- the far side -----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def far_side(port: int) -> AsyncIterator[str]:
    """A program behind the API channel, as a process; its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.outbound", str(port), stdout=asyncio.subprocess.PIPE
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
