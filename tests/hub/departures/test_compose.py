"""Compose: nobody answers a second time by accident, and the same wish twice is one message."""

import asyncio

import pytest

from hub.departures.compose import Draft
from hub.errors import Answered, BadInput, Conflict, NotFound, SeenMissing, Unknown
from hub.model import ConversationId, Message
from hub.people.merge import merge
from tests.hub.conftest import CoreMaker
from tests.hub.core import LAN, MINH, Clock, Core, talk
from tests.hub.scripted import Scripted, said


def draft(text: str = "Dạ còn ạ", *, key: str = "k1", seen: int | None = 1) -> Draft:
    return Draft(author=LAN, conversation=talk(), key=key, text=text, seen=seen)


async def test_a_reply_is_queued_under_the_number_after_what_its_author_saw(asked: Core) -> None:
    reply = await asked.composer.reply(draft())
    conversation = await asked.talk()

    assert (reply.kind, reply.seq, reply.delivery) == ("out", 2, "queued")
    assert reply.leave is not None and reply.leave.lane == f"{talk()}:0"
    assert (conversation.head, conversation.read, conversation.waiting) == (2, 2, None)
    assert await asked.bus.take(["deliver0"], 10, 0.1) == ("deliver0", [f"{talk()}:0"])


async def test_a_reply_must_say_what_its_author_saw(asked: Core) -> None:
    with pytest.raises(SeenMissing):
        await asked.composer.reply(draft(seen=None))
    assert await asked.numbers() == [1]


async def test_an_answer_by_another_agent_in_between_stops_the_second_one(asked: Core) -> None:
    first = await asked.replies("Dạ còn ạ", seen=1, by=MINH)

    with pytest.raises(Answered, match="Minh answered") as refused:
        await asked.composer.reply(draft())
    assert refused.value.message_ids == [first.id]
    assert await asked.numbers() == [1, 2]


async def test_the_same_wish_twice_is_the_same_message(asked: Core) -> None:
    first = await asked.composer.reply(draft())
    again = await asked.composer.reply(draft())

    assert again.id == first.id
    assert await asked.words() == ["Còn hàng không shop?", "Dạ còn ạ"]


async def test_what_the_customer_wrote_meanwhile_lets_the_reply_take_the_next_number(asked: Core) -> None:
    await asked.hears("Màu đỏ nhé", "m2")
    reply = await asked.composer.reply(draft())
    conversation = await asked.talk()

    assert reply.seq == 3
    assert (conversation.head, conversation.read) == (3, 0)


async def test_ones_own_first_answer_does_not_stop_the_second(asked: Core) -> None:
    await asked.composer.reply(draft())
    second = await asked.composer.reply(draft("Size M ạ", key="k2"))

    assert second.seq == 3


async def test_an_answer_in_another_conversation_of_the_person_counts(asked: Core, clock: Clock) -> None:
    await asked.hears("Còn hàng không shop?", "m2", "u2")
    one, two = (await asked.talk("u1")).contact, (await asked.talk("u2")).contact
    await merge(asked.store, one, two, why="by hand", by=LAN.id, now=clock())
    await asked.hears("Alo", "m3")
    clock.pass_s(5)
    await asked.replies("Dạ còn ạ", seen=1, who="u2", by=MINH)

    with pytest.raises(Answered):
        await asked.composer.reply(draft())


@pytest.mark.parametrize("turn", range(3))
async def test_of_two_agents_who_reply_at_the_same_moment_exactly_one_is_stopped(
    asked: Core, make_core: CoreMaker, turn: int
) -> None:
    other = await make_core()
    ended = await asyncio.gather(
        asked.replies("Dạ còn ạ", seen=1, by=LAN), other.replies("Còn ạ", seen=1, by=MINH), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in ended) == ["Answered", "Message"]
    assert await asked.numbers() == [1, 2]


