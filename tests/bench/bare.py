"""The denominators: what the same database and the same library do on this machine, at this moment, without a hub.

R: single journaled Motor inserts a second at 32 writers. P: median seconds of one alone. W(n): aiohttp to n sockets.
`python -m tests.bench.bare` is the bare WebSocket server, in a process of its own as the hub is.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import WriteConcern

from tests.bench.figures import percentile
from tests.bench.processes import end_with_parent
from tests.bench.wire import WsLine, ws_line, ws_lines

WRITERS = 32
R_S = 1.5
P_INSERTS = 200
# As large as an arrival of a short message.
DOCUMENT = {
    "account": "bench-api",
    "channel": "api",
    "external": "x" * 12,
    "lane": "bench-api:" + "y" * 12,
    "body": b"z" * 160,
    "digest": "d" * 64,
    "state": "new",
    "order": 1_700_000_000_000_000,
}


@asynccontextmanager
async def raw_rows(mongo: str) -> AsyncIterator[Any]:
    """A bare collection, journaled, on the hub's own database server; dropped afterwards."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo)
    try:
        yield client["bench"].get_collection("raw", write_concern=WriteConcern(w=1, j=True))
        await client.drop_database("bench")
    finally:
        client.close()


async def raw_rate(mongo: str, lasting_s: float = R_S) -> float:
    """R, now."""
    async with raw_rows(mongo) as rows:
        await rows.insert_one(dict(DOCUMENT))
        until, done = time.perf_counter() + lasting_s, 0
        began = time.perf_counter()

        async def write() -> None:
            nonlocal done
            while time.perf_counter() < until:
                await rows.insert_one(dict(DOCUMENT))
                done += 1

        await asyncio.gather(*(write() for _ in range(WRITERS)))
        return done / (time.perf_counter() - began)


async def raw_insert_s(mongo: str) -> float:
    """P, now."""
    async with raw_rows(mongo) as rows:
        took = []
        for _ in range(P_INSERTS):
            began = time.perf_counter()
            await rows.insert_one(dict(DOCUMENT))
            took.append(time.perf_counter() - began)
        return percentile(took, 0.5)


# -- W(n) -------------------------------------------------------------------------------------------------------------


class Count:
    """Frames that came to all sockets together."""

    def __init__(self) -> None:
        self.frames = 0
        self.last = 0.0

    def __call__(self, frames: int) -> None:
        self.frames += frames
        self.last = time.perf_counter()

    async def until(self, frames: int, within_s: float) -> None:
        async with asyncio.timeout(within_s):
            while self.frames < frames:
                await asyncio.sleep(0.002)


@asynccontextmanager
async def bare_server(port: int) -> AsyncIterator[str]:
    """The bare server as a process; its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare", str(port), stdout=asyncio.subprocess.PIPE, preexec_fn=end_with_parent
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def fanned_out(url: str, sockets: int, frames: int, frame: bytes) -> float:
    """W(sockets), now: deliveries a second of frames like this one."""
    count = Count()
    lines = await ws_lines(sockets, lambda: ws_line(f"{url}/ws", url, counted=count))
    speaker: WsLine = await ws_line(f"{url}/go", url)
    try:
        began = time.perf_counter()
        speaker.say(b"%d " % frames + frame)
        await count.until(sockets * frames, 60)
        return sockets * frames / (count.last - began)
    finally:
        for line in (*lines, speaker):
            line.close()


def _serve(port: int) -> None:
    sockets: set[web.WebSocketResponse] = set()

    async def listens(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        sockets.add(ws)
        async for _ in ws:
            pass
        sockets.discard(ws)
        return ws

    async def speaks(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False, max_msg_size=2**24)
        await ws.prepare(request)
        async for message in ws:
            times, _, text = str(message.data).partition(" ")
            for _ in range(int(times)):
                for listener in list(sockets):
                    await listener.send_str(text)
        return ws

    app = web.Application()
    app.router.add_get("/ws", listens)
    app.router.add_get("/go", speaks)
    web.run_app(app, host="127.0.0.1", port=port, print=lambda *_: print("ready", flush=True), access_log=None)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
