"""The bell inside a process: what its own door rings reaches its own worker without the way through Redis and back.

What other processes ring is put in by the worker too. Like every nudge it only says where to look first.
"""

import asyncio
from collections.abc import Iterable

MOST = 256  # more than that wait for any worker, not for this one


class Bell:
    def __init__(self) -> None:
        self._lanes: dict[str, None] = {}
        self._rung = asyncio.Event()
        self._free = asyncio.Event()
        self._free.set()
        self.is_heard = False  # whether a worker of this process listens

    def ring(self, lanes: Iterable[str]) -> bool:
        """Ask this process's worker to look at these lanes; False when it does not listen, or has enough to do."""
        if not self.is_heard or len(self._lanes) >= MOST:
            return False
        self.put(lanes)
        return True

    def put(self, lanes: Iterable[str]) -> None:
        """Add lanes, whoever rang for them; one that is rung for already keeps its place."""
        for lane in lanes:
            self._lanes.setdefault(lane)
        if self._lanes:
            self._rung.set()
            self._free.clear()

    async def take(self, most: int) -> list[str]:
        """Up to `most` lanes, the longest waiting first; waits until there is one."""
        await self._rung.wait()
        taken = list(self._lanes)[:most]
        for lane in taken:
            del self._lanes[lane]
        if not self._lanes:
            self._rung.clear()
            self._free.set()
        return taken

    async def free(self) -> None:
        """Wait until nothing is left to take."""
        await self._free.wait()
