"""What the tagger, or an agent who knows better, says of a message."""

from typing import Literal

from hub.model.record import Record

Band = Literal["route", "suggest", "default"]
Mood = Literal["good", "plain", "bad"]


class Entity(Record, frozen=True, kw_only=True):
    """A phone number, order code, date, amount, e-mail or link found in a text; offsets in code points."""

    kind: str
    text: str
    start: int
    end: int


class Wish(Record, frozen=True, kw_only=True):
    """A further intent of a message that has several."""

    intent: str
    confidence: float


class Tag(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What the tagger thinks of one message; `band` says whether it routes, is a suggestion, or neither.

    `others` are its further wishes; `urgent` and `mood` ("good", "plain", "bad") are signs by rule, not by the model.
    """

    intent: str
    confidence: float
    band: Band
    language: str
    model: str
    words: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    others: tuple[Wish, ...] = ()
    urgent: bool = False
    mood: Mood = "plain"
    by: str = ""  # the agent who said so, as they were called then; "": the tagger
