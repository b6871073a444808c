"""A hub of the bench's own: started as people start it, in a scratch folder, with one agent and two accounts."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from hub.clock import utc_now
from hub.commands.rooms import Rooms, open_rooms
from hub.embedded import programs
from hub.embedded.folder import Folder
from hub.ids import random_id
from hub.model import Account, AccountId, Agent, AgentId
from hub.safety.passwords import hash_password
from hub.safety.sessions import open_session
from hub.settings import Settings
from hub.store import open_store
from tests.bench.processes import end_with_parent, kill_family

ROOT = Path(__file__).resolve().parents[2]
API, SITE = AccountId("bench-api"), AccountId("bench-site")
SECRET = "only the bench knows this"
READY_S, STOP_S, TAGGER_S = 120.0, 30.0, 90.0
LOOK_S = 0.01


class Process:
    """One `hub …` command with its output in the data folder."""

    def __init__(self, data: Path, words: tuple[str, ...], module: str = "hub") -> None:
        mine = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        with (data / "bench.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=data,  # no .env of a developer's is there
                env={**mine, "PYTHONPATH": str(ROOT), "HUB_LOG_LEVEL": "warning", "HUB_LOG_FORMAT": "json"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self.pid = self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def stop(self) -> None:
        """Ask it to end; kill what does not."""
        if self.ended:
            return
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, STOP_S)
        except subprocess.TimeoutExpired:
            await self.kill()

    async def kill(self) -> None:
        """kill -9 to it and to all that it started."""
        kill_family(self.pid)
        await asyncio.to_thread(self._process.wait, STOP_S)


class House:
    """One data folder with the hub's processes in it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: list[Process] = []
        self.cookie = ""
        self.holds = 0  # messages, when somebody filled it

    @property
    def settings(self) -> Settings:
        return Settings(data=self.data, port=self.port, disk_floor_mb=0)

    @property
    def mongo(self) -> str:
        """The address of the running database."""
        run = Folder(self.data).read().database
        assert run is not None
        return programs.mongo_url(run)

    @property
    def redis(self) -> str:
        """The address of the running Redis."""
        run = Folder(self.data).read().redis
        assert run is not None
        return programs.redis_url(run)

    async def start(self, *words: str, module: str = "hub") -> float:
        """Run `hub WORDS` until /readyz says 200; the seconds that it took."""
        began = time.perf_counter()
        process = Process(self.data, ("--data", str(self.data), "--port", str(self.port), *words), module)
        self.processes.append(process)
        async with asyncio.timeout(READY_S), aiohttp.ClientSession() as http:
            while not await self._ready(http):
                if process.ended:
                    raise RuntimeError(f"the hub ended: {(self.data / 'bench.log').read_text()[-2000:]}")
                await asyncio.sleep(LOOK_S)
        return time.perf_counter() - began

    async def start_beside(self, *words: str) -> Process:
        """Run one more `hub WORDS` on the same stores; it may take a moment until it works."""
        process = Process(self.data, ("--data", str(self.data), "--port", str(self.port), *words))
        self.processes.append(process)
        return process

    async def _ready(self, http: aiohttp.ClientSession) -> bool:
        with contextlib.suppress(aiohttp.ClientError, OSError):
            async with http.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        return False

    async def tagging(self) -> None:
        """Wait until the tagger answers, as `hub up` reports it."""
        async with asyncio.timeout(TAGGER_S), aiohttp.ClientSession() as http:
            while True:
                async with http.get(f"{self.url}/readyz") as answer:
                    if (await answer.json(content_type=None))["tagger"]["up"]:
                        return
                await asyncio.sleep(10 * LOOK_S)

    @contextlib.asynccontextmanager
    async def rooms(self) -> AsyncIterator[Rooms]:
        """The same stores as the hub, from the bench's own process."""
        async with open_rooms(self.settings, self.mongo, self.redis) as rooms:
            yield rooms

    async def furnish(self, api_url: str = "http://127.0.0.1:9/") -> None:
        """Add the bench's accounts and agent, and sign the agent in."""
        async with self.rooms() as rooms:
            if await rooms.store.accounts.get(API) is None:
                await self._add(rooms, API, "api", {"url": api_url}, {"signing_secret": SECRET})
                await self._add(rooms, SITE, "webchat", {}, {"identity_secret": SECRET})
                password = await hash_password("mot-mat-khau-dai")
                agent = Agent(
                    id=AgentId(random_id("a")),
                    name="Lan",
                    email="lan@bench.example",
                    role="administrator",
                    password=password,
                    at=utc_now(),
                )
                await rooms.store.agents.add(agent)
            found = await rooms.store.agents.by_email("lan@bench.example")
            assert found is not None
            token, _ = await open_session(rooms.store, found, utc_now(), 1)
        self.cookie = f"hub_session={token}"

    async def _add(self, rooms: Rooms, id_: AccountId, kind: str, settings: dict[str, Any], secrets: Any) -> None:
        sealed = rooms.ring.seal(f"account:{id_}", msgspec.json.encode(secrets))
        await rooms.store.accounts.add(
            Account(id=id_, kind=kind, name="Bench", at=utc_now(), settings=settings, secrets=sealed)
        )

    async def messages(self) -> int:
        """How many messages the ledger says it has."""
        async with open_store(self.mongo) as store:
            return int(await store.ledger.light("messages").estimated_document_count())

    async def stop(self) -> None:
        """End the processes in the reverse of their order."""
        for process in reversed(self.processes):
            await process.stop()
        self.processes.clear()

    async def kill(self) -> None:
        """kill -9 to everything, stores included."""
        for process in reversed(self.processes):
            await process.kill()
        self.processes.clear()


class Grounds:
    """Where the scratch folders are; the tagger's model is trained once for all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._models = folder / "models"
        self._count = 0

    async def house(self, trained: bool = True) -> House:
        """A new, empty one; with the model in it unless it shall be bare."""
        self._count += 1
        data = self.folder / f"h{self._count}"
        data.mkdir(mode=0o700)
        if trained:
            await self._train()
            shutil.copytree(self._models, data / "models", symlinks=True)
        return House(data)

    @contextlib.asynccontextmanager
    async def open(
        self, *words: str, module: str = "hub", api_url: str = "http://127.0.0.1:9/"
    ) -> AsyncIterator[House]:
        """A furnished hub that runs `hub WORDS`, stopped and removed afterwards."""
        house = await self.house()
        try:
            await house.start(*words, module=module)
            await house.furnish(api_url)
            if "up" in words:
                await house.tagging()
            yield house
        finally:
            await house.stop()
            shutil.rmtree(house.data, ignore_errors=True)

    async def _train(self) -> None:
        if not (self._models / "current").exists():
            self._models.mkdir()
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "nlp.train",
                str(self._models),
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                preexec_fn=end_with_parent,
            )
            assert await process.wait() == 0, "the tagger could not be trained"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
