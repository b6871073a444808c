"""Rules from JSON, and what is wrong with one: each complaint names the field it is about."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import msgspec

from hub.errors import BadInput
from hub.routing.facts import spoken
from hub.rule import (
    AnyAction,
    AnyCondition,
    CallWebhook,
    HasIntent,
    HasPriority,
    HasWish,
    InHours,
    InTeam,
    Label,
    Note,
    OnAccount,
    OneOf,
    Rating,
    Reply,
    Rule,
    Score,
    SetPriority,
    Snooze,
    StartFlow,
    Stop,
    ToAgent,
    ToTeam,
    Waiting,
    Words,
)

MOST_NAME = 120
MOST_CONDITIONS, MOST_ACTIONS, MOST_VALUES = 20, 20, 200
MOST_TEXT = 4_000
MOST_PHRASE = 120
MOST_LABEL = 40
MOST_MINUTES = 60 * 24 * 60
PRIORITIES = ("urgent", "high", "normal", "low")

_one = msgspec.json.Decoder(Rule)
_all = msgspec.json.Decoder(list[Rule])


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What rules may name; None: whatever they like, nobody can tell."""

    teams: frozenset[str] | None = None
    agents: frozenset[str] | None = None
    accounts: frozenset[str] | None = None
    intents: frozenset[str] | None = None
    flows: frozenset[str] | None = None  # by id or name


ANYTHING = Known()


def read(body: bytes, known: Known = ANYTHING) -> Rule:
    """One rule. Raises BadInput, whose `field` is the place: if[0].is, then[1].to, name …"""
    try:
        rule = _one.decode(body)
    except msgspec.ValidationError as error:
        raise complaint(error) from error
    except msgspec.DecodeError as error:
        raise BadInput("This is not JSON that can be read.") from error
    check(rule, known)
    return rule


def read_all(body: bytes, known: Known = ANYTHING) -> list[Rule]:
    """A list of rules, as a file holds them. Raises BadInput; `field` begins with the rule's place: [3].then[0].to."""
    try:
        rules = _all.decode(body)
    except msgspec.ValidationError as error:
        raise complaint(error) from error
    except msgspec.DecodeError as error:
        raise BadInput("This is not a list of rules in JSON.") from error
    for index, rule in enumerate(rules):
        try:
            check(rule, known)
        except BadInput as error:
            raise BadInput(str(error), f"[{index}].{error.field}") from error
    return rules


def complaint(error: msgspec.ValidationError) -> BadInput:
    """msgspec's sentence and place ("Expected `str`, got `int` - at `$.then[0].to`") as ours."""
    sentence, _, place = str(error).partition(" - at `$")
    return BadInput(f"{sentence}.", place.rstrip("`").lstrip(".") or None)


def check(rule: Rule, known: Known = ANYTHING) -> None:
    """Raises BadInput with the first thing that cannot work."""
    for why, field in _complaints(rule, known):
        raise BadInput(why, field)


def _complaints(rule: Rule, known: Known) -> Iterator[tuple[str, str]]:
    if not 1 <= len(rule.name.strip()) <= MOST_NAME:
        yield f"A rule has a name of 1 to {MOST_NAME} characters.", "name"
    if (rule.when == "idle") != (rule.after_minutes is not None):
        yield 'How long nothing happened (after_minutes) belongs to "idle", and to nothing else.', "after_minutes"
    if rule.after_minutes is not None and not 1 <= rule.after_minutes <= MOST_MINUTES:
        yield f"A time of 1 to {MOST_MINUTES} minutes.", "after_minutes"
    if not rule.actions:
        yield "A rule that does nothing is none: add something to do.", "then"
    if len(rule.conditions) > MOST_CONDITIONS or len(rule.actions) > MOST_ACTIONS:
        yield f"A rule has at most {MOST_CONDITIONS} conditions and {MOST_ACTIONS} actions.", "if"
    for index, condition in enumerate(rule.conditions):
        yield from ((why, f"if[{index}].{place}") for why, place in _of_condition(condition, known))
    for index, action in enumerate(rule.actions):
        yield from ((why, f"then[{index}].{place}") for why, place in _of_action(action, known))


