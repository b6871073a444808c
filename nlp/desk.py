"""What the tagging process answers to its lines; the process itself stands in serve.py."""

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from nlp.errors import BrokenModel
from nlp.tagger import CURRENT, Tag, Tagger, beside, load


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the hub: a message to tag, or the wish to load the current model."""

    id: str = ""
    text: str = ""
    reload: bool = False


class Desk:
    """Holds the current tagger, and reads another beside the work. Raises BrokenModel without one to begin with."""

    def __init__(self, models: Path) -> None:
        self.models = models
        self.tagger = load(models)
        self.wake, self._waker = os.pipe()  # readable when a reading ended
        self._seen = self._mark()
        self._reading: threading.Thread | None = None
        self._read: tuple[Tagger | None, str] | None = None

    def ready(self) -> bytes:
        """The line that says which model answers from here on."""
        return msgspec.json.encode({"ready": self.tagger.version})

    def answer(self, batch: Sequence[bytes]) -> list[bytes]:
        """One answer for each question, in order; a model that was read is taken between two batches."""
        answers = self._taken()
        waiting: list[Ask] = []
        for line in batch:
            ask = _ask(line)
            if isinstance(ask, Ask) and not ask.reload:
                waiting.append(ask)
                continue
            answers += self._tagged(waiting)
            waiting = []
            if isinstance(ask, bytes):
                answers.append(ask)
            else:
                self._begin()
        return answers + self._tagged(waiting)

    def idle(self) -> list[bytes]:
        """What is to be said though nobody asked; looks whether another model became current."""
        said = self._taken()
        if self._reading is None and self._mark() != self._seen:
            self._begin()
        return said

    def _tagged(self, asked: Sequence[Ask]) -> list[bytes]:
        tags = self.tagger.tag([ask.text for ask in asked])
        return [_line(ask.id, tag) for ask, tag in zip(asked, tags, strict=True)]

    def _mark(self) -> int:
        try:
            return (self.models / CURRENT).stat().st_mtime_ns
        except OSError:
            return 0

    def _begin(self) -> None:
        """Read the current model in a thread: numpy lets the other go on meanwhile, spaCy's own loading would not."""
        if self._reading is not None:
            self._reading.join()
            self._read = None
        self._seen = self._mark()
        self._reading = threading.Thread(target=self._reads, daemon=True)
        self._reading.start()

    def _reads(self) -> None:
        try:
            self._read = beside(self.models), ""
        except BrokenModel as why:
            self._read = None, str(why)
        os.write(self._waker, b".")

    def _taken(self) -> list[bytes]:
        if self._reading is None or self._read is None:
            return []
        (fresh, why), self._read, self._reading = self._read, None, None
        if fresh is None:
            return [msgspec.json.encode({"error": why})]
        self.tagger = fresh
        return [self.ready()]


def _ask(line: bytes) -> Ask | bytes:
    """The line's wish, or the answer to a line that is none."""
    try:
        return msgspec.json.decode(line, type=Ask)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _damaged(line)


def _damaged(line: bytes) -> Ask | bytes:
    """A message with half a surrogate pair still has its id; with an empty text it gets "unknown"."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and isinstance(found.get("id"), str) and isinstance(found.get("text"), str):
        return Ask(id=found["id"].encode("utf-8", "replace").decode())
    return msgspec.json.encode({"error": "not a JSON object with id and text"})


def _line(ask_id: str, tag: Tag) -> bytes:
    return msgspec.json.encode({"id": ask_id, **msgspec.structs.asdict(tag)})
