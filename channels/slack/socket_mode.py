"""Socket Mode: what Slack posts, over a WebSocket that we open, for a hub that Slack cannot reach.

Bolt has the socket and its watchdog; an envelope goes through the same handler as what is posted (`bolt.py`). It is
acknowledged when its arrival is kept, which asking for the next batch says; what is not acknowledged Slack sends again,
on any of the app's sockets. https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import msgspec
import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from channels.base import Batch, RawArrival
from channels.slack import api, inbound, wire
from channels.slack.bolt import Carrier
from hub.errors import Refused, Retry, Unreachable
from hub.model import Account

log = structlog.get_logger()

MOST_IN_BATCH = 200
SWITCHED_OFF = "Socket Mode is switched off for this app. Switch it on in the app's settings, under Socket Mode."


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long things may take, in seconds."""

    connect_s: float = 20.0
    ping_s: float = 10.0
    silent_s: float = 45.0  # without hello or pong this long, the connection is made anew
    look_s: float = 2.0
    well_s: float = 50.0  # an empty batch says that often that all is well


class Signal(msgspec.Struct, frozen=True):
    """What Slack says about the connection itself."""

    type: str = ""
    reason: str = ""


class NotKept(Exception):
    """The connection ended before its hearer asked for more."""


_signal = msgspec.json.Decoder(Signal)
Take = Callable[[SocketModeClient, SocketModeRequest], Awaitable[None]]
_Waiting = tuple[RawArrival, "asyncio.Future[bool]"]


class _Handler(AsyncSocketModeHandler):
    """Bolt's own would tell its app of an envelope without a word of who keeps it."""

    def __init__(self, take: Take, app: AsyncApp, app_token: str, web: AsyncWebClient, ping_s: float) -> None:
        super().__init__(app, app_token, web_client=web, ping_interval=ping_s)
        self._take = take

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        await self._take(client, req)


class Socket:
    """One connection and what came over it, waiting to be kept."""

    def __init__(self, account: Account, patience: Patience, carrier: Carrier, url: str) -> None:
        self._account = account
        self._patience = patience
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._open: set[asyncio.Future[bool]] = set()
        self._greeted = ""
        self._well_at = asyncio.get_running_loop().time()
        self._off = False
        secrets, base = wire.secrets_of(account.secrets), wire.settings_of(account.settings).api_url
        web = AsyncWebClient(token=secrets.bot_token or "none", base_url=base, retry_handlers=[])
        self._carrier = carrier
        self._handler = _Handler(self._take, carrier.app, secrets.app_token, web, patience.ping_s)
        self._handler.client.wss_uri = url
        self._handler.client.on_message_listeners.append(self._hear)

    async def open(self) -> None:
        """Raises TimeoutError: the SDK tries for ever."""
        async with asyncio.timeout(self._patience.connect_s):
            await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own has no types

    async def close(self) -> None:
        """What was not kept by now stays unacknowledged."""
        for kept in self._open:
            if not kept.done():
                kept.set_result(False)
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own has no types

    async def next(self) -> list[_Waiting]:
        """What came; [] after a short while with nothing."""
        found: list[_Waiting] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.look_s):
                found.append(await self._waiting.get())
        while found and len(found) < MOST_IN_BATCH and not self._waiting.empty():
            found.append(self._waiting.get_nowait())
        return found

    async def is_silent(self) -> bool:
        """Whether nothing showed for too long that the other end is there. Raises Unreachable when it says why."""
        if self._off:
            raise Unreachable(SWITCHED_OFF, for_good=True)
        client, now = self._handler.client, asyncio.get_running_loop().time()
        if await client.is_connected() and await client.session_id() == self._greeted:
            self._well_at = now
        return now - self._well_at > self._patience.silent_s

    async def _hear(self, message: WSMessage) -> None:
        """Every frame: a hello shows that this session is served, a goodbye may say that there will be no other."""
        with contextlib.suppress(msgspec.DecodeError):
            signal = _signal.decode(message.data)
            if signal.type == "hello":
                self._greeted = await self._handler.client.session_id()
            elif signal.type == "disconnect" and signal.reason == "link_disabled":
                self._off = True

    async def _take(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        """Let Bolt acknowledge it once it is kept. What is another account's, or not kept, comes again in the end."""
        began, body = time.time(), msgspec.json.encode(request.payload)
        taken = inbound.take(body, [self._account])
        if taken is inbound.NOT_OURS:
            return
        with contextlib.suppress(NotKept):
            answer = await self._carrier.hand(body, lambda: self._keep(taken.arrivals))
            await send_async_response(client, request, answer, began)

    async def _keep(self, arrivals: Sequence[RawArrival]) -> None:
        """Wait until whoever listens has kept them. Raises NotKept."""
        for arrival in arrivals:
            kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            self._open.add(kept)
            kept.add_done_callback(self._open.discard)
            self._waiting.put_nowait((arrival, kept))
            if not await kept:
                raise NotKept


async def listen(account: Account, patience: Patience, carrier: Carrier) -> AsyncIterator[Batch]:
    """Batches for ever; a connection that fell silent is made anew. Raises Unreachable."""
    while True:
        async with _connected(account, patience, carrier) as socket:
            async for batch in _batches(socket, patience):
                yield batch
        log.warning("socket fell silent", account_id=account.id)


async def _batches(socket: Socket, patience: Patience) -> AsyncIterator[Batch]:
    loop = asyncio.get_running_loop()
    said_well = loop.time()
    yield Batch(arrivals=(), cursor="")
    while not await socket.is_silent():
        found = await socket.next()
        if not found and loop.time() - said_well < patience.well_s:
            continue
        said_well = loop.time()
        yield Batch(arrivals=tuple(arrival for arrival, _ in found), cursor="")
        for _, kept in found:  # asked for more: these are kept
            if not kept.done():
                kept.set_result(True)


@contextlib.asynccontextmanager
async def _connected(account: Account, patience: Patience, carrier: Carrier) -> AsyncIterator[Socket]:
    """A new connection; its URL is good for one. Raises Unreachable."""
    socket = Socket(account, patience, carrier, await new_url(account))
    try:
        await socket.open()
        yield socket
    except TimeoutError as error:
        raise Unreachable("Slack's socket cannot be opened. The hub tries again by itself.") from error
    finally:
        await socket.close()


async def new_url(account: Account) -> str:
    """Where to connect to. Raises Unreachable with what is wrong with the app token."""
    token = wire.secrets_of(account.secrets).app_token
    async with api.new_session() as http:
        try:
            answer, _ = await api.ask(api.client(http, account, token).apps_connections_open(app_token=token))
        except (Retry, Refused) as error:
            raise api.unreachable(error) from error
    url = answer.get("url")
    if not isinstance(url, str):
        raise Unreachable("Slack gave no address for its socket. The hub tries again by itself.")
    return url
