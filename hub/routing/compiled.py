"""Rules made ready for many messages: per trigger, one number of a bit per rule for each value that rules ask about.

A condition on a value (channel, intent, label …) is answered for all rules at once by one look-up and one AND of
numbers as long as there are rules; ends of ranges by a bisection; words by the set of all runs of words in the message
that are as long as a phrase of some rule. What it answers is what `tests/hub/routing/plain.py` answers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hub.routing.facts import Facts, spoken
from hub.rule import (
    AtStage,
    Changed,
    Condition,
    FromSource,
    HasEntity,
    HasIntent,
    HasLabel,
    HasPriority,
    HasSign,
    HasWish,
    InHours,
    InLanguage,
    InRegion,
    InTeam,
    OnAccount,
    OnChannel,
    OneOf,
    Rating,
    Rule,
    Score,
    Stop,
    Trigger,
    Waiting,
    Words,
)

# Which fact a condition asks about. Those with several values are told apart: one of them is enough.
ONE: Mapping[type[OneOf], str] = {
    OnChannel: "channel",
    OnAccount: "account",
    HasIntent: "intent",
    InLanguage: "language",
    AtStage: "stage",
    InRegion: "region",
    FromSource: "source",
    HasPriority: "priority",
    InTeam: "team",
    Waiting: "waiting",
}
SEVERAL: Mapping[type[OneOf], str] = {
    HasWish: "wishes",
    HasLabel: "labels",
    HasEntity: "entities",
    HasSign: "signs",
    Changed: "changed",
}
SURE: Mapping[str, tuple[str, ...]] = {"certain": ("route",), "suggested": ("route", "suggest")}
OF_THE_CONTACT = frozenset(("stage", "region", "source", "score"))
Words_ = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


class Compiled:
    """Immutable; make a new one when a rule changes."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted((one for one in rules if one.on), key=lambda one: (one.order, one.id)))
        triggers = dict.fromkeys(one.when for one in self.rules)
        self._of = {one: _Of([rule for rule in self.rules if rule.when == one]) for one in triggers}

    def matches(self, facts: Facts) -> list[Rule]:
        """The rules that match, in their order, up to the first that says stop."""
        of = self._of.get(facts.trigger)
        return of.matches(facts) if of is not None else []

    def has(self, *triggers: Trigger) -> bool:
        """Whether any rule waits for one of these."""
        return any(one in self._of for one in triggers)

    def asks(self, *triggers: Trigger) -> frozenset[str]:
        """The facts that rules of these triggers ask about."""
        return frozenset(name for one in triggers if one in self._of for name in self._of[one].asked)


