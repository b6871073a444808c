"""The list of intents as it holds in this shop: the built-in ones, with what its owner said of them. Pure.

A name that is stored in tags and rules stays what it is; what it counts for, and is shown as, is told here.
"""

from collections.abc import Iterable, Sequence

import msgspec

from hub.model import Record, Tag, Wish
from hub.rule import HasIntent, HasWish, Rule
from hub.store.intents import ExampleWord, IntentWord
from nlp.examples import Row, same
from nlp.intents import BY_NAME, INTENTS, MEANINGS_VI, UNKNOWN, Intent, Tone
from nlp.plan import ENOUGH_OWN as ENOUGH_OWN
from nlp.plan import LEAST_OWN as LEAST_OWN
from nlp.plan import Plan

TONES: dict[str, Tone] = {one: one for one in ("plain", "care", "money")}
STAYS = ("stop_messages", UNKNOWN)  # a promise to customers, and the way out of a guess: neither goes


class Listed(Record, frozen=True, kw_only=True):
    """One intent as it holds; `into` is what it counts for, `vi` and `en` its own names."""

    name: str
    vi: str
    en: str
    meaning_vi: str
    meaning_en: str
    tone: Tone
    own: bool = False
    on: bool = True
    into: str | None = None
    renamed: bool = False  # a built-in one that is called otherwise here
    gone: bool = False  # an own one that was removed: it names older tags and is nowhere else

    @property
    def stands(self) -> bool:
        """Whether messages get it."""
        return self.on and self.into is None and not self.gone


class IntentList:
    """Immutable; made anew when an owner changed something."""

    def __init__(self, words: Iterable[IntentWord] = ()) -> None:
        said = {one.id: one for one in words}
        built_in = [_built_in(one, said.get(one.name)) for one in INTENTS]
        own = sorted((one for one in said.values() if one.own and one.id not in BY_NAME), key=lambda one: one.at)
        self.all: tuple[Listed, ...] = (*built_in[:-1], *(_own(one) for one in own), built_in[-1])
        self.by_name = {one.name: one for one in self.all}
        self.plan = Plan(
            merged={one.name: self.root(one.name) for one in self.all if one.into is not None},
            off=tuple(one.name for one in self.all if not one.on and one.into is None),
            own=tuple(one.name for one in self.all if one.own),
        )

    def root(self, name: str) -> str:
        """The intent that this one counts for in the end: itself, unless it was merged."""
        seen = {name}
        while (one := self.by_name.get(name)) is not None and one.into is not None and one.into not in seen:
            name = one.into
            seen.add(name)
        return name

    def shown(self, name: str) -> Listed | None:
        """As what a tag of this name is shown; None for one that nobody knows any more."""
        return self.by_name.get(self.root(name))

    def now(self, tag: Tag) -> Tag:
        """A fresh tag as it holds here, whatever the model was taught.

        A merged intent is the one that it counts for; one that is switched off is not understood.
        """
        if self.plan.is_plain:
            return tag
        intent = self.plan.now(tag.intent)
        surest: dict[str, Wish] = {}
        for one in tag.others:
            surest.setdefault(self.plan.now(one.intent), one)
        further = tuple(
            msgspec.structs.replace(one, intent=name) for name, one in surest.items() if name not in (intent, UNKNOWN)
        )
        if intent == UNKNOWN != tag.intent:
            return msgspec.structs.replace(tag, intent=UNKNOWN, band="default", words=(), others=further)
        return msgspec.structs.replace(tag, intent=intent, others=further)

    def family(self, names: Sequence[str]) -> tuple[str, ...]:
        """These, and all that count for the same: older messages have the tags that they got."""
        roots = {self.root(name) for name in names}
        return (*names, *(one.name for one in self.all if one.name not in names and self.root(one.name) in roots))

    def widened(self, rule: Rule) -> Rule:
        """The rule, so that it also matches what counts for the intents that it names."""
        if not self.plan.merged:
            return rule
        asked = HasIntent | HasWish
        conditions = tuple(self._widened(one) if isinstance(one, asked) else one for one in rule.conditions)
        return msgspec.structs.replace(rule, conditions=conditions)

    def _widened(self, one: HasIntent | HasWish) -> HasIntent | HasWish:
        return msgspec.structs.replace(one, any_of=self.family(one.any_of), none_of=self.family(one.none_of))


def _built_in(one: Intent, word: IntentWord | None) -> Listed:
    plain = Listed(
        name=one.name, vi=one.vi, en=one.en, meaning_vi=MEANINGS_VI[one.name], meaning_en=one.meaning, tone=one.tone
    )
    if word is None:
        return plain
    named = {"vi": word.vi or one.vi, "en": word.en or one.en, "renamed": bool(word.vi or word.en)}
    stays = {} if one.name in STAYS else {"on": word.on, "into": word.into}
    return msgspec.structs.replace(plain, **named, **stays)


def _own(word: IntentWord) -> Listed:
    vi = word.vi or word.id
    meaning = word.meaning or ""
    return Listed(
        name=word.id,
        vi=vi,
        en=word.en or vi,
        meaning_vi=meaning,
        meaning_en=meaning,
        tone=TONES.get(word.tone or "", "plain"),
        own=True,
        on=word.on and not word.gone,
        into=word.into,
        gone=word.gone,
    )


def standing(words: Iterable[ExampleWord]) -> list[ExampleWord]:
    """The examples that were given and not taken back; of one text the latest word counts."""
    latest = {same(one.text): one for one in words}
    return [one for one in latest.values() if one.given]


def rows_of(examples: Iterable[ExampleWord]) -> list[Row]:
    """Examples as they are taught."""
    return [Row(text=one.text, intent=one.intent, own=True) for one in examples]
