"""Marking: what is logged and told is marked done a moment later, the arrivals of many chunks in one command.

Their event, journaled behind all that was written, made them safe. A crash before the mark only lets them be done
again, under the same ids.
"""

import asyncio
from collections.abc import Iterable

import structlog

from hub.errors import StoreDown
from hub.model import ArrivalId
from hub.store import Store

log = structlog.get_logger()

GATHER_S = 0.1
AWAY_S = 1.0


class Marker:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._left: dict[ArrivalId, None] = {}
        self._running: asyncio.Task[None] | None = None

    def holds(self, id_: ArrivalId) -> bool:
        """Whether this one is logged and only its mark is missing."""
        return id_ in self._left

    def later(self, ids: Iterable[ArrivalId]) -> None:
        """Mark these soon; all that they led to must be journaled."""
        self._left |= dict.fromkeys(ids)
        if self._left and (self._running is None or self._running.done()):
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._left:
            await asyncio.sleep(GATHER_S)
            try:
                await self.flush()
            except StoreDown as error:
                log.warning("marks wait", why=str(error), arrivals=len(self._left))
                await asyncio.sleep(AWAY_S)

    async def flush(self) -> None:
        """Mark what is left. Raises StoreDown; then it is left still."""
        if batch := list(self._left):
            await self._store.arrivals.mark([], batch, durably=False)
            for one in batch:
                self._left.pop(one, None)
