"""An owner adds, renames, merges and switches off intents, and gives examples: what may be said, and keeping it.

Everything raises BadInput with its place for what cannot be, and StoreDown. What is learnt of it is decided elsewhere.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

from hub.errors import BadInput, NotFound
from hub.intents import STAYS, TONES, IntentList, Listed, standing
from hub.model import Agent, Record
from hub.rule import HasIntent, HasWish
from hub.store import Store
from hub.store.intents import ExampleWord
from nlp.examples import same
from nlp.fold import fold
from nlp.intents import UNKNOWN

MOST_OWN = 60
MOST_NAME, MOST_MEANING = 40, 200  # characters
LEAST_TEXT, MOST_TEXT = 2, 500  # characters of an example
MOST_LINES = 200  # given at once
MOST_OF_ONE, MOST_EXAMPLES = 500, 5_000
_BULLET = re.compile(r"^(?:[-*•–]|\d{1,3}[.)])\s+")
_NO_WORD = re.compile(r"[^a-z0-9]+")


class Wish(Record, frozen=True, kw_only=True):
    """What to change of an intent; None leaves it. "" as a name is the built-in one's own, as `into` no merge."""

    vi: str | None = None
    en: str | None = None
    meaning: str | None = None
    tone: str | None = None
    on: bool | None = None
    into: str | None = None
    gone: bool | None = None


class Given(Record, frozen=True, kw_only=True):
    """What came of a list of examples: the new ones, how many were known, and those that another intent has."""

    added: tuple[ExampleWord, ...]
    known: int
    elsewhere: tuple[ExampleWord, ...]


