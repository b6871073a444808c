"""What did not begin with a customer's message asks for what they last wanted: the conversation's row knows it."""

import datetime as dt
from collections.abc import Awaitable, Callable

import pytest

from hub.departures.change import Wish
from hub.errors import Refused
from hub.events import contact_changed, form_sent, message_added
from hub.model import ArrivalId, Change, Entity, Message, MessageId
from hub.rule import (
    AnyCondition,
    HasEntity,
    HasIntent,
    HasSign,
    HasWish,
    InLanguage,
    Label,
    Reply,
    Trigger,
)
from tests.hub.core import LAN, START, talk
from tests.hub.routing.conftest import Routing

Happens = Callable[[Routing, Message], Awaitable[None]]
ORDER = Entity(kind="order", text="DH123", start=0, end=5)


async def assigned(routing: Routing, _: Message) -> None:
    await routing.core.changer.apply(LAN, talk(), Wish(agent=LAN.id))


async def resolved(routing: Routing, _: Message) -> None:
    await routing.core.changer.apply(LAN, talk(), Wish(state="resolved"))


async def idle(routing: Routing, _: Message) -> None:
    routing.core.clock.now += dt.timedelta(minutes=61)  # type: ignore[attr-defined]  # a test's Clock can be set


async def contact_changes(routing: Routing, message: Message) -> None:
    await routing.core.announcer.announce([contact_changed(message.contact, {"name": "Hà"})], routing.core.clock())


async def form(routing: Routing, message: Message) -> None:
    await routing.core.announcer.announce([form_sent(message.contact, ArrivalId("shop:f"))], routing.core.clock())


async def rated(routing: Routing, message: Message) -> None:
    entry = Message(
        id=MessageId("rated"),
        conversation=message.conversation,
        seq=message.seq + 1,
        kind="event",
        author=message.author,
        account=message.account,
        channel=message.channel,
        contact=message.contact,
        at=routing.core.clock(),
        order=message.order + 1,
        change=Change(verb="rated", to="1"),
    )
    await routing.core.store.messages.append([entry], journaled=True)
    await routing.core.announcer.announce([message_added(entry)], routing.core.clock())


async def refused(routing: Routing, message: Message) -> None:
    routing.core.channel.script.append(Refused("Khách đã chặn bot."))
    await routing.core.replies("Dạ", seen=message.seq)
    await routing.core.deliver()


HAPPENS: list[tuple[Trigger, Happens]] = [
    ("assigned", assigned),
    ("resolved", resolved),
    ("idle", idle),
    ("contact_changed", contact_changes),
    ("form_sent", form),
    ("rated", rated),
    ("refused", refused),
]
ASKED: list[AnyCondition] = [
    HasIntent(any_of=("complaint",)),
    HasWish(any_of=("complaint",)),
    HasEntity(any_of=("order",)),
    HasSign(any_of=("bad",)),
    InLanguage(any_of=("en",)),
]


@pytest.mark.parametrize(("when", "happens"), HAPPENS, ids=[one for one, _ in HAPPENS])
async def test_a_rule_may_ask_what_the_customer_wanted(routing: Routing, when: Trigger, happens: Happens) -> None:
    after = {"after_minutes": 60} if when == "idle" else {}
    for index, one in enumerate(ASKED):
        await routing.rule(when, one, Label(add=(f"có {index}",)), id=f"yes{index}", **after)
    await routing.rule(when, HasIntent(any_of=("praise",)), Label(add=("không",)), id="no", **after)
    await routing.begin()
    message = await routing.core.hears("DH123 is broken", "m1")
    await routing.tagged(message, language="en", mood="bad", entities=(ORDER,))
    await happens(routing, message)
    await routing.turn()
    assert (await routing.core.talk()).labels == tuple(f"có {index}" for index in range(len(ASKED)))


async def test_a_message_of_its_own_is_not_judged_by_the_last_ones_tag(routing: Routing) -> None:
    await routing.rule("arrived", HasIntent(any_of=("complaint",)), Label(add=("khiếu nại",)))
    await routing.begin()
    message = await routing.core.hears("hàng hỏng rồi", "m1")
    await routing.turn()
    await routing.tagged(message)
    await routing.core.hears("chào", "m2")
    await routing.turn()
    assert await routing.acts() == []


async def test_silence_after_what_was_merged_counts_for_what_it_was_merged_into(routing: Routing) -> None:
    await routing.core.store.intents.say("warranty_repair", "Lan", START, {"into": "complaint"})
    await routing.rule("idle", HasIntent(any_of=("complaint",)), Label(add=("im lặng",)), after_minutes=60)
    await routing.begin()
    await routing.tagged(await routing.core.hears("bảo hành giúp em", "m1"), "warranty_repair")
    await idle(routing, await routing.core.hears("alo", "m2"))
    await routing.turn()
    assert (await routing.core.talk()).labels == ("im lặng",)


async def test_an_answer_to_silence_is_in_the_customers_language(routing: Routing) -> None:
    words = Reply(text={"vi": "Anh/chị còn đó không ạ?", "en": "Are you still there?"})
    await routing.rule("idle", words, after_minutes=60)
    await routing.begin()
    message = await routing.core.hears("where is it", "m1")
    await routing.tagged(message, language="en")
    await idle(routing, message)
    await routing.turn()
    assert await routing.core.words() == ["where is it", "Are you still there?"]
