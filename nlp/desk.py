"""What the tagging process answers to its lines; the process itself stands in serve.py."""

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from nlp.errors import BrokenModel
from nlp.tagger import CURRENT, Tag, Tagger, beside, load_version
from nlp.versions import choices, current_version, sound


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the hub: a message to tag, or the wish to load the current model."""

    id: str = ""
    text: str = ""
    reload: bool = False


class Desk:
    """Holds the current tagger, and reads another beside the work; begins with a former one where that is damaged.

    Raises BrokenModel without any to begin with.
    """

    def __init__(self, models: Path) -> None:
        self.models = models
        self.tagger, self.instead = begin(models)
        self.wake, self._waker = os.pipe()  # readable when a reading ended
        self._seen = self._mark()
        self._reading: threading.Thread | None = None
        self._read: tuple[Tagger | None, str] | None = None

    def ready(self) -> bytes:
        """The line that says which model answers from here on, and why, where it is not the current one."""
        why = {"instead": self.instead} if self.instead else {}
        return msgspec.json.encode({"ready": self.tagger.version, **why})

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
            sound(self.models / current_version(self.models))
            self._read = beside(self.models), ""
        except BrokenModel as why:
            self._read = None, str(why)
        except Exception as why:  # a file can be damaged in more ways than anybody listed; the old model stays
            self._read = None, f"The current model cannot be read ({type(why).__name__}); train again"
        os.write(self._waker, b".")

    def _taken(self) -> list[bytes]:
        if self._reading is None or self._read is None:
            return []
        (fresh, why), self._read, self._reading = self._read, None, None
        if fresh is None:
            return [msgspec.json.encode({"error": why, "kept": self.tagger.version})]
        self.tagger, self.instead = fresh, ""
        return [self.ready()]


def begin(models: Path) -> tuple[Tagger, str]:
    """The current model, or the latest one before it that can be loaded and why it is that. Raises BrokenModel."""
    why = ""
    for version in choices(models):
        try:
            return load_version(sound(models / version)), why and f"{why}; {version} serves instead"
        except BrokenModel as error:
            why = why or str(error)
    raise BrokenModel(why) if why else BrokenModel(f"There is no model in {models}; train one with: hub intents train")


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
