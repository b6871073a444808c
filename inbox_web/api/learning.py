"""/learning: what agents corrected, teaching it to the tagger, and one step back; and the correcting of one tag."""

import datetime as dt

import msgspec

from hub.errors import BadInput
from hub.intents import IntentList
from hub.learning.lesson import read_lesson
from hub.learning.school import Shelf, Training
from hub.store.corrections import Correction
from hub.views import MessageView, message_view
from inbox_web.api.messages import message
from inbox_web.api.route import Ask, Route

SHOWN = 50  # of the corrections, the latest
MOST_TEXT = 280


class TagWish(msgspec.Struct, frozen=True, kw_only=True):
    """What the message wants, by the intent's name."""

    intent: str


class CorrectionView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    message: str
    conversation: str
    text: str
    before: str | None
    after: str
    agent: str
    name: str
    at: dt.datetime


class TrainingView(msgspec.Struct, frozen=True, kw_only=True):
    """`training`: the last one, running or not."""

    training: Training | None


class LearningView(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting`: the corrections that the current model has not learnt; `former`: where the way back leads.

    `changed`: all messages that it was taught otherwise, by examples and changes of the intents as well.
    """

    model: str | None
    former: str | None
    waiting: int
    changed: int
    total: int
    items: list[CorrectionView]
    training: Training | None


async def _tag(ask: Ask, wish: TagWish) -> MessageView:
    assert ask.key is not None  # the route wants one
    intent = _offered(IntentList(await ask.parts.store.intents.all()), wish.intent)
    return message_view(await ask.parts.corrector.correct(await message(ask), intent, ask.agent, ask.key))


def _offered(known: IntentList, name: str) -> str:
    """The intent that this name stands for. Raises BadInput for one that nobody can choose."""
    one = known.shown(name)
    if one is None:
        raise BadInput("There is no such intent.", "intent")
    if not one.on:
        raise BadInput("This intent is switched off; choose another one.", "intent")
    return one.name


async def _learning(ask: Ask, _: None) -> LearningView:
    lesson = await read_lesson(ask.parts.store)
    shelf = await ask.parts.school.shelf(lesson)
    return _view(lesson.corrections, shelf, await ask.parts.school.last())


def _view(corrections: tuple[Correction, ...], shelf: Shelf, training: Training | None) -> LearningView:
    return LearningView(
        model=shelf.model,
        former=shelf.former,
        waiting=shelf.standing.waiting,
        changed=shelf.standing.changed,
        total=len(corrections),
        items=[_correction(one) for one in reversed(corrections[-SHOWN:])],
        training=training,
    )


def _correction(one: Correction) -> CorrectionView:
    return CorrectionView(
        id=one.id,
        message=one.message,
        conversation=one.conversation,
        text=one.text[:MOST_TEXT],
        before=one.before,
        after=one.after,
        agent=one.agent,
        name=one.name,
        at=one.at,
    )


async def _training(ask: Ask, _: None) -> TrainingView:
    return TrainingView(training=await ask.parts.school.last())


async def _train(ask: Ask, _: None) -> TrainingView:
    return TrainingView(training=await ask.parts.school.begin(ask.agent.name))


async def _back(ask: Ask, _: None) -> LearningView:
    await ask.parts.school.back()
    return await _learning(ask, None)


ROUTES = [
    Route(
        method="POST",
        path="/messages/{id}/tag",
        run=_tag,
        summary="Correct what a customer's message wants; the tagger learns from it",
        takes=TagWish,
        gives=MessageView,
    ),
    Route(
        method="GET",
        path="/learning",
        run=_learning,
        summary="The latest corrections, the model that serves, and the last training",
        right="settings",
        gives=LearningView,
    ),
    Route(
        method="GET",
        path="/learning/training",
        run=_training,
        summary="The last training: how far it is, or what the gate said",
        right="settings",
        gives=TrainingView,
    ),
    Route(
        method="POST",
        path="/learning/train",
        run=_train,
        summary="Begin a training on corrections, examples and intents; its model serves if the gate holds",
        right="settings",
        gives=TrainingView,
        status=202,
    ),
    Route(
        method="POST",
        path="/learning/rollback",
        run=_back,
        summary="Go back to the model before the current one",
        right="settings",
        gives=LearningView,
    ),
]
