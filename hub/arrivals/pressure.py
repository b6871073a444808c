"""Back-pressure: how far intake is behind what was acknowledged, told over the doorbell to the sources that can wait.

Web chat, IMAP and polling wait without loss; a platform's webhook does not, and is always taken while there is room.
"""

import asyncio
import time

from hub.bus import Bus

KEY = "lag"
TOLD_FOR_S = 1.0  # what a worker said of its lag holds no longer than this
ASK_EVERY_S = 0.1
EASY_S = 0.5  # lag that nobody has to wait for
LONGEST_WAIT_S = 2.0


class Pressure:
    """One per process: the worker reports, whoever receives waits."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._lag_s = 0.0
        self._asked = -ASK_EVERY_S
        self._worst_s = 0.0

    def note(self, lag_s: float) -> None:
        """A chunk was logged this long after its oldest arrival had come."""
        self._worst_s = max(self._worst_s, lag_s)

    async def report(self) -> None:
        """Tell the worst since the last report, for ever; ease is not told, it follows from silence."""
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            if self._worst_s > EASY_S:
                await self._bus.remember(KEY, f"{self._worst_s:.3f}", TOLD_FOR_S)
            self._worst_s = 0.0

    async def wait(self) -> None:
        """Hold a source that can wait for as long as intake is behind, `LONGEST_WAIT_S` at most."""
        if time.monotonic() - self._asked >= ASK_EVERY_S:
            self._asked = time.monotonic()
            self._lag_s = float(await self._bus.recall(KEY) or 0.0)
        if self._lag_s > EASY_S:
            await asyncio.sleep(min(self._lag_s - EASY_S, LONGEST_WAIT_S))
