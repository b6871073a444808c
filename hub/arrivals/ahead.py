"""Reading ahead: what this process kept just now is read while the ledger is asked whether that is all that waits.

If it is not, the reading was in vain: all is read again in its order, which leaves the same rows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from hub.model import Arrival

T = TypeVar("T")


class Ahead(Generic[T]):
    """One chunk that is being read on trust."""

    def __init__(self, guess: Sequence[Arrival], read: Callable[[Sequence[Arrival]], Awaitable[T]]) -> None:
        self._guess = list(guess)
        self._read = read
        self._reading = asyncio.ensure_future(read(self._guess)) if self._guess else None

    async def of(self, arrivals: Sequence[Arrival]) -> T:
        """What these mean: read already if they are what was guessed."""
        reading = self._reading
        if reading is not None and list(arrivals) == self._guess:
            self._reading = None
            return await reading
        await self.drop()
        return await self._read(arrivals)

    async def drop(self) -> None:
        """Nobody needs what is still being read."""
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()
            await asyncio.wait({reading})
            if not reading.cancelled():
                reading.exception()  # what failed in vain fails again where it matters
