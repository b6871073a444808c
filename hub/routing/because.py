"""Why a rule matched, short: each thing that it asked about, with what it found. Pure; the browser puts it in words."""

from collections.abc import Iterator

from hub.model import Reason, Tag
from hub.routing.compiled import ONE, SEVERAL
from hub.routing.facts import Facts, spoken
from hub.rule import Condition, HasIntent, InHours, OneOf, Rating, Rule, Score, Words

MOST = 6
MOST_LETTERS = 80


def reasons(rule: Rule, facts: Facts) -> tuple[Reason, ...]:
    """What of these facts fits the rule's conditions, in their order; the rule is known to match."""
    return tuple(one for condition in rule.conditions for one in _of(condition, facts))[:MOST]


def of_tag(tag: Tag) -> Reason:
    """The intent as a reason."""
    return Reason(what="intent", value=tag.intent, sure=round(tag.confidence, 4))


def _of(condition: Condition, facts: Facts) -> Iterator[Reason]:
    if isinstance(condition, Words):
        text = spoken(facts.text)
        said = [one for one in (*condition.all, *condition.any) if spoken(one) in text]
        if said:
            yield Reason(what="words", value=", ".join(said)[:MOST_LETTERS])
    elif isinstance(condition, Score | Rating):
        name = "score" if isinstance(condition, Score) else "rating"
        yield Reason(what=name, value=f"{getattr(facts, name):g}")
    elif isinstance(condition, InHours):
        yield Reason(what="hours", value="open" if condition.open else "closed")
    elif isinstance(condition, OneOf):
        yield from _of_values(condition, facts)


def _of_values(condition: OneOf, facts: Facts) -> Iterator[Reason]:
    """What it is; of several things those that were asked for. What is only not so has nothing to show."""
    name = ONE.get(type(condition)) or SEVERAL[type(condition)]
    found = getattr(facts, name)
    values = [one for one in found if one in condition.any_of] if isinstance(found, tuple) else [found]
    sure = round(facts.confidence, 4) if isinstance(condition, HasIntent) else None
    what = str(type(condition).__struct_config__.tag)
    yield from (Reason(what=what, value=one[:MOST_LETTERS], sure=sure) for one in values if one)
