"""A whole hub for a false platform: the web's door on a free port, a worker, listeners where a test wants them."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
from aiohttp.test_utils import TestServer

from hub.arrivals.hearing import Pace
from hub.arrivals.listening import Listening
from hub.arrivals.tagging import Tagger
from hub.clock import utc_now
from hub.commands.rooms import Rooms, new_worker, open_rooms
from hub.commands.serving import parts_of
from hub.departures.compose import Draft
from hub.embedded import StoreUrls
from hub.ids import conversation_id, random_id
from hub.model import Account, AccountId, Arrival, Author, Conversation, Message
from hub.settings import Settings
from inbox_web.app import make_app
from tests.kept import kept

AGENT = Author(kind="agent", id="a_hoa", name="Hoa")
IMPATIENT = Pace(look_s=0.05, first_s=0.05, for_good_s=0.2)


@contextlib.asynccontextmanager
async def opened(urls: StoreUrls, data: Path, disk_floor_mb: int = 0) -> AsyncIterator[tuple[Rooms, str]]:
    """The rooms with a worker at work in them, and the web's origin; its clock is the world's."""
    async with contextlib.AsyncExitStack() as stack:
        settings = Settings(data=data, disk_floor_mb=disk_floor_mb)
        rooms = await stack.enter_async_context(open_rooms(settings, urls.mongo, urls.redis))
        server = await stack.enter_async_context(TestServer(make_app(parts_of(rooms, None))))
        await stack.enter_async_context(beside(new_worker(rooms, Tagger(data / "models")).run()))
        yield rooms, str(server.make_url("/")).rstrip("/")


async def settle(rooms: Rooms, account: Account) -> None:
    """Store the account with its secrets sealed."""
    sealed = rooms.ring.seal(f"account:{account.id}", account.secrets or b"{}")
    await rooms.store.accounts.add(msgspec.structs.replace(account, secrets=sealed))
    rooms.accounts.forget()


def listening(rooms: Rooms, pace: Pace = IMPATIENT) -> Listening:
    """Asks the platforms that do not call, impatiently after failures."""
    ears = (rooms.store, rooms.bus, rooms.announcer, rooms.accounts, rooms.channels, rooms.door, utc_now)
    return Listening(*ears, "one", random.Random(1), pace)


@contextlib.asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The work goes on while the block runs."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Hub:
    """What tests say with it of one account; threads are named as the platform does."""

    def __init__(self, rooms: Rooms, url: str, account: AccountId) -> None:
        self.rooms, self.url, self.account = rooms, url, account

    async def kept(self) -> list[Arrival]:
        return await kept(self.rooms.store)

    async def done(self, count: int, within_s: float = 20.0) -> list[Arrival]:
        """Every arrival, once there are so many and none is left to do."""
        async with asyncio.timeout(within_s):
            while True:
                kept = await self.kept()
                if len(kept) >= count and {one.state for one in kept} <= {"done", "quarantined"}:
                    return kept
                await asyncio.sleep(0.05)

    async def log(self, thread: str) -> list[Message]:
        """A conversation as it is drawn."""
        talk = conversation_id(f"{self.account}:{thread}", 0)
        entries = await self.rooms.store.messages.window(talk, 0, 100_000)
        return sorted((one for one in entries if one.kind != "event"), key=lambda one: (one.order, one.seq))

    async def until(self, thread: str, like: Callable[[list[Message]], bool], within_s: float = 20.0) -> list[Message]:
        """The log once it looks like this."""
        async with asyncio.timeout(within_s):
            while not like(found := await self.log(thread)):
                await asyncio.sleep(0.02)
        return found

    async def said(self, thread: str, count: int) -> list[Message]:
        """The log once it has so many entries."""
        return await self.until(thread, lambda entries: len(entries) >= count)

    async def talk(self, thread: str, within_s: float = 20.0) -> Conversation:
        """The conversation's row, once it shows every entry: rows are written behind entries."""
        last = max((one.seq for one in await self.log(thread)), default=1)
        async with asyncio.timeout(within_s):
            while (found := await self._row(thread)) is None or found.head < last:
                await asyncio.sleep(0.02)
        return found

    async def _row(self, thread: str) -> Conversation | None:
        return await self.rooms.store.conversations.get(conversation_id(f"{self.account}:{thread}", 0))

    async def replies(self, thread: str, text: str, **more: Any) -> Message:
        talk = await self.talk(thread)
        draft = Draft(author=AGENT, conversation=talk.id, key=random_id("k"), text=text, seen=talk.head, **more)
        return await self.rooms.composer.reply(draft)

    async def delivered(self, message: Message, within_s: float = 20.0) -> Message:
        """The message once nothing of it is left to send."""
        async with asyncio.timeout(within_s):
            while (now := (await self.rooms.store.messages.by_ids([message.id]))[0]).leave is not None:
                await asyncio.sleep(0.02)
        return now

    async def until_health(self, like: Callable[[str | None], bool], within_s: float = 20.0) -> None:
        """Wait until what is wrong with the account reads like this; None: nothing is."""
        async with asyncio.timeout(within_s):
            while not like(await self.health()):
                await asyncio.sleep(0.05)

    async def health(self) -> str | None:
        self.rooms.accounts.forget()
        account = await self.rooms.accounts.get(self.account)
        assert account is not None
        return account.health
