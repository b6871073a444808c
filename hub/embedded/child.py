"""One store process: started, waited for until it answers, restarted on its port when it dies, stopped.

Must not know which store it is: the command line, the check and the patience are arguments.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
import structlog

from hub.embedded.folder import PRIVATE_FILE
from hub.errors import HubError

logger = structlog.get_logger(__name__)

POLL_S = 0.01
KNOCK_S = 0.02
# glibc gives every thread an arena of its own and keeps what was freed there: hundreds of megabytes after a busy hour.
ARENAS = {"MALLOC_ARENA_MAX": "2"}
START_S = 60.0  # a database that was killed replays its log first
BACKOFF_S = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
STEADY_S = 30.0  # alive for this long, a child's next death begins the backoff anew
LOG_MOST = 5_000_000  # bytes; a larger log is put aside at the next start, one generation is kept
LOG_TAIL = 600  # bytes of the log that a failed start shows
PR_SET_PDEATHSIG = 1

LINUX = sys.platform.startswith("linux")
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


class StartFailed(HubError):
    """A store did not come up; the sentence carries the end of its log."""


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What is run: `command` is recognised again by `mark`, a word of it that no other process has.

    `answers` says whether it serves; a port that merely accepts does not.
    """

    name: str
    command: tuple[str, ...]
    mark: str
    log: Path
    answers: Callable[[], Awaitable[bool]]
    patience_s: float


class Child:
    """A running program. `changed` is called whenever its process id becomes another."""

    def __init__(self, program: Program, changed: Callable[[], None]) -> None:
        self.program = program
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._down_since: datetime | None = datetime.now(UTC)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    @property
    def state(self) -> str:
        """up, or restarting since 09:54:03 UTC."""
        return "up" if self._down_since is None else f"restarting since {self._down_since:%H:%M:%S} UTC"

    async def start(self) -> None:
        """Start it and return once it answers; from then on it is restarted when it dies. Raises StartFailed."""
        await self._up()
        self._watch = asyncio.create_task(self._keep_up(), name=f"watch {self.program.name}")

    async def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """End it, with time to close its files; after its patience it is killed."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._end(with_signal)

    async def _up(self) -> None:
        log = _open_log(self.program.log)
        began = log.tell()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.program.log.parent,
                env={**ARENAS, **os.environ},
                # Its own group: a Ctrl-C in the terminal reaches the hub alone, which then stops in order.
                start_new_session=True,
                preexec_fn=_end_with_parent(os.getpid()),
            )
        finally:
            log.close()
        self._changed()
        try:
            async with asyncio.timeout(START_S):
                await self._answering(self._process)
        except TimeoutError:
            await self._end(signal.SIGKILL)
        if self.pid is None:
            raise StartFailed(f"{self.program.name} did not start. It said: {_tail(self.program.log, began)}")
        self._down_since = None

    async def _answering(self, process: asyncio.subprocess.Process) -> None:
        """Return when the program answers, or has ended."""
        while process.returncode is None and not await self.program.answers():
            await asyncio.sleep(POLL_S)

    async def _keep_up(self) -> None:
        tries = 0
        while True:
            began = asyncio.get_running_loop().time()
            code = await self._process.wait() if self._process else None
            self._down_since = self._down_since or datetime.now(UTC)
            tries = 0 if asyncio.get_running_loop().time() - began > STEADY_S else tries + 1
            wait_s = BACKOFF_S[min(tries, len(BACKOFF_S) - 1)] if tries > 1 else 0.0
            logger.error("store ended, starting it again", store=self.program.name, code=code, wait_s=wait_s)
            await asyncio.sleep(wait_s)
            with contextlib.suppress(StartFailed):
                await self._up()
                logger.info("store is up again", store=self.program.name)

    async def _end(self, with_signal: signal.Signals) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        for number in (with_signal, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.program.patience_s):
                    await self._ended(process, number)
                    return
        logger.error("store could not be ended", store=self.program.name, pid=process.pid)

    async def _ended(self, process: asyncio.subprocess.Process, number: signal.Signals) -> None:
        """Return when the process is gone, knocking meanwhile, for two reasons of SecantusDB.

        It waits 2 s for the end of its `accept` unless one more connection wakes that. And Python loses a signal that
        comes just before its main thread goes to sleep (seen in 4 of 25 stops right after a start): a server that
        answers twice did not hear it and is asked again.
        """
        answered = 0
        while process.returncode is None:
            answered = answered + 1 if await self.program.answers() else 0
            if answered == 2:
                answered = 0
                process.send_signal(number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), KNOCK_S)


async def end_stray(pid: int | None, mark: str, patience_s: float) -> None:
    """End a store that a killed hub left behind: `pid`, and only if its command line has `mark`."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if pid is None or mark not in _command_line(pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while mark in _command_line(pid):
                    await asyncio.sleep(POLL_S)


def _command_line(pid: int) -> str:
    """The command line of a process, "" when there is none (an ended one that nobody waited for counts as none)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended while it was read
        if LINUX:
            return ""
    done = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, timeout=5, check=False
    )
    return done.stdout


def _end_with_parent(parent: int) -> Callable[[], None]:
    """Ask Linux to end the child when its parent is gone, even by kill -9. Runs between fork and exec."""

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def _open_log(path: Path) -> BinaryIO:
    """The log to append to, private to this user; one that grew large is put aside first."""
    if path.exists() and path.stat().st_size > LOG_MOST:
        path.replace(path.with_suffix(".old.log"))
    log = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE), "ab", buffering=0)
    log.seek(0, os.SEEK_END)
    return log


def _tail(path: Path, began: int) -> str:
    with path.open("rb") as log:
        log.seek(max(began, path.stat().st_size - LOG_TAIL))
        said = log.read().decode("utf-8", "replace").strip()
    return f"{said or '(nothing)'} (all of it: {path})"
