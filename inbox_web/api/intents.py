"""/intents: the list of intents as it holds here, and an owner's examples. Everybody reads it, administrators write."""

import datetime as dt
from typing import Literal

import msgspec

from hub.intents import ENOUGH_OWN, LEAST_OWN, STAYS, IntentList, Listed
from hub.learning.lesson import read_lesson
from hub.learning.owning import Wish
from hub.learning.school import Shelf
from inbox_web.api.agents import tell
from inbox_web.api.route import Ask, Route


class IntentView(msgspec.Struct, frozen=True, kw_only=True):
    """`into`: what it counts for in the end. `examples` the owner gave; `messages` the next training has in all.

    `missing`: how many more an own intent needs before it is taught. `taught`: the model that serves knows it.
    `gone`: it was removed and only names older tags.
    """

    name: str
    vi: str
    en: str
    meaning_vi: str
    meaning_en: str
    tone: str
    own: bool
    renamed: bool
    on: bool
    gone: bool
    into: str | None
    stays: bool
    examples: int
    messages: int
    missing: int
    taught: bool


class IntentListView(msgspec.Struct, frozen=True, kw_only=True):
    """`changed`: the messages that the model which serves was taught otherwise; None while there is no model."""

    items: list[IntentView]
    changed: int | None
    least: int
    enough: int


class NewIntent(msgspec.Struct, frozen=True, kw_only=True):
    """An intent of the owner's own; without `en` it is called as in Vietnamese."""

    vi: str
    en: str = ""
    meaning: str = ""
    tone: Literal["plain", "care", "money"] = "plain"


class IntentWish(msgspec.Struct, frozen=True, kw_only=True):
    """What to change. "" as a name is the built-in one's own; "" as `into` takes a merge back.

    `gone` removes an own one, which nothing may name any more.
    """

    vi: str | None = None
    en: str | None = None
    meaning: str | None = None
    tone: Literal["plain", "care", "money"] | None = None
    on: bool | None = None
    into: str | None = None
    gone: bool | None = None


class ExampleView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    intent: str
    text: str
    name: str
    at: dt.datetime


class ExampleList(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first."""

    items: list[ExampleView]


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """Examples as customers write them; a text of several lines is several examples."""

    texts: list[str]


class Ids(msgspec.Struct, frozen=True, kw_only=True):
    ids: list[str]


class GivenView(msgspec.Struct, frozen=True, kw_only=True):
    """`elsewhere`: another intent's examples, which stayed there."""

    added: list[ExampleView]
    known: int
    elsewhere: list[ExampleView]


class TakenView(msgspec.Struct, frozen=True, kw_only=True):
    taken: int


async def _list(ask: Ask, _: None) -> IntentListView:
    lesson = await read_lesson(ask.parts.store)
    shelf = await ask.parts.school.shelf(lesson)
    given = [one.intent for one in lesson.examples]
    items = [_view(lesson.intents, one, given.count(one.name), shelf) for one in lesson.intents.all]
    changed = shelf.standing.changed if shelf.model is not None else None
    return IntentListView(items=items, changed=changed, least=LEAST_OWN, enough=ENOUGH_OWN)


def _view(known: IntentList, one: Listed, examples: int, shelf: Shelf) -> IntentView:
    now = shelf.standing
    return IntentView(
        name=one.name,
        vi=one.vi,
        en=one.en,
        meaning_vi=one.meaning_vi,
        meaning_en=one.meaning_en,
        tone=one.tone,
        own=one.own,
        renamed=one.renamed,
        on=one.on,
        gone=one.gone,
        into=None if one.into is None else known.root(one.name),
        stays=one.name in STAYS,
        examples=examples,
        messages=now.messages.get(one.name, 0),
        missing=now.missing.get(one.name, 0),
        taught=one.name in now.taught,
    )


async def _add(ask: Ask, wish: NewIntent) -> IntentView:
    assert ask.key is not None  # the route wants one
    asked = Wish(vi=wish.vi, en=wish.en, meaning=wish.meaning, tone=wish.tone)
    name = await ask.parts.owner.add(asked, ask.agent, ask.key)
    await tell(ask)
    return await _one(ask, name)


async def _change(ask: Ask, wish: IntentWish) -> IntentView:
    name = ask.path["name"]
    await ask.parts.owner.change(name, msgspec.convert(msgspec.structs.asdict(wish), Wish), ask.agent)
    await tell(ask)
    return await _one(ask, name)


async def _one(ask: Ask, name: str) -> IntentView:
    return next(one for one in (await _list(ask, None)).items if one.name == name)


async def _examples(ask: Ask, _: None) -> ExampleList:
    found = await ask.parts.owner.examples(ask.path["name"])
    return ExampleList(items=[msgspec.convert(one, ExampleView, from_attributes=True) for one in found])


async def _give(ask: Ask, wish: Texts) -> GivenView:
    assert ask.key is not None
    given = await ask.parts.owner.give(ask.path["name"], wish.texts, ask.agent, ask.key)
    return msgspec.convert(given, GivenView, from_attributes=True)


async def _take_back(ask: Ask, wish: Ids) -> TakenView:
    assert ask.key is not None
    return TakenView(taken=await ask.parts.owner.take_back(ask.path["name"], wish.ids, ask.agent, ask.key))


ROUTES = [
    Route(method="GET", path="/intents", run=_list, summary="Every intent, as it holds here", gives=IntentListView),
    Route(
        method="POST",
        path="/intents",
        run=_add,
        summary="Add an intent of your own; it is taught once it has examples",
        right="settings",
        takes=NewIntent,
        gives=IntentView,
        status=201,
    ),
    Route(
        method="PATCH",
        path="/intents/{name}",
        run=_change,
        summary="Rename an intent, switch it off or on, merge it or take that back, remove one of your own",
        right="settings",
        takes=IntentWish,
        gives=IntentView,
    ),
    Route(
        method="GET",
        path="/intents/{name}/examples",
        run=_examples,
        summary="The examples that an owner gave of an intent",
        gives=ExampleList,
    ),
    Route(
        method="POST",
        path="/intents/{name}/examples",
        run=_give,
        summary="Give examples of an intent; those that are known change nothing",
        right="settings",
        takes=Texts,
        gives=GivenView,
        status=201,
    ),
    Route(
        method="POST",
        path="/intents/{name}/examples/taken",
        run=_take_back,
        summary="Take examples back: they are learnt no more",
        right="settings",
        takes=Ids,
        gives=TakenView,
    ),
]
