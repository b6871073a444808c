"""Understanding mail in processes of their own: a mail that is built to hang a parser hangs one of those, not the hub.

Two workers, started when they are first needed. Calls that wait at the same moment travel together. A worker that takes
too long is killed and replaced; what it was working on is tried once more mail by mail, and then set aside.
"""

import asyncio
import contextlib
import struct
import sys
from collections.abc import Sequence

import msgspec

from channels.email.inbound import normalise
from hub.errors import HubError, Poison
from hub.inbound import Inbound
from hub.model import Account, Arrival

WORKERS = 2
MOST_TOGETHER = 32
MOST_TOGETHER_BYTES = 4_000_000
TIMEOUT_S = 20.0
START_S = 60.0  # to load the parsers, on a busy machine
HEAD = struct.Struct("<I")


class Task(msgspec.Struct, frozen=True, kw_only=True):
    account: Account
    arrival: Arrival


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail means, or why nobody knows."""

    inbounds: list[Inbound] = []
    poison: str | None = None


tasks_encoder, tasks_decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(list[Task])
outcomes_encoder, outcomes_decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(list[Outcome])


class _Broken(HubError):
    """A worker died, or was too slow."""

    def __init__(self, why: str, *, slow: bool) -> None:
        super().__init__(why)
        self.slow = slow


class _Unstarted(HubError):
    """No process can be had: that is not the mail's fault."""


class Worker:
    """One process that understands mails, batch by batch."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._process: asyncio.subprocess.Process | None = None

    async def work(self, tasks: Sequence[Task]) -> list[Outcome]:
        """The outcomes, in their order. Raises _Broken or _Unstarted; then there is no process."""
        process = self._process or await self._start()
        try:
            async with asyncio.timeout(self._timeout_s):
                return outcomes_decoder.decode(await _ask(process, tasks_encoder.encode(tasks)))
        except (TimeoutError, OSError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
            await self.stop()
            slow = isinstance(error, TimeoutError)
            raise _Broken("it takes too long" if slow else "its reader dies of it", slow=slow) from error
        except asyncio.CancelledError:
            await self.stop()  # its answer would be taken for that of the next question
            raise

    async def _start(self) -> asyncio.subprocess.Process:
        code = f"import sys; sys.path[:] = {sys.path!r}; from channels.email.apart_worker import main; main()"
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
            async with asyncio.timeout(START_S):
                await _ask(self._process, tasks_encoder.encode([]))
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError | OSError | asyncio.IncompleteReadError):
                raise _Unstarted(type(error).__name__) from error
            raise
        return self._process

    async def stop(self) -> None:
        """End the process; the next work starts another one."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
        # Lets the transport close its pipes before the loop does.
        if process.stdout is not None:
            with contextlib.suppress(OSError):
                await process.stdout.read()


async def _ask(process: asyncio.subprocess.Process, question: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    process.stdin.write(HEAD.pack(len(question)) + question)
    await process.stdin.drain()
    (length,) = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
    return await process.stdout.readexactly(length)


class Apart:
    """The workers and what waits for them; belongs to the event loop that first uses it, until it is closed."""

    def __init__(self, workers: int = WORKERS, timeout_s: float = TIMEOUT_S) -> None:
        self._free = [Worker(timeout_s) for _ in range(workers)]
        self._all = tuple(self._free)
        self._waiting: list[tuple[Task, asyncio.Future[list[Inbound]]]] = []
        self._running: set[asyncio.Task[None]] = set()

    async def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        """What this mail means. Raises Poison, also when it hangs or kills whoever reads it."""
        answer: asyncio.Future[list[Inbound]] = asyncio.get_running_loop().create_future()
        self._waiting.append((Task(account=account, arrival=arrival), answer))
        # Not at once: whatever else asks in this turn of the loop goes along.
        asyncio.get_running_loop().call_soon(self._begin)
        return await answer

    def _begin(self) -> None:
        while self._free and self._waiting:
            worker = self._free.pop()
            run = asyncio.get_running_loop().create_task(self._run(worker))
            self._running.add(run)
            run.add_done_callback(self._running.discard)
            if len(self._waiting) <= MOST_TOGETHER:
                return

    async def _run(self, worker: Worker) -> None:
        try:
            while batch := self._next():
                await self._settle(worker, batch)
        finally:
            self._free.append(worker)

    def _next(self) -> list[tuple[Task, asyncio.Future[list[Inbound]]]]:
        batch: list[tuple[Task, asyncio.Future[list[Inbound]]]] = []
        size = 0
        while self._waiting and len(batch) < MOST_TOGETHER and size < MOST_TOGETHER_BYTES:
            one = self._waiting.pop(0)
            if one[1].done():
                continue  # whoever asked is gone
            batch.append(one)
            size += len(one[0].arrival.body)
        return batch

    async def _settle(
        self, worker: Worker, batch: list[tuple[Task, asyncio.Future[list[Inbound]]]], *, again: bool = True
    ) -> None:
        """Ask the worker; `again` says that a mail alone may be tried another time when the process died of it."""
        try:
            outcomes = await worker.work([task for task, _ in batch])
        except _Broken as broken:
            alone = len(batch) == 1
            if alone and (broken.slow or not again):
                _set(batch[0][1], Outcome(poison=f"parsing it was given up ({broken})"))
                return
            for one in batch:  # one of them did it, or none, if somebody else ended the process
                await self._settle(worker, [one], again=not alone)
            return
        except _Unstarted:  # slower and less safe, but the mails are understood
            outcomes = [await asyncio.to_thread(outcome_of, task) for task, _ in batch]
        except BaseException:
            for _, answer in batch:
                answer.cancel()
            raise
        for (_, answer), outcome in zip(batch, outcomes, strict=True):
            _set(answer, outcome)

    async def close(self) -> None:
        """End the workers; what still waits is cancelled."""
        for run in list(self._running):
            run.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for _, answer in self._waiting:
            answer.cancel()
        self._waiting.clear()
        for worker in self._all:
            await worker.stop()


def outcome_of(task: Task) -> Outcome:
    """What a mail means; what fails here fails for this mail alone."""
    try:
        return Outcome(inbounds=normalise(task.account, task.arrival))
    except Poison as error:
        return Outcome(poison=str(error))
    except MemoryError:
        return Outcome(poison="parsing it takes more memory than there is")
    except Exception as error:  # a bug of ours: its name, never the customer's words
        return Outcome(poison=f"{type(error).__name__} in the channel's normaliser")


def _set(answer: asyncio.Future[list[Inbound]], outcome: Outcome) -> None:
    if answer.done():
        return
    if outcome.poison is not None:
        answer.set_exception(Poison(outcome.poison))
    else:
        answer.set_result(outcome.inbounds)