@pytest.mark.parametrize("seen", [-5, 99])
async def test_a_number_that_nobody_can_have_seen_is_refused_and_leaves_no_gap(asked: Core, seen: int) -> None:
    with pytest.raises(BadInput, match="no message with this number"):
        await asked.composer.reply(draft(seen=seen))
    assert (await asked.composer.reply(draft(seen=0))).seq == 2


async def test_a_note_stays_inside(asked: Core, channel: Scripted) -> None:
    note = await asked.composer.note(draft("khách quen, bớt 10%", seen=None))
    await asked.deliver()
    conversation = await asked.talk()

    assert (note.kind, note.leave, note.delivery, note.deliveries) == ("note", None, None, ())
    assert channel.calls == []
    assert conversation.waiting is not None
    assert conversation.preview is not None and conversation.preview.kind == "note"


async def test_a_note_takes_no_answer_away(asked: Core) -> None:
    await asked.composer.note(Draft(author=MINH, conversation=talk(), key="n", text="để em", seen=1))

    assert (await asked.composer.reply(draft())).seq == 3


@pytest.mark.parametrize("text", ["", "   \n", "x" * 20_001])
async def test_what_says_nothing_or_too_much_is_refused(asked: Core, text: str) -> None:
    with pytest.raises(BadInput):
        await asked.composer.reply(draft(text))


async def test_a_conversation_that_is_not_there_is_said(asked: Core) -> None:
    with pytest.raises(NotFound):
        await asked.composer.reply(Draft(author=LAN, conversation=ConversationId("nowhere"), key="k", text="x", seen=1))


# --- by a person's word -------------------------------------------------------------------------------------------


@pytest.fixture
async def lost(asked: Core, channel: Scripted) -> Message:
    """A reply that may or may not have arrived."""
    channel.script.append(Unknown("The connection broke."))
    reply = await asked.composer.reply(draft())
    await asked.deliver()
    return reply


async def test_an_unknown_message_is_sent_again_only_by_a_persons_word(
    asked: Core, lost: Message, channel: Scripted
) -> None:
    await asked.deliver()
    assert channel.texts == ["Dạ còn ạ"]

    assert (await asked.composer.send_again(lost.id)).delivery == "queued"
    await asked.deliver()

    assert channel.texts == ["Dạ còn ạ", "Dạ còn ạ"]
    assert (await asked.message(lost)).delivery == "sent"


async def test_a_person_who_knows_that_it_arrived_settles_it(asked: Core, lost: Message, channel: Scripted) -> None:
    settled = await asked.composer.take_as_sent(lost.id)
    await asked.deliver()

    assert (settled.delivery, settled.leave) == ("sent", None)
    assert len(channel.calls) == 1


async def test_two_people_who_decide_at_the_same_moment_send_it_once(
    asked: Core, lost: Message, channel: Scripted
) -> None:
    ended = await asyncio.gather(*(asked.composer.send_again(lost.id) for _ in range(2)), return_exceptions=True)
    await asked.deliver()

    assert sorted(type(one).__name__ for one in ended) == ["Conflict", "Message"]
    assert channel.texts == ["Dạ còn ạ", "Dạ còn ạ"]


async def test_what_was_sent_needs_no_decision(asked: Core) -> None:
    reply = await asked.composer.reply(draft())
    await asked.deliver()

    with pytest.raises(Conflict):
        await asked.composer.send_again(reply.id)
    with pytest.raises(Conflict):
        await asked.composer.take_as_sent(reply.id)
    with pytest.raises(NotFound):
        await asked.composer.send_again((await asked.log())[0].id)


async def test_words_that_come_while_the_reply_is_composed_are_not_hidden(asked: Core, clock: Clock) -> None:
    await asked.keep(said("Màu đỏ nhé", "m2", at=clock()))
    await asyncio.gather(asked.composer.reply(draft()), asked.take_in())

    assert await asked.numbers() == [1, 2, 3]
    assert (await asked.talk()).head == 3
