"""When the database or Redis goes away: nothing is acknowledged that is not kept, and service resumes by itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from hub.clock import utc_now
from hub.embedded import StoreUrls
from hub.events import settings_changed
from tests.inbox_web.conftest import add_site

NO_REDIS = "unix:///nonexistent/redis.sock"


class Line:
    """A wire to the database that can be cut and mended; while it is cut nobody gets through."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        there_reader, there_writer = await asyncio.open_connection(*self._there)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(reader, there_writer))
                both.create_task(_pump(there_reader, writer))
        finally:
            self._tasks.discard(task)
            for end in (writer, there_writer):
                end.close()
                with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                    await end.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()


@pytest.fixture
async def line(fresh: StoreUrls) -> AsyncIterator[Line]:
    parts = urlsplit(fresh.mongo)
    made = Line(parts.hostname or "", parts.port or 0)
    await made.mend()
    yield made
    await made.cut()


@pytest.fixture
async def wired(make_hub: Any, line: Line, fresh: StoreUrls) -> Any:
    """A hub whose database is behind the line."""
    parts = urlsplit(fresh.mongo)
    there = parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{line.port}"
    hub = await make_hub(mongo=urlunsplit(parts._replace(netloc=there)))
    await add_site(hub)
    return hub


@pytest.mark.timeout(180)
async def test_while_the_database_is_away_nothing_is_acknowledged_and_then_it_goes_on(wired: Any, line: Line) -> None:
    await wired.sign_in()
    wire = await wired.chat()
    await line.cut()

    await wire.say({"t": "send", "id": "message-1", "text": "chào shop"})
    refused = await wire.hear("nack", within_s=15)
    listed = await wired.get("/api/v1/conversations")
    ready = await wired.get("/readyz")
    await line.mend()
    await wire.send("chào shop", "message-1")

    assert (refused["slug"], refused["retry"]) == ("unavailable", True)
    assert (listed.status, listed.headers["Retry-After"]) == (503, "5")
    assert (ready.status, (await ready.json())["database"]["up"]) == (503, False)
    assert await wired.arrivals() == 1


@pytest.mark.timeout(180)
async def test_a_browser_whose_socket_stayed_open_gets_what_happened_behind_an_outage(
    wired: Any, make_hub: Any, line: Line
) -> None:
    await wired.sign_in()
    wire = await wired.live()
    n = (await wire.hear("hello"))["n"]
    other = await make_hub(redis=NO_REDIS)
    await line.cut()
    await other.parts.announcer.announce([settings_changed()], utc_now())
    await line.mend()

    assert (await wire.hear("events", within_s=15))["n"] == n + 1


@pytest.mark.timeout(180)
async def test_without_redis_everything_works_a_little_later(make_hub: Any) -> None:
    hub = await make_hub(redis=NO_REDIS)
    await add_site(hub)
    await hub.sign_in()
    agent = await hub.live()
    n = (await agent.hear("hello"))["n"]
    customer = await hub.chat()

    await customer.send("chào shop", "message-1")
    await hub.parts.announcer.announce([settings_changed()], utc_now())
    told = await agent.hear("events", within_s=10)
    ready = await hub.get("/readyz")

    assert told["n"] == n + 1
    assert (ready.status, (await ready.json())["redis"]["up"]) == (200, False)
