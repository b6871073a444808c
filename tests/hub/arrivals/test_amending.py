"""Amending: edits, reactions and receipts find their entry whenever it comes; of each the latest counts."""

import msgspec
import pytest

from hub.errors import Unknown
from hub.ids import address_id, inbound_id
from hub.inbound import From, Inbound, InboundEdit, InboundMove, InboundReach, InboundReaction, InboundReceipt
from hub.model import Delivery, Message, Sent
from hub.store.links import Link, link_id
from hub.views import reaction_views
from tests.hub.core import SHOP, Clock, Core, talk
from tests.hub.scripted import Scripted, said

HOA = From(value="u1", name="Hoa")


def edit(text: str, clock: Clock, *, order: int, target: str = "m1", gone: bool = False) -> InboundEdit:
    return InboundEdit(target=target, at=clock(), order=order, text=text, gone=gone)


def react(emoji: str, order: int, *, on: bool = True, target: str = "m1") -> InboundReaction:
    return InboundReaction(target=target, sender=HOA, emoji=emoji, order=order, on=on)


async def comes(core: Core, *inbounds: Inbound, lane: str = "u1") -> None:
    for one in inbounds:
        external = f"x{len(await core.kept())}"
        await core.keep(one, external=getattr(one, "external", None) or external, lane=lane)
    await core.take_in(lane)


async def first(core: Core) -> Message:
    return (await core.log())[0]


# --- edits ----------------------------------------------------------------------------------------------------------


async def test_an_edit_leaves_the_words_and_says_what_they_are_now(core: Core, clock: Clock) -> None:
    await core.hears("Lấy hai cái", "m1")
    await comes(core, edit("Lấy ba cái", clock, order=5))
    message, entry = await core.log()

    assert (message.text, message.amended and message.amended.text) == ("Lấy hai cái", "Lấy ba cái")
    assert entry.kind == "event" and entry.change is not None
    assert (entry.change.verb, entry.change.to, entry.author.kind) == ("edited", message.id, "contact")
    conversation = await core.talk()
    assert conversation.preview is not None and conversation.preview.text == "Lấy ba cái"
    assert conversation.head == 2


async def test_the_latest_edit_wins_in_whatever_order_they_come(core: Core, clock: Clock) -> None:
    await core.hears("một", "m1")
    await comes(core, edit("ba", clock, order=9), edit("hai", clock, order=5))

    amended = (await first(core)).amended
    assert amended is not None and (amended.text, amended.order) == ("ba", 9)


async def test_an_edit_that_comes_before_its_message_is_folded_on_when_that_comes(core: Core, clock: Clock) -> None:
    await comes(core, edit("Lấy ba cái", clock, order=5))
    assert await core.count("amendments") == 1
    await core.hears("Lấy hai cái", "m1")
    clock.pass_s(2)
    await core.amender.step()

    amended = (await first(core)).amended
    assert amended is not None and amended.text == "Lấy ba cái"
    assert await core.count("amendments") == 0
    assert [one.type for one in await core.told()][-3:] == ["message.changed", "message.added", "conversation.changed"]


async def test_an_edit_of_the_same_batch_finds_its_message(core: Core, clock: Clock) -> None:
    await comes(core, said("Lấy hai cái", "m1", at=clock()), edit("Lấy ba cái", clock, order=5))

    amended = (await first(core)).amended
    assert amended is not None and amended.text == "Lấy ba cái"


async def test_a_deletion_keeps_the_words_and_says_that_they_are_gone(core: Core, clock: Clock) -> None:
    await core.hears("số thẻ của em", "m1")
    await comes(core, edit("", clock, order=5, gone=True))
    message, entry = await core.log()

    assert message.amended is not None and message.amended.gone
    assert entry.change is not None and entry.change.verb == "deleted"
    conversation = await core.talk()
    assert conversation.preview is not None and conversation.preview.text == "—"


async def test_an_edit_twice_changes_nothing_more(core: Core, clock: Clock) -> None:
    await core.hears("một", "m1")
    await comes(core, edit("hai", clock, order=5))
    await core.store.arrivals.release(await core.kept(), clock())
    await core.take_in()

    assert await core.numbers() == [1, 2]


async def test_an_edit_that_changes_no_words_is_none(core: Core, clock: Clock) -> None:
    await core.hears("https://shop.example", "m1")
    await comes(core, edit("https://shop.example", clock, order=5))

    assert (await first(core)).amended is None
    assert await core.numbers() == [1]


async def test_what_waits_for_a_message_that_never_comes_is_dropped_after_a_week(core: Core, clock: Clock) -> None:
    await comes(core, edit("hai", clock, order=5, target="never"))
    clock.pass_s(8 * 24 * 3600)
    await core.amender.step()

    assert await core.count("amendments") == 0


# --- reactions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([react("👍", 1)], ["👍"]),
        ([react("👍", 1), react("❤️", 2)], ["👍", "❤️"]),
        ([react("👍", 1), react("👍", 2, on=False)], []),
        ([react("👍", 2, on=False), react("👍", 1)], []),
        ([react("👍", 1), react("👍", 2, on=False), react("👍", 3)], ["👍"]),
    ],
)
async def test_of_each_mark_the_latest_counts(
    core: Core, clock: Clock, marks: list[InboundReaction], shown: list[str]
) -> None:
    await core.hears("Cảm ơn shop", "m1")
    await comes(core, *marks)

    assert [one.emoji for one in reaction_views((await first(core)).reactions)] == shown
    assert await core.numbers() == [1]


async def test_a_reaction_before_its_message_is_folded_on_when_that_comes(core: Core, clock: Clock) -> None:
    await comes(core, react("👍", 1))
    await core.hears("Cảm ơn shop", "m1")
    clock.pass_s(2)
    await core.amender.step()

    assert [(one.name, one.emoji) for one in (await first(core)).reactions] == [("Hoa", "👍")]


