"""Failures bring a growing delay, by email and by address, with Redis and without."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from hub.bus import Bus, open_bus
from hub.embedded import StoreUrls
from hub.errors import TooMany
from hub.safety.throttle import FREE_BY_ADDRESS, FREE_BY_EMAIL, MOST_DELAY_S, Throttle, delay_s

EMAIL, ADDRESS = "lan@shop.example", "203.0.113.7"


@pytest.fixture
async def bus(fresh: StoreUrls) -> AsyncIterator[Bus]:
    async with open_bus(fresh.redis) as made:
        yield made


@pytest.fixture
async def away() -> AsyncIterator[Bus]:
    """A Redis that nobody runs."""
    async with open_bus("unix:///nonexistent/redis.sock") as made:
        yield made


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def fail(throttle: Throttle, times: int, email: str = EMAIL, address: str = ADDRESS) -> None:
    for _ in range(times):
        await throttle.failed(email, address, now())


async def test_the_first_failures_cost_nothing(bus: Bus) -> None:
    throttle = Throttle(bus)
    await fail(throttle, FREE_BY_EMAIL - 1)

    await throttle.check(EMAIL, ADDRESS, now())


async def test_the_next_one_has_to_wait_in_every_process(bus: Bus) -> None:
    await fail(Throttle(bus), FREE_BY_EMAIL)

    with pytest.raises(TooMany) as raised:
        await Throttle(bus).check(EMAIL, "198.51.100.1", now())
    assert raised.value.after_s >= 1


async def test_one_address_that_tries_many_emails_has_to_wait(bus: Bus) -> None:
    throttle = Throttle(bus)
    for number in range(FREE_BY_ADDRESS):
        await throttle.failed(f"agent{number}@shop.example", ADDRESS, now())

    with pytest.raises(TooMany):
        await throttle.check("another@shop.example", ADDRESS, now())
    await throttle.check("another@shop.example", "198.51.100.1", now())


async def test_the_right_password_clears_the_email(bus: Bus) -> None:
    throttle = Throttle(bus)
    await fail(throttle, FREE_BY_EMAIL)

    await throttle.succeeded(EMAIL)

    await throttle.check(EMAIL, ADDRESS, now())
    await Throttle(bus).check(EMAIL, ADDRESS, now())


async def test_without_redis_this_process_counts_for_itself(away: Bus) -> None:
    throttle = Throttle(away)
    await fail(throttle, FREE_BY_EMAIL)

    with pytest.raises(TooMany):
        await throttle.check(EMAIL, ADDRESS, now())


async def test_a_delay_ends_by_itself(bus: Bus) -> None:
    throttle = Throttle(bus)
    await fail(throttle, FREE_BY_EMAIL)

    await throttle.check(EMAIL, ADDRESS, now() + dt.timedelta(seconds=2))


def test_the_delay_doubles_and_never_passes_five_minutes() -> None:
    assert [delay_s(failures, 5) for failures in (4, 5, 6, 7)] == [0, 1, 2, 4]
    assert delay_s(10_000, 5) == MOST_DELAY_S