class _Of:
    """The rules of one trigger."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._all = (1 << len(rules)) - 1
        self._stops = _mask(index for index, one in enumerate(rules) if Stop() in one.actions)
        wants = [_Want(one) for one in rules]
        singles = {name for one in wants for name in (*one.allowed, *one.denied) if name not in _SEVERAL}
        several = {name for one in wants for name in (*one.allowed, *one.denied) if name in _SEVERAL}
        self._singles = [(name, *_single(name, wants)) for name in sorted(singles)]
        self._several = [(name, *_multiple(name, wants)) for name in sorted(several)]
        self._ends = [
            _Ends("confidence", [one.confidence for one in wants], upper=False),
            _Ends("score", [one.score_from for one in wants], upper=False),
            _Ends("score", [one.score_to for one in wants], upper=True),
            _Ends("rating", [one.stars_from for one in wants], upper=False),
            _Ends("rating", [one.stars_to for one in wants], upper=True),
        ]
        self._words = {index: one.words for index, one in enumerate(wants) if one.words}
        self._worded, self._anchors = _mask(self._words), _anchors(wants)
        self._lengths = sorted({_length(one) for of in wants for words in of.words for part in words for one in part})
        self._groups = {index: one.groups for index, one in enumerate(wants) if one.groups}
        self._grouped = _mask(self._groups)
        ranges = {one.name for one in self._ends if one.asked}
        texts = {"text"} if self._words else set()
        self.asked = frozenset(singles | several | ranges | texts | {name for one in wants for name, _ in one.groups})

    def matches(self, facts: Facts) -> list[Rule]:
        left = self._all
        for name, default, by_value in self._singles:
            left &= by_value.get(getattr(facts, name), default)
            if not left:
                return []
        for name, default, having, without in self._several:
            left &= _of_several(getattr(facts, name), default, having, without)
        for end in self._ends:
            left &= end.within(getattr(facts, end.name))
        if left & self._worded:
            left = self._with_words(left, _runs(spoken(facts.text).split(), self._lengths))
        if left & self._grouped:
            left = self._with_groups(left, facts)
        return self._in_order(left)

    def _with_words(self, left: int, said: set[str]) -> int:
        possible = self._all & ~self._worded | self._anchors.get("", 0)
        for phrase in said & self._anchors.keys():
            possible |= self._anchors[phrase]
        left &= possible
        for index in _bits(left & self._worded):
            if not all(_says(said, one) for one in self._words[index]):
                left ^= 1 << index
        return left

    def _with_groups(self, left: int, facts: Facts) -> int:
        for index in _bits(left & self._grouped):
            if not all(wanted & set(getattr(facts, name)) for name, wanted in self._groups[index]):
                left ^= 1 << index
        return left

    def _in_order(self, left: int) -> list[Rule]:
        stops = left & self._stops
        if stops:
            first = stops & -stops
            left &= (first << 1) - 1
        return [self._rules[index] for index in _bits(left)]


# -- what one rule wants, by the kind of question --------

_SEVERAL = frozenset((*SEVERAL.values(), "open"))


class _Want:
    def __init__(self, rule: Rule) -> None:
        self.allowed: dict[str, set[str]] = {}  # one of these …
        self.denied: dict[str, set[str]] = {}  # … and none of those
        self.groups: list[tuple[str, set[str]]] = []  # further "one of these" about facts with several values
        self.confidence: float | None = None
        self.score_from: float | None = None
        self.score_to: float | None = None
        self.stars_from: float | None = None
        self.stars_to: float | None = None
        self.words: list[Words_] = []
        for condition in rule.conditions:
            self._take(condition)

    def _take(self, condition: Condition) -> None:
        if isinstance(condition, Words):
            self.words.append((_phrases(condition.any), _phrases(condition.all), _phrases(condition.none)))
        elif isinstance(condition, Score):
            self.score_from = _higher(self.score_from, condition.at_least if condition.at_least is not None else _LEAST)
            self.score_to = _lower(self.score_to, condition.at_most if condition.at_most is not None else _MOST)
        elif isinstance(condition, Rating):
            self.stars_from = _higher(self.stars_from, condition.at_least if condition.at_least is not None else _LEAST)
            self.stars_to = _lower(self.stars_to, condition.at_most if condition.at_most is not None else _MOST)
        elif isinstance(condition, InHours):
            self._one_of("open", {condition.team or ""} if condition.open else set())
            self.denied.setdefault("open", set()).update(() if condition.open else {condition.team or ""})
        elif isinstance(condition, OneOf):
            self._one_of_list(condition)

    def _one_of_list(self, condition: OneOf) -> None:
        name = ONE.get(type(condition)) or SEVERAL[type(condition)]
        self._one_of(name, set(condition.any_of))
        if condition.none_of:
            self.denied.setdefault(name, set()).update(condition.none_of)
        if isinstance(condition, HasIntent) and (condition.any_of or not condition.none_of):
            if condition.at_least is not None:
                self.confidence = _higher(self.confidence, condition.at_least)
            self._one_of("band", set(SURE.get(condition.sure, ())))

    def _one_of(self, name: str, values: set[str]) -> None:
        """One of these values (none: no wish). A second wish about a fact with one value narrows the first."""
        if not values:
            return
        if name in _SEVERAL and name in self.allowed:
            self.groups.append((name, values))
        elif name in self.allowed:
            self.allowed[name] &= values
        else:
            self.allowed[name] = values


_LEAST, _MOST = float("-inf"), float("inf")


def _higher(one: float | None, other: float) -> float:
    return other if one is None else max(one, other)


def _lower(one: float | None, other: float) -> float:
    return other if one is None else min(one, other)


# -- one number of bits for each value ---------------------------------------------------------------------------------


def _mask(indexes: Iterable[int]) -> int:
    mask = 0
    for index in indexes:
        mask |= 1 << index
    return mask


def _bits(mask: int) -> Iterator[int]:
    """The positions of the bits that are set, the lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _single(name: str, wants: Sequence[_Want]) -> tuple[int, dict[str | None, int]]:
    """The rules that a value which nobody names leaves over, and those of each value that somebody names."""
    default = _mask(index for index, one in enumerate(wants) if name not in one.allowed)
    by_value: dict[str | None, int] = {}
    named = {value for one in wants for value in (*one.allowed.get(name, ()), *one.denied.get(name, ()))}
    by_value.update(dict.fromkeys(named, default))
    for index, one in enumerate(wants):
        bit = 1 << index
        for value in one.allowed.get(name, ()):
            by_value[value] |= bit
        for value in one.denied.get(name, ()):
            by_value[value] &= ~bit
    return default, by_value


