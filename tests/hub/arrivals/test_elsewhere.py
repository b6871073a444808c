"""What asks for nothing: history, machines' words, and answers that our side wrote in another program."""

import datetime as dt

from hub.departures.change import Wish
from hub.errors import Unknown
from hub.model import Sent
from tests.hub.core import LAN, Clock, Core, talk
from tests.hub.scripted import Scripted, batch, said

# --- history --------------------------------------------------------------------------------------------------------


async def test_history_is_logged_resolved_and_read_and_nobody_waits(core: Core, clock: Clock) -> None:
    await core.hears("Thư năm ngoái", "m1", history=True)
    conversation = await core.talk()

    assert (conversation.state, conversation.waiting, conversation.read, conversation.head) == ("resolved", None, 1, 1)
    assert (await core.log())[0].tag is None


async def test_an_arrival_that_is_history_makes_its_words_history(core: Core, clock: Clock) -> None:
    old = batch("1", said("Thư năm ngoái", "m1", at=clock()), history=True)
    await core.door.keep(await core.account(), old.arrivals)
    await core.take_in()

    assert [one.history for one in await core.log()] == [True]


async def test_history_behind_what_is_open_changes_neither_its_state_nor_how_it_is_answered(
    core: Core, clock: Clock
) -> None:
    await core.hears("Chào shop", "m1", subject="mới")
    old = said("Thư năm ngoái", "m0", at=clock() - dt.timedelta(days=365), history=True, subject="cũ")
    await core.keep(old)
    await core.take_in()
    conversation = await core.talk()

    assert (conversation.state, conversation.subject, conversation.answers) == ("open", "mới", ("m1",))
    assert conversation.waiting is not None
    assert conversation.preview is not None and conversation.preview.text == "Chào shop"
    assert (conversation.last, conversation.head) == (clock(), 2)


async def test_the_first_news_after_history_opens_the_conversation(core: Core, clock: Clock) -> None:
    await core.hears("Thư năm ngoái", "m0", history=True)
    await core.hears("Chào shop", "m1")
    conversation = await core.talk()

    assert (conversation.state, conversation.waiting, conversation.read) == ("open", clock(), 1)


# --- machines -------------------------------------------------------------------------------------------------------


async def test_a_machines_answer_is_logged_and_opens_nothing(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.replies("Dạ em nghe ạ", seen=1)
    await core.changer.apply(LAN, talk(), Wish(state="resolved"))
    await core.hears("Tôi đang nghỉ phép", "m2", auto=True)
    conversation = await core.talk()

    assert (conversation.state, conversation.waiting) == ("resolved", None)
    assert [(one.text, one.auto) for one in await core.log() if one.kind == "in"] == [
        ("Chào shop", False),
        ("Tôi đang nghỉ phép", True),
    ]


async def test_a_conversation_that_a_machine_begins_waits_for_nobody(core: Core, clock: Clock) -> None:
    await core.hears("Bản tin tháng 11", "m1", auto=True)

    assert ((await core.talk()).state, (await core.talk()).waiting) == ("open", None)


# --- written elsewhere ----------------------------------------------------------------------------------------------


async def test_an_answer_written_elsewhere_counts_as_an_answer(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.hears("Dạ em nghe ạ", "m2", elsewhere=True)
    entry = (await core.log())[-1]

    assert (entry.kind, entry.author.kind, entry.delivery, entry.elsewhere) == ("out", "agent", "sent", True)
    assert ((await core.talk()).waiting, (await core.talk()).in_head) == (None, 1)


async def test_who_writes_after_an_answer_of_the_same_batch_waits_since_then(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    for one in (
        said("Dạ em nghe ạ", "m2", at=clock.pass_s(10), elsewhere=True),
        said("Còn hàng không", "m3", at=clock.pass_s(10)),
    ):
        await core.keep(one)
    await core.take_in()

    assert (await core.talk()).waiting == clock()


async def test_an_answer_written_elsewhere_is_logged_once(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.hears("Dạ em nghe ạ", "m2", elsewhere=True, known_as=("<2@shop>",))
    await core.store.arrivals.release(await core.kept(), clock())
    await core.take_in()

    assert await core.words() == ["Chào shop", "Dạ em nghe ạ"]


async def test_a_copy_of_what_we_sent_is_not_logged_again(core: Core, channel: Scripted, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    channel.script.append(Sent(external="<ours@shop>"))
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await core.deliver()
    copy = said("Dạ em nghe ạ", "copy", at=clock(), elsewhere=True, known_as=(f"<{reply.id}.0@shop>",))
    await core.keep(copy)
    await core.take_in()

    assert await core.words() == ["Chào shop", "Dạ em nghe ạ"]


async def test_a_copy_of_what_we_sent_settles_it_when_nobody_knew(core: Core, channel: Scripted, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    channel.script.append(Unknown("The connection broke."))
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await core.deliver()
    assert (await core.message(reply)).delivery == "unknown"
    await core.keep(said("", "copy", at=clock(), elsewhere=True, known_as=(f"<{reply.id}.0@shop>",)))
    await core.take_in()

    settled = await core.message(reply)
    assert (settled.delivery, [one.external for one in settled.deliveries]) == ("sent", ["copy"])
    preview = (await core.talk()).preview
    assert preview is not None and preview.delivery == "sent"


async def test_a_conversation_that_our_side_began_elsewhere_is_the_customers(core: Core, clock: Clock) -> None:
    await core.hears("Chào chị", "m1", "hoa@a", elsewhere=True)
    await core.hears("Chào shop", "m2", "hoa@a")
    entries = await core.log("hoa@a")

    assert [one.author.kind for one in entries] == ["agent", "contact"]
    assert entries[1].author.id == entries[0].contact == (await core.talk("hoa@a")).contact
