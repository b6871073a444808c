"""Training on what people said, as a niced process of its own: one at a time on each models folder.

What came of the last one stands beside the models, so that it outlives a page, this process and the next start.
"""

import asyncio
import contextlib
import datetime as dt
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from hub.errors import Conflict
from hub.learning.lesson import Lesson, Standing, compare, read_lesson
from hub.learning.verdict import Verdict
from hub.learning.waiting import latest
from hub.model import Record
from hub.store import Store
from nlp.errors import BrokenModel
from nlp.examples import shipped
from nlp.versions import current_version, history, learnt, planned, rollback

LAST, LOCK = "training.json", ".training.lock"
LONGEST_S = 3_600.0
END_S = 10.0  # a training that is told to end may take this long
SAY_EVERY = dt.timedelta(milliseconds=200)
NO_WAY_BACK = "There is no earlier model to go back to; the current one stays."

log = structlog.get_logger()


class Training(Record, frozen=True, kw_only=True):
    """One training: "running", "passed" (it served from then on), "refused" by the gate, or "failed" (`why`).

    `changed` counts all messages that it taught otherwise than before, corrected ones included.
    """

    state: Literal["running", "passed", "refused", "failed"]
    at: dt.datetime
    name: str  # who began it
    corrections: int
    former: str  # the model it was judged against
    changed: int = 0
    progress: float = 0.0
    what: str = ""
    ended: dt.datetime | None = None
    version: str | None = None
    verdict: Verdict | None = None
    why: str | None = None


class Shelf(Record, frozen=True, kw_only=True):
    """Which model serves, which one came before, and what the current one has not learnt."""

    model: str | None
    former: str | None
    standing: Standing


class _Line(Record, frozen=True, kw_only=True):
    """What `nlp.teach` says on one line."""

    progress: float | None = None
    what: str = ""
    version: str | None = None
    passed: bool = False
    verdict: Verdict | None = None


