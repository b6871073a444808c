"""Socket Mode's other end: single-use addresses, hello, envelopes to any one socket, again until acknowledged."""

import asyncio
import json
import random
import secrets
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from channels.fakes.slack.world import Json

MOST_SOCKETS = 10


class Envelope(msgspec.Struct, kw_only=True):
    id: str
    type: str
    payload: Json
    tries: int = 0
    socket: "web.WebSocketResponse | None" = None


class Sockets:
    """The app's open sockets. `acknowledged` counts, `unacknowledged` waits to be sent again."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._tickets: set[str] = set()
        self.open: list[web.WebSocketResponse] = []
        self.unacknowledged: dict[str, Envelope] = {}
        self.acknowledged: list[str] = []
        self.changed = asyncio.Condition()
        self.closed_to_all = False
        self.greets = True  # says hello to who comes; without it a socket is open and dead
        self.answers_pings = True

    def ticket(self) -> str:
        """For one connection."""
        made = secrets.token_hex(8)
        self._tickets.add(made)
        return made

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.closed_to_all or ticket not in self._tickets or len(self.open) >= MOST_SOCKETS:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if self.greets:
            await self._greet(socket, request)
            await self._come(socket)
        async for message in socket:
            if message.type == WSMsgType.PING and self.answers_pings:
                await socket.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                await self._hear(message.data)
        await self._go(socket)
        return socket

    async def _greet(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        hello: dict[str, Any] = {"type": "hello", "num_connections": len(self.open) + 1}
        hello["connection_info"] = {"app_id": request.query.get("app_id", "")}
        hello["debug_info"] = {"host": "fake", "build_number": 1, "approximate_connection_time": 3600}
        await socket.send_json(hello)

    async def _come(self, socket: web.WebSocketResponse) -> None:
        self.open.append(socket)
        for one in list(self.unacknowledged.values()):
            if one.socket is None:
                await self._send(one)
        await self._tell()

    async def _go(self, socket: web.WebSocketResponse) -> None:
        """What its program did not acknowledge goes to another socket."""
        if socket in self.open:
            self.open.remove(socket)
        for one in list(self.unacknowledged.values()):
            if one.socket is socket:
                one.socket = None
                await self._send(one)
        await self._tell()

    async def _hear(self, data: str) -> None:
        name = json.loads(data).get("envelope_id", "")
        if self.unacknowledged.pop(name, None) is not None:
            self.acknowledged.append(name)
            await self._tell()

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def add(self, kind: str, payload: Json) -> None:
        """An envelope for any one of the sockets; it waits for one when there is none."""
        one = Envelope(id=secrets.token_hex(8), type=kind, payload=payload)
        self.unacknowledged[one.id] = one
        await self._send(one)

    async def redeliver(self) -> None:
        """What nobody acknowledged in time is sent again."""
        for one in list(self.unacknowledged.values()):
            one.tries += 1
            await self._send(one)

    async def _send(self, one: Envelope) -> None:
        living = [socket for socket in self.open if not socket.closed]
        if not living:
            return
        one.socket = self._chance.choice(living)
        whole = {
            "envelope_id": one.id,
            "type": one.type,
            "payload": one.payload,
            "accepts_response_payload": one.type != "events_api",
        }
        if one.type == "events_api":
            whole |= {"retry_attempt": one.tries, "retry_reason": "timeout" if one.tries else ""}
        await one.socket.send_json(whole)

    async def disconnect(self, reason: str) -> None:
        """Tell every socket to go: "warning", "refresh_requested", "link_disabled" or "too_many_websockets"."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}})

    async def cut(self) -> None:
        """Every connection ends without a word."""
        for socket in list(self.open):
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()

    async def until(self, condition: Any) -> None:
        """Wait until this holds of the sockets."""
        async with self.changed:
            await self.changed.wait_for(condition)
