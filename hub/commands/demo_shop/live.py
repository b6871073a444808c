"""Customers who come now and then: each talks to the running hub over its chat socket, as a widget would."""

import asyncio
import contextlib
import random
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import msgspec

from hub.commands.demo_shop.guests import Comes, Platform
from hub.commands.demo_shop.scenes import NAMES, SCENES, Scene
from hub.errors import HubError

TIMEOUT_S = 10.0
AGAIN_S = 2.0
MOST_AT_ONCE = 50
HURRY_S = 120.0  # then they ask whether anybody is there
LEAVE_S = 900.0  # and then they go
PING_S = 20.0
LOOK_S = 0.2  # between two looks of a guest at what came back

encode, decode = msgspec.json.encode, msgspec.json.decode


class Gone(Exception):
    """The socket ended; come back with what was said."""


class Crowd:
    """All customers of one run, who come in turn to the shop's chat and by the other `ways` that there are.

    `haste` makes their pauses shorter; `say` gets a line for people to read.
    """

    def __init__(
        self,
        address: str,
        account: str,
        chance: random.Random,
        say: Callable[[str], None],
        haste: float = 1.0,
        ways: Mapping[str, Comes] | None = None,
    ) -> None:
        self._address = address
        self._account = account
        self._chance = chance
        self._scenes = chance.sample(SCENES, len(SCENES))
        self.say = say
        self.haste = haste
        self._ways: list[tuple[str, Comes]] = list((ways or {}).items())
        self.came = 0
        self.wrote = 0
        self.heard = 0

    @property
    def page(self) -> str:
        return f"{self._address}/demo"

    async def check(self) -> None:
        """Raises HubError when no hub with a demo shop answers there."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as web,
                web.get(f"{self._address}/chat/{self._account}/look") as answer,
            ):
                if answer.status != 200:
                    raise HubError(f"The hub at {self._address} has no demo shop (account `{self._account}`).")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HubError(
                f"No hub answers at {self._address}; start `hub up`, or name its --host and --port."
            ) from error

    async def come(self, rate: float) -> None:
        """New customers for ever, `rate` a minute on average, the first one by each way at once."""
        inside: set[asyncio.Task[None]] = set()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, connect=TIMEOUT_S)) as web:
            try:
                while True:
                    if len(inside) < MOST_AT_ONCE:
                        inside.add(task := asyncio.create_task(self._customer(web).visit()))
                        task.add_done_callback(inside.discard)
                    if self.came > len(self._ways):
                        await asyncio.sleep(self._chance.expovariate(rate / 60))
            finally:
                for task in inside:
                    task.cancel()
                await asyncio.gather(*inside, return_exceptions=True)

    def _customer(self, web: aiohttp.ClientSession) -> "Customer | Guest":
        """Scenes and names in turn, so that no two customers of the same moment are the same."""
        scene = self._scenes[self.came % len(self._scenes)]
        name = NAMES[scene.language][self.came % len(NAMES[scene.language])]
        number, self.came = self.came, self.came + 1
        way = number % (1 + len(self._ways))
        if way == 0:
            return Customer(self, web, scene, name)
        channel, comes = self._ways[way - 1]
        return Guest(self, comes(scene, name, number), scene, f"{name} ({channel})")

    def connect(self, web: aiohttp.ClientSession) -> Any:
        """A chat socket, as a page of the hub itself opens it."""
        return web.ws_connect(f"{self._address}/chat/{self._account}", origin=self._address, heartbeat=PING_S)

    async def pause(self, least_s: float, most_s: float) -> None:
        await asyncio.sleep(self._chance.uniform(least_s, most_s) / self.haste)


class Customer:
    """One visit: says its lines one by one, the next when it was answered; what is not acknowledged is said again."""

    def __init__(self, crowd: Crowd, web: aiohttp.ClientSession, scene: Scene, name: str) -> None:
        self._crowd = crowd
        self._web = web
        self._scene = scene
        self._name = name
        self._token: str | None = None
        self._cursor = 0
        self._line = 0
        self._unsaid: list[dict[str, Any]] = [{"t": "profile", "id": secrets.token_hex(8), "name": name}]
        self._heard: set[str] = set()
        self._heard_then = 0  # how many answers there were when the last line was said
        self._hurried = False

    async def visit(self) -> None:
        """Until everything is said and answered, or nobody answers for long."""
        self._next_line()
        while True:
            try:
                async with self._crowd.connect(self._web) as ws:
                    await self._talk(ws)
                return
            except (Gone, aiohttp.ClientError, ConnectionError, TimeoutError):
                await asyncio.sleep(AGAIN_S)

    async def _talk(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        await self._send(
            ws,
            {
                "t": "hello",
                "token": self._token,
                "since": self._cursor,
                "language": self._scene.language,
                "page": self._crowd.page,
            },
        )
        await self._until(ws, "welcome")
        while await self._turn(ws):
            pass

    async def _turn(self, ws: aiohttp.ClientWebSocketResponse) -> bool:
        """Say what is to be said, and listen; False when the visit is over."""
        while self._unsaid:
            frame = self._unsaid[0]
            if frame["t"] == "send":
                await self._send(ws, {"t": "typing"})
                await self._crowd.pause(1, 4)
            await self._send(ws, frame)
            if await self._until(ws, "ack", "nack") == "nack":
                await self._crowd.pause(2, 5)
                continue
            self._said(frame)
        wait_s = (LEAVE_S if self._hurried else HURRY_S) / self._crowd.haste
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while len(self._heard) == self._heard_then:
                    await self._until(ws, "messages")
        if len(self._heard) > self._heard_then:
            await self._send(ws, {"t": "read", "seq": self._cursor})
            return self._next_line()
        if self._hurried:
            return False
        self._hurried = True
        self._ask(self._scene.impatient)
        return True

    def _next_line(self) -> bool:
        if self._line >= len(self._scene.lines):
            return False
        self._ask(self._scene.lines[self._line])
        self._line += 1
        return True

    def _ask(self, text: str) -> None:
        self._unsaid.append({"t": "send", "id": secrets.token_hex(8), "text": text, "files": []})

    def _said(self, frame: dict[str, Any]) -> None:
        self._unsaid.pop(0)
        if frame["t"] == "send":
            self._heard_then = len(self._heard)
            self._crowd.wrote += 1
            self._crowd.say(f"{self._name}: {frame['text']}")

    # -- frames ----------------------------------------------------------------------------------------------------

    async def _send(self, ws: aiohttp.ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        await ws.send_str(encode(frame).decode())

    async def _until(self, ws: aiohttp.ClientWebSocketResponse, *kinds: str) -> str:
        """Take frames until one of these kinds came; which one. Raises Gone."""
        while True:
            message = await ws.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise Gone
            frame = decode(message.data)
            self._take(frame)
            if frame["t"] in kinds:
                return str(frame["t"])

    def _take(self, frame: dict[str, Any]) -> None:
        self._token = frame.get("token", self._token)
        self._cursor = max(self._cursor, frame.get("cursor", 0))
        for one in frame.get("messages", ()):
            if not one["mine"] and one["id"] not in self._heard:
                self._heard.add(one["id"])
                self._crowd.heard += 1
                self._crowd.say(f"    {one['author']['name']} → {self._name}: {one['text'][:80]}")


class Guest:
    """One conversation on another platform: says its lines one by one, the next when it was answered."""

    def __init__(self, crowd: Crowd, platform: Platform, scene: Scene, name: str) -> None:
        self._crowd = crowd
        self._platform = platform
        self._scene = scene
        self._name = name
        self._heard = 0

    async def visit(self) -> None:
        """Until everything is said and answered, or nobody answers for long."""
        for number, line in enumerate(self._scene.lines):
            await self._say(line, picture=number == self._scene.picture)
            if await self._answered(HURRY_S):
                continue
            await self._say(self._scene.impatient, picture=False)
            if not await self._answered(LEAVE_S):
                return
        self._platform.thank()

    async def _say(self, line: str, *, picture: bool) -> None:
        await self._crowd.pause(1, 4)
        await self._platform.say(line, picture=picture)
        self._crowd.wrote += 1
        self._crowd.say(f"{self._name}: {line}")

    async def _answered(self, within_s: float) -> bool:
        """Whether something new came from the shop in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s / self._crowd.haste):
                while len(answers := self._platform.answers()) == self._heard:
                    await asyncio.sleep(LOOK_S)
        for one in answers[self._heard :]:
            self._crowd.heard += 1
            self._crowd.say(f"    Mộc An → {self._name}: {' '.join(one.split())[:80]}")
        new, self._heard = len(answers) > self._heard, len(answers)
        return new
