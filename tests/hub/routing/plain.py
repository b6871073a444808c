"""The rules' meaning, written as plainly as can be: what the compiled ones must answer."""

from collections.abc import Iterable

from hub.routing.compiled import ONE, SEVERAL
from hub.routing.facts import Facts, spoken
from hub.rule import Condition, HasIntent, InHours, OneOf, Rating, Rule, Score, Stop, Words


def matches(rules: Iterable[Rule], facts: Facts) -> list[Rule]:
    """The rules that match, one after the other, until one says stop."""
    found = []
    for rule in sorted(rules, key=lambda one: (one.order, one.id)):
        if rule.on and rule.when == facts.trigger and all(holds(one, facts) for one in rule.conditions):
            found.append(rule)
            if Stop() in rule.actions:
                break
    return found


def holds(condition: Condition, facts: Facts) -> bool:
    if isinstance(condition, Words):
        text = spoken(facts.text)
        return (
            (not condition.any or any(spoken(one) in text for one in condition.any))
            and all(spoken(one) in text for one in condition.all)
            and not any(spoken(one) in text for one in condition.none)
        )
    if isinstance(condition, Score | Rating):
        value = facts.score if isinstance(condition, Score) else facts.rating
        return value is not None and (
            (condition.at_least is None or value >= condition.at_least)
            and (condition.at_most is None or value <= condition.at_most)
        )
    if isinstance(condition, InHours):
        return ((condition.team or "") in facts.open) == condition.open
    assert isinstance(condition, OneOf)
    name = ONE.get(type(condition)) or SEVERAL[type(condition)]
    value = getattr(facts, name)
    values = set(value) if isinstance(value, tuple) else {value}
    if condition.any_of and not values & set(condition.any_of):
        return False
    if values & set(condition.none_of):
        return False
    return not isinstance(condition, HasIntent) or sure_enough(condition, facts)


def sure_enough(condition: HasIntent, facts: Facts) -> bool:
    if condition.none_of and not condition.any_of:  # an intent is never certainly absent
        return True
    bands = {"certain": {"route"}, "suggested": {"route", "suggest"}, "any": {"route", "suggest", "default", None}}
    return facts.band in bands[condition.sure] and facts.confidence >= (condition.at_least or 0.0)
