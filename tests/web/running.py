"""`hub up` as a process of its own: started, killed, started again, and spoken to as its administrator."""

import asyncio
import contextlib
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from aiohttp import ClientSession, ClientTimeout, CookieJar

from hub.embedded import join_or_start
from hub.ids import random_id
from hub.settings import Settings
from hub.store import Store, open_store

START_S, STOP_S, CALL_S = 120, 60, 60
TAGS_S = 180
SHOP = "demo"  # the web chat that the first start makes


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in."""

    id: str
    name: str
    email: str
    password: str


class RunningHub:
    """One hub over one data folder and one port; both stay the same when it is killed and started again."""

    def __init__(self, data: Path, port: int, disk_floor_mb: int = 0) -> None:
        self.data = data
        self.port = port
        self._floor = str(disk_floor_mb)
        self.url = f"http://127.0.0.1:{port}"
        self.admin = Login(id="", name="Admin", email="", password="")
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._session: ClientSession | None = None

    async def start(self) -> None:
        """Start, and return once it listens; the first start's login is read from what it prints."""
        with (self.data / "stderr.log").open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "hub", "up", "--data", str(self.data), "--port", str(self.port)),
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "HUB_LOG_FORMAT": "json", "HUB_DISK_FLOOR_MB": self._floor},
            )
        listens = asyncio.Event()
        self._reader = asyncio.create_task(self._read(self._process, listens))
        await asyncio.wait_for(listens.wait(), START_S)

    async def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        assert self._process is not None
        self._process.kill()
        await self._gone()

    async def stop(self) -> None:
        """SIGTERM, and wait for a clean end."""
        if self._session is not None:
            await self._session.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
        await self._gone()

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as the administrator; the decoded answer. An error ends the test with the hub's own words."""
        session = await self._signed_in()
        headers = {"Idempotency-Key": random_id("k")}
        async with session.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as answer:
            raw = await answer.read()
            assert answer.status < 400, f"{method} {path}: {answer.status} {raw.decode()}"
            return msgspec.json.decode(raw) if raw else None

    async def add_agent(self, name: str, role: str = "agent", teams: tuple[str, ...] = ()) -> Login:
        """Somebody new, under an address that no other test has."""
        email = f"{random_id('p').lower()}@shop.example"
        made = await self.call("POST", "/agents", {"name": name, "email": email, "role": role, "teams": teams})
        return Login(id=made["agent"]["id"], name=name, email=email, password=made["password"])

    async def add_shop(self, name: str = "Mộc An", **settings: Any) -> str:
        """Another web chat; its id."""
        body = {"kind": "webchat", "name": name, "settings": {"origins": [], **settings}}
        return str((await self.call("POST", "/accounts", body))["id"])

    async def tags(self, version: str | None = None, times: int = 1) -> None:
        """Wait until its tagging process took a model (this one) for the `times`-th time, as the hub's log says."""
        model = re.escape(version) if version else '[^"]+'
        ready = re.compile(rf'"tagger ready".*"{model}"|"{model}".*"tagger ready"')
        async with asyncio.timeout(TAGS_S):
            while len(ready.findall((self.data / "stderr.log").read_text())) < times:
                await asyncio.sleep(0.1)

    async def finds(self, words: str) -> None:
        """Wait until its search knows these words: it follows what is written, and a page that searches asks once."""
        async with asyncio.timeout(CALL_S):
            while not (await self.call("GET", f"/conversations?q={quote(words)}"))["items"]:
                await asyncio.sleep(0.05)

    @contextlib.asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """The ledger behind it."""
        async with join_or_start(Settings(data=self.data)) as stores, open_store(stores.urls.mongo) as store:
            yield store

    async def _signed_in(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                cookie_jar=CookieJar(unsafe=True), headers={"Origin": self.url}, timeout=ClientTimeout(total=CALL_S)
            )
            login = {"email": self.admin.email, "password": self.admin.password}
            async with self._session.post(f"{self.url}/api/v1/session", json=login) as answer:
                assert answer.status == 200, await answer.text()
        return self._session

    async def _read(self, process: asyncio.subprocess.Process, listens: asyncio.Event) -> None:
        """Keep the pipe empty as long as it runs."""
        assert process.stdout is not None
        found: dict[str, str] = {}
        async for line in process.stdout:
            words = line.decode().split()
            for sign, field in (("as", "email"), ("password", "password")):
                if sign in words[:3] and len(words) > words.index(sign) + 1:
                    found[field] = words[words.index(sign) + 1]
            if b"Be a customer" in line:
                self.admin = msgspec.structs.replace(self.admin, **found)
                listens.set()

    async def _gone(self) -> None:
        if self._process is not None:
            await asyncio.wait_for(self._process.wait(), STOP_S)
        if self._reader is not None:
            await self._reader


@contextlib.asynccontextmanager
async def running_hub(data: Path, trained: Path | None = None, disk_floor_mb: int = 0) -> AsyncIterator[RunningHub]:
    """A hub from its first start to its clean end; with these models it need not train its own."""
    data.mkdir(parents=True, exist_ok=True)
    if trained is not None:
        shutil.copytree(trained, data / "models", symlinks=True)
    hub = RunningHub(data, free_port(), disk_floor_mb)
    try:
        await hub.start()
        yield hub
    finally:
        await hub.stop()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
