"""The core over real stores, with a clock that a test turns."""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import structlog

from hub.embedded import StoreUrls
from tests.hub.core import Clock, Core, furnish, open_core
from tests.hub.cutting import Wire
from tests.hub.scripted import Scripted


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def channel() -> Scripted:
    return Scripted()


@dataclasses.dataclass(kw_only=True)
class CoreMaker:
    """Makes further processes over the same ledger."""

    stack: contextlib.AsyncExitStack
    urls: StoreUrls
    clock: Callable[[], dt.datetime]
    data: Path
    channel: Scripted

    async def __call__(
        self,
        *,
        mongo: str | None = None,
        redis: str | None = None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> Core:
        urls = StoreUrls(mongo=mongo or self.urls.mongo, redis=redis or self.urls.redis)
        opened = open_core(urls, clock or self.clock, self.data, self.channel)
        return await self.stack.enter_async_context(opened)


@pytest.fixture
async def make_core(
    fresh: StoreUrls, wire: Wire, clock: Clock, tmp_path: Path, channel: Scripted
) -> AsyncIterator[CoreMaker]:
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    async with contextlib.AsyncExitStack() as stack:
        yield CoreMaker(stack=stack, urls=fresh, clock=clock, data=tmp_path, channel=channel)


@pytest.fixture
async def core(make_core: CoreMaker) -> Core:
    """One process over an empty ledger with one account and two teams."""
    made = await make_core()
    await furnish(made)
    return made
