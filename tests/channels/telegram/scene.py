"""Who and what the tests of this folder speak of, and the few words that they say with a whole hub."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec

from channels.base import House
from channels.fakes.telegram import Rule, Rules, person
from channels.telegram import wire
from hub.clock import utc_now
from hub.commands.rooms import Rooms
from hub.departures.compose import Draft
from hub.ids import conversation_id, random_id
from hub.model import Account, AccountId, Arrival, Attachment, Author, Conversation, Message, MessageId, Part
from tests.kept import kept

TOKEN = "7000000001:AAF-a_token-of-nobody_0123456789abcd"
ACCOUNT = AccountId("tg")
PUBLIC = "https://hub.mocan.example"
LAN = person(5120034417, "Lan", "Phạm", "lanpham")
MINH = person(771200345, "Minh")
AGENT = Author(kind="agent", id="a_hoa", name="Hoa")
UNHURRIED = Rules(bot=Rule(1e6, 1e6), chat=Rule(1e6, 1e6), group=Rule(1e6, 1e6))
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
SECRET = wire.webhook_secret(TOKEN, ACCOUNT)


def an_account(url: str, way: str = "polling", **settings: object) -> Account:
    secrets = msgspec.json.encode(wire.Secrets(token=TOKEN, secret=SECRET))
    settings = {"api_url": url, "way": way, **settings}
    return Account(id=ACCOUNT, kind="telegram", name="@mocan_bot", at=utc_now(), settings=settings, secrets=secrets)


def a_part(text: str = "", index: int = 0, **more: Any) -> Part:
    return Part(message=MessageId("m_1"), index=index, text=text, **more)


def a_file(name: str, mime: str, data: bytes = PNG, **more: Any) -> Attachment:
    """A file whose name in the ledger is its content, for `read`."""
    return Attachment(file=data.hex(), name=name, mime=mime, bytes=len(data), **more)


async def read(file: Attachment) -> AsyncIterator[bytes]:
    yield bytes.fromhex(file.file)


async def keep_secrets(account: AccountId, secrets: bytes) -> None:
    raise AssertionError("a bot's token is never given anew")


def house(base_url: str = "", now: Callable[[], dt.datetime] = utc_now) -> House:
    return House(read=read, keep_secrets=keep_secrets, now=now, base_url=base_url)


# -- a whole hub ------------------------------------------------------------------------------------------------------


class Hub:
    """The web's door and a worker beside it; `way` says how the bot's updates come."""

    def __init__(self, rooms: Rooms, url: str) -> None:
        self.rooms, self.url = rooms, url

    async def kept(self) -> list[Arrival]:
        return await kept(self.rooms.store)

    async def log(self, thread: str) -> list[Message]:
        """A conversation as it is drawn."""
        talk = conversation_id(f"{ACCOUNT}:{thread}", 0)
        entries = await self.rooms.store.messages.window(talk, 0, 100_000)
        return sorted((one for one in entries if one.kind != "event"), key=lambda one: (one.order, one.seq))

    async def talk(self, thread: str) -> Conversation:
        found = await self.rooms.store.conversations.get(conversation_id(f"{ACCOUNT}:{thread}", 0))
        assert found is not None
        return found

    async def said(self, thread: str, count: int, within_s: float = 20.0) -> list[Message]:
        """The log once it has so many entries."""
        await self.until(lambda entries: len(entries) >= count, thread, within_s)
        return await self.log(thread)

    async def until(self, like: Callable[[list[Message]], bool], thread: str, within_s: float = 20.0) -> None:
        async with asyncio.timeout(within_s):
            while not like(await self.log(thread)):
                await asyncio.sleep(0.02)

    async def done(self, count: int, within_s: float = 20.0) -> list[Arrival]:
        """Every arrival, once there are so many and none is left to do."""
        async with asyncio.timeout(within_s):
            while True:
                kept = await self.kept()
                if len(kept) >= count and {one.state for one in kept} <= {"done", "quarantined"}:
                    return kept
                await asyncio.sleep(0.05)

    async def health(self) -> str | None:
        self.rooms.accounts.forget()
        account = await self.rooms.accounts.get(ACCOUNT)
        assert account is not None
        return account.health

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


async def settle(hub: Hub, account: Account) -> None:
    """Store the account with its secrets sealed."""
    sealed = hub.rooms.ring.seal(f"account:{account.id}", account.secrets or b"{}")
    await hub.rooms.store.accounts.add(msgspec.structs.replace(account, secrets=sealed))
    hub.rooms.accounts.forget()


@contextlib.asynccontextmanager
async def beside(work: Any) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
