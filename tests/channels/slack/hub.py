"""A whole hub with a Slack account: the web's door, a worker, and listeners where a test wants them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
from aiohttp.test_utils import TestServer

from channels.fakes.slack import FakeSlack
from hub.arrivals.tagging import Tagger
from hub.commands.rooms import Rooms, new_worker, open_rooms
from hub.commands.serving import parts_of
from hub.departures.compose import Draft
from hub.embedded import StoreUrls
from hub.ids import conversation_id, random_id
from hub.model import Account, Arrival, Author, Conversation, ConversationId, Message
from hub.settings import Settings
from inbox_web.app import make_app
from tests.kept import kept

AGENT = Author(kind="agent", id="a_hoa", name="Hoa")


class Hub:
    """What tests say with it."""

    def __init__(self, rooms: Rooms, url: str, account: Account) -> None:
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
                await asyncio.sleep(0.02)

    def id_of(self, thread: str) -> ConversationId:
        return conversation_id(f"{self.account.id}:{thread}", 0)

    async def log(self, thread: str) -> list[Message]:
        """A conversation as it is drawn."""
        entries = await self.rooms.store.messages.window(self.id_of(thread), 0, 100_000)
        return sorted((one for one in entries if one.kind != "event"), key=lambda one: (one.order, one.seq))

    async def talk(self, thread: str) -> Conversation:
        found = await self.rooms.store.conversations.get(self.id_of(thread))
        assert found is not None
        return found

    async def until(self, thread: str, like: Callable[[list[Message]], bool], within_s: float = 20.0) -> list[Message]:
        """The log once it looks like this."""
        async with asyncio.timeout(within_s):
            while not like(found := await self.log(thread)):
                await asyncio.sleep(0.02)
        return found

    async def replies(self, thread: str, text: str, **more: Any) -> Message:
        talk = await self.talk(thread)
        draft = Draft(author=AGENT, conversation=talk.id, key=random_id("k"), text=text, seen=talk.head, **more)
        return await self.rooms.composer.reply(draft)

    async def sent(self, message: Message, within_s: float = 20.0) -> Message:
        """The message once nothing of it is left to send."""
        async with asyncio.timeout(within_s):
            while (now := (await self.rooms.store.messages.by_ids([message.id]))[0]).leave is not None:
                await asyncio.sleep(0.02)
        return now


@contextlib.asynccontextmanager
async def a_hub(
    urls: StoreUrls, data: Path, slack: FakeSlack, account: Account, disk_floor_mb: int = 0
) -> AsyncIterator[Hub]:
    """The door on a free port, which the false Slack posts to, with a worker; its clock is the world's."""
    async with contextlib.AsyncExitStack() as stack:
        rooms = await stack.enter_async_context(
            open_rooms(Settings(data=data, disk_floor_mb=disk_floor_mb), urls.mongo, urls.redis)
        )
        sealed = rooms.ring.seal(f"account:{account.id}", account.secrets or b"{}")
        await rooms.store.accounts.add(msgspec.structs.replace(account, secrets=sealed))
        rooms.accounts.forget()
        server = await stack.enter_async_context(TestServer(make_app(parts_of(rooms, None))))
        slack.pusher.url = str(server.make_url(f"/in/{account.id}"))
        await stack.enter_async_context(beside(new_worker(rooms, Tagger(data / "models")).run()))
        yield Hub(rooms, slack.pusher.url, account)


@contextlib.asynccontextmanager
async def beside(work: Any) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
