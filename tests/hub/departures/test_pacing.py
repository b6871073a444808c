"""Pacing: limits of a chat and of an account are kept to before the call; a chat that waits delays nobody else."""

import asyncio

import msgspec
import pytest

from hub.bus import Bus
from hub.departures.pacing import MOST_WAIT_S
from hub.errors import Retry
from hub.model import Sent
from tests.hub.conftest import CoreMaker
from tests.hub.core import Clock, Core
from tests.hub.scripted import Scripted


@pytest.fixture
async def asked(core: Core) -> Core:
    """Three customers have asked."""
    for who in ("u1", "u2", "u3"):
        await core.hears("Còn hàng không?", f"m-{who}", who)
    return core


async def due_in(core: Core, clock: Clock, who: str = "u1") -> float | None:
    """How long the customer's answer must wait; None when it left."""
    [leave] = [one.leave for one in await core.log(who) if one.kind == "out"]
    return None if leave is None else (leave.due - clock()).total_seconds()


async def test_turns_follow_each_other_at_a_distance(core: Core) -> None:
    assert [await core.bus.turn("a", 0.5, 10, 1000.0) for _ in range(3)] == [0.0, 0.5, 1.0]
    assert await core.bus.turn("a", 0.5, 10, 1001.6) == 0.0
    assert await core.bus.turn("b", 0.5, 10, 1000.0) == 0.0


async def test_a_turn_that_is_too_far_off_is_not_taken(core: Core) -> None:
    await core.bus.hold("a", 30, 1000.0)

    assert [await core.bus.turn("a", 1, 10, 1000.0) for _ in range(2)] == [-30.0, -30.0]
    assert await core.bus.turn("a", 1, 10, 1025.0) == 5.0


async def test_while_redis_is_away_every_turn_is_now(make_core: CoreMaker) -> None:
    lonely: Bus = (await make_core(redis="redis://127.0.0.1:1/0")).bus

    assert await lonely.turn("a", 1, 10, 1000.0) == 0.0


async def test_answers_to_one_chat_keep_their_distance(asked: Core, channel: Scripted, clock: Clock) -> None:
    channel.limits = msgspec.structs.replace(channel.limits, per_chat_s=0.2)
    began = asyncio.get_running_loop().time()
    await asked.replies("một", seen=1)
    await asked.replies("hai", seen=2)
    await asked.deliver()

    assert channel.texts == ["một", "hai"]
    assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_chat_that_is_slowed_down_waits_exactly_as_long_and_others_do_not(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    channel.script.append(Retry("Too many messages for this chat.", after_s=7))
    await asked.replies("một", seen=1, who="u1")
    await asked.deliver("u1")
    await asked.replies("hai", seen=1, who="u2")
    await asked.deliver("u2")

    assert [await due_in(asked, clock, who) for who in ("u1", "u2")] == [7.0, None]


async def test_an_account_that_is_slowed_down_rests_and_nothing_fails(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    channel.script.append(Retry("Too many messages.", after_s=40, whole_account=True))
    for who in ("u1", "u2"):
        await asked.replies("Dạ", seen=1, who=who)
        await asked.deliver(who)

    assert channel.calls == [("u1", "Dạ")]
    assert [await due_in(asked, clock, who) for who in ("u1", "u2")] == [40.0, 40.0]
    clock.pass_s(40)
    await asked.deliver("u1", "u2")
    assert sorted(channel.calls) == [("u1", "Dạ"), ("u1", "Dạ"), ("u2", "Dạ")]
    assert [one.leave for one in await asked.log("u2")] == [None, None]


async def test_another_process_rests_with_it(
    asked: Core, make_core: CoreMaker, channel: Scripted, clock: Clock
) -> None:
    channel.limits = msgspec.structs.replace(channel.limits, per_account_s=0.01)
    other = await make_core()
    channel.script.append(Retry("Too many messages.", after_s=40, whole_account=True))
    await asked.replies("Dạ", seen=1, who="u1")
    await asked.deliver("u1")
    await asked.replies("Dạ", seen=1, who="u2")
    await other.deliver("u2")

    assert channel.calls == [("u1", "Dạ")]
    assert await due_in(asked, clock, "u2") == 40.0


async def test_waiting_for_a_turn_is_not_counted_as_a_try(asked: Core, channel: Scripted, clock: Clock) -> None:
    channel.limits = msgspec.structs.replace(channel.limits, per_account_s=MOST_WAIT_S * 2)
    await asked.replies("Dạ", seen=1, who="u1")
    await asked.deliver("u1")
    await asked.replies("Dạ", seen=1, who="u2")
    await asked.deliver("u2")
    [leave] = [one.leave for one in await asked.log("u2") if one.kind == "out"]

    assert leave is not None and (leave.attempts, leave.step) == (0, "queued")
    assert await due_in(asked, clock, "u2") == MOST_WAIT_S * 2


async def test_a_short_pause_is_over_without_a_sweep(asked: Core, channel: Scripted, clock: Clock) -> None:
    channel.script.extend([Retry("Slow down.", after_s=0.1), Sent(external="x")])
    await asked.replies("Dạ", seen=1)
    await asked.deliver()
    await asked.bus.redis.delete("hub:nudge:deliver0")
    _, lanes = await asked.bus.take(["deliver0"], 10, 2.0)

    assert len(lanes) == 1
