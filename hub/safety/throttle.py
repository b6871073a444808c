"""Sign-in failures, counted by email and by address, and the growing delay they bring.

The counts live in Redis, so that every process sees them; while Redis is away each process counts for itself.
A delay never locks a person out for good: it is at most five minutes, and one right password clears the email's count.
"""

import datetime as dt
from typing import Protocol

import structlog

from hub.errors import StoreDown, TooMany

FREE_BY_EMAIL = 5
FREE_BY_ADDRESS = 20  # an office has one address and many people
MOST_DELAY_S = 300
FORGET_S = 3600

log = structlog.get_logger(__name__)


class Counters(Protocol):
    """What the throttle needs of the bus; both raise StoreDown."""

    async def failures(self, key: str) -> tuple[int, float]:
        """How often, and when last in seconds since the epoch; (0, 0.0) when never or long ago."""
        ...

    async def add_failure(self, key: str, at_s: float, forget_s: int) -> None: ...

    async def clear_failures(self, key: str) -> None: ...


class Throttle:
    """Asks before a try, told after it."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._own = MemoryCounters()

    async def check(self, email: str, address: str, now: dt.datetime) -> None:
        """Raises TooMany while a delay runs, without looking at the password."""
        waits = [
            await self._wait_s(f"email:{email}", FREE_BY_EMAIL, now),
            await self._wait_s(f"address:{address}", FREE_BY_ADDRESS, now),
        ]
        wait_s = max(waits)
        if wait_s > 0:
            raise TooMany("Too many sign-ins failed. Wait a moment, then try again.", after_s=int(wait_s) + 1)

    async def failed(self, email: str, address: str, now: dt.datetime) -> None:
        """Count one failure for both."""
        for key in (f"email:{email}", f"address:{address}"):
            await self._own.add_failure(key, now.timestamp(), FORGET_S)
            try:
                await self._counters.add_failure(key, now.timestamp(), FORGET_S)
            except StoreDown as error:
                log.warning("sign-in failures are counted in memory", why=str(error))

    async def succeeded(self, email: str) -> None:
        """Forget the email's failures; the address's stay, or one good account would open the door to guessing."""
        await self._own.clear_failures(f"email:{email}")
        try:
            await self._counters.clear_failures(f"email:{email}")
        except StoreDown as error:
            log.warning("sign-in failures could not be cleared", why=str(error))

    async def _wait_s(self, key: str, free: int, now: dt.datetime) -> float:
        count, last_s = await self._own.failures(key)
        try:
            shared, shared_last_s = await self._counters.failures(key)
            count, last_s = (shared, shared_last_s) if shared >= count else (count, last_s)
        except StoreDown:
            pass  # said in `failed`; the own count holds
        return delay_s(count, free) - (now.timestamp() - last_s)


def delay_s(failures: int, free: int) -> float:
    """Seconds to wait after the last failure: none for the first `free`, then 1, 2, 4 … up to five minutes."""
    return 0.0 if failures < free else float(min(2 ** min(failures - free, 16), MOST_DELAY_S))


class MemoryCounters:
    """Failures as this process saw them; the oldest are dropped when there are too many keys."""

    MOST_KEYS = 10_000

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, float]] = {}

    async def failures(self, key: str) -> tuple[int, float]:
        return self._seen.get(key, (0, 0.0))

    async def add_failure(self, key: str, at_s: float, forget_s: int) -> None:
        count, last_s = self._seen.pop(key, (0, 0.0))
        self._seen[key] = (1 if at_s - last_s > forget_s else count + 1, at_s)
        while len(self._seen) > self.MOST_KEYS:
            del self._seen[next(iter(self._seen))]

    async def clear_failures(self, key: str) -> None:
        self._seen.pop(key, None)
