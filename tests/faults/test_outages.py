"""One thing away at a time: what is refused and how, what goes on, and that service resumes by itself."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from channels.api import wire
from tests.faults.shop import Shop, Size

NOBODY = Size(widgets=0, letters=0, senders=0, posts=0, agents=1, replies=0)
MB = 1_000_000
ROOM_MB = 400  # how far the disk's floor lies under what is free; the file that fills the disk takes twice as much

pytestmark = pytest.mark.timeout(300)


class Caller:
    """A program and a widget that say one thing and report how it was answered."""

    def __init__(self, shop: Shop, http: aiohttp.ClientSession) -> None:
        self._shop = shop
        self._http = http

    async def post(self, id_: str) -> tuple[int, str | None]:
        """A signed webhook: status and Retry-After."""
        sender = {"id": "u1", "name": "Lan"}
        body = msgspec.json.encode({"id": id_, "thread": "u1", "from": sender, "text": f"{id_}: còn trà không?"})
        headers = {"X-Hub-Signature": wire.sign(self._shop.secret, body, int(time.time()))}
        async with self._http.post(f"{self._shop.origin}/in/program", data=body, headers=headers) as answer:
            return answer.status, answer.headers.get("Retry-After")

    async def chat(self) -> "Line":
        ws = await self._http.ws_connect(f"{self._shop.origin}/chat/site", origin=self._shop.origin)
        line = Line(ws)
        await line.say({"t": "hello", "token": None, "since": 0, "language": "vi", "page": self._shop.origin})
        await line.hear("welcome")
        return line

    async def ready(self) -> int:
        async with self._http.get(f"{self._shop.origin}/readyz") as answer:
            return answer.status


class Line:
    """A widget's open socket."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws

    async def say(self, frame: dict[str, Any]) -> None:
        await self._ws.send_str(msgspec.json.encode(frame).decode())

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds."""
        async with asyncio.timeout(20):
            while True:
                frame = dict(msgspec.json.decode(await self._ws.receive_str()))
                if frame["t"] in kinds:
                    return frame

    async def send(self, id_: str) -> dict[str, Any]:
        await self.say({"t": "send", "id": id_, "text": f"{id_}: còn trà không?", "files": []})
        return await self.hear("ack", "nack")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


async def until(asked: Callable[[], Any], answer: Any, within_s: float) -> None:
    """Ask again until this is the answer."""
    async with asyncio.timeout(within_s):
        while await asked() != answer:
            await asyncio.sleep(0.2)


def shown(shop: Shop) -> list[str]:
    """The first words of each entry that the agent's socket brought, as often as the log has it."""
    return sorted(text.partition(":")[0] for text in shop.book.texts.values())


async def test_while_the_database_is_away_every_door_says_so_and_service_resumes_by_itself(
    tmp_path: Path, trained: Path, http: aiohttp.ClientSession
) -> None:
    async with Shop(tmp_path, trained, 1, NOBODY).open() as shop:
        caller = Caller(shop, http)
        line = await caller.chat()
        async with shop.stores.away("database"):
            await until(caller.ready, 503, 20)
            refused = await caller.post("webhook-1")
            nack = await line.send("widget-1")
            still = await line.send("widget-1")
        await until(caller.ready, 200, 30)
        taken = await caller.post("webhook-1")
        ack = await line.send("widget-1")
        await shop.until(lambda: shown(shop) == ["webhook-1", "widget-1"], 15, "both are shown")

    assert refused == (503, "5")
    assert (nack["t"], nack["slug"], nack["retry"]) == ("nack", "unavailable", True)
    assert still == nack
    assert (taken[0], ack["t"]) == (200, "ack")
    assert shop.web.died + shop.worker.died == []


async def test_while_redis_is_away_messages_are_taken_at_once_and_shown_a_little_later(
    tmp_path: Path, trained: Path, http: aiohttp.ClientSession
) -> None:
    async with Shop(tmp_path, trained, 1, NOBODY).open() as shop:
        caller = Caller(shop, http)
        line = await caller.chat()
        async with shop.stores.away("redis"):
            began = time.monotonic()
            acks = [(await line.send(f"widget-{n}"))["t"] for n in range(3)]
            acked_s = time.monotonic() - began
            await shop.until(lambda: len(shown(shop)) == 3, 10, "all are shown")
            shown_s = time.monotonic() - began
            ready = await caller.ready()
    print(f"\n3 messages without Redis: acknowledged in {acked_s:.2f} s, shown in {shown_s:.2f} s")

    assert acks == ["ack"] * 3
    assert acked_s < 1.5
    assert shown_s < 6
    assert ready == 200
    assert shop.web.died + shop.worker.died == []


async def test_flushing_redis_between_messages_changes_nothing_for_sockets_that_stay_open(
    tmp_path: Path, trained: Path, http: aiohttp.ClientSession
) -> None:
    async with Shop(tmp_path, trained, 1, NOBODY).open() as shop:
        line = await Caller(shop, http).chat()
        acks = []
        for n in range(12):
            acks.append((await line.send(f"widget-{n:02}"))["t"])
            await shop.flush()
        await shop.until(lambda: len(shown(shop)) >= 12, 15, "all are shown")
        sockets = [one.sockets for one in shop.desks]

    assert acks == ["ack"] * 12
    assert shown(shop) == [f"widget-{n:02}" for n in range(12)]
    assert sockets == [1]
    assert shop.web.died + shop.worker.died == []


async def test_on_a_disk_that_is_nearly_full_the_door_closes_before_the_database_fails_and_opens_again(
    tmp_path: Path, trained: Path, http: aiohttp.ClientSession
) -> None:
    floor_mb = shutil.disk_usage(tmp_path).free // MB - ROOM_MB
    async with Shop(tmp_path, trained, 1, NOBODY, disk_floor_mb=floor_mb).open() as shop:
        caller = Caller(shop, http)
        line = await caller.chat()
        with (tmp_path / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, 2 * ROOM_MB * MB)
        await until(caller.ready, 503, 10)
        refused, nack = await caller.post("webhook-1"), await line.send("widget-1")
        (tmp_path / "filler").unlink()
        await until(caller.ready, 200, 10)
        taken, ack = await caller.post("webhook-1"), await line.send("widget-1")
        await shop.until(lambda: shown(shop) == ["webhook-1", "widget-1"], 15, "both are shown")

    assert refused == (503, "60")
    assert (nack["t"], nack["slug"], nack["retry"]) == ("nack", "unavailable", True)
    assert (taken[0], ack["t"]) == (200, "ack")
