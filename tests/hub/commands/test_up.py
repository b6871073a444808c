"""`hub up` as a process of its own: what it says at its first start, and how it bears the death of its own database."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest

from hub.commands.whereabouts import address_of
from hub.embedded.folder import Folder, StoreRun
from hub.embedded.programs import free_port
from hub.settings import Settings

pytestmark = pytest.mark.timeout(180)
ASK_S, READY_S = 5.0, 40.0
NOBODY = 2**22 + 1  # no process has this number


class Up:
    """One `hub up`, and what it printed until it listened."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.url = f"http://127.0.0.1:{port}"
        self.printed: list[str] = []
        self._port = port

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub", "up", "--data", str(self.data), "--port", str(self._port)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "HUB_LOG_LEVEL": "error", "HUB_DISK_FLOOR_MB": "0"},
        )
        assert self._process.stdout is not None
        self.printed = []
        while "Be a customer" not in "".join(self.printed[-1:]):
            line = (await self._process.stdout.readline()).decode()
            assert line, f"it ended: {self.printed}"
            self.printed.append(line.strip())

    async def stop(self) -> None:
        """SIGTERM, and wait for the end; what it still prints is dropped."""
        self._process.terminate()
        await self._process.communicate()

    def database(self) -> StoreRun:
        run = Folder(self.data).read().database
        assert run is not None
        return run

    async def ready(self, http: aiohttp.ClientSession) -> tuple[int, str | None]:
        """The status of /readyz, and why the database is not up."""
        async with http.get(f"{self.url}/readyz") as answer:
            return answer.status, msgspec.json.decode(await answer.read())["database"]["why"]

    async def until_ready(self, http: aiohttp.ClientSession) -> None:
        """Ask until it is."""
        asked, deadline = list[tuple[int, str | None]](), time.monotonic() + READY_S
        while not asked or asked[-1][0] != 200:
            assert time.monotonic() < deadline, f"not ready in {len(asked)} answers: {Counter(asked)}"
            asked.append(await self.ready(http))

    async def robbed(self, http: aiohttp.ClientSession) -> str | None:
        """Kill the database, again if it was back before anybody could ask; why it is said not to be up."""
        deadline = time.monotonic() + READY_S
        while True:
            assert time.monotonic() < deadline, "it is always said to be up"
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.database().pid or NOBODY, signal.SIGKILL)
            status, why = await self.ready(http)
            if status == 503:
                return why


@pytest.fixture
async def up(tmp_path: Path) -> AsyncIterator[Up]:
    running = Up(tmp_path / "data", free_port())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_S)) as session:
        yield session


async def test_the_first_start_prints_the_address_a_login_that_works_and_the_demo_shop_and_no_later_one_the_login(
    up: Up, http: aiohttp.ClientSession
) -> None:
    said = [line.split() for line in up.printed if line]
    password = said[2][2]
    login = {"email": "admin@hub.local", "password": password}
    async with http.post(f"{up.url}/api/v1/session", json=login, headers={"Origin": up.url}) as answer:
        signed_in = answer.status
    async with http.get(f"{up.url}/demo") as demo:
        shown = demo.status
    await up.stop()
    await up.start()

    assert [line[:5] for line in said] == [
        ["The", "hub", "is", "up:", f"{up.url}/"],
        ["Sign", "in", "as", "admin@hub.local"],
        ["with", "password", password, "(shown", "only"],
        ["Be", "a", "customer:", f"{up.url}/demo", "(write"],
    ]
    assert (signed_in, shown) == (200, 200)
    assert [line.split(":")[0] for line in up.printed if line] == ["The hub is up", "Be a customer"]


async def test_a_second_one_on_the_same_folder_says_whose_stores_it_shares(up: Up) -> None:
    owner, second = Folder(up.data).read().pid, Up(up.data, free_port())
    await second.start()
    await second.stop()

    assert f"It shares {up.data} with a hub that runs already (process {owner}): the same stores and inbox." in (
        second.printed
    )


async def test_a_command_beside_it_that_was_told_no_port_finds_it(up: Up) -> None:
    assert address_of(Settings(data=up.data)) == up.url


async def test_readiness_is_red_while_the_hubs_own_killed_database_is_away_and_green_when_it_is_back_on_its_port(
    up: Up, http: aiohttp.ClientSession
) -> None:
    await up.until_ready(http)
    before = up.database()
    why = await up.robbed(http)
    await up.until_ready(http)
    after = up.database()

    assert why
    assert after.port == before.port
    assert after.pid not in (None, before.pid)
