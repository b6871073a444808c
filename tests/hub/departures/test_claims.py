"""Whose a message is while it leaves: one worker's, for a time, and what an expired claim becomes."""

import asyncio
from typing import Literal

import msgspec

from hub.departures.deliver import LEASE
from hub.errors import Refused, Retry
from hub.model import Message, Sent
from hub.store.outbox import Claim
from tests.hub.conftest import CoreMaker
from tests.hub.core import Clock, Core, talk, until
from tests.hub.cutting import Cut, Wire
from tests.hub.departures.replies import LONG, called, states, two_replies
from tests.hub.scripted import Scripted


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
