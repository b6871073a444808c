"""The worker: takes nudges, runs intake, triage and delivery, and sweeps for what a lost nudge left.

Every loop survives a ledger that goes away: it waits and goes on. Nothing here is needed for correctness but the work
itself; leases and nudges only say where to look first.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from hub.arrivals.entries import Fresh
from hub.arrivals.intake import Intake
from hub.arrivals.triage import Triage
from hub.bus import Bus
from hub.departures.change import Changer
from hub.departures.deliver import Deliverer
from hub.errors import StoreDown
from hub.store import Store

log = structlog.get_logger()

T = TypeVar("T")

TAKE_S = 2.0
MOST_LANES = 200
SWEEP_S = 1.0
AWAY_S = 1.0
# A sweep leaves alone what is younger: its nudge is most likely being answered.
YOUNG = dt.timedelta(seconds=2)
WINDOW = dt.timedelta(seconds=10)
ASK_AGAIN = dt.timedelta(seconds=60)
INTAKES = 2  # batches in work at the same time: one computes while the other waits for the database


class Worker:
    def __init__(
        self,
        store: Store,
        bus: Bus,
        intake: Intake,
        triage: Triage,
        deliverer: Deliverer,
        changer: Changer,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._bus = bus
        self._intake = intake
        self._triage = triage
        self._deliverer = deliverer
        self._changer = changer
        self._clock = clock
        self._busy: set[str] = set()
        self._again: set[str] = set()
        self._low: dict[str, tuple[dt.datetime, dt.datetime]] = {}

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(INTAKES):
                tasks.create_task(self._forever(self._take_in))
            tasks.create_task(self._triage.run())
            tasks.create_task(self._forever(self._take_out))
            tasks.create_task(self._every(SWEEP_S, self._sweep))

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except StoreDown as error:
                log.warning("worker waits", why=str(error))
                await asyncio.sleep(AWAY_S)

    async def _every(self, pause_s: float, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except StoreDown as error:
                log.warning("sweep waits", why=str(error))
            await asyncio.sleep(pause_s)

    # -- nudges -------------------------------------------------------------------------------------------------------

    async def _take_in(self) -> None:
        _, lanes = await self._bus.take(["intake"], MOST_LANES, TAKE_S)
        await self._take_in_lanes(lanes)

    async def _take_in_lanes(self, lanes: list[str]) -> None:
        """Log these lanes, none of them in two of our own batches at once."""
        free = [lane for lane in lanes if lane not in self._busy]
        self._again |= {lane for lane in lanes if lane in self._busy}
        if not free:
            return
        self._busy |= set(free)
        try:
            await self._intake.process(free, self._triage.offer)
        finally:
            self._busy -= set(free)
            again = self._again & set(free)  # rung while in work: look once more
            self._again -= again
            await self._bus.nudge("intake", again)

    async def _take_out(self) -> None:
        """Replies before campaigns: the second kind is looked at only when the first has none."""
        _, lanes = await self._bus.take(["deliver0", "deliver1"], MOST_LANES, TAKE_S)
        if lanes:
            await self._deliverer.process(lanes)

    # -- sweeps -------------------------------------------------------------------------------------------------------

    async def _sweep(self) -> None:
        now = self._clock()
        await self._take_in_lanes(await self._left_behind("new", now))
        await self._triage_left_behind(now)
        lanes = await self._deliverer.expire()
        for rank in (0, 1):
            lanes += await self._due(rank, now)
        if lanes:
            await self._deliverer.process(sorted(set(lanes)))
        await self._changer.wake()

    async def _left_behind(self, state: str, now: dt.datetime) -> list[str]:
        found = await self._window(
            state,
            now - YOUNG,
            lambda: self._store.arrivals.oldest(state),
            lambda since, until: self._store.arrivals.in_state(state, since, until),
        )
        return sorted({one.lane for one in found})[:MOST_LANES]

    async def _triage_left_behind(self, now: dt.datetime) -> None:
        found = await self._window(
            "logged",
            now - YOUNG,
            lambda: self._store.arrivals.oldest("logged"),
            lambda since, until: self._store.arrivals.in_state("logged", since, until),
        )
        by_message = {id_: one for one in found for id_ in one.messages}
        if by_message:
            read = await self._triage.again(list(by_message))
            fresh = [
                Fresh(arrival=by_message[message.id], message=message, conversation=conversation)
                for message, conversation in read
            ]
            await self._triage.process(fresh)

    async def _due(self, rank: int, now: dt.datetime) -> list[str]:
        return await self._window(
            f"deliver{rank}",
            now,
            lambda: self._store.outbox.oldest(rank),
            lambda since, until: self._store.outbox.due(rank, since, until),
        )

    async def _window(
        self,
        name: str,
        until: dt.datetime,
        oldest: Callable[[], Awaitable[dt.datetime | None]],
        look: Callable[[dt.datetime, dt.datetime], Awaitable[list[T]]],
    ) -> list[T]:
        """The first window before `until` in which something was left, so that no sweep reads a whole backlog.

        Where to begin is asked of the ledger once a minute: something old may have come back, from quarantine say.
        """
        low, asked = self._low.get(name, (until, until - ASK_AGAIN))
        if until - asked >= ASK_AGAIN:
            low, asked = await oldest() or until, until
        width = WINDOW
        while low < until:
            high = min(low + width, until)
            found = await look(low, high)
            if found:
                self._low[name] = (low, asked)
                return found
            low, width = high, width * 2
        self._low[name] = (min(low, until), asked)
        return []
