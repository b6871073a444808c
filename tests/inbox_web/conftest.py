"""A whole hub for each test: real stores, the web on a free port, and a worker where a test asks for one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse, ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from hub.arrivals.tagging import Tagger
from hub.clock import utc_now
from hub.commands.rooms import Rooms, new_worker, open_rooms
from hub.commands.serving import parts_of
from hub.embedded import StoreUrls
from hub.ids import random_id
from hub.model import Account, AccountId, Agent, AgentId, Arrival, Contact, RoleName
from hub.safety.passwords import hash_password
from hub.settings import Settings
from inbox_web.app import make_app
from inbox_web.parts import Parts
from tests.inbox_web.rows import row
from tests.kept import kept

PASSWORD = "mot-mat-khau-dai"
SITE = AccountId("site")
SHOP = "https://shop.example"


_hashes: list[str] = []


async def password_hash() -> str:
    """The hash of PASSWORD, made once: that costs what it should, and nearly every test has somebody signed in."""
    if not _hashes:
        _hashes.append(await hash_password(PASSWORD))
    return _hashes[0]


class Hub:
    """The web under test with a browser's manners: it sends its Origin and keeps its cookie."""

    def __init__(self, rooms: Rooms, parts: Parts, client: TestClient[Any, Any]) -> None:
        self.rooms = rooms
        self.parts = parts
        self.client = client
        self.origin = str(client.make_url("/")).rstrip("/")
        self._keys = 0

    async def add_agent(self, email: str = "lan@shop.example", role: RoleName = "administrator") -> Agent:
        hashed = await password_hash()
        agent = Agent(id=AgentId(random_id("a")), name="Lan", email=email, role=role, password=hashed, at=utc_now())
        await self.parts.store.agents.add(agent)
        return agent

    async def sign_in(self, role: RoleName = "administrator", email: str = "lan@shop.example") -> Agent:
        agent = await self.add_agent(email, role)
        answer = await self.post("/api/v1/session", {"email": email, "password": PASSWORD})
        assert answer.status == 200
        return agent

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> ClientResponse:
        self._keys += 1
        sent = {"Origin": self.origin, "Idempotency-Key": key or f"key-{self._keys:08}", **headers}
        return await self.client.post(path, json=body, headers=sent)

    async def patch(self, path: str, body: Any) -> ClientResponse:
        return await self.client.patch(path, json=body, headers={"Origin": self.origin})

    async def put(self, path: str, body: Any) -> ClientResponse:
        return await self.client.put(path, json=body, headers={"Origin": self.origin})

    async def delete(self, path: str) -> ClientResponse:
        return await self.client.delete(path, headers={"Origin": self.origin})

    async def live(self, since: int | None = None) -> "Wire":
        """An agent's socket, past its hello."""
        wire = Wire(await self.client.ws_connect("/live", origin=self.origin))
        await wire.say({"t": "hello", "since": since})
        return wire

    async def chat(self, token: str | None = None, since: int = 0, **more: Any) -> "Wire":
        """A customer's socket, past its welcome."""
        wire = Wire(await self.client.ws_connect(f"/chat/{SITE}", origin=SHOP))
        await wire.say({"t": "hello", "token": token, "since": since, "language": "vi", "page": SHOP, **more})
        wire.welcome = await wire.hear("welcome")
        return wire

    async def arrivals(self) -> int:
        """How many raw arrivals the ledger holds."""
        return len(await self.kept())

    async def kept(self) -> list[Arrival]:
        """Every raw arrival, whatever became of it."""
        return await kept(self.parts.store)


class Wire:
    """One WebSocket, frames as dicts."""

    def __init__(self, ws: ClientWebSocketResponse) -> None:
        self.ws = ws
        self.welcome: dict[str, Any] = {}
        self.passed: list[dict[str, Any]] = []  # frames that nobody waited for

    async def say(self, frame: Any) -> None:
        await self.ws.send_str(frame if isinstance(frame, str) else msgspec.json.encode(frame).decode())

    async def hear(self, kind: str, within_s: float = 15.0) -> dict[str, Any]:
        """The next frame of this kind; others are laid aside."""
        async with asyncio.timeout(within_s):
            while True:
                message = await self.ws.receive()
                assert message.type is WSMsgType.TEXT, f"closed with {self.ws.close_code} while waiting for {kind}"
                frame = msgspec.json.decode(message.data)
                if frame["t"] == kind:
                    return dict(frame)
                self.passed.append(frame)

    async def item(self, kind: str, like: Callable[[Any], bool] = lambda _: True) -> Any:
        """The data of the next event item of this kind that `like` likes."""
        while True:
            for item in (await self.hear("events"))["items"]:
                if item["type"] == kind and like(item["data"]):
                    return item["data"]

    async def closed(self, within_s: float = 15.0) -> int | None:
        """Wait for the other side to close; its code."""
        async with asyncio.timeout(within_s):
            while (await self.ws.receive()).type is WSMsgType.TEXT:
                pass
        return self.ws.close_code

    async def send(self, text: str, id_: str, files: tuple[str, ...] = ()) -> None:
        await self.say({"t": "send", "id": id_, "text": text, "files": files})
        assert (await self.hear("ack"))["id"] == id_


MakeHub = Callable[..., Awaitable[Hub]]


@pytest.fixture
async def make_hub(fresh: StoreUrls, tmp_path: Path) -> AsyncIterator[MakeHub]:
    """Make a hub, with settings of its own where a test wants them; a second one is another process of the same."""
    async with contextlib.AsyncExitStack() as stack:

        async def make(
            channels_too: dict[str, Any] | None = None,
            mongo: str | None = None,
            redis: str | None = None,
            **changes: Any,
        ) -> Hub:
            settings = Settings(data=tmp_path, **{"disk_floor_mb": 0, **changes})
            rooms = await stack.enter_async_context(open_rooms(settings, mongo or fresh.mongo, redis or fresh.redis))
            rooms = msgspec.structs.replace(rooms, channels={**rooms.channels, **(channels_too or {})})
            parts = parts_of(rooms, None)
            client = TestClient(TestServer(make_app(parts)))
            await stack.enter_async_context(client)
            return Hub(rooms, parts, client)

        yield make


@pytest.fixture
async def hub(make_hub: MakeHub) -> Hub:
    """One process, empty but for the shop's web chat."""
    made = await make_hub()
    await add_site(made)
    return made


@pytest.fixture
async def shop(hub: Hub) -> Hub:
    """Signed in, with twelve conversations a minute apart, the newest last; Đặng's is the newest."""
    await hub.sign_in()
    names = [f"Khách {number}" for number in range(11)] + ["Đặng Thị Huyền"]
    rows = [row(number, name) for number, name in enumerate(names)]
    await hub.parts.store.conversations.open(rows)
    await hub.parts.store.contacts.add(
        [Contact(id=one.contact, name=one.name, at=one.opened, members=(one.contact,)) for one in rows]
    )
    return hub


async def add_site(hub: Hub) -> None:
    """A web chat that the shop's pages may use."""
    secret = hub.parts.ring.seal(f"account:{SITE}", b'{"identity_secret":"the shop knows this"}')
    account = Account(
        id=SITE, kind="webchat", name="Mộc An", at=utc_now(), settings={"origins": [SHOP]}, secrets=secret
    )
    await hub.parts.store.accounts.add(account)


@pytest.fixture
async def worker(hub: Hub, tmp_path: Path) -> AsyncIterator[None]:
    """Intake, triage and delivery run beside the test."""
    work = new_worker(hub.rooms, Tagger(tmp_path / "models"))
    task = asyncio.create_task(work.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
