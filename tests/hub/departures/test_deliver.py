"""Deliver: sent, refused or unknown; in order; never twice by itself."""

import asyncio
import datetime as dt
from typing import Literal

import msgspec
import pytest

from hub.departures.deliver import LEASE
from hub.departures.outcome import FIRST_PAUSE_S, LONGEST_PAUSE_S, MOST_TRIES
from hub.departures.parts import worst
from hub.errors import Conflict, Refused, Retry, Unknown
from hub.model import Delivery, Leave, Message, Sent
from hub.store.outbox import Claim
from tests.hub.conftest import CoreMaker
from tests.hub.core import SHOP, Clock, Core, talk, until
from tests.hub.cutting import Cut, Wire
from tests.hub.scripted import HANG, Scripted
from tests.query_shapes import FROM_A_TEST


@pytest.fixture
async def asked(core: Core) -> Core:
    """A customer has asked."""
    await core.hears("Còn hàng không shop?", "m1")
    return core


async def two_replies(core: Core) -> tuple[Message, Message]:
    return await core.replies("một", seen=1), await core.replies("hai", seen=2)


async def states(core: Core) -> list[str | None]:
    return [one.delivery for one in await core.log() if one.kind == "out"]


# --- the three endings --------------------------------------------------------------------------------------------


async def test_what_the_platform_took_is_sent_and_leaves_no_more(asked: Core, channel: Scripted) -> None:
    reply = await asked.replies("Dạ còn ạ", seen=1)
    await asked.deliver()
    await asked.deliver()
    sent = await asked.message(reply)

    assert channel.calls == [("u1", "Dạ còn ạ")]
    assert (sent.delivery, sent.leave, sent.deliveries[0].external) == ("sent", None, "x1")
    preview = (await asked.talk()).preview
    assert preview is not None and preview.delivery == "sent"


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (Refused("The customer has blocked the shop."), "refused", "The customer has blocked the shop."),
        (Unknown("The connection broke."), "unknown", "The connection broke."),
        (KeyError("a bug"), "unknown", "The channel failed while sending (KeyError)."),
        (HANG, "unknown", "The platform did not answer in time. It may have the message."),
    ],
    ids=["refused", "unknown", "a bug", "no answer"],
)
async def test_an_ending_is_said_and_lets_the_next_one_pass(
    asked: Core, channel: Scripted, answer: object, state: str, why: str
) -> None:
    channel.script.append(answer)
    first, _ = await two_replies(asked)
    await asked.deliver()

    assert channel.texts == ["một", "hai"]
    assert await states(asked) == [state, "sent"]
    assert (await asked.message(first)).deliveries[0].why == why
    await asked.deliver()
    assert channel.texts == ["một", "hai"]


async def test_a_retry_holds_those_behind_it_and_they_leave_in_order(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    channel.script.append(Retry("The platform is busy.", after_s=30))
    await two_replies(asked)
    await asked.deliver()
    assert (channel.texts, await states(asked)) == (["một"], ["queued", "queued"])
    await asked.replies("ba", seen=3)

    clock.pass_s(29)
    await asked.deliver()
    assert channel.texts == ["một"]
    clock.pass_s(2)
    await asked.deliver()
    assert channel.texts == ["một", "một", "hai", "ba"]
    assert await states(asked) == ["sent", "sent", "sent"]


async def test_other_conversations_do_not_wait_for_one_that_hangs(asked: Core, channel: Scripted) -> None:
    await asked.hears("Alo", "m2", "u2")
    answer = asyncio.Event()
    channel.limits = msgspec.structs.replace(channel.limits, timeout_s=5)
    channel.script.append(answer)
    await asked.replies("một", seen=1)
    slow = await asked.deliverer.start([f"{talk('u1')}:0"])
    await until(lambda: called(channel, 1))
    quick = await asked.replies("hai", seen=1, who="u2")
    await asked.deliver("u2")

    assert (await asked.message(quick)).delivery == "sent"
    answer.set()
    await asyncio.gather(*slow)
    assert await states(asked) == ["sent"]


async def called(channel: Scripted, times: int) -> bool:
    return len(channel.calls) >= times


async def test_pauses_grow_with_some_chance_and_end_in_a_refusal(asked: Core, channel: Scripted, clock: Clock) -> None:
    channel.script.extend(Retry("busy") for _ in range(MOST_TRIES + 5))
    reply = await asked.replies("một", seen=1)
    pauses = []
    for _ in range(MOST_TRIES - 1):
        await asked.deliver()
        leave = (await asked.message(reply)).leave
        assert leave is not None
        pauses.append((leave.due - clock()).total_seconds())
        clock.now = leave.due
    await asked.deliver()
    ended = await asked.message(reply)

    for tries, pause in enumerate(pauses):
        middle = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**tries)
        assert middle * 0.5 <= pause <= middle * 1.5
    assert len({round(pause / min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**n), 3) for n, pause in enumerate(pauses)}) > 5
    assert (ended.delivery, len(channel.calls), ended.leave) == ("refused", MOST_TRIES, None)
    assert ended.deliveries[0].why == f"It could not be delivered in {MOST_TRIES} tries. The last cause: busy"


