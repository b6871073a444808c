"""The tagger's process, and the questions put to it. Routing never waits for it longer than the asker says.

`python -m nlp.serve` runs beside the worker, so that neither its start nor its work holds up the event loop. Questions
that it could not answer in time are answered later through `late`; beyond `MOST_WAITING` the oldest go untagged.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
import structlog

from hub.model import Entity, MessageId, Mood, Tag, Wish

log = structlog.get_logger()

MOST_WAITING = 20_000
MOST_CHARS = 2_000
FEW = 100
LATE_GATHER_S = 0.05
TELL_S = 2.0  # that a stop waits for late tags which are being written
HANG_S = 30.0  # a process that is asked and silent for so long is started again
COMMAND = (sys.executable, "-m", "nlp.serve")  # the tagging process; behind it comes the folder of models
RESTART_S = (0.5, 1.0, 2.0, 5.0, 15.0)


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    id: MessageId
    intent: str
    confidence: float
    band: str
    language: str
    model: str
    words: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    others: tuple[Wish, ...] = ()
    urgent: bool = False
    mood: Mood = "plain"


class _Ready(msgspec.Struct, frozen=True, kw_only=True):
    ready: str
    instead: str | None = None  # why it is not the current model


class _Complaint(msgspec.Struct, frozen=True, kw_only=True):
    error: str
    kept: str | None = None  # the model that stays, where another could not be read


_decoder = msgspec.json.Decoder(_Answer)
_encoder = msgspec.json.Encoder()
Late = Callable[[dict[MessageId, Tag]], Awaitable[None]]
Heard = Callable[[Tag], Tag]


class Tagger:
    """Runs the tagging process and asks it; `run` belongs into a task group."""

    def __init__(self, models: Path, late: Late | None = None, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._models = models
        self.late = late
        self.heard: Heard = lambda tag: tag  # what a tag of the model counts for in this shop
        self._asked: dict[MessageId, tuple[str, asyncio.Future[Tag]]] = {}
        self._late: dict[MessageId, Tag] = {}
        self._telling: asyncio.Future[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self.model: str | None = None
        self.trouble: str | None = None  # why a former model serves, or one that became current does not

    @property
    def state(self) -> str:
        """For readiness: "up", or why not."""
        return "up" if self.model else "starting"

    @property
    def is_at_rest(self) -> bool:
        """Whether it answers, and has next to nothing to do."""
        return self.model is not None and len(self._asked) <= FEW and not self._late

    def holds(self, id_: MessageId) -> bool:
        """Whether its tag will still come from here."""
        return id_ in self._asked or id_ in self._late

    def ask(self, texts: Mapping[MessageId, str]) -> None:
        """Put questions early, so that the answers are there when they are wanted."""
        loop = asyncio.get_running_loop()
        new = {id_: text[:MOST_CHARS] for id_, text in texts.items() if id_ not in self._asked}
        for id_, text in new.items():
            if len(self._asked) >= MOST_WAITING:
                self._forget_one()
            self._asked[id_] = (text, loop.create_future())
        self._send([id_ for id_ in new if id_ in self._asked])

    def _forget_one(self) -> None:
        """Make room: the oldest answered question that nobody fetched, else the oldest question, goes."""
        gone = next((id_ for id_, (_, future) in self._asked.items() if future.done()), next(iter(self._asked)))
        del self._asked[gone]

    async def answers(self, texts: Mapping[MessageId, str], wait_s: float) -> dict[MessageId, Tag]:
        """The tags that are there within `wait_s`; the questions left open can be asked for again."""
        self.ask(texts)
        futures = {id_: self._asked[id_][1] for id_ in texts if id_ in self._asked}
        if not futures:
            return {}
        if self.model is not None:  # else nobody is there to answer
            await asyncio.wait(futures.values(), timeout=wait_s)
        in_time = {id_: future.result() for id_, future in futures.items() if future.done()}
        for id_ in in_time:
            self._asked.pop(id_, None)
        return in_time

    async def tag(self, texts: Mapping[MessageId, str], wait_s: float) -> dict[MessageId, Tag]:
        """The tags that are there within `wait_s`; the others come through `late`."""
        in_time = await self.answers(texts, wait_s)
        for id_ in texts:
            if id_ not in in_time and id_ in self._asked:
                self._asked[id_][1].add_done_callback(partial(self._came_late, id_))
        return in_time

    def _came_late(self, id_: MessageId, future: "asyncio.Future[Tag]") -> None:
        """Tell what came late in batches: while one is told, the next gathers."""
        self._asked.pop(id_, None)
        self._late[id_] = future.result()
        if self._telling is None or self._telling.done():
            self._telling = asyncio.ensure_future(self._tell_late())

    async def _tell_late(self) -> None:
        while self._late:
            await asyncio.sleep(LATE_GATHER_S)
            batch, self._late = self._late, {}
            if self.late is not None:
                await self.late(batch)

    def _send(self, ids: Iterable[MessageId]) -> None:
        """Hand these questions to the process, if it is there; otherwise they wait in `_asked` for the next one."""
        if self._process is None or self._process.stdin is None or self.model is None:
            return
        lines = b"".join(_encoder.encode({"id": id_, "text": self._asked[id_][0]}) + b"\n" for id_ in ids)
        with contextlib.suppress(OSError):
            self._process.stdin.write(lines)

    async def reload(self) -> None:
        """Let the process take the newest model."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.write(b'{"reload":true}\n')

    # -- the process --------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the process running for ever; it starts once there is a model. What is being told late is told first."""
        try:
            await self._keep_running()
        finally:
            if self._telling is not None:
                await asyncio.wait({self._telling}, timeout=TELL_S)

    async def _keep_running(self) -> None:
        tries = 0
        while True:
            if not (self._models / "current").exists():
                await asyncio.sleep(RESTART_S[0])
                continue
            began = asyncio.get_running_loop().time()
            try:
                await self._serve()
            except Exception as error:  # no process to be had, or one that talks nonsense: routing goes on untagged
                log.warning("tagger failed", why=type(error).__name__)
            lived_s = asyncio.get_running_loop().time() - began
            tries = 0 if lived_s > 60 else tries + 1
            if tries == len(RESTART_S):  # one of the questions may be what ends it
                self._asked.clear()
            pause = RESTART_S[min(tries, len(RESTART_S) - 1)]
            log.warning("tagger ended", lived_s=round(lived_s, 1), again_in_s=pause)
            await asyncio.sleep(pause)

    async def _serve(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            str(self._models),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            limit=4_000_000,
        )
        try:
            assert self._process.stdout is not None
            while line := await self._line(self._process.stdout):
                self._take(line)
        finally:
            self.model = None
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()
            self._process = None

    async def _line(self, stdout: asyncio.StreamReader) -> bytes:
        """The next line; b"" when the process ended, or answers no more though it was asked."""
        while True:
            try:
                async with asyncio.timeout(HANG_S):
                    return await stdout.readline()
            except TimeoutError:
                if any(not future.done() for _, future in self._asked.values()):
                    return b""

    def _take(self, line: bytes) -> None:
        if line.startswith(b'{"ready"'):
            said = msgspec.json.decode(line, type=_Ready)
            self.model, self.trouble = said.ready, said.instead
            if self.trouble is None:
                log.info("tagger ready", model=self.model)
            else:
                log.warning("tagger serves a former model", model=self.model, why=self.trouble)
            self._send([id_ for id_, (_, future) in self._asked.items() if not future.done()])
            return
        if line.startswith(b'{"error"'):
            self._complains(msgspec.json.decode(line, type=_Complaint))
            return
        try:
            answer = _decoder.decode(line)
        except msgspec.DecodeError:
            log.warning("tagger said something else")
            return
        _, future = self._asked.get(answer.id, ("", None))
        if future is not None and not future.done():
            future.set_result(self.heard(_tag(answer)))

    def _complains(self, said: _Complaint) -> None:
        if said.kept is None:
            log.warning("tagger said something else")
            return
        self.trouble = said.error
        log.warning("tagger keeps its model", model=said.kept, why=said.error)


def _tag(answer: _Answer) -> Tag:
    return Tag(
        intent=answer.intent,
        confidence=round(answer.confidence, 3),
        band="route" if answer.band == "route" else "suggest" if answer.band == "suggest" else "default",
        language=answer.language,
        model=answer.model,
        words=answer.words,
        entities=answer.entities,
        others=answer.others,
        urgent=answer.urgent,
        mood=answer.mood,
    )
