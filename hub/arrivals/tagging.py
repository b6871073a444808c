"""The tagger's process, and the questions put to it. Routing never waits for it longer than the asker says.

`python -m nlp.serve` runs beside the worker, so that neither its start nor its work holds up the event loop. Questions
that it could not answer in time are answered later through `late`; beyond `MOST_WAITING` the newest go untagged.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path

import msgspec
import structlog

from hub.model import Entity, MessageId, Tag

log = structlog.get_logger()

MOST_WAITING = 20_000
MOST_CHARS = 2_000
RESTART_S = (0.5, 1.0, 2.0, 5.0, 15.0)


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    intent: str
    confidence: float
    band: str
    language: str
    model: str
    words: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()


_decoder = msgspec.json.Decoder(_Answer)
_encoder = msgspec.json.Encoder()
Late = Callable[[dict[MessageId, Tag]], Awaitable[None]]


class Tagger:
    """Runs the tagging process and asks it; `run` belongs into a task group."""

    def __init__(self, models: Path, late: Late | None = None) -> None:
        self._models = models
        self.late = late
        self._asked: dict[str, tuple[str, asyncio.Future[Tag]]] = {}
        self._telling: set[asyncio.Future[None]] = set()
        self._process: asyncio.subprocess.Process | None = None
        self.model: str | None = None

    @property
    def state(self) -> str:
        """For readiness: "up", or why not."""
        return "up" if self.model else "starting"

    async def tag(self, texts: Mapping[MessageId, str], wait_s: float) -> dict[MessageId, Tag]:
        """The tags that are there within `wait_s`; the others come through `late`."""
        if len(self._asked) + len(texts) > MOST_WAITING:
            return {}
        loop = asyncio.get_running_loop()
        futures: dict[MessageId, asyncio.Future[Tag]] = {id_: loop.create_future() for id_ in texts}
        if not futures:
            return {}
        self._asked |= {id_: (texts[id_][:MOST_CHARS], future) for id_, future in futures.items()}
        self._send(texts)
        if self.model is not None:  # else nobody is there to answer: route now, tag later
            await asyncio.wait(futures.values(), timeout=wait_s)
        for id_, future in futures.items():
            if not future.done():
                future.add_done_callback(self._late_callback(id_))
        return {id_: future.result() for id_, future in futures.items() if future.done()}

    def _late_callback(self, id_: MessageId) -> Callable[[asyncio.Future[Tag]], None]:
        def tell(future: asyncio.Future[Tag]) -> None:
            if not future.cancelled() and self.late is not None:
                task = asyncio.ensure_future(self.late({id_: future.result()}))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)

        return tell

    def _send(self, ids: Iterable[str]) -> None:
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
        """Keep the process running for ever; it starts once there is a model."""
        tries = 0
        while True:
            if not (self._models / "current").exists():
                await asyncio.sleep(RESTART_S[0])
                continue
            began = asyncio.get_running_loop().time()
            await self._serve()
            lived_s = asyncio.get_running_loop().time() - began
            tries = 0 if lived_s > 60 else tries + 1
            if tries == len(RESTART_S):  # one of the questions may be what ends it
                self._asked.clear()
            pause = RESTART_S[min(tries, len(RESTART_S) - 1)]
            log.warning("tagger ended", lived_s=round(lived_s, 1), again_in_s=pause)
            await asyncio.sleep(pause)

    async def _serve(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "nlp.serve",
            str(self._models),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            limit=4_000_000,
        )
        try:
            assert self._process.stdout is not None
            async for line in self._process.stdout:
                self._take(line)
        finally:
            self.model = None
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()
            self._process = None

    def _take(self, line: bytes) -> None:
        if line.startswith(b'{"ready"'):
            self.model = str(msgspec.json.decode(line)["ready"])
            log.info("tagger ready", model=self.model)
            self._send(list(self._asked))
            return
        try:
            answer = _decoder.decode(line)
        except msgspec.DecodeError:
            log.warning("tagger said something else")
            return
        _, future = self._asked.pop(answer.id, ("", None))
        if future is not None and not future.done():
            future.set_result(_tag(answer))


def _tag(answer: _Answer) -> Tag:
    return Tag(
        intent=answer.intent,
        confidence=round(answer.confidence, 3),
        band="route" if answer.band == "route" else "suggest" if answer.band == "suggest" else "default",
        language=answer.language,
        model=answer.model,
        words=answer.words,
        entities=answer.entities,
    )
