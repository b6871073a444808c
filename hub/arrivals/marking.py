"""Marking: what is logged and told is crossed out of its docket a moment later, the arrivals of many chunks together.

Their event, journaled, made their entries safe; a row may be behind it, and is safe before a mark in the same log. So
what was written before the database broke stays new. A crash before the mark only lets them be done again, under the
same ids.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import structlog

from hub.logs import where
from hub.model import Arrival, ArrivalId
from hub.store import Store

log = structlog.get_logger()

GATHER_S = 0.1
AWAY_S = 1.0


class Marker:
    def __init__(self, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._clock = clock
        self._left: dict[ArrivalId, int] = {}  # with how often the database had broken before all that they led to
        self._doubtful: set[ArrivalId] = set()  # perhaps marked by a database that came back without their rows
        self._running: asyncio.Task[None] | None = None

    def held(self) -> dict[ArrivalId, int]:
        """What is logged and only lacks its mark now. To be asked before a look at what waits, for `without`."""
        return dict(self._left)

    def without(self, waiting: Iterable[Arrival], before: Mapping[ArrivalId, int]) -> list[Arrival]:
        """Those that are not logged: a look still sees named what was marked before its answer came."""
        logged, breaks = {**before, **self._left}, self._store.ledger.breaks.count
        return [one for one in waiting if logged.get(one.id) != breaks]

    def later(self, ids: Iterable[ArrivalId], breaks: int) -> None:
        """Mark these soon, unless the database breaks more often than that before; what tells of them is journaled."""
        self._left |= dict.fromkeys(ids, breaks)
        if self._left and (self._running is None or self._running.done()):
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._left or self._doubtful:
            await asyncio.sleep(GATHER_S)
            try:
                await self.flush()
            except Exception as error:
                log.warning("marks wait", why=type(error).__name__, at=where(error), arrivals=len(self._left))
                await asyncio.sleep(AWAY_S)

    async def flush(self) -> None:
        """Mark what is left. Raises StoreDown; then it is left still."""
        await self._take_back()
        breaks = self._store.ledger.breaks.count
        self._left = {one: before for one, before in self._left.items() if before == breaks}
        if not (batch := set(self._left)):
            return
        try:
            await self._store.arrivals.mark([], sorted(batch), durably=False)
        finally:  # also when only a part of it was written
            if self._store.ledger.breaks.count != breaks:
                self._doubtful.update(batch)
        await self._take_back()
        self._left = {one: before for one, before in self._left.items() if before != breaks or one not in batch}

    async def _take_back(self) -> None:
        """What may be marked without its rows is new again, so that it is done again. Raises StoreDown."""
        if batch := list(self._doubtful):
            marked = [one for one in (await self._store.arrivals.by_ids(batch)).values() if one.state == "done"]
            await self._store.arrivals.release(marked, self._clock())
            self._doubtful.difference_update(batch)