def _of_condition(condition: AnyCondition, known: Known) -> Iterator[tuple[str, str]]:
    if isinstance(condition, Words):
        yield from _of_words(condition)
    elif isinstance(condition, Score | Rating):
        if condition.at_least is None and condition.at_most is None:
            yield "This needs a lower or an upper end.", "at_least"
    elif isinstance(condition, InHours):
        yield from _unknown([condition.team or ""], _with_nobody(known.teams), "team", "team")
    else:
        yield from _of_list(condition, known)


def _of_list(condition: OneOf, known: Known) -> Iterator[tuple[str, str]]:
    bare = isinstance(condition, HasIntent) and condition.at_least is not None
    if not condition.any_of and not condition.none_of and not bare:
        yield "Name at least one value.", "is"
    if len(condition.any_of) + len(condition.none_of) > MOST_VALUES:
        yield f"At most {MOST_VALUES} values.", "is"
    if isinstance(condition, HasIntent):
        if condition.at_least is not None and not 0 <= condition.at_least <= 1:
            yield "A confidence is between 0 and 1.", "at_least"
        yield from _values(condition, known.intents, "intent")
    elif isinstance(condition, HasWish):
        yield from _values(condition, known.intents, "intent")
    elif isinstance(condition, OnAccount):
        yield from _values(condition, known.accounts, "account")
    elif isinstance(condition, InTeam):
        yield from _values(condition, _with_nobody(known.teams), "team")
    elif isinstance(condition, HasPriority):
        yield from _values(condition, frozenset(PRIORITIES), "priority")
    elif isinstance(condition, Waiting):
        yield from _values(condition, frozenset(("us", "customer")), "side")


def _of_words(condition: Words) -> Iterator[tuple[str, str]]:
    if not (condition.any or condition.all or condition.none):
        yield "Name at least one word.", "any"
    for place in ("any", "all", "none"):
        phrases: tuple[str, ...] = getattr(condition, place)
        if any(not spoken(one).strip() or len(one) > MOST_PHRASE for one in phrases):
            yield f"A word or phrase has letters or digits, and at most {MOST_PHRASE} characters.", place
        if len(phrases) > MOST_VALUES:
            yield f"At most {MOST_VALUES} words or phrases.", place


def _of_action(action: AnyAction, known: Known) -> Iterator[tuple[str, str]]:
    if isinstance(action, ToTeam):
        yield from _unknown([action.to], known.teams, "team", "to")
    elif isinstance(action, ToAgent):
        yield from _unknown([action.to], known.agents, "agent", "to")
    elif isinstance(action, Label):
        if not (action.add or action.remove):
            yield "Name a label to add or to remove.", "add"
        if any(not one.strip() or len(one) > MOST_LABEL for one in (*action.add, *action.remove)):
            yield f"A label has 1 to {MOST_LABEL} characters.", "add"
    elif isinstance(action, Reply):
        if not action.text or any(not 1 <= len(one.strip()) <= MOST_TEXT for one in action.text.values()):
            yield f"An answer has 1 to {MOST_TEXT} characters, in vi or en or both.", "text"
    elif isinstance(action, Note):
        if not 1 <= len(action.text.strip()) <= MOST_TEXT:
            yield f"A note has 1 to {MOST_TEXT} characters.", "text"
    elif isinstance(action, Snooze):
        if action.minutes is not None and not 1 <= action.minutes <= MOST_MINUTES:
            yield f"A time of 1 to {MOST_MINUTES} minutes.", "minutes"
    elif isinstance(action, StartFlow):
        if not 1 <= len(action.name.strip()) <= MOST_NAME:
            yield "Name the flow.", "name"
        yield from _unknown([action.name], known.flows, "flow", "name")
    elif isinstance(action, CallWebhook):
        if not _is_address(action.url):
            yield "An address that begins with https:// or http://, without a name and password in it.", "url"
    else:
        assert isinstance(action, SetPriority | Stop)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and not parts.username and url.isprintable()


def _with_nobody(teams: frozenset[str] | None) -> frozenset[str] | None:
    return None if teams is None else teams | {""}


def _values(condition: OneOf, known: frozenset[str] | None, noun: str) -> Iterator[tuple[str, str]]:
    yield from _unknown(condition.any_of, known, noun, "is")
    yield from _unknown(condition.none_of, known, noun, "is_not")


def _unknown(named: Iterable[str], known: frozenset[str] | None, noun: str, place: str) -> Iterator[tuple[str, str]]:
    yield from ((f"There is no {noun} “{one}”.", place) for one in named if known is not None and one not in known)