async def test_an_account_that_was_switched_off_sends_nothing(asked: Core, channel: Scripted) -> None:
    await asked.store.accounts.change(SHOP, {"on": False})
    asked.accounts.forget()
    await asked.replies("một", seen=1)
    await asked.deliver()

    assert (channel.calls, await states(asked)) == ([], ["refused"])


# --- parts --------------------------------------------------------------------------------------------------------

LONG = "một hai ba bốn năm sáu bảy tám chín mười. mười một mười hai"


async def test_a_long_reply_leaves_in_parts_and_only_the_missing_part_is_tried_again(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    channel.script.extend([Sent(external="x1"), Retry("busy")])
    reply = await asked.replies(LONG, seen=1)
    await asked.deliver()
    assert [one.state for one in (await asked.message(reply)).deliveries] == ["sent", "queued"]
    clock.pass_s(10)
    await asked.deliver()

    first, second, again = channel.texts
    assert (f"{first} {second}", again) == (LONG, second)
    assert (await asked.message(reply)).delivery == "sent"


async def test_a_part_that_was_sent_stays_sent_when_the_rest_is_given_up(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    reply = await asked.replies(LONG, seen=1)
    rows = asked.store.ledger.durable("messages")
    await rows.update_one({"_id": reply.id}, {"$set": {"leave.attempts": MOST_TRIES - 1}}, comment=FROM_A_TEST)
    channel.script.extend([Sent(external="x1"), Retry("busy")])
    await asked.deliver()

    assert [one.state for one in (await asked.message(reply)).deliveries] == ["sent", "refused"]
    await asked.composer.send_again(reply.id)
    await asked.deliver()
    assert channel.texts[2:] == channel.texts[1:2]


async def test_what_is_being_sent_is_not_queued_under_the_workers_hands(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    """One part was refused and another is on its way: queued now, that one would be sent twice."""
    answer = asyncio.Event()
    channel.limits = msgspec.structs.replace(channel.limits, timeout_s=5)
    channel.script.extend([Refused("blocked"), Retry("busy"), answer])
    reply = await asked.replies(LONG, seen=1)
    await asked.deliver()
    clock.pass_s(10)
    sending = await asked.deliverer.start([f"{talk()}:0"])
    await until(lambda: called(channel, 3))
    with pytest.raises(Conflict, match="on its way"):
        await asked.composer.send_again(reply.id)
    answer.set()
    await asyncio.gather(*sending)
    await asked.composer.send_again(reply.id)
    await asked.deliver()

    first, second, third, again = channel.texts
    assert (second, third, again) == (third, second, first)
    assert await states(asked) == ["sent"]


# --- claims -------------------------------------------------------------------------------------------------------


async def test_two_workers_send_it_once(asked: Core, make_core: CoreMaker, channel: Scripted) -> None:
    other = await make_core()
    other.deliverer = other.another_deliverer("two")
    for n in range(5):
        await asked.replies(f"{n}", seen=n + 1)
    await asyncio.gather(asked.deliver(), other.deliver())
    await asked.deliver()

    assert channel.texts == ["0", "1", "2", "3", "4"]


async def takes(core: Core, reply: Message, who: str, step: Literal["claimed", "sending"], clock: Clock) -> bool:
    """Whether this worker gets it, as it was read."""
    assert reply.leave is not None
    mine = await core.store.outbox.claim([Claim(reply.id, reply.leave.claim, step, clock() + LEASE)], who)
    return mine == {reply.id}


async def test_a_claim_for_a_call_that_may_be_repeated_is_queued_again_when_it_ran_out(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    reply = await asked.replies("một", seen=1)
    assert await takes(asked, reply, "gone:1", "claimed", clock)
    await asked.deliver()
    assert channel.calls == []

    clock.pass_s(LEASE.total_seconds() + 1)
    assert await asked.deliverer.expire() == [f"{talk()}:0"]
    await asked.deliver()
    assert (channel.texts, await states(asked)) == (["một"], ["sent"])


async def test_what_stands_behind_a_worker_that_died_was_never_taken(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    await two_replies(asked)
    channel.script.append(asyncio.Event())
    dying = await asked.deliverer.start([f"{talk()}:0"])
    await until(lambda: called(channel, 1))
    for lane in dying:
        lane.cancel()
    steps = [one.leave.step for one in await asked.store.outbox.leaving([f"{talk()}:0"]) if one.leave is not None]
    assert steps == ["sending", "queued"]


async def stuck_in_sending(core: Core, reply: Message, clock: Clock) -> None:
    """A worker dies between saying that it sends and hearing how it went."""
    assert await takes(core, reply, "gone:1", "sending", clock)


async def test_a_send_that_ran_out_is_unknown_and_never_sent_again_by_itself(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    first, _ = await two_replies(asked)
    await stuck_in_sending(asked, first, clock)
    await asked.deliver()
    assert channel.calls == []

    clock.pass_s(LEASE.total_seconds() + 1)
    await asked.deliverer.expire()
    await asked.deliver()
    assert (channel.texts, await states(asked)) == (["hai"], ["unknown", "sent"])
    assert "It may have arrived" in str((await asked.message(first)).deliveries[0].why)


async def test_a_channel_that_may_be_called_twice_only_claims(asked: Core, channel: Scripted) -> None:
    channel.limits = msgspec.structs.replace(channel.limits, repeatable=True)
    answer = asyncio.Event()
    channel.script.append(answer)
    await asked.replies("một", seen=1)
    lanes = await asked.deliverer.start([f"{talk()}:0"])
    await until(lambda: called(channel, 1))
    (held,) = await asked.store.outbox.leaving([f"{talk()}:0"])
    answer.set()
    await asyncio.gather(*lanes)

    assert held.leave is not None and held.leave.step == "claimed"
    assert await states(asked) == ["sent"]


async def test_what_another_worker_took_or_put_off_is_not_claimed(asked: Core, clock: Clock) -> None:
    reply = await asked.replies("một", seen=1)
    assert await takes(asked, reply, "slow:1", "claimed", clock)
    assert not await takes(asked, reply, "other:1", "sending", clock)
    clock.pass_s(LEASE.total_seconds() + 1)
    await asked.deliverer.expire()
    assert await takes(asked, await asked.message(reply), "other:2", "sending", clock)


async def test_a_run_that_was_read_before_the_platform_asked_for_time_waits_as_well(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    reply = await asked.replies("một", seen=1)
    channel.script.append(Retry("busy", after_s=600))
    await asked.deliver()
    assert not await takes(asked, reply, "stale:1", "sending", clock)
    clock.pass_s(601)
    assert not await takes(asked, reply, "stale:2", "sending", clock)
    assert await takes(asked, await asked.message(reply), "later:1", "sending", clock)


async def test_an_answer_that_comes_after_the_lease_is_told_as_the_ledger_has_it(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    answer = asyncio.Event()
    channel.limits = msgspec.structs.replace(channel.limits, timeout_s=5)
    channel.script.append(answer)
    reply = await asked.replies("một", seen=1)
    slow = await asked.deliverer.start([f"{talk()}:0"])
    await until(lambda: called(channel, 1))
    clock.pass_s(10 * LEASE.total_seconds())
    await asked.another_deliverer("two").expire()
    answer.set()
    await asyncio.gather(*slow)

    stands = (await asked.message(reply)).delivery
    told = [msgspec.json.decode(one.data) for one in await asked.told() if one.type == "message.changed"]
    preview = (await asked.talk()).preview
    assert told[-1]["set"]["delivery"] == stands
    assert preview is not None and preview.delivery == stands
    assert channel.texts == ["một"]


async def test_what_another_worker_sent_of_a_long_reply_since_it_was_read_is_not_sent_again(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    """A worker hangs before it with what it read, while the other sends a part and must try the rest again."""
    answer = asyncio.Event()
    channel.limits = msgspec.structs.replace(channel.limits, timeout_s=5)
    channel.script.extend([answer, Sent(external="x1"), Retry("busy", after_s=1)])
    await asked.replies("một", seen=1)
    reply = await asked.replies(LONG, seen=2)
    slow = await asked.another_deliverer("slow").start([f"{talk()}:0"])
    await until(lambda: called(channel, 1))
    clock.pass_s(10 * LEASE.total_seconds())
    await asked.deliverer.expire()
    await asked.deliver()
    clock.pass_s(2)
    answer.set()
    await asyncio.gather(*slow)
    await asked.deliver()

    _, first, second, again = channel.texts
    assert (f"{first} {second}", again) == (LONG, second)
    assert (await asked.message(reply)).delivery == "sent"


async def test_what_is_sent_again_by_a_persons_word_is_not_what_was_read_before(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    reply = await asked.replies("một", seen=1)
    channel.script.append(Refused("blocked"))
    await asked.deliver()
    await asked.composer.send_again(reply.id)
    assert not await takes(asked, reply, "stale:1", "sending", clock)
    await asked.deliver()
    assert channel.texts == ["một", "một"]


async def test_a_late_answer_leaves_no_part_waiting_that_nobody_will_send(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    answer = asyncio.Event()
    channel.limits = msgspec.structs.replace(channel.limits, timeout_s=5)
    channel.script.extend([answer, Refused("blocked"), Retry("busy")])
    reply = await asked.replies(f"{LONG} {LONG}", seen=1)
    slow = await asked.deliverer.start([f"{talk()}:0"])
    await until(lambda: called(channel, 1))
    clock.pass_s(10 * LEASE.total_seconds())
    await asked.another_deliverer("two").expire()
    answer.set()
    await asyncio.gather(*slow)

    ended = await asked.message(reply)
    assert ended.leave is None
    assert {one.state for one in ended.deliveries} == {"unknown"}


async def test_a_claim_whose_answer_was_lost_is_asked_again_and_sent_once(
    asked: Core, make_core: CoreMaker, wire: Wire, channel: Scripted
) -> None:
    """The database goes away right after the claim: nothing has left, so nothing is unknown."""
    apart = await make_core(mongo=wire.url)
    await asked.replies("một", seen=1)
    wire.plan(Cut(after="write"))
    sending = await apart.deliverer.start([f"{talk()}:0"])
    await until(lambda: gone(wire))
    assert channel.calls == []
    wire.mend()
    await asyncio.gather(*sending)

    assert (channel.texts, await states(asked)) == (["một"], ["sent"])


async def gone(wire: Wire) -> bool:
    return wire.gone


# --- ranks --------------------------------------------------------------------------------------------------------


async def test_a_reply_does_not_wait_behind_a_campaign_of_the_same_chat(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    greeting = campaign(await asked.replies("chúc mừng", seen=1), clock())
    rows = asked.store.ledger.durable("messages")
    changes = {"leave": msgspec.to_builtins(greeting.leave, builtin_types=(dt.datetime,))}
    await rows.update_one({"_id": greeting.id}, {"$set": changes}, comment=FROM_A_TEST)
    channel.script.append(Retry("busy", after_s=600))
    await asked.deliver(rank=1)
    await asked.replies("Dạ còn ạ", seen=2)
    await asked.deliver(rank=0)

    assert channel.texts == ["chúc mừng", "Dạ còn ạ"]
    assert await states(asked) == ["queued", "sent"]


def campaign(message: Message, due: dt.datetime) -> Message:
    return msgspec.structs.replace(message, leave=Leave(lane=f"{talk()}:1", rank=1, due=due))


async def test_replies_are_rung_for_before_campaigns(core: Core) -> None:
    await core.bus.nudge("deliver1", ["v:1"])
    await core.bus.nudge("deliver0", ["v:0"])

    assert (await core.bus.take(["deliver0", "deliver1"], 10, 0.1))[0] == "deliver0"


def test_the_worst_delivery_is_shown() -> None:
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    parts = tuple(Delivery(part=n, to="u1", state=state, at=at) for n, state in enumerate(("read", "unknown", "sent")))
    assert worst(parts) == "unknown"
