"""The hub as separate processes, each started again whenever it ends, as a process manager would; and kill -9."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from hub.embedded import Embedded, StoreUrls
from hub.settings import Settings

READY_S = 60.0
AGAIN_S = 0.2
AWAY_EVERY_S = 0.02
TAIL = 1_500


class Program:
    """`hub web` or `hub worker`. `ready` is set while it says that it is up."""

    def __init__(self, command: str, data: Path, environ: Mapping[str, str]) -> None:
        self.command = command
        self.log = data / f"{command}.log"
        self.died: list[str] = []  # ends that nobody asked for, after it was up
        self.starts = 0
        self.ready = asyncio.Event()
        self._environ = {**os.environ, "HUB_DATA": str(data), "HUB_LOG_FORMAT": "json", **environ}
        self._process: asyncio.subprocess.Process | None = None
        self._asked = False

    def kill(self) -> None:
        """kill -9; it comes back by itself."""
        if self._process is not None and self._process.returncode is None:
            self._asked = True
            self._process.kill()

    async def run(self) -> None:
        """Keep it running until cancelled, then end it."""
        try:
            while True:
                await self._live()
                await asyncio.sleep(AGAIN_S)
        finally:
            await self._end()

    async def _live(self) -> None:
        self._asked, self.starts = False, self.starts + 1
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "hub",
                self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=self._environ,
            )
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if line.startswith(f"{self.command}:".encode()):
                self.ready.set()
        code = await self._process.wait()
        if not self._asked and self.ready.is_set():
            self.died.append(f"{self.command} ended by itself with {code}: {self._tail()}")
        self.ready.clear()

    def _tail(self) -> str:
        return self.log.read_text("utf-8", "replace")[-TAIL:]

    async def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(10):
                    await self._process.wait()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


class Stores:
    """The bundled stores, kept up by a thread of their own while everything else is killed around them."""

    def __init__(self, data: Path) -> None:
        self._embedded = Embedded(Settings(data=data))
        self._ready, self._stop = threading.Event(), threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="stores")

    @property
    def urls(self) -> StoreUrls:
        return self._embedded.urls

    def kill(self, name: str) -> None:
        """kill -9 the database or Redis; its supervisor starts it again on its port."""
        self.signal(name, signal.SIGKILL)

    def signal(self, name: str, number: signal.Signals) -> None:
        pid = self._embedded.pids.get(name)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    @contextlib.asynccontextmanager
    async def away(self, name: str) -> AsyncIterator[None]:
        """Keep it down: it is killed as often as it is started again."""

        async def again() -> None:
            while True:
                self.kill(name)
                await asyncio.sleep(AWAY_EVERY_S)

        killing = asyncio.create_task(again())
        try:
            await asyncio.sleep(2 * AWAY_EVERY_S)
            yield
        finally:
            killing.cancel()

    def up(self) -> bool:
        return set(self._embedded.states().values()) == {"up"}

    def _run(self) -> None:
        async def hold() -> None:
            async with self._embedded:
                self._ready.set()
                await asyncio.to_thread(self._stop.wait)

        try:
            asyncio.run(hold())
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Stores"]:
        self._thread.start()
        await asyncio.to_thread(self._ready.wait, READY_S)
        if self._error is not None:
            raise self._error
        try:
            yield self
        finally:
            self._stop.set()
            await asyncio.to_thread(self._thread.join, 40)
