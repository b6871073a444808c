"""What is wrong with a flow, by its place: steps[2].choices[0].go. Pure."""

from collections.abc import Iterator

from hub.errors import BadInput
from hub.flow import AnyStep, Ask, End, Flow, HandOver, Language, Say, Words
from nlp.fold import fold

MOST_NAME = 120
MOST_STEPS, MOST_CHOICES = 30, 8  # the web chat shows eight quick replies
MOST_WORDS = 15_000  # of a whole flow in one language: a turn is one message
MOST_TEXT, MOST_CHOICE, MOST_LABEL, MOST_ID = 2_000, 40, 40, 24
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def check(flow: Flow, teams: frozenset[str] | None = None) -> None:
    """Raises BadInput with the first thing that cannot work. Steps lead forward only: every flow comes to its end."""
    for why, field in _complaints(flow, teams):
        raise BadInput(why, field)


def same(text: str) -> str:
    """Quick replies are told apart, and heard, without regard to accents, case and what surrounds them."""
    return " ".join("".join(one if one.isalnum() else " " for one in fold(text).lower()).split())


def _complaints(flow: Flow, teams: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    if not 1 <= len(flow.name.strip()) <= MOST_NAME:
        yield f"A flow has a name of 1 to {MOST_NAME} characters.", "name"
    if not 1 <= len(flow.steps) <= MOST_STEPS:
        yield f"A flow has 1 to {MOST_STEPS} steps.", "steps"
    ids = [one.id for one in flow.steps]
    if len(set(ids)) < len(ids) or any(not 1 <= len(one) <= MOST_ID for one in ids):
        yield f"Each step has its own id of 1 to {MOST_ID} characters.", "steps"
    spoken = [step.text for step in flow.steps if not isinstance(step, End)]
    if any(sum(len(one.get(language, "")) for one in spoken) > MOST_WORDS for language in LANGUAGES):
        yield f"All words of a flow together have at most {MOST_WORDS} characters.", "steps"
    for index, step in enumerate(flow.steps):
        later = set(ids[index + 1 :])
        yield from ((why, f"steps[{index}].{place}") for why, place in _of_step(step, later, teams))


def _of_step(step: AnyStep, later: set[str], teams: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    if isinstance(step, End):
        return
    if isinstance(step, HandOver):
        if teams is not None and step.to not in teams:
            yield f"There is no team “{step.to}”.", "to"
        if step.text:
            yield from _of_words(step.text, MOST_TEXT, "text")
        return
    assert isinstance(step, Say | Ask)
    yield from _of_words(step.text, MOST_TEXT, "text")
    yield from _of_way(step.go, later, "go")
    if isinstance(step, Ask):
        yield from _of_choices(step, later)


def _of_choices(step: Ask, later: set[str]) -> Iterator[tuple[str, str]]:
    if len(step.choices) > MOST_CHOICES:
        yield f"At most {MOST_CHOICES} quick replies.", "choices"
    heard: set[str] = set()
    for index, choice in enumerate(step.choices):
        place = f"choices[{index}]"
        yield from _of_words(choice.text, MOST_CHOICE, f"{place}.text")
        yield from _of_way(choice.go, later, f"{place}.go")
        if choice.label is not None and not 1 <= len(choice.label.strip()) <= MOST_LABEL:
            yield f"A label has 1 to {MOST_LABEL} characters.", f"{place}.label"
        words = {same(one) for one in choice.text.values()}
        if "" in words or words & heard:
            yield "Quick replies differ from each other in more than accents and signs.", f"{place}.text"
        heard |= words


def _of_words(text: Words, most: int, place: str) -> Iterator[tuple[str, str]]:
    if not text or any(not 1 <= len(one.strip()) <= most for one in text.values()):
        yield f"Words of 1 to {most} characters, in vi or en or both.", place


def _of_way(go: str | None, later: set[str], place: str) -> Iterator[tuple[str, str]]:
    if go is not None and go not in later:
        yield "This leads to a step that does not come later: a flow only goes forward.", place
