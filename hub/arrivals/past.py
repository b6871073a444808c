"""The past: a listener's history is logged before it is kept, and kept as done, which halves what the ledger writes.

A platform that is asked again has it still, and the cursor moves behind it only when it is logged and kept. So a crash
leaves it with the platform, and it is done again under the same ids. What cannot be logged at once is kept as news is.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Sequence

from channels.base import RawArrival
from hub.arrivals.door import Door
from hub.arrivals.intake import Intake, PastRead
from hub.model import Account, Arrival, ArrivalId
from hub.store import Store

CHUNK = 250  # logged together; the next one is read meanwhile


class Past:
    def __init__(self, store: Store, door: Door, intake: Intake) -> None:
        self._store = store
        self._door = door
        self._intake = intake

    async def keep(self, account: Account, raws: Sequence[RawArrival]) -> list[ArrivalId]:
        """Log and keep these; those that only were kept, for intake to log, are answered.

        Raises StoreDown; then nothing may be acknowledged.
        """
        arrivals = await self._door.places(account, raws)
        times = Counter(one.id for one in arrivals)
        known = await self._store.arrivals.known(times)
        new = [one for one in arrivals if one.id not in known and times[one.id] == 1]
        wait = {*known, *(id_ for id_, count in times.items() if count > 1), *await self._log(new)}
        left = [raw for raw, one in zip(raws, arrivals, strict=True) if one.id in wait]
        return await self._door.keep(account, left) if left else []

    async def _log(self, arrivals: Sequence[Arrival]) -> list[ArrivalId]:
        """Those that must be kept first."""
        left: list[Arrival] = []
        async with contextlib.aclosing(self._reads(sorted(arrivals, key=lambda one: one.order))) as reads:
            async for read in reads:
                left += await self._intake.log_past(read)
        return [one.id for one in left]

    async def _reads(self, arrivals: list[Arrival]) -> AsyncGenerator[PastRead]:
        """Chunk by chunk in their order, one being read while the one before is logged."""
        chunks = [arrivals[start : start + CHUNK] for start in range(0, len(arrivals), CHUNK)]
        coming: asyncio.Task[PastRead] | None = None
        try:
            for chunk in chunks:
                before, coming = coming, asyncio.create_task(self._intake.read_past(chunk))
                if before is not None:
                    yield await before
            if coming is not None:
                yield await coming
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
