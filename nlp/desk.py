"""What the tagging process answers to its lines; the process itself stands in serve.py."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from nlp.errors import BrokenModel
from nlp.tagger import Tag, load


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the hub: a message to tag, or the wish to load the current model."""

    id: str = ""
    text: str = ""
    reload: bool = False


class Desk:
    """Holds the current tagger. Raises BrokenModel when there is no usable model to begin with."""

    def __init__(self, models: Path) -> None:
        self.models = models
        self.tagger = load(models)

    def ready(self) -> bytes:
        """The line that says which model answers from here on."""
        return msgspec.json.encode({"ready": self.tagger.version})

    def answer(self, batch: Sequence[bytes]) -> list[bytes]:
        """One answer for each line, in order; what stands before a reload is tagged by the old model."""
        answers: list[bytes] = []
        waiting: list[Ask] = []
        for line in batch:
            ask = _ask(line)
            if isinstance(ask, Ask) and not ask.reload:
                waiting.append(ask)
                continue
            answers += self._tagged(waiting)
            waiting = []
            answers.append(ask if isinstance(ask, bytes) else self._reloaded())
        return answers + self._tagged(waiting)

    def _tagged(self, asked: Sequence[Ask]) -> list[bytes]:
        tags = self.tagger.tag([ask.text for ask in asked])
        return [_line(ask.id, tag) for ask, tag in zip(asked, tags, strict=True)]

    def _reloaded(self) -> bytes:
        try:
            self.tagger = load(self.models)
        except BrokenModel as why:
            return msgspec.json.encode({"error": str(why), "ready": self.tagger.version})
        return self.ready()


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
