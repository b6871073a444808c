"""The doorbell rings, forgets, and may be away: then it answers as if nobody had rung."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from hub.bell import Bell
from hub.bus import Bus, open_bus
from hub.embedded import StoreUrls
from tests.hub.core import running, until

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
async def bus(fresh: StoreUrls) -> AsyncIterator[Bus]:
    async with open_bus(fresh.redis) as made:
        yield made


async def test_a_nudge_goes_to_redis_when_no_worker_of_this_process_listens(bus: Bus) -> None:
    bell = bus.bells["intake"] = Bell()
    await bus.nudge("intake", ["a"])
    assert await bus.take(["intake"], 5, 0.1) == ("intake", ["a"])
    bell.is_heard = True
    await bus.nudge("intake", ["b"])
    assert await bell.take(5) == ["b"]


async def test_lanes_that_were_rung_for_are_taken_once_oldest_first(bus: Bus) -> None:
    await bus.nudge("intake", ["a"])
    await bus.nudge("intake", ["b", "a"])

    assert await bus.take(["intake"], 1, 0.1) == ("intake", ["a"])
    assert await bus.take(["intake"], 10, 0.1) == ("intake", ["b"])
    assert await bus.take(["intake"], 10, 0.05) == ("", [])


async def test_the_first_kind_that_was_rung_for_comes_first(bus: Bus) -> None:
    await bus.nudge("deliver1", ["campaign"])
    await bus.nudge("deliver0", ["reply"])

    assert await bus.take(["deliver0", "deliver1"], 10, 0.1) == ("deliver0", ["reply"])
    assert await bus.take(["deliver0", "deliver1"], 10, 0.1) == ("deliver1", ["campaign"])


async def test_who_waits_is_woken_by_a_ring(bus: Bus) -> None:
    taking = asyncio.create_task(bus.take(["intake"], 10, 5))
    await bus.nudge("intake", ["a"])

    assert await taking == ("intake", ["a"])


async def test_a_listener_hears_of_its_subscription_first_and_then_what_is_published(bus: Bus) -> None:
    heard: list[tuple[str, bytes]] = []

    async def listen() -> None:
        async for one in bus.listen(["events"]):
            heard.append(one)

    async def heard_of(count: int) -> bool:
        return len(heard) >= count

    async with running(listen()):
        await until(lambda: heard_of(1))
        await bus.publish("events", b"7")
        await until(lambda: heard_of(2))

    assert heard == [("", b""), ("events", b"7")]


async def test_what_a_process_publishes_reaches_itself_whether_redis_answers_or_not() -> None:
    heard: list[bytes] = []
    async with open_bus(NOWHERE) as bus:
        bus.near("events", heard.append)
        publishing = asyncio.create_task(bus.publish("events", b"7"))
        await asyncio.sleep(0)
        assert heard == [b"7"]  # before anything came back from Redis
        await bus.publish("typing", b"8")
        await publishing

    assert heard == [b"7"]


async def test_small_facts_are_kept_for_a_while(bus: Bus) -> None:
    await bus.remember("here:lan", "1", 30)
    assert await bus.recall("here:lan") == "1"
    await bus.forget("here:lan")
    assert await bus.recall("here:lan") is None
    await bus.remember("here:lan", "1", 0.001)
    await until(lambda: gone(bus))


async def gone(bus: Bus) -> bool:
    return await bus.recall("here:lan") is None


async def test_a_lease_is_held_by_one(bus: Bus) -> None:
    assert await bus.lease("sweep", "one", 30)
    assert await bus.lease("sweep", "one", 30)
    assert not await bus.lease("sweep", "two", 30)


async def test_tokens_run_out_and_come_back_with_time(bus: Bus) -> None:
    assert [await bus.token("chat", 2, 0.5, now=100.0) for _ in range(3)] == [0.0, 0.0, 2.0]
    assert await bus.token("chat", 2, 0.5, now=101.0) == 1.0
    assert await bus.token("chat", 2, 0.5, now=102.0) == 0.0


async def test_a_count_is_of_its_window(bus: Bus) -> None:
    assert [await bus.count("failures", 60) for _ in range(3)] == [1, 2, 3]


async def test_while_redis_is_away_nobody_rang_and_nothing_is_refused() -> None:
    began = time.monotonic()
    async with open_bus(NOWHERE) as bus:
        await bus.nudge("intake", ["a"])
        await bus.publish("events", b"7")
        await bus.remember("fact", "1", 30)
        assert await bus.take(["intake"], 10, 0.1) == ("", [])
        assert await bus.recall("fact") is None
        assert await bus.lease("sweep", "one", 30)
        assert await bus.token("chat", 1, 1, now=1.0) == 0.0
        assert await bus.count("failures", 60) == 0
        assert not await bus.ping()
    assert time.monotonic() - began < 9


@pytest.mark.parametrize("what", ["publish", "take", "nudge"])
async def test_a_task_that_is_told_to_end_ends_at_whatever_moment(fresh: StoreUrls, what: str) -> None:
    """redis-py swallows a cancellation that meets it while it connects; a worker then never stopped."""
    for turns in range(1, 12):
        async with open_bus(fresh.redis) as bus:
            calls: dict[str, Callable[[], Awaitable[object]]] = {
                "publish": lambda bus=bus: bus.publish("events", b"7"),
                "take": lambda bus=bus: bus.take(["intake"], 1, 0.5),
                "nudge": lambda bus=bus: bus.nudge("intake", ["a"]),
            }
            task = asyncio.create_task(then_wait(calls[what]))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            done, _ = await asyncio.wait({task}, timeout=2)
            assert done, f"told to end after {turns} turns"


async def then_wait(call: Callable[[], Awaitable[object]]) -> None:
    await call()
    await asyncio.Event().wait()
