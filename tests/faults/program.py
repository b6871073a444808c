"""The program behind the `api` account: it takes replies, late or never answering some, turning others away."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator

import msgspec
from aiohttp import web

LATE_S = (0.3, 1.5)


class FarSide:
    """`took` counts what it has, whatever it answered; `doubtful` are those that it took without a clear answer."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.took: Counter[str] = Counter()
        self.order: dict[str, list[str]] = {}  # chat → ids as they came
        self.doubtful: set[str] = set()
        self.refused: set[str] = set()
        self.url = ""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["FarSide"]:
        app = web.Application()
        app.router.add_post("/take", self._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/take"
            yield self
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        said = msgspec.json.decode(await request.read())
        behaviour = self._chance.choices(
            [self._well, self._late, self._busy, self._refuse, self._hang_up, self._fail], [70, 10, 8, 4, 4, 4]
        )[0]
        return await behaviour(request, said["id"], said["to"])

    def _keep(self, id_: str, to: str) -> web.Response:
        self.took[id_] += 1
        self.order.setdefault(to, []).append(id_)
        return web.json_response({"id": f"theirs-{id_}"})

    async def _well(self, _: web.Request, id_: str, to: str) -> web.StreamResponse:
        return self._keep(id_, to)

    async def _late(self, _: web.Request, id_: str, to: str) -> web.StreamResponse:
        answer = self._keep(id_, to)
        await asyncio.sleep(self._chance.uniform(*LATE_S))
        return answer

    async def _busy(self, _: web.Request, id_: str, to: str) -> web.StreamResponse:
        return web.Response(status=self._chance.choice([429, 503]), headers={"Retry-After": "1"})

    async def _refuse(self, _: web.Request, id_: str, to: str) -> web.StreamResponse:
        self.refused.add(id_)
        return web.Response(status=400)

    async def _hang_up(self, request: web.Request, id_: str, to: str) -> web.StreamResponse:
        self._keep(id_, to)
        self.doubtful.add(id_)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _fail(self, _: web.Request, id_: str, to: str) -> web.StreamResponse:
        self._keep(id_, to)
        self.doubtful.add(id_)
        return web.Response(status=500)