class Owner:
    """One per process."""

    def __init__(self, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._clock = clock

    async def add(self, wish: Wish, agent: Agent, key: str) -> str:
        """Add an intent; its name, which stays. The same key again finds the one that it made."""
        known = IntentList(await self._store.intents.all())
        vi = _name(wish.vi or "", "vi")
        en = _name(wish.en, "en") if wish.en else vi
        name = f"own_{_slug(en)}_{hashlib.sha256(f'{agent.id}:{key}'.encode()).hexdigest()[:6]}"
        if name in known.by_name:
            return name
        if sum(1 for one in known.all if one.own and not one.gone) >= MOST_OWN:
            raise BadInput(f"There are {MOST_OWN} own intents already; remove one that is not used.", "vi")
        _check_unlike(known, name, vi, en)
        said = {"vi": vi, "en": en, "meaning": _meaning(wish.meaning or ""), "tone": _tone(wish.tone or "plain")}
        await self._store.intents.say(name, agent.name, self._clock(), {**said, "own": True, "on": True})
        return name

    async def change(self, name: str, wish: Wish, agent: Agent) -> None:
        """Rename it, switch it off or on, merge it or take a merge back; remove an own one, or take that back."""
        known = IntentList(await self._store.intents.all())
        one = _found(known, name)
        if one.gone and wish.gone is not False:
            raise BadInput("This intent was removed; take it back first.", "gone")
        if wish.gone and not one.gone:
            await self._check_unused(known, one)
        if wish.on or wish.into == "" or wish.gone is False:  # while it rested, another one may have taken its name
            _check_unlike(known, name, wish.vi or one.vi, wish.en or one.en)
        changes = {
            **_named(known, one, wish),
            **_described(one, wish),
            **_switched(one, wish),
            **_merged(known, one, wish),
            **({} if wish.gone is None else {"gone": wish.gone or None}),
        }
        if changes:
            await self._store.intents.say(name, agent.name, self._clock(), changes)

    async def _check_unused(self, known: IntentList, one: Listed) -> None:
        """Only an own intent goes, and only when nothing names it: no rule and nobody's work ends unseen."""
        if not one.own:
            raise BadInput("A built-in intent is switched off or merged, never removed.", "gone")
        for rule in await self._store.rules.all():
            asked = [each for each in rule.conditions if isinstance(each, HasIntent | HasWish)]
            if any(one.name in (*each.any_of, *each.none_of) for each in asked):
                raise BadInput(f"The rule “{rule.name}” asks for it. Change the rule first.", "gone")
        for team in await self._store.teams.all():
            if one.name in team.intents:
                raise BadInput(f"The team “{team.name}” gets it. Send it to nobody first.", "gone")
        agents = {desk.id for desk in await self._store.agent_desks.all() if one.name in desk.intents}
        for agent in await self._store.agents.all():
            if agent.id in agents:
                raise BadInput(f"It is a skill of {agent.name}. Take it from them first.", "gone")
        if other := next((each for each in known.all if each.into == one.name), None):
            raise BadInput(f"“{other.vi}” counts as it. Take that merge back first.", "gone")

    async def examples(self, name: str) -> list[ExampleWord]:
        """The examples that stand for an intent, the newest first, those of one list in its order."""
        _found(IntentList(await self._store.intents.all()), name)
        mine = [one for one in standing(await self._store.examples.all()) if one.intent == name]
        return sorted(sorted(mine, key=lambda one: one.id), key=lambda one: one.at, reverse=True)

    async def give(self, name: str, texts: Sequence[str], agent: Agent, key: str) -> Given:
        """Keep examples of an intent. What another intent has as its example stays there."""
        known = IntentList(await self._store.intents.all())
        _check_taught(known, _found(known, name))
        lines = list(_lines(texts))
        archived = {one.name for one in known.all if one.gone and one.into is None}
        words = standing(await self._store.examples.all())
        there = {same(one.text): one for one in words if one.intent not in archived}
        mine = sum(1 for one in there.values() if one.intent == name)
        made = self._words(name, lines, agent, key)
        ids = {one.id for one in made}
        added = [one for one in made if same(one.text) not in there or there[same(one.text)].id in ids]
        fresh = [one for one in added if same(one.text) not in there]
        if mine + len(fresh) > MOST_OF_ONE or len(there) + len(fresh) > MOST_EXAMPLES:
            raise BadInput(
                f"At most {MOST_OF_ONE} examples of an intent and {MOST_EXAMPLES} of all; take some back.", "texts"
            )
        await self._store.examples.add(fresh)
        met = [there[same(one.text)] for one in made if one not in added]
        return Given(
            added=tuple(added),
            known=sum(1 for one in met if one.intent == name),
            elsewhere=tuple(one for one in met if one.intent != name),
        )

    async def take_back(self, name: str, ids: Sequence[str], agent: Agent, key: str) -> int:
        """Take examples back; how many. They are learnt no more, and stay on record."""
        mine = [one for one in await self.examples(name) if one.id in set(ids)]
        gone = self._words(name, [one.text for one in mine], agent, key, given=False)
        await self._store.examples.add(gone)
        return len(gone)

    def _words(
        self, name: str, texts: Sequence[str], agent: Agent, key: str, *, given: bool = True
    ) -> list[ExampleWord]:
        """One word on each text, under ids of the key and its place: giving it again names the same ones."""
        batch, at = hashlib.sha256(f"{agent.id}\x1f{key}".encode()).hexdigest()[:24], self._clock()
        return [
            ExampleWord(
                id=f"x_{batch}{place:03}", intent=name, text=text, agent=agent.id, name=agent.name, at=at, given=given
            )
            for place, text in enumerate(texts)
        ]


# -- what may be said -------------------------------------------------------------------------------------------------


def _found(known: IntentList, name: str) -> Listed:
    one = known.by_name.get(name)
    if one is None:
        raise NotFound("There is no such intent.")
    return one


def _named(known: IntentList, one: Listed, wish: Wish) -> dict[str, object]:
    told = {"vi": wish.vi, "en": wish.en}
    changes: dict[str, object] = {
        place: None if words == "" and not one.own else _name(words, place)
        for place, words in told.items()
        if words is not None
    }
    if changes:
        _check_unlike(known, one.name, *(str(changes.get(place) or "") for place in told))
    return changes


def _described(one: Listed, wish: Wish) -> dict[str, object]:
    if wish.meaning is None and wish.tone is None:
        return {}
    if not one.own:
        raise BadInput("A built-in intent keeps its meaning; rename it, or add one of your own.", "meaning")
    meaning = {} if wish.meaning is None else {"meaning": _meaning(wish.meaning)}
    return {**meaning, **({} if wish.tone is None else {"tone": _tone(wish.tone)})}


def _switched(one: Listed, wish: Wish) -> dict[str, object]:
    if wish.on is None:
        return {}
    if not wish.on:
        _check_may_go(one, "on")
    if one.into is not None and not wish.into == "":
        raise BadInput("It counts for another intent; take the merge back first.", "on")
    return {"on": wish.on}


def _merged(known: IntentList, one: Listed, wish: Wish) -> dict[str, object]:
    if wish.into is None:
        return {}
    if wish.into == "":
        return {"into": None}
    _check_may_go(one, "into")
    target = known.by_name.get(wish.into)
    if target is None or target.name == UNKNOWN or not target.stands:
        raise BadInput("Merge it into an intent that is in use.", "into")
    if known.root(target.name) == one.name:
        raise BadInput("An intent cannot be merged into itself.", "into")
    return {"into": target.name}


def _check_may_go(one: Listed, place: str) -> None:
    if one.name == UNKNOWN:
        raise BadInput("What is not understood needs a name: this one stays.", place)
    if one.name in STAYS:
        raise BadInput("Whoever wants no more messages must be heard: this intent stays.", place)


def _check_taught(known: IntentList, one: Listed) -> None:
    if one.name == UNKNOWN:
        raise BadInput("What is not understood is not taught; give the examples to an intent.", "texts")
    if not one.stands:
        raise BadInput("This intent is switched off or merged; give the examples to one that is in use.", "texts")


def _check_unlike(known: IntentList, name: str, vi: str, en: str) -> None:
    for other in known.all:
        if other.name == name or not other.stands:
            continue
        for place, mine, theirs in (("vi", vi, other.vi), ("en", en, other.en)):
            if mine and fold(mine).lower() == fold(theirs).lower():
                raise BadInput(f"There is an intent called “{theirs}” already.", place)


def _name(words: str, place: str) -> str:
    words = " ".join(words.split())
    if not 1 <= len(words) <= MOST_NAME or not words.isprintable():
        raise BadInput(f"A name has 1 to {MOST_NAME} characters.", place)
    return words


def _meaning(words: str) -> str:
    words = " ".join(words.split())
    if len(words) > MOST_MEANING:
        raise BadInput(f"A meaning has at most {MOST_MEANING} characters.", "meaning")
    return words


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise BadInput(f"A tone is one of: {', '.join(TONES)}.", "tone")
    return tone


def _lines(texts: Sequence[str]) -> Iterator[str]:
    """Each line of a pasted list as one example, without its bullet; what is said twice once. Raises BadInput."""
    lines = [_BULLET.sub("", line.strip()).strip() for text in texts for line in text.splitlines()]
    filled = [(place, line) for place, line in enumerate(lines, start=1) if line]
    if not filled:
        raise BadInput("Write at least one example, one on each line.", "texts")
    if len(filled) > MOST_LINES:
        raise BadInput(f"At most {MOST_LINES} examples at once.", "texts")
    for place, line in filled:
        if not LEAST_TEXT <= len(line) <= MOST_TEXT:
            raise BadInput(f"Line {place}: an example has {LEAST_TEXT} to {MOST_TEXT} characters.", "texts")
    yield from {same(line): line for _, line in filled}.values()


def _slug(words: str) -> str:
    return _NO_WORD.sub("_", fold(words).lower()).strip("_")[:24].strip("_") or "intent"
