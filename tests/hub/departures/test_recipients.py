"""Recipients: each has an outcome of its own; every part says whom it answers and who else gets it."""

import msgspec
import pytest

from hub.departures.compose import Draft
from hub.errors import Refused, Retry, Unknown
from hub.model import Message, Part, Sent
from tests.hub.core import LAN, Clock, Core, talk
from tests.hub.scripted import Scripted, said

NAM = "nam@a"


@pytest.fixture
async def asked(core: Core) -> Core:
    """A customer has asked, and somebody else got it too."""
    await core.hears("Còn hàng không?", "m1", everyone=(NAM,), subject="Hỏi hàng", known_as=("<1@a>",))
    return core


async def answers(core: Core, text: str = "Dạ còn ạ", seen: int = 1, *, to_all: bool = True) -> Message:
    draft = Draft(author=LAN, conversation=talk(), key=f"key-{text}", text=text, seen=seen, to_all=to_all)
    return await core.composer.reply(draft)


def outcomes(message: Message) -> list[tuple[str, str]]:
    return [(one.to, one.state) for one in message.deliveries]


async def test_an_answer_to_all_leaves_once_for_each(asked: Core, channel: Scripted) -> None:
    reply = await answers(asked)
    await asked.deliver()

    assert [to for to, _ in channel.calls] == ["u1", NAM]
    assert outcomes(await asked.message(reply)) == [("u1", "sent"), (NAM, "sent")]


async def test_an_answer_to_one_leaves_for_them_alone(asked: Core, channel: Scripted) -> None:
    reply = await answers(asked, to_all=False)
    await asked.deliver()

    assert outcomes(await asked.message(reply)) == [("u1", "sent")]


async def test_each_part_says_what_it_answers_and_who_gets_it(asked: Core, channel: Scripted) -> None:
    reply = await answers(asked)
    await asked.deliver()

    assert channel.parts[0] == Part(
        message=reply.id,
        index=0,
        conversation=talk(),
        at=reply.at,
        author=LAN,
        subject="Hỏi hàng",
        everyone=("u1", NAM),
        answers=("<1@a>",),
        text="Dạ còn ạ",
    )


async def test_one_who_is_refused_is_shown_and_the_others_get_it(asked: Core, channel: Scripted) -> None:
    channel.script.extend([Refused("There is no such mailbox."), Sent(external="x")])
    reply = await answers(asked)
    await asked.deliver()
    message = await asked.message(reply)

    assert outcomes(message) == [("u1", "refused"), (NAM, "sent")]
    assert (message.delivery, message.leave) == ("refused", None)


async def test_one_who_must_wait_gets_it_later_and_the_others_once(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    channel.script.extend([Retry("Greylisted.", after_s=60), Sent(external="x")])
    reply = await answers(asked)
    await asked.deliver()
    assert outcomes(await asked.message(reply)) == [("u1", "queued"), (NAM, "sent")]
    clock.pass_s(61)
    await asked.deliver()

    assert [to for to, _ in channel.calls] == ["u1", NAM, "u1"]
    assert outcomes(await asked.message(reply)) == [("u1", "sent"), (NAM, "sent")]


async def test_an_answer_to_what_we_sent_comes_back_to_its_conversation(asked: Core, channel: Scripted) -> None:
    channel.script.extend([Sent(external="<ours@shop>"), Sent(external="<ours@shop>")])
    await answers(asked)
    await asked.deliver()
    await asked.keep(said("Lấy một cái", "m2", "hoa.work@b", at=asked.clock(), answers=("<ours@shop>",)))
    await asked.take_in()

    assert await asked.words() == ["Còn hàng không?", "Dạ còn ạ", "Lấy một cái"]


async def test_what_nobody_knows_is_found_by_the_id_that_it_may_have(asked: Core, channel: Scripted) -> None:
    channel.script.append(Unknown("The connection broke.", external="<ours@shop>"))
    reply = await answers(asked, to_all=False)
    await asked.deliver()
    await asked.hears("", "copy", elsewhere=True, known_as=("<ours@shop>",))

    assert (await asked.message(reply)).delivery == "sent"
    assert await asked.words() == ["Còn hàng không?", "Dạ còn ạ"]


async def test_a_channel_that_may_repeat_keeps_no_links(asked: Core, channel: Scripted) -> None:
    before = await asked.count("links")
    channel.limits = msgspec.structs.replace(channel.limits, repeatable=True)
    await answers(asked)
    await asked.deliver()

    assert await asked.count("links") == before
