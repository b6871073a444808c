"""Messages with their intents, read from JSON lines; no message is made up or changed here."""

import codecs
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from nlp.errors import BadExamples

DATA = Path(__file__).parent / "data"
BLIND = DATA / "blind.jsonl"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One message; rows with the same `twin` say the same and stay in one fold; `split` is set in public sets only.

    `own` ones are examples that the owner gave in the settings, and may take back.
    """

    text: str
    intent: str
    lang: str = ""
    twin: str = ""
    split: str = ""
    own: bool = False


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    intent: str | None = None
    label: str | None = None
    lang: str = ""
    twin: str = ""
    split: str = ""
    own: bool = False


def same(text: str) -> str:
    """A text as it is compared: two that differ in case and spaces only are one."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def read_rows(path: Path) -> list[Row]:
    """Every row of a JSONL file, blank lines left out. Raises BadExamples with file and line of the first bad one."""
    return list(numbered(path).values())


def numbered(path: Path) -> dict[int, Row]:
    """The same, by the number of its line."""
    try:
        lines = path.read_bytes().removeprefix(codecs.BOM_UTF8).split(b"\n")
    except OSError as why:
        raise BadExamples(f"{path} cannot be read: {why}") from why
    return {number: _row(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()}


def _row(line: bytes, where: str) -> Row:
    try:
        found = msgspec.json.decode(line.decode(), type=_Line)
    except UnicodeDecodeError as why:
        raise BadExamples(f"{where}: not UTF-8 text (byte {why.start + 1} of the line)") from why
    except (msgspec.MsgspecError, RecursionError) as why:
        raise BadExamples(f"{where}: not a JSON object with text and intent ({why})") from why
    intent = (found.intent or found.label or "").strip()
    if not intent:
        raise BadExamples(f'{where}: "intent" (or "label") is missing')
    if not found.text.strip():
        raise BadExamples(f'{where}: "text" is empty')
    return Row(text=found.text, intent=intent, lang=found.lang, twin=found.twin, split=found.split, own=found.own)


def shipped() -> list[Row]:
    """The project's own messages for training: every file in data/ but the blind one."""
    return [row for path in sorted(DATA.glob("*.jsonl")) if path != BLIND for row in read_rows(path)]


def blind() -> list[Row]:
    """The messages kept for judging; training on them would make every figure a lie."""
    return read_rows(BLIND)


def of_split(rows: Iterable[Row], split: str) -> list[Row]:
    """The rows of a public set's split; all of them when the set has no splits."""
    rows = list(rows)
    return [row for row in rows if row.split == split] if any(row.split for row in rows) else rows
