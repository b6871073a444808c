"""Intake: each message stands in the log once, in order, under its person; nothing is told before it is safe."""

import asyncio
import datetime as dt

import msgspec
import pytest

from hub.arrivals.intake import CROWD
from hub.bus import Bus
from hub.departures.change import Wish
from hub.errors import StoreDown
from hub.events import CHANNEL, Ring
from hub.ids import inbound_id
from hub.model import Account, AccountId, Attachment, Sent
from hub.people.merge import root_of
from hub.store.arrivals import Arrivals
from tests.hub.conftest import CoreMaker
from tests.hub.core import CARE, LAN, SHOP, START, Clock, Core, kept_as, running, talk, until
from tests.hub.scripted import Scripted, said
from tests.query_shapes import FROM_A_TEST

FAR = START + dt.timedelta(days=365)


async def test_a_stranger_who_writes_gets_a_contact_a_conversation_and_an_entry(core: Core) -> None:
    message = await core.hears("Chào shop", "m1", name="Hoa")
    conversation = await core.talk()

    assert (message.kind, message.seq, message.text, message.author.name) == ("in", 1, "Chào shop", "Hoa")
    assert (conversation.head, conversation.in_head, conversation.name, conversation.to) == (1, 1, "Hoa", "u1")
    assert conversation.preview is not None and conversation.preview.text == "Chào shop"
    assert (await root_of(core.store, conversation.contact)).name == "Hoa"


async def test_the_same_update_twice_is_logged_once(core: Core, clock: Clock) -> None:
    one = said("Chào shop", "m1", at=clock())
    await core.keep(one)
    await core.take_in()
    await core.keep(one)
    await core.take_in()

    assert await core.words() == ["Chào shop"]
    assert [one.type for one in await core.told()].count("message.added") == 1


async def test_the_same_message_in_two_updates_is_logged_once(core: Core, clock: Clock) -> None:
    one = said("Chào shop", "m1", at=clock())
    await core.keep(one, external="update 1")
    await core.keep(one, external="update 2")
    await core.keep(said("Còn hàng không", "m2", at=clock()))
    await core.take_in()

    assert await core.words() == ["Chào shop", "Còn hàng không"]
    assert await core.numbers() == [1, 2]


async def test_one_id_for_two_bodies_is_two_messages_and_each_is_logged_once(core: Core, clock: Clock) -> None:
    for text in ("Chào shop", "Còn hàng không", "Còn hàng không"):
        await core.keep(said(text, "m1", at=clock()))
        await core.take_in()

    assert await core.words() == ["Chào shop", "Còn hàng không"]
    assert await core.numbers() == [1, 2]


async def test_a_lane_is_logged_in_its_order_and_lanes_do_not_mix(core: Core, clock: Clock) -> None:
    for n in range(5):
        await core.keep(said(f"u1 {n}", f"a{n}", at=clock()))
        await core.keep(said(f"u2 {n}", f"b{n}", "u2", at=clock()), lane="u2")
    await core.take_in("u1", "u2")

    assert await core.words("u1") == [f"u1 {n}" for n in range(5)]
    assert await core.words("u2") == [f"u2 {n}" for n in range(5)]
    assert await core.numbers("u1") == await core.numbers("u2") == [1, 2, 3, 4, 5]


