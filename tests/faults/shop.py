"""A shop under load: the hub's processes, its customers, its agents and the program on the other side."""

import asyncio
import contextlib
import random
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import redis.asyncio

from hub.clock import utc_now
from hub.commands.rooms import open_rooms
from hub.embedded.programs import free_port
from hub.model import Account, AccountId, Agent, AgentId
from hub.safety.passwords import hash_password
from hub.settings import Settings
from tests.faults.agents import Desk
from tests.faults.book import Book
from tests.faults.customers import Sender, Widget
from tests.faults.processes import Program, Stores
from tests.faults.program import FarSide

PASSWORD = "mot-mat-khau-dai"
LOOK_S = 0.05


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How large the shop is, and how many messages of each customer make a round."""

    widgets: int
    letters: int
    senders: int
    posts: int
    agents: int
    replies: int

    @property
    def acknowledged(self) -> int:
        return self.widgets * self.letters + self.senders * self.posts


class Shop:
    def __init__(self, data: Path, models: Path, seed: int, size: Size, disk_floor_mb: int = 0) -> None:
        self.data = data
        self._models = models
        self.size = size
        self.chance = random.Random(seed)
        self.book = Book()
        self.secret = secrets.token_hex(16)  # the program's and the hub's
        self.far = FarSide(seed)
        self.stores = Stores(data)
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        quiet = {"HUB_LOG_LEVEL": "warning", "HUB_DISK_FLOOR_MB": str(disk_floor_mb)}
        self.web = Program("web", data, quiet | {"HUB_PORT": str(self.port)})
        self.worker = Program("worker", data, quiet)
        self.widgets: list[Widget] = []
        self.senders: list[Sender] = []
        self.desks: list[Desk] = []
        self._works: list[asyncio.Task[None]] = []

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Shop"]:
        """Everything runs, everybody is connected."""
        async with contextlib.AsyncExitStack() as stack:
            await asyncio.to_thread(shutil.copytree, self._models, self.data / "models")
            await stack.enter_async_context(self.stores.running())
            await stack.enter_async_context(self.far.running())
            await self._furnish()
            stack.push_async_callback(self._close)
            self._start(self.web.run(), self.worker.run())
            await asyncio.gather(self.web.ready.wait(), self.worker.ready.wait())
            await self._invite(stack)
            stack.push_async_callback(self._close)  # before the browsers are closed
            yield self

    async def _furnish(self) -> None:
        """Accounts and agents, as an administrator would have made them."""
        settings = Settings(data=self.data)
        async with open_rooms(settings, self.stores.urls.mongo, self.stores.urls.redis) as rooms:
            site, program = AccountId("site"), AccountId("program")
            sealed = rooms.ring.seal(f"account:{program}", msgspec.json.encode({"signing_secret": self.secret}))
            now, url = utc_now(), {"url": self.far.url}
            await rooms.store.accounts.add(Account(id=site, kind="webchat", name="Mộc An", at=now))
            await rooms.store.accounts.add(
                Account(id=program, kind="api", name="Máy", at=now, settings=dict(url), secrets=sealed)
            )
            hashed = await hash_password(PASSWORD)
            for number in range(self.size.agents):
                id_, email = AgentId(f"a_{number}"), _email(number)
                await rooms.store.agents.add(
                    Agent(id=id_, name=f"Lan {number}", email=email, role="agent", password=hashed, at=now)
                )

    async def _invite(self, stack: contextlib.AsyncExitStack) -> None:
        http = await stack.enter_async_context(_browser())
        for number in range(self.size.widgets):
            over, seed = ("http" if number % 4 == 3 else "socket"), self.chance.getrandbits(32)
            self.widgets.append(Widget(http, self.origin, f"khach-{number}", over, self.book, seed))
        for number in range(self.size.senders):
            name, seed = f"nguoi-{number}", self.chance.getrandbits(32)
            self.senders.append(Sender(http, self.origin, name, self.secret, self.book, seed))
        for number in range(self.size.agents):
            own = await stack.enter_async_context(_browser())
            seed = self.chance.getrandbits(32)
            self.desks.append(Desk(own, self.origin, _email(number), PASSWORD, self.book, seed))
        await asyncio.gather(*(desk.sign_in() for desk in self.desks))
        self._start(*(desk.follow() for desk in self.desks), *(desk.answer() for desk in self.desks))
        self._start(*(one.run() for one in self.widgets), *(one.run() for one in self.senders))
        await self.until(lambda: all(desk.n is not None for desk in self.desks), 20, "every agent is at the head")

    def _start(self, *works: Coroutine[Any, Any, None]) -> None:
        self._works += [asyncio.create_task(work) for work in works]

    async def _close(self) -> None:
        for work in self._works:
            work.cancel()
        await asyncio.gather(*self._works, return_exceptions=True)

    # -- what a test asks for -----------------------------------------------------------------------------------------

    def write(self) -> None:
        """Everybody begins to write a round's messages."""
        for widget in self.widgets:
            widget.write(self.size.letters)
        for sender in self.senders:
            sender.write(self.size.posts)
        for desk in self.desks:
            desk.owed += self.size.replies

    @property
    def written(self) -> bool:
        """Everything is acknowledged, every owed reply logged."""
        return all(one.done for one in [*self.widgets, *self.senders]) and all(one.owed <= 0 for one in self.desks)

    async def acknowledged(self, count: int, within_s: float) -> None:
        """Wait for so many acknowledgements in all."""
        await self.until(lambda: len(self.book.acknowledged) >= count, within_s, f"{count} acknowledged")

    async def until(self, holds: Callable[[], bool], within_s: float, what: str) -> None:
        """Wait until it holds. Raises AssertionError when it does not within the time."""
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    self._check()
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise AssertionError(f"not within {within_s:.0f} s: {what}; {self._state()}") from None

    def _state(self) -> str:
        """Where it hangs."""
        owing = [one.name for one in [*self.widgets, *self.senders] if not one.done]
        owing += [f"replies: {one.owed}" for one in self.desks]
        return f"owing {owing}, stores up: {self.stores.up()}, complaints: {self.book.complaints[:5]}"

    def _check(self) -> None:
        """Raises what ended a part of the other side, or what it complains of."""
        for work in self._works:
            if work.done() and not work.cancelled() and (error := work.exception()):
                raise error
        assert not self.book.complaints, self.book.complaints[:5]

    async def flush(self) -> None:
        """FLUSHALL, unless Redis is away at this moment."""
        bell = redis.asyncio.from_url(self.stores.urls.redis)
        with contextlib.suppress(redis.exceptions.RedisError, OSError):
            await bell.flushall()
        await bell.aclose()

    async def strike(self, what: str) -> None:
        """One of the faults by its name."""
        match what:
            case "web":
                self.web.kill()
            case "worker":
                self.worker.kill()
            case "flush":
                await self.flush()
            case _:
                self.stores.kill(what)


def _email(number: int) -> str:
    return f"lan{number}@shop.example"


def _browser() -> aiohttp.ClientSession:
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address instead of a name
    return aiohttp.ClientSession(cookie_jar=jar, connector=aiohttp.TCPConnector(limit=0))
