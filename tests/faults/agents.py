"""Agents: a live socket that resumes by `since`, a thread that is read again and again, replies under one key each."""

import asyncio
import random
from typing import Any

import aiohttp
import msgspec

from tests.faults.book import Book

CALL_S = 10.0
PAUSE_S = (0.05, 0.3)
AWAY = (aiohttp.ClientError, OSError, asyncio.TimeoutError)


class Desk:
    """One agent's browser."""

    def __init__(
        self, http: aiohttp.ClientSession, origin: str, email: str, password: str, book: Book, seed: int
    ) -> None:
        self._http = http
        self._origin = origin
        self._api = f"{origin}/api/v1"
        self._email, self._password = email, password
        self._book = book
        self._chance = random.Random(seed)
        self.n: int | None = None  # the newest event
        self.sockets = 0
        self._heads: dict[str, int] = {}  # conversation → the newest number that this agent has seen
        self._replies = 0
        self.owed = 0
        self.asked: set[str] = set()  # texts of replies that were begun

    async def sign_in(self) -> None:
        """Until it succeeds."""
        body = {"email": self._email, "password": self._password}
        while not await self._call("POST", "/session", body):
            await asyncio.sleep(0.2)

    # -- live ---------------------------------------------------------------------------------------------------------

    async def follow(self) -> None:
        """Hear everything; until cancelled."""
        url = f"{self._origin}/live"
        while True:
            try:
                timeout = aiohttp.ClientWSTimeout(ws_close=1)
                async with self._http.ws_connect(url, origin=self._origin, timeout=timeout, heartbeat=5) as ws:
                    self.sockets += 1
                    await ws.send_str(msgspec.json.encode({"t": "hello", "since": self.n}).decode())
                    async for message in ws:
                        self._hear(msgspec.json.decode(message.data))
            except AWAY:
                pass
            await asyncio.sleep(self._chance.uniform(*PAUSE_S))

    def _hear(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "hello":
                self.n = frame["n"]
            case "reset":
                self._book.complain(f"{self._email}: told to reload at {frame['n']}, was at {self.n}")
                self.n = frame["n"]
            case "events":
                if self.n is not None and frame["n"] != self.n + 1:
                    self._book.complain(f"{self._email}: event {frame['n']} came behind {self.n}")
                self.n = frame["n"]
                self._book.hear(self._email, frame["n"], frame["items"])
                for item in frame["items"]:
                    if item["type"] == "message.added":
                        self._saw(item["data"]["message"])

    def _saw(self, message: dict[str, Any]) -> None:
        known = self._heads.get(message["conversation"], 0)
        self._heads[message["conversation"]] = max(known, message["seq"])

    # -- answers ------------------------------------------------------------------------------------------------------

    async def answer(self) -> None:
        """Reply to whoever wrote, as long as replies are owed; until cancelled."""
        while True:
            await asyncio.sleep(self._chance.uniform(*PAUSE_S))
            if self._heads:
                conversation = self._chance.choice(sorted(self._heads))
                await self._look(conversation)
                if self.owed:
                    await self._reply(conversation)

    async def _look(self, conversation: str) -> None:
        page = await self._call("GET", f"/conversations/{conversation}/messages")
        if page:
            self._book.show(self._email, page["items"])
            for message in page["items"]:
                self._saw(message)

    async def _reply(self, conversation: str) -> None:
        """One reply under one key, until it is logged or somebody else's answer stands in its way."""
        self._replies += 1
        text = f"Dạ {self._email} trả lời câu {self._replies} ạ"
        body = {"kind": "reply", "text": text, "seen": self._heads[conversation]}
        key = f"key-{self._replies:06}"
        self.asked.add(text)
        answer = None
        while answer is None:
            answer = await self._call("POST", f"/conversations/{conversation}/messages", body, key)
            if answer is None:
                await asyncio.sleep(self._chance.uniform(*PAUSE_S))
        if "id" in answer:
            self.owed -= 1
            self._book.replies[answer["id"]] = text
            self._book.show(self._email, [answer])
            self._saw(answer)

    async def _call(self, method: str, path: str, body: Any = None, key: str = "") -> dict[str, Any] | None:
        """The answer's body; None when it must be asked again."""
        headers = {"Origin": self._origin, "Idempotency-Key": key or "key-of-no-matter"}
        timeout = aiohttp.ClientTimeout(total=CALL_S)
        url = f"{self._api}{path}"
        try:
            async with self._http.request(method, url, json=body, headers=headers, timeout=timeout) as answer:
                said = await answer.read()
                if answer.status in (200, 201, 409):
                    return dict(msgspec.json.decode(said))
                if answer.status != 503:
                    self._book.complain(f"{self._email}: {method} {path} was answered {answer.status}: {said!r}")
        except AWAY:
            pass
        return None