def _multiple(name: str, wants: Sequence[_Want]) -> tuple[int, dict[str, int], dict[str, int]]:
    """The rules that ask for none of these values, those that ask for one, and those that refuse one."""
    default = _mask(index for index, one in enumerate(wants) if name not in one.allowed)
    having: dict[str, int] = {}
    without: dict[str, int] = {}
    for index, one in enumerate(wants):
        for value in one.allowed.get(name, ()):
            having[value] = having.get(value, 0) | 1 << index
        for value in one.denied.get(name, ()):
            without[value] = without.get(value, 0) | 1 << index
    return default, having, without


def _of_several(values: Sequence[str], default: int, having: Mapping[str, int], without: Mapping[str, int]) -> int:
    left, refused = default, 0
    for value in values:
        left |= having.get(value, 0)
        refused |= without.get(value, 0)
    return left & ~refused


class _Ends:
    """The rules whose end of a range is on the right side of a number; one that is missing is on no side."""

    def __init__(self, name: str, ends: Sequence[float | None], *, upper: bool) -> None:
        self.name = name
        self._free = _mask(index for index, one in enumerate(ends) if one is None)
        asked = sorted(((one, index) for index, one in enumerate(ends) if one is not None), key=lambda one: one[0])
        self.asked = bool(asked)
        self._upper = upper
        self._ends = [one for one, _ in asked]
        self._masks = [self._free]
        for _, index in reversed(asked) if upper else asked:
            self._masks.append(self._masks[-1] | 1 << index)

    def within(self, value: float | None) -> int:
        if value is None:
            return self._free
        if self._upper:
            return self._masks[len(self._ends) - bisect_left(self._ends, value)]
        return self._masks[bisect_right(self._ends, value)]


def _phrases(written: Iterable[str]) -> tuple[str, ...]:
    return tuple(spoken(one).strip() for one in written)


def _length(phrase: str) -> int:
    return phrase.count(" ") + 1


def _runs(words: Sequence[str], lengths: Iterable[int]) -> set[str]:
    """Every run of so many words."""
    runs: set[str] = set()
    for length in lengths:
        if length == 1:
            runs.update(words)
        else:
            runs.update(map(" ".join, zip(*(words[start:] for start in range(length)), strict=False)))
    return runs


def _anchors(wants: Sequence[_Want]) -> dict[str, int]:
    """The rules that a phrase makes possible; under "" those with words that need none of their own to be there."""
    anchors: dict[str, int] = {}
    for index, one in enumerate(wants):
        if not one.words:
            continue
        for phrase in _needed(one.words):
            anchors[phrase] = anchors.get(phrase, 0) | 1 << index
    return anchors


def _needed(words: Sequence[Words_]) -> set[str]:
    """Phrases of which one must be there; {""} when none must."""
    for any_, all_, _ in words:
        if all_:
            return {all_[0]}
        if any_:
            return set(any_)
    return {""}


def _says(said: set[str], words: Words_) -> bool:
    any_, all_, none = words
    return (not any_ or not said.isdisjoint(any_)) and said.issuperset(all_) and said.isdisjoint(none)
