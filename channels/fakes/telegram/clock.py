"""Whose time it is: the machine's, or one that a test turns."""

import asyncio
import heapq
import itertools
import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class MachineClock:
    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class TurnedClock:
    """Stands still until it is turned; whoever sleeps past the new time wakes in order."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._numbers = itertools.count()
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self._now + seconds, next(self._numbers), waking))
        await waking

    def pass_s(self, seconds: float) -> None:
        self._now += seconds
        while self._asleep and self._asleep[0][0] <= self._now:
            _, _, waking = heapq.heappop(self._asleep)
            if not waking.done():
                waking.set_result(None)

    @property
    def sleepers(self) -> list[float]:
        """In how many seconds each of those who sleep wakes."""
        return sorted(at - self._now for at, _, waking in self._asleep if not waking.done())