class School:
    """One per process; `close` ends what it began."""

    def __init__(self, store: Store, models: Path, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._models = models
        self._clock = clock
        self._running: asyncio.Task[None] | None = None

    async def shelf(self, lesson: Lesson) -> Shelf:
        """How things stand with the models, and with this lesson."""
        return await asyncio.to_thread(self._shelf, lesson)

    def _shelf(self, lesson: Lesson) -> Shelf:
        try:
            model = current_version(self._models)
            now = compare(lesson, learnt(self._models), planned(self._models))
        except (BrokenModel, OSError):
            first = compare(lesson, shipped())
            return Shelf(model=None, former=None, standing=msgspec.structs.replace(first, taught=frozenset()))
        past = [name for name in history(self._models) if name != model]
        return Shelf(model=model, former=past[-1] if past else None, standing=now)

    async def last(self) -> Training | None:
        """The last training; one whose process ended without a word has failed."""
        return await asyncio.to_thread(self._last)

    def _last(self) -> Training | None:
        try:
            found = msgspec.json.decode((self._models / LAST).read_bytes(), type=Training)
        except (OSError, msgspec.MsgspecError):
            return None
        if found.state == "running" and self._running is None and not self._taken():
            return msgspec.structs.replace(found, state="failed", why="It was interrupted; begin it again.")
        return found

    async def begin(self, name: str) -> Training:
        """Begin a training on all that people said, for whoever `name` is; it goes on by itself.

        Raises Conflict while one runs, without a model to begin from, and when there is nothing new to learn.
        """
        lesson = await read_lesson(self._store)
        shelf = await self.shelf(lesson)
        if shelf.model is None:
            raise Conflict("There is no model to go on from yet; the first one is learnt when the hub starts.")
        if shelf.standing.changed == 0:
            raise Conflict("There is nothing new to learn: no correction, example or change of the intents.")
        lock = self._take()
        try:
            began = Training(
                state="running",
                at=self._clock(),
                name=name,
                corrections=len(latest(lesson.corrections)),
                former=shelf.model,
                changed=shelf.standing.changed,
            )
            files = await asyncio.to_thread(self._write, lesson)
            await asyncio.to_thread(self._say, began)
        except BaseException:
            os.close(lock)
            raise
        self._running = asyncio.create_task(self._train(began, files, lock))
        return began

    async def back(self) -> str:
        """Make the model before the current one current again. Raises Conflict while one is learnt, or without one."""
        with self._alone():
            try:
                return await asyncio.to_thread(rollback, self._models)
            except BrokenModel as error:
                raise Conflict(NO_WAY_BACK) from error

    async def close(self) -> None:
        """End the training that this process began, and say that it was interrupted."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    # -- one training -------------------------------------------------------------------------------------------------

    async def _train(self, began: Training, files: list[Path], lock: int) -> None:
        ended = msgspec.structs.replace(began, state="failed", why="It was interrupted; begin it again.")
        try:
            async with asyncio.timeout(LONGEST_S):
                ended = await self._taught(began, files, lock)
        except TimeoutError:
            ended = msgspec.structs.replace(began, state="failed", why="It took more than an hour and was ended.")
        except (OSError, ValueError) as error:
            ended = msgspec.structs.replace(began, state="failed", why=f"It could not run: {error}")
        finally:
            self._settle(ended, files, lock)
        log.info("training ended", state=ended.state, model=ended.version, why=ended.why)

    async def _taught(self, began: Training, files: list[Path], lock: int) -> Training:
        """Run `nlp.teach`; it holds the lock, too, and so does not run twice when this process dies."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "nlp.teach", str(self._models), *map(str, files)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            preexec_fn=lambda: os.nice(10) and None,
            pass_fds=(lock,),
            limit=4_000_000,
        )
        assert process.stdout is not None and process.stderr is not None
        complaints = asyncio.create_task(process.stderr.read())
        try:
            now = await self._heard(process.stdout, began)
            status = await process.wait()
        finally:
            await _ended(process)
            said = (await complaints).decode("utf-8", "replace").strip().splitlines()
        if now.verdict is not None and status in (0, 3):
            return msgspec.structs.replace(now, state="passed" if status == 0 else "refused", progress=1.0)
        why = said[-1] if said else f"The training ended without a word (status {status})."
        return msgspec.structs.replace(now, state="failed", why=why)

    async def _heard(self, lines: asyncio.StreamReader, began: Training) -> Training:
        now, shown = began, began.at
        async for line in lines:
            try:
                said = msgspec.json.decode(line, type=_Line)
            except msgspec.MsgspecError:
                continue
            now = msgspec.structs.replace(
                now,
                progress=now.progress if said.progress is None else said.progress,
                what=said.what,
                version=said.version,
                verdict=said.verdict,
            )
            if self._clock() - shown >= SAY_EVERY:
                shown = self._clock()
                await asyncio.to_thread(self._say, now)
        return now

    # -- the folder ---------------------------------------------------------------------------------------------------

    def _settle(self, ended: Training, files: list[Path], lock: int) -> None:
        """Say what came of it, then let the next one begin."""
        self._running = None
        with contextlib.suppress(OSError):
            self._say(msgspec.structs.replace(ended, ended=self._clock()))
            for file in files:
                file.unlink(missing_ok=True)
        os.close(lock)

    def _write(self, lesson: Lesson) -> list[Path]:
        rows, plan = (self._models / f".{name}.{os.getpid()}" for name in ("corrections.jsonl", "plan.json"))
        rows.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in lesson.rows))
        plan.write_bytes(msgspec.json.encode(lesson.plan))
        return [rows, plan]

    def _say(self, training: Training) -> None:
        fresh = self._models / f".{LAST}.{os.getpid()}"
        fresh.write_bytes(msgspec.json.encode(training))
        fresh.replace(self._models / LAST)

    def _take(self) -> int:
        """The lock on the models folder, held until it is closed by all who have it. Raises Conflict."""
        lock = os.open(self._models / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise Conflict("A training is running already; wait until it ends.") from error
        return lock

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            lock = self._take()
        except FileNotFoundError as error:
            raise Conflict(NO_WAY_BACK) from error
        try:
            yield
        finally:
            os.close(lock)

    def _taken(self) -> bool:
        try:
            os.close(self._take())
        except Conflict:
            return True
        return False


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Make sure of it: asked first, then without asking."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(END_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
