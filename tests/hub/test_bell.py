"""The bell inside a process."""

import asyncio

from hub.bell import MOST, Bell


async def test_nobody_is_rung_for_who_does_not_listen() -> None:
    bell = Bell()
    assert not bell.ring(["a"])


async def test_lanes_are_taken_once_each_in_the_order_of_their_ringing() -> None:
    bell = Bell()
    bell.is_heard = True
    assert bell.ring(["b", "a"])
    assert bell.ring(["c", "b"])
    assert await bell.take(2) == ["b", "a"]
    assert await bell.take(2) == ["c"]


async def test_whoever_takes_waits_until_somebody_rings() -> None:
    bell = Bell()
    bell.is_heard = True
    waiting = asyncio.create_task(bell.take(5))
    bell.ring(["a"])
    assert await waiting == ["a"]


async def test_a_worker_with_enough_to_do_leaves_the_rest_to_others() -> None:
    bell = Bell()
    bell.is_heard = True
    assert bell.ring(map(str, range(MOST)))
    assert not bell.ring(["one more"])


async def test_others_are_heard_only_when_everything_was_taken() -> None:
    bell = Bell()
    bell.put(["a", "b"])
    free = asyncio.create_task(bell.free())
    await bell.take(1)
    assert not free.done()
    await bell.take(1)
    await free
