"""Reads the demo's people and stories; their format is explained at the head of each file."""

import datetime as dt
import re
from pathlib import Path
from typing import Literal, cast

import msgspec

from hub.errors import BadInput

HERE = Path(__file__).parent
VIETNAM = dt.timezone(dt.timedelta(hours=7))
KINDS: dict[str, "Kind"] = {"<": "say", "^": "picture", "~": "edit", ">": "answer", "#": "note", "@": "change"}
CUSTOMERS: tuple["Kind", ...] = ("say", "picture", "edit")
# Minutes that a line comes after the one before it, unless it says otherwise.
PAUSES: dict[str, int] = {"say": 2, "picture": 2, "edit": 1, "answer": 4, "note": 1, "change": 1}
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}

Kind = Literal["say", "picture", "edit", "answer", "note", "change"]
Known = Literal["site", "form", "no", "platform"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A customer; `name` is empty for a stranger."""

    key: str
    name: str
    language: str
    known: Known


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a story, and how long after the story's beginning it comes."""

    kind: Kind
    text: str
    after: dt.timedelta


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation; `visitor` names the browser, or stands for it; `agent` is the key of who answers."""

    visitor: str
    person: Person
    agent: str
    when: str
    steps: tuple[Step, ...]
    number: int
    channel: str = "webchat"
    subject: str = ""

    def begins(self, now: dt.datetime) -> dt.datetime:
        """When it began, seen from `now`."""
        day, _, hour = self.when.partition(" ")
        if not hour:
            return now - _length(day)
        at = dt.datetime.combine((now.astimezone(VIETNAM) - _length(day)).date(), dt.time.fromisoformat(hour), VIETNAM)
        return at.astimezone(dt.UTC)


def people() -> dict[str, Person]:
    """Every customer, by key."""
    rows = (_cells(line) for line in _lines("people.txt") if not line.startswith("#"))
    return {
        key: Person(key=key, name=name, language=language, known=cast(Known, known))
        for key, name, language, known in rows
    }


def stories() -> list[Story]:
    """Every conversation in the shop's chat, oldest first as the file has them."""
    return _told("stories.txt", "demo")


def elsewhere() -> list[Story]:
    """Every conversation by email, Telegram and Slack."""
    return _told("elsewhere.txt", "away")


def _told(name: str, visitors: str) -> list[Story]:
    known = people()
    blocks = re.split(r"^= ", "\n".join(_lines(name)), flags=re.MULTILINE)[1:]
    return [_story(number, visitors, block.splitlines(), known) for number, block in enumerate(blocks, start=1)]


def _story(number: int, visitors: str, lines: list[str], known: dict[str, Person]) -> Story:
    head, *where = lines[0].split(" · ")
    channel, subject = (*where, "", "")[:2]
    key, *when, agent = head.split()
    steps, minutes = list[Step](), 0
    for line in lines[1:]:
        later, mark, text = _parts(line)
        minutes += PAUSES[KINDS[mark]] if later is None else round(_length(later) / dt.timedelta(minutes=1))
        steps.append(Step(kind=KINDS[mark], text=text.replace("\\n", "\n"), after=dt.timedelta(minutes=minutes)))
    return Story(
        visitor=f"{visitors}_{number:03}",
        person=known[key],
        agent=agent,
        when=" ".join(when),
        steps=tuple(steps),
        number=number,
        channel=channel or "webchat",
        subject=subject,
    )


def _parts(line: str) -> tuple[str | None, str, str]:
    found = re.fullmatch(r"(?:\[(\w+)\] )?([<>#@~^]) ?(.+)", line)
    if found is None:
        raise BadInput(f"The demo's stories have a line that cannot be read: {line!r}.")
    return found[1], found[2], found[3]


def _length(text: str) -> dt.timedelta:
    """ "3h", "40m", "12d"; a bare number is minutes."""
    unit = text[-1] if text[-1] in _MINUTES else ""
    return dt.timedelta(minutes=int(text.removesuffix(unit)) * _MINUTES.get(unit, 1))


def _lines(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text("utf-8").splitlines() if line.strip()]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
