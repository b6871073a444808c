"""Customers: widgets over the socket and over plain HTTP, and a program that posts signed webhooks.

Each sends one message at a time and sends it again, under the same id, until it is acknowledged.
"""

import asyncio
import contextlib
import random
import time
from typing import Any

import aiohttp
import msgspec

from channels.api import wire
from tests.faults.book import Book, Said

ACK_S = 10.0
PAUSE_S = (0.05, 0.4)
AWAY = (aiohttp.ClientError, OSError, asyncio.TimeoutError)


class Widget:
    """One visitor of the shop's page. `over` is "socket" or "http"."""

    def __init__(self, http: aiohttp.ClientSession, origin: str, name: str, over: str, book: Book, seed: int) -> None:
        self._http = http
        self._url = f"{origin}/chat/site"
        self._origin = origin
        self.name = name
        self._over = over
        self._book = book
        self._chance = random.Random(seed)
        self._token: str | None = None
        self._cursor = 0
        self._n = 0
        self._owed: list[tuple[str, Said]] = []
        self.seen: dict[str, dict[str, Any]] = {}  # what the customer sees now, by id
        self._acked: set[str] = set()

    def write(self, count: int) -> None:
        """So many messages more are to be sent."""
        for _ in range(count):
            text = f"{self.name} tin nhắn số {self._n}, còn hàng không shop?"
            self._owed.append((f"{self.name}-letter-{self._n:06}", Said(sender=self.name, n=self._n, text=text)))
            self._n += 1

    @property
    def done(self) -> bool:
        return not self._owed

    async def run(self) -> None:
        """Deliver what is owed, read what comes; until cancelled."""
        while True:
            with contextlib.suppress(*AWAY):
                await (self._talk() if self._over == "socket" else self._post())
            await asyncio.sleep(self._chance.uniform(*PAUSE_S))

    # -- the socket ---------------------------------------------------------------------------------------------------

    async def _talk(self) -> None:
        async with (
            asyncio.timeout(None) as patience,
            self._http.ws_connect(self._url, origin=self._origin, timeout=aiohttp.ClientWSTimeout(ws_close=1)) as ws,
        ):
            patience.reschedule(asyncio.get_running_loop().time() + ACK_S)
            await ws.send_str(_text(self._hello()))
            while not ws.closed:
                patience.reschedule(asyncio.get_running_loop().time() + ACK_S)
                if self._owed and self._token:
                    await ws.send_str(_text(_letter(*self._owed[0])))
                waits = self._owed[0][0] if self._owed and self._token else None
                if not await self._until(ws, waits):
                    return

    async def _until(self, ws: aiohttp.ClientWebSocketResponse, waits: str | None) -> bool:
        """Read until this letter is acknowledged, or for a moment when there is none; False when the socket is gone."""
        while waits is None or waits not in self._acked:
            try:
                async with asyncio.timeout(ACK_S if waits else 0.5):
                    message = await ws.receive()
            except TimeoutError:
                return waits is None
            if message.type is not aiohttp.WSMsgType.TEXT:
                return False
            frame = msgspec.json.decode(message.data)
            self._take(frame)
            if frame["t"] == "error":
                return False
            if frame["t"] == "nack":
                await asyncio.sleep(self._chance.uniform(*PAUSE_S))
                return True
            if waits is None and self._owed:
                return True
        return True

    # -- plain HTTP ---------------------------------------------------------------------------------------------------

    async def _post(self) -> None:
        frames = [] if self._token else [self._hello()]
        frames += [_letter(*self._owed[0])] if self._owed else []
        if frames:
            await self._ask("frames", {"frames": frames})
        await self._ask("poll", {"since": self._cursor, "seen": 0, "wait": 0 if self._owed else 1})

    async def _ask(self, what: str, body: Any) -> None:
        headers = {"Origin": self._origin} | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        timeout = aiohttp.ClientTimeout(total=ACK_S)
        async with self._http.post(f"{self._url}/{what}", json=body, headers=headers, timeout=timeout) as answer:
            if answer.status == 200:
                for frame in (await answer.json())["frames"]:
                    self._take(frame)
            elif answer.status != 503:
                self._book.complain(f"{self.name}: {what} was answered {answer.status}: {await answer.text()}")

    # -- both ---------------------------------------------------------------------------------------------------------

    def _hello(self) -> dict[str, Any]:
        return {"t": "hello", "token": self._token, "since": self._cursor, "language": "vi", "page": self._origin}

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "welcome":
                self._token = frame["token"]
                self._see(frame)
            case "messages":
                self._see(frame)
            case "ack":
                self._acknowledged(frame["id"])
            case "nack" if not frame["retry"]:
                self._book.complain(f"{self.name}: refused for good: {frame}")
            case "error" if frame["slug"] != "unavailable":
                self._book.complain(f"{self.name}: {frame}")

    def _see(self, frame: dict[str, Any]) -> None:
        self._cursor = max(self._cursor, frame["cursor"])
        self.seen |= {message["id"]: message for message in frame["messages"]}
        self._book.show(self.name, frame["messages"], conversation=f"chat of {self.name}")

    def _acknowledged(self, id_: str) -> None:
        self._acked.add(id_)
        if self._owed and self._owed[0][0] == id_:
            self._book.acknowledge(self._owed.pop(0)[1])

    def strange(self) -> list[str]:
        """What is wrong with the chat as this customer sees it: their own words once each and in order."""
        own = [one["text"] for one in sorted(self.seen.values(), key=lambda one: one["seq"]) if one["mine"]]
        wanted = [f"{self.name} tin nhắn số {n}, còn hàng không shop?" for n in range(self._n)]
        return (
            [] if own == wanted else [f"{self.name} sees {len(own)} of {len(wanted)} own messages, or in another order"]
        )


class Sender:
    """A chat on the other side of a program: signed webhooks, one behind the other."""

    def __init__(self, http: aiohttp.ClientSession, origin: str, name: str, secret: str, book: Book, seed: int) -> None:
        self._http = http
        self._url = f"{origin}/in/program"
        self.name = name
        self._secret = secret
        self._book = book
        self._chance = random.Random(seed)
        self._n = 0
        self._owed: list[Said] = []

    def write(self, count: int) -> None:
        for _ in range(count):
            self._owed.append(Said(sender=self.name, n=self._n, text=f"{self.name} hỏi câu {self._n}: giá bao nhiêu?"))
            self._n += 1

    @property
    def done(self) -> bool:
        return not self._owed

    async def run(self) -> None:
        """Deliver what is owed; until cancelled."""
        while True:
            if self._owed and await self._posted(self._owed[0]):
                self._book.acknowledge(self._owed.pop(0))
            else:
                await asyncio.sleep(self._chance.uniform(*PAUSE_S))

    async def _posted(self, said: Said) -> bool:
        sender = {"id": self.name, "name": self.name}
        body = msgspec.json.encode(
            {"id": f"{self.name}-{said.n}", "thread": self.name, "from": sender, "text": said.text}
        )
        headers = {"X-Hub-Signature": wire.sign(self._secret, body, int(time.time()))}
        timeout = aiohttp.ClientTimeout(total=ACK_S)
        try:
            async with self._http.post(self._url, data=body, headers=headers, timeout=timeout) as answer:
                if answer.status not in (200, 503):
                    self._book.complain(f"{self.name}: answered {answer.status}: {await answer.text()}")
                return answer.status == 200
        except AWAY:
            return False


def _text(frame: dict[str, Any]) -> str:
    return msgspec.json.encode(frame).decode()


def _letter(id_: str, said: Said) -> dict[str, Any]:
    return {"t": "send", "id": id_, "text": said.text, "files": []}