# --- receipts -------------------------------------------------------------------------------------------------------


async def sent(core: Core, channel: Scripted, answer: Sent | Exception) -> Message:
    """A reply that left, with the platform's id as a link."""
    await core.hears("Chào shop", "m1")
    channel.script.append(answer)
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await core.deliver()
    link = Link(id=link_id(SHOP, "p1"), message=reply.id, conversation=reply.conversation, ours=True)
    await core.store.links.add([link])
    return await core.message(reply)


def receipt(state: str, **more: object) -> InboundReceipt:
    return msgspec.convert({"type": "receipt", "state": state, **more}, InboundReceipt)


async def test_receipts_by_the_platforms_id_raise_and_never_go_back(
    core: Core, channel: Scripted, clock: Clock
) -> None:
    reply = await sent(core, channel, Sent(external="p1"))
    states = []
    for state in ("delivered", "read", "delivered"):
        await comes(core, receipt(state, external="p1"))
        states.append((await core.message(reply)).delivery)

    assert states == ["delivered", "read", "read"]


async def test_a_bounce_is_shown_with_its_reason_on_the_message_that_bounced(
    core: Core, channel: Scripted, clock: Clock
) -> None:
    reply = await sent(core, channel, Sent(external="p1"))
    await comes(core, receipt("refused", message=reply.id, to="u1", why="There is no such mailbox."))
    bounced = await core.message(reply)

    assert bounced.delivery == "refused"
    assert [(one.to, one.state, one.why) for one in bounced.deliveries] == [
        ("u1", "refused", "There is no such mailbox.")
    ]
    preview = (await core.talk()).preview
    assert preview is not None and preview.delivery == "refused"


async def test_a_bounce_of_one_recipient_leaves_the_others(core: Core, channel: Scripted, clock: Clock) -> None:
    reply = await sent(core, channel, Sent(external="p1"))
    both = (*reply.deliveries, Delivery(part=0, to="Nam@a", state="sent", at=clock(), external="p1"))
    await core.store.outbox.report(reply, both, "sent")
    await comes(core, receipt("refused", external="p1", to="nam@A", why="The mailbox is full."))

    assert [one.state for one in (await core.message(reply)).deliveries] == ["sent", "refused"]


async def test_a_late_sent_settles_what_nobody_knew(core: Core, channel: Scripted, clock: Clock) -> None:
    reply = await sent(core, channel, Unknown("The connection broke."))
    await comes(core, receipt("sent", message=reply.id))

    assert (await core.message(reply)).delivery == "sent"


async def test_a_receipt_that_is_faster_than_the_send_waits_for_it(core: Core, channel: Scripted, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await comes(core, receipt("delivered", message=reply.id))
    assert (await core.message(reply)).delivery == "queued"
    await core.deliver()
    clock.pass_s(2)
    await core.amender.step()

    assert (await core.message(reply)).delivery == "delivered"


# --- moves and reach ------------------------------------------------------------------------------------------------


async def test_a_chat_that_moves_keeps_its_conversation(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    for _ in range(2):
        await comes(core, InboundMove(thread="u1", new_thread="-100", to="-100"))
    await core.keep(said("Còn hàng không", "m2", "-100", at=clock()), lane="u1")
    await core.take_in()

    assert await core.words("u1") == ["Chào shop", "Còn hàng không"]
    assert (await core.talk("u1")).to == "-100"


async def test_a_chat_that_was_written_to_before_its_move_was_known_goes_on_as_one(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.hears("Còn hàng không", "m2", "-100")
    await comes(core, InboundMove(thread="u1", new_thread="-100", to="-100"))
    await core.hears("Alo", "m3", "-100")

    assert [one.text for one in await core.log("u1")] == ["Chào shop", "Alo"]


async def test_whom_nothing_reaches_is_marked_until_they_can_be_reached_again(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    contact = (await core.talk()).contact
    marks = []
    for why in ("They blocked the bot.", None):
        await comes(core, InboundReach(sender=HOA, why=why))
        marks += [one.unreachable for one in await core.store.addresses.of_contacts([contact])]

    assert marks == ["They blocked the bot.", None]


async def test_an_edit_names_its_entry_by_an_id_of_its_own(core: Core, clock: Clock) -> None:
    await core.hears("một", "m1")
    await comes(core, edit("hai", clock, order=5))

    assert (await first(core)).id == inbound_id(SHOP, "m1")
    assert (await core.log())[1].conversation == talk()


async def test_what_settles_an_unknown_end_names_the_message_for_later_reactions(
    core: Core, channel: Scripted, clock: Clock
) -> None:
    await core.hears("Chào shop", "m1")
    channel.script.append(Unknown("The answer was lost."))
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await core.deliver()
    await comes(core, receipt("sent", message=reply.id, external="p9"), react("👍", 1, target="p9"))
    settled = await core.message(reply)

    assert [(one.state, one.external) for one in settled.deliveries] == [("sent", "p9")]
    assert [one.emoji for one in settled.reactions] == ["👍"]


async def test_that_an_address_is_dead_counts_only_from_a_message_that_went_there(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1", name="Hoa")
    await core.hears("Chào em", "m2", "u2", name="Lan")
    answer = await core.replies("Dạ", seen=1)
    await core.deliver()
    for value in ("u1", "u2"):
        await comes(core, InboundReach(sender=From(value=value), why="Gone.", of=answer.id), lane=value)
    known = await core.store.addresses.by_ids([address_id("scripted", one) for one in ("u1", "u2")])

    assert {one.value: one.unreachable for one in known.values()} == {"u1": "Gone.", "u2": None}