async def test_processing_a_logged_arrival_again_changes_nothing(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.hears("Còn hàng không", "m2")
    before = await core.talk()

    await core.store.arrivals.release(await core.kept(), clock())
    await core.triage.process(await core.take_in())

    assert await core.words() == ["Chào shop", "Còn hàng không"]
    assert await core.talk() == before
    assert {one.state for one in await core.kept()} == {"done"}


async def test_an_old_arrival_processed_again_after_the_answer_reopens_nothing(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.replies("Dạ em nghe ạ", seen=1)
    await core.changer.apply(LAN, talk(), Wish(state="resolved"))
    before = await core.talk()

    await core.store.arrivals.release(await core.kept(), clock())
    await core.take_in()

    assert await core.talk() == before
    assert (before.state, before.waiting) == ("resolved", None)


async def test_news_behind_a_redone_arrival_gets_the_next_number(core: Core, clock: Clock) -> None:
    await core.hears("một", "m1")
    await core.store.arrivals.release(await core.kept(), clock())
    await core.keep(said("hai", "m2", at=clock()))
    await core.take_in()

    assert await core.words() == ["một", "hai"]
    assert await core.numbers() == [1, 2]


# --- poison and bugs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "logged"), [(1, 1), (CROWD, 0)])
async def test_what_a_breaking_database_may_have_lost_is_done_again_and_leaves_no_gap(
    core: Core, clock: Clock, count: int, logged: int
) -> None:
    """It breaks where the next round is let in: behind what a few said, before the words of a crowd are written.

    What was counted on may be gone by then: numbers behind it would never be filled.
    """
    said_so = [f"Chào shop {at}" for at in range(count)]
    for at, words in enumerate(said_so):
        await core.keep(said(words, f"m{at}", at=clock.pass_s(1)))

    def breaks_now() -> None:
        core.store.ledger.breaks.count += 1

    with pytest.raises(StoreDown):
        await core.intake.process([f"{SHOP}:u1"], [].extend, breaks_now)
    logged_meanwhile = await core.store.messages.by_ids([inbound_id(SHOP, f"m{at}") for at in range(count)])
    await core.take_in()

    assert len(logged_meanwhile) == logged
    assert (await core.words(), await core.numbers()) == (said_so, list(range(1, count + 1)))


async def test_poison_goes_to_quarantine_with_its_reason_and_its_lane_goes_on(core: Core, clock: Clock) -> None:
    await core.keep_body(b"poison", "bad")
    await core.keep(said("Chào shop", "m1", at=clock()))
    await core.take_in()

    assert await core.words() == ["Chào shop"]
    [bad] = await core.store.arrivals.quarantined()
    assert (bad.id, bad.why) == (kept_as("bad"), "nobody can read this")
    assert "quarantine.changed" in [one.type for one in await core.told()]


async def test_a_bug_in_a_normaliser_delays_its_own_message_and_no_other(
    core: Core, clock: Clock, channel: Scripted
) -> None:
    channel.broken = True
    await core.keep(said("this meets the bug", "m1", at=clock()))
    await core.keep(said("Chào shop", "m2", at=clock.pass_s(1)))
    await core.keep(said("Chào", "m3", "u2", at=clock()), lane="u2")
    await core.take_in("u1", "u2")
    assert (await core.words("u1"), await core.words("u2")) == (["Chào shop"], ["Chào"])

    channel.broken = False
    await core.store.arrivals.release(await core.store.arrivals.quarantined(), clock.pass_s(60))
    await core.take_in()

    assert await core.words() == ["Chào shop", "this meets the bug"]
    assert [one.text for one in await core.store.messages.window(talk(), 1, 3)] == ["this meets the bug", "Chào shop"]
    assert await core.store.arrivals.quarantined() == []


async def test_words_that_the_ledger_cannot_hold_are_set_aside_and_the_rest_is_logged(core: Core, clock: Clock) -> None:
    await core.keep(said("Chào shop", "m1", at=clock()))
    unholdable = said("too late for any calendar", "m2", at=clock())
    await core.keep(msgspec.structs.replace(unholdable, order=2**70))
    await core.keep(said("Còn hàng không", "m3", at=clock()))
    await core.take_in()

    assert await core.words() == ["Chào shop", "Còn hàng không"]
    [bad] = await core.store.arrivals.quarantined()
    assert bad.external == "m2"
    assert "too late" not in str(bad.why)


async def test_what_arrives_for_a_removed_account_is_set_aside(core: Core, clock: Clock) -> None:
    await core.keep(said("Chào shop", "m1", at=clock()))
    await core.store.accounts.remove(SHOP)
    core.accounts.forget()
    await core.take_in()

    assert [one.why for one in await core.store.arrivals.quarantined()] == ["its account was removed"]


async def test_an_account_whose_secret_cannot_be_opened_holds_up_nobody_else(core: Core, clock: Clock) -> None:
    await core.keep(said("Chào shop", "m1", at=clock()))
    broken = Account(id=AccountId("broken"), kind="scripted", name="x", at=START, secrets=b"damaged")
    await core.store.accounts.add(broken)
    core.accounts.forget()
    await core.take_in()

    assert await core.words() == ["Chào shop"]
    opened = await core.accounts.get("broken")
    assert opened is not None and opened.secrets is None


async def test_an_arrival_with_nothing_for_us_is_done(core: Core) -> None:
    await core.keep_body(b"[]", "x")
    await core.take_in()

    assert [one.state for one in await core.kept()] == ["done"]
    assert await core.told() == []


# --- the row ------------------------------------------------------------------------------------------------------


async def test_who_writes_waits_from_their_first_unanswered_words(core: Core, clock: Clock) -> None:
    await core.hears("một", "m1")
    clock.pass_s(60)
    await core.hears("hai", "m2")
    assert (await core.talk()).waiting == START

    await core.replies("Dạ em nghe ạ", seen=2)
    assert (await core.talk()).waiting is None
    later = clock.pass_s(60)
    await core.hears("ba", "m3")
    assert (await core.talk()).waiting == later


@pytest.mark.parametrize(
    "wish", [Wish(state="resolved"), Wish(state="snoozed", snoozed_until=FAR)], ids=["resolved", "snoozed"]
)
async def test_what_was_closed_opens_when_the_customer_writes_again(core: Core, wish: Wish) -> None:
    await core.hears("một", "m1")
    await core.changer.apply(LAN, talk(), wish)
    await core.hears("hai", "m2")
    conversation = await core.talk()

    assert (conversation.state, conversation.snoozed_until, conversation.in_head) == ("open", None, 3)
    assert conversation.waiting == START


async def test_words_that_an_entry_overtook_still_open_the_conversation_and_wait(core: Core, clock: Clock) -> None:
    await core.hears("một", "m1")
    await core.changer.apply(LAN, talk(), Wish(state="resolved"))
    before = await core.talk()
    await core.hears("hai", "m2")
    after = await core.talk()
    # A note took the number behind the customer's, and its head went in first.
    rows = core.store.ledger.durable("conversations")
    row = {"head": 4, "in_head": before.in_head, "state": "resolved"}
    await rows.update_one({"_id": talk()}, {"$set": row, "$unset": {"waiting": ""}}, comment=FROM_A_TEST)
    await core.store.arrivals.release(await core.kept(), clock())
    await core.take_in()
    conversation = await core.talk()

    assert (conversation.head, conversation.in_head, conversation.state) == (4, after.in_head, "open")
    assert conversation.waiting == START


async def test_history_is_no_news(core: Core, clock: Clock) -> None:
    await core.hears("một", "m1")
    await core.replies("Dạ em nghe ạ", seen=1)
    await core.changer.apply(LAN, talk(), Wish(state="resolved"))
    await core.hears("năm ngoái", "m0", history=True)
    conversation = await core.talk()

    assert (conversation.state, conversation.waiting) == ("resolved", None)
    assert "năm ngoái" in await core.words()


# --- the order of writes ------------------------------------------------------------------------------------------


async def test_the_event_is_appended_before_the_mark_and_published_only_behind_it(
    core: Core, clock: Clock, make_core: CoreMaker
) -> None:
    heard: list[tuple[int, list[str]]] = []
    listening = asyncio.Event()

    async def listen(bus: Bus, arrivals: Arrivals) -> None:
        async for channel, payload in bus.listen([CHANNEL]):
            if channel:
                ring = msgspec.json.decode(payload, type=Ring)
                kept = await arrivals.get(kept_as("m1"))
                heard.append((ring.n, [kept.state if kept else "lost"]))
            listening.set()

    other = await make_core()
    async with running(listen(other.bus, other.store.arrivals)):
        await listening.wait()
        await core.keep(said("Chào shop", "m1", at=clock()))
        await core.take_in()
        await until(lambda: _true(bool(heard)))

    assert heard[0] == (1, ["logged"])


async def _true(value: bool) -> bool:
    return value


async def test_a_file_without_words_needs_no_tag_and_goes_to_the_accounts_team(core: Core) -> None:
    file = Attachment(file="0" * 64, name="a.png", mime="image/png", bytes=1)
    await core.hears("", "m1", attachments=(file,))

    assert [one.state for one in await core.kept()] == ["done"]
    assert (await core.talk()).team == CARE


async def test_what_comes_in_while_a_reply_is_on_its_way_keeps_the_log_dense(
    core: Core, channel: Scripted, clock: Clock
) -> None:
    await core.hears("một", "m1")
    channel.script.append(Sent(external="x"))
    await core.keep(said("hai", "m2", at=clock()))
    await asyncio.gather(core.replies("Dạ em nghe ạ", seen=1), core.take_in())

    assert await core.numbers() == [1, 2, 3]
    assert sorted(await core.words()) == ["Dạ em nghe ạ", "hai", "một"]


async def test_what_is_crossed_out_while_somebody_looks_is_not_told_again(core: Core) -> None:
    lanes = [f"{SHOP}:u{number}" for number in range(100)]
    await asyncio.gather(
        *(core.keep(said("Chào", f"m{at}", f"u{at}", at=core.clock(), auto=True), lane=f"u{at}") for at in range(100))
    )
    await core.intake.process(lanes, core.offered.extend)
    before = await core.told()

    await asyncio.gather(core.intake.process(lanes, core.offered.extend), core.intake.finish())

    assert await core.told() == before
