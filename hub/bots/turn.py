"""One turn of a flow: what the customer said, and what follows from it. Pure."""

from collections.abc import Sequence

import msgspec

from hub.bots.reading import same
from hub.flow import AnyStep, Ask, Choice, Dialogue, End, Ended, HandOver, Language, Say, Words
from hub.model import Record
from nlp.entities import entities

MOST_KEPT = 300  # characters of a fact
SPOKEN: dict[Language, str] = {
    "vi": "Dạ em chưa rõ ý mình, anh/chị chọn hoặc trả lời giúp em nhé.",
    "en": "Sorry, I did not catch that. Please choose or answer below.",
}


class Turn(Record, frozen=True, kw_only=True):
    """What is said (one message, "" is none), kept and done, and where the flow waits then: at a step, or it ended."""

    text: str = ""
    options: tuple[str, ...] = ()
    facts: dict[str, str] = msgspec.field(default_factory=dict)
    labels: tuple[str, ...] = ()
    team: str | None = None
    waits: str | None = None
    again: bool = False
    ended: Ended | None = None
    chosen: bool = False  # the customer's words were one of the choices


def opening(one: Dialogue) -> Turn:
    """The first words."""
    return _walk(one, 0, Turn())


def heard(one: Dialogue, text: str) -> Turn:
    """What follows from the customer's answer. What does not fit is asked for once more; then people go on."""
    place = next((index for index, step in enumerate(one.steps) if step.id == one.waits), None)
    step = one.steps[place] if place is not None else None
    if place is None or not isinstance(step, Ask):
        return Turn(ended="done")
    choice = chosen(step, text)
    kept = _kept(step, text, choice)
    if choice is None and kept is None and (step.choices or step.keep):
        return _asked_again(one, step)
    facts: dict[str, str] = {step.keep: kept} if step.keep and kept else {}
    labels = (choice.label,) if choice is not None and choice.label else ()
    go = (choice.go if choice is not None else None) or step.go
    so_far = Turn(facts=facts, labels=labels, chosen=choice is not None)
    return _walk(one, _place(one.steps, go, place + 1), so_far)


def chosen(step: Ask, text: str) -> Choice | None:
    """The quick reply that was tapped or typed, in either language."""
    words = same(text)
    return next((one for one in step.choices if words in {same(each) for each in one.text.values()}), None)


def waiting_step(one: Dialogue) -> Ask | None:
    """The question whose answer it waits for."""
    return next((step for step in one.steps if step.id == one.waits and isinstance(step, Ask)), None)


def _kept(step: Ask, text: str, choice: Choice | None) -> str | None:
    """What is written down of the answer; None when it is none of what was asked for."""
    words = " ".join(text.split())[:MOST_KEPT]
    if step.keep in ("email", "phone"):
        return next((one.text for one in entities(text) if one.kind == step.keep), None)
    return words if step.keep and words and (choice is not None or not step.choices) else None


def _asked_again(one: Dialogue, step: Ask) -> Turn:
    if one.again:
        return Turn(ended="lost")
    question = said(step.text, one.language)
    text = f"{SPOKEN[one.language]}\n\n{question}"
    return Turn(text=text, options=_options(step, one.language), waits=step.id, again=True)


def _walk(one: Dialogue, place: int, turn: Turn) -> Turn:
    """Say what stands from here to the next question or the end, as one message."""
    lines: list[str] = []
    while place < len(one.steps):
        step = one.steps[place]
        if isinstance(step, End):
            break
        if not isinstance(step, HandOver) or step.text:
            lines.append(said(step.text, one.language))
        if isinstance(step, HandOver):
            return _with(turn, lines, team=step.to, ended="handed_over")
        if isinstance(step, Ask):
            return _with(turn, lines, options=_options(step, one.language), waits=step.id)
        assert isinstance(step, Say)
        place = _place(one.steps, step.go, place + 1)
    return _with(turn, lines, ended="done")


def _with(
    turn: Turn,
    lines: Sequence[str],
    options: tuple[str, ...] = (),
    team: str | None = None,
    waits: str | None = None,
    ended: Ended | None = None,
) -> Turn:
    return Turn(
        text="\n\n".join(lines),
        options=options,
        facts=turn.facts,
        labels=turn.labels,
        team=team,
        waits=waits,
        ended=ended,
        chosen=turn.chosen,
    )


def _place(steps: Sequence[AnyStep], go: str | None, following: int) -> int:
    return next((index for index, step in enumerate(steps) if step.id == go and index >= following), following)


def _options(step: Ask, language: Language) -> tuple[str, ...]:
    return tuple(said(one.text, language) for one in step.choices)


def said(words: Words, language: Language) -> str:
    """In this language, or in the one that there is."""
    return words.get(language) or next(iter(words.values()))
