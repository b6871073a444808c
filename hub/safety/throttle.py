"""Sign-in failures, counted by email and by address, and the growing delay they bring.

The counts ride on the bus, so that every process sees them; while Redis is away each process counts for itself.
A delay never locks a person out for good: it is at most five minutes, and one right password clears the email's count.
"""

import asyncio
import contextlib
import datetime as dt
import hashlib
from collections.abc import AsyncIterator
from weakref import WeakValueDictionary

import msgspec

from hub.bus import Bus
from hub.errors import TooMany

FREE_BY_EMAIL = 5
FREE_BY_ADDRESS = 20  # an office has one address and many people
MOST_DELAY_S = 300
WINDOW_S = 3600
MOST_KEYS = 10_000  # counted in memory; the oldest go first


class Failures(msgspec.Struct, frozen=True):
    """Of one key, as this process saw them; times in seconds since the epoch."""

    count: int
    since_s: float
    until_s: float


class Throttle:
    """Asked before a try, told after it."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._own: dict[str, Failures] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def trying(self, email: str, address: str, now: dt.datetime) -> AsyncIterator[None]:
        """One try at a time by email and by address, or a crowd would pass before its first failure; raises TooMany."""
        (by_email, _), (by_address, _) = _keys(email, address)
        async with self._lock(by_address), self._lock(by_email):
            await self.check(email, address, now)
            yield

    def _lock(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())

    async def check(self, email: str, address: str, now: dt.datetime) -> None:
        """Raises TooMany while a delay runs, without looking at the password."""
        wait_s = max([await self._until(key) - now.timestamp() for key, _ in _keys(email, address)])
        if wait_s > 0:
            raise TooMany("Too many sign-ins failed. Wait a moment, then try again.", after_s=int(wait_s) + 1)

    async def failed(self, email: str, address: str, now: dt.datetime) -> None:
        """Count one failure for both, and begin the delay that it brings."""
        for key, free in _keys(email, address):
            shared = await self._bus.count(key, WINDOW_S)
            delay = delay_s(max(shared, self._count(key, now)), free)
            if delay:
                until = now.timestamp() + delay
                self._own[key] = msgspec.structs.replace(self._own[key], until_s=until)
                await self._bus.remember(f"wait:{key}", str(until), delay)

    async def succeeded(self, email: str) -> None:
        """Forget the email's failures; the address's stay, or one good account would open the door to guessing."""
        key, _ = _keys(email, "")[0]
        self._own.pop(key, None)
        await self._bus.forget(f"count:{key}")
        await self._bus.forget(f"wait:{key}")

    async def _until(self, key: str) -> float:
        own = self._own[key].until_s if key in self._own else 0.0
        return max(own, float(await self._bus.recall(f"wait:{key}") or 0))

    def _count(self, key: str, now: dt.datetime) -> int:
        seen = self._own.pop(key, None)
        if seen is None or now.timestamp() - seen.since_s > WINDOW_S:
            seen = Failures(0, now.timestamp(), 0.0)
        self._own[key] = Failures(seen.count + 1, seen.since_s, seen.until_s)
        while len(self._own) > MOST_KEYS:
            del self._own[next(iter(self._own))]
        return seen.count + 1


def delay_s(failures: int, free: int) -> float:
    """Seconds to wait after the last failure: none for the first `free`, then 1, 2, 4 … up to five minutes."""
    return 0.0 if failures < free else float(min(2 ** min(failures - free, 16), MOST_DELAY_S))


def _keys(email: str, address: str) -> list[tuple[str, int]]:
    """Hashed: Redis is no place for people's addresses."""
    return [
        (f"signin:email:{_hashed(email)}", FREE_BY_EMAIL),
        (f"signin:address:{_hashed(address)}", FREE_BY_ADDRESS),
    ]


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
