"""The worker finds by itself what a lost nudge, an absent Redis or a dead process left."""

import asyncio
import datetime as dt

import pytest

from hub.departures.change import Wish
from hub.errors import Retry
from hub.store.outbox import Claim
from tests.hub.conftest import CoreMaker
from tests.hub.core import CARE, LAN, Clock, Core, running, talk, until
from tests.hub.scripted import Scripted, said

pytestmark = pytest.mark.timeout(120)
NOWHERE = "redis://127.0.0.1:1/0"


async def test_what_was_rung_for_is_logged_triaged_and_routed(core: Core, clock: Clock) -> None:
    async with running(core.worker().run()):
        await core.keep(said("Chào shop", "m1", at=clock()))
        await until(core.is_done)

    assert await core.words() == ["Chào shop"]
    assert (await core.talk()).team == CARE


async def test_a_nudge_that_was_lost_is_found_by_the_sweep(core: Core, clock: Clock) -> None:
    await core.keep(said("Chào shop", "m1", at=clock()))
    await core.bus.redis.flushdb()
    clock.pass_s(10)
    async with running(core.worker().run()):
        await until(core.is_done)

    assert await core.words() == ["Chào shop"]


async def test_a_reply_whose_nudge_was_lost_is_sent(core: Core, channel: Scripted, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.replies("Dạ em nghe ạ", seen=1)
    await core.bus.redis.flushdb()
    clock.pass_s(10)
    async with running(core.worker().run()):
        await until(lambda: sent(core, "sent"))

    assert channel.texts == ["Dạ em nghe ạ"]


async def test_lanes_that_wait_do_not_hide_a_reply_whose_nudge_was_lost(
    core: Core, channel: Scripted, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands behind a reply that must be tried again has been due since it was written."""
    monkeypatch.setattr("hub.worker.MOST_LANES", 1)
    await core.hears("Chào shop", "m1")
    await core.hears("Alo", "m2", "u2")
    channel.script.append(Retry("busy", after_s=600))
    await core.replies("một", seen=1)
    await core.replies("hai", seen=2)
    await core.deliver()
    clock.pass_s(60)
    await core.replies("Dạ em nghe ạ", seen=1, who="u2")
    await core.bus.redis.flushdb()
    clock.pass_s(10)
    async with running(core.worker().run()):
        await until(lambda: calls(channel, 2), within_s=5)
        clock.pass_s(600)
        await until(lambda: calls(channel, 4), within_s=5)

    assert channel.texts == ["một", "Dạ em nghe ạ", "một", "hai"]


async def calls(channel: Scripted, times: int) -> bool:
    return len(channel.calls) >= times


async def sent(core: Core, state: str) -> bool:
    return [one.delivery for one in await core.log() if one.kind == "out"] == [state]


async def test_without_redis_at_all_everything_still_happens(
    core: Core, make_core: CoreMaker, channel: Scripted, clock: Clock
) -> None:
    lonely = await make_core(redis=NOWHERE)
    async with running(lonely.worker().run()):
        await lonely.keep(said("Chào shop", "m1", at=clock()))
        clock.pass_s(10)
        await until(lonely.is_done, within_s=10)
        await lonely.replies("Dạ em nghe ạ", seen=1)
        clock.pass_s(10)
        await until(lambda: sent(core, "sent"), within_s=10)

    assert await core.words() == ["Chào shop", "Dạ em nghe ạ"]
    assert channel.texts == ["Dạ em nghe ạ"]


async def test_what_was_logged_by_a_worker_that_died_is_triaged(core: Core, clock: Clock) -> None:
    await core.keep(said("Chào shop", "m1", at=clock()))
    await core.take_in()
    assert [one.state for one in await core.kept()] == ["logged"]
    clock.pass_s(10)
    async with running(core.worker().run()):
        await until(core.is_done)

    assert (await core.talk()).team == CARE


async def test_what_a_machine_kept_whose_clock_is_behind_is_found_as_well(core: Core, make_core: CoreMaker) -> None:
    now = Clock()
    behind = Clock()
    behind.pass_s(-300)
    ahead = await make_core(clock=now)
    late = await make_core(clock=behind)
    async with running(ahead.worker().run()):
        await late.keep(said("Chào shop", "m1", at=behind()))
        await late.bus.redis.flushdb()
        await until(ahead.is_done)

    assert await core.words() == ["Chào shop"]


async def test_what_a_killed_database_forgot_to_cross_out_is_done_again(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.store.arrivals.release(await core.kept(), clock())
    clock.pass_s(10)
    async with running(core.worker().run()):
        await until(core.is_done)

    assert await core.words() == ["Chào shop"]


async def test_what_was_snoozed_wakes(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    until_ = clock() + dt.timedelta(minutes=5)
    await core.changer.apply(LAN, talk(), Wish(state="snoozed", snoozed_until=until_))
    clock.pass_s(301)
    async with running(core.worker().run()):
        await until(lambda: is_open(core))

    assert (await core.talk()).snoozed_until is None


async def is_open(core: Core) -> bool:
    return (await core.talk()).state == "open"


async def test_a_send_that_a_dead_worker_left_is_settled_as_unknown(
    core: Core, channel: Scripted, clock: Clock
) -> None:
    await core.hears("Chào shop", "m1")
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    taken = Claim(reply.id, None, "sending", clock() + dt.timedelta(seconds=60))
    await core.store.outbox.claim([taken], "gone:1")
    clock.pass_s(120)
    async with running(core.worker().run()):
        await until(lambda: sent(core, "unknown"))

    assert channel.calls == []


async def test_a_worker_that_is_stopped_lets_the_send_that_is_under_way_end(
    core: Core, channel: Scripted, clock: Clock
) -> None:
    await core.hears("Chào shop", "m1")
    answer = asyncio.Event()
    channel.script.append(answer)
    await core.replies("Dạ em nghe ạ", seen=1)
    async with running(core.worker().run()):
        await until(lambda: called(channel))
        asyncio.get_running_loop().call_later(0.05, answer.set)

    assert await sent(core, "sent")


async def called(channel: Scripted) -> bool:
    return bool(channel.calls)


async def test_two_workers_at_once_log_and_send_everything_once_and_in_order(
    core: Core, make_core: CoreMaker, channel: Scripted, clock: Clock
) -> None:
    other = await make_core()
    other.deliverer = other.another_deliverer("two")
    async with running(core.worker().run()), running(other.worker().run()):
        for n in range(30):
            await core.keep(said(f"{n}", f"m{n}", at=clock()))
        await until(core.is_done)
        for n in range(10):
            await core.replies(f"Dạ {n}", seen=30 + n)
        clock.pass_s(10)
        await until(lambda: all_sent(core))

    assert await core.words() == [f"{n}" for n in range(30)] + [f"Dạ {n}" for n in range(10)]
    assert channel.texts == [f"Dạ {n}" for n in range(10)]


async def all_sent(core: Core) -> bool:
    return {one.delivery for one in await core.log() if one.kind == "out"} == {"sent"}


async def test_raw_arrivals_of_a_month_ago_are_dropped_by_the_way(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    clock.pass_s(31 * 86_400)
    async with running(core.worker().run()):
        await until(lambda: nothing_kept(core))

    assert await core.words() == ["Chào shop"]


async def nothing_kept(core: Core) -> bool:
    return await core.kept() == []
