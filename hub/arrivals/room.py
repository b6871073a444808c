"""Room: a listener waits while too much of what it kept is still new, so that its platform keeps the rest.

How much that is, is told by samples: reading everything that waits would cost the database more than logging it.
"""

import asyncio
from collections.abc import Sequence

from hub.model import ArrivalId
from hub.store import Store

LOOK_EVERY = 200  # arrivals between two looks
MOST_WAITING = 2_000
EACH = 50  # arrivals that one sample stands for


class Room:
    """Of one listener. What it kept before it began anew is not counted: at most as much again waits then."""

    def __init__(self, store: Store, pause_s: float) -> None:
        self._store = store
        self._pause_s = pause_s
        self._kept = 0
        self._unlooked = 0
        self._samples: list[ArrivalId] = []

    async def wait(self, kept: Sequence[ArrivalId]) -> None:
        """These were kept as well; ends when there is room for more. Raises StoreDown."""
        self._samples += sampled(kept, self._kept)
        self._kept += len(kept)
        self._unlooked += len(kept)
        if self._unlooked < LOOK_EVERY:
            return
        self._unlooked = 0
        while not await self._is_there():
            await asyncio.sleep(self._pause_s)

    async def _is_there(self) -> bool:
        asked = set(self._samples)
        done = asked - await self._store.arrivals.still_new(asked)
        self._samples = [one for one in self._samples if one not in done]
        return len(self._samples) * EACH < MOST_WAITING


def sampled(kept: Sequence[ArrivalId], before: int) -> Sequence[ArrivalId]:
    """Every fiftieth of all that a listener keeps, `before` having been kept before these."""
    return kept[-(before + 1) % EACH :: EACH]
