"""The worker: takes nudges, runs intake, triage and delivery, and sweeps for what a lost nudge left.

Every loop survives a ledger that goes away: it waits and goes on. Nothing here is needed for correctness but the work
itself; leases and nudges only say where to look first.
"""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence

import structlog

from hub.arrivals.door import NUDGE
from hub.arrivals.entries import Fresh
from hub.arrivals.intake import Intake, nobody_waits
from hub.arrivals.triage import Triage
from hub.bell import Bell
from hub.bus import Bus
from hub.departures.change import Changer
from hub.departures.deliver import Deliverer
from hub.errors import StoreDown
from hub.model import Arrival
from hub.people.mailable import MAIL
from hub.store import Store

log = structlog.get_logger()

TAKE_S = 2.0
MOST_LANES = 64  # a longer list costs the embedded database more for each row than a further command does
SWEEP_S = 1.0
AWAY_S = 1.0
FULL_S = 0.05
DRAIN_S = 5.0
# A sweep leaves alone what is younger: its nudge is most likely being answered.
YOUNG = dt.timedelta(seconds=2)
YOUNG_ALONE = dt.timedelta(milliseconds=200)  # while Redis is away there are no nudges
WINDOW = dt.timedelta(seconds=2)
STORED = dt.timedelta(seconds=30)  # within this a message that is due stands in the ledger
ASK_AGAIN = dt.timedelta(seconds=60)
WAKE_S = 5.0  # it reads everything that is snoozed, or that intake is behind with
LATE_S = 15.0
EXPIRE_S = 60.0
TIDY_S = 3600.0
CLEAR_S, MOST_CLEARED = 60.0, 50  # contents of uploads that nobody sent
TIDIED = "tidied-before"
STAY = (MAIL,)  # the channels whose raw arrivals are never dropped
OVERLAP = dt.timedelta(days=1)
# Batches in work at the same time: one is written, one is read; two are left when a mail hangs its reader, or the disk.
INTAKES = 4


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
        errands: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self._errands = errands
        self._store = store
        self._bus = bus
        self._intake = intake
        self._triage = triage
        self._deliverer = deliverer
        self._changer = changer
        self._clock = clock
        self._bell = bus.bells.setdefault(NUDGE, Bell())
        self._taking = asyncio.Lock()
        self._busy: set[str] = set()
        self._tried: set[str] = set()  # by this round of sweeps
        self._again: set[str] = set()
        self._due_low: dict[int, tuple[dt.datetime, dt.datetime]] = {}

    async def run(self) -> None:
        """Work until cancelled; then let the sends that are under way end."""
        try:
            self._bell.is_heard = True
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._forever(self._hear))
                for _ in range(INTAKES):
                    tasks.create_task(self._forever(self._take_in))
                tasks.create_task(self._forever(self._triage.step))
                tasks.create_task(self._forever(self._take_out))
                for sweep in self._sweeps():  # none stops the others
                    tasks.create_task(self._forever(sweep, SWEEP_S))
                tasks.create_task(self._forever(self._wake, WAKE_S))
                tasks.create_task(self._forever(self._gather, WAKE_S))
                tasks.create_task(self._forever(self._triage.tag_again, LATE_S))
                tasks.create_task(self._forever(self._expire, EXPIRE_S))
                tasks.create_task(self._forever(self.tidy, TIDY_S))
                tasks.create_task(self._forever(self.clear, CLEAR_S))
        finally:
            self._bell.is_heard = False
            await self._deliverer.drain(DRAIN_S)
            with contextlib.suppress(StoreDown):
                await self._intake.finish()

    def _sweeps(self) -> list[Callable[[], Awaitable[None]]]:
        return [self._sweep_arrivals, self._sweep_departures, *self._errands]

    async def _forever(self, step: Callable[[], Awaitable[None]], pause_s: float = 0.0) -> None:
        """Do it again and again. No error ends a worker: what it left undone is found by the next sweep."""
        while True:
            try:
                await step()
                await asyncio.sleep(pause_s)
            except StoreDown as error:
                log.warning("worker waits", why=str(error))
                await asyncio.sleep(AWAY_S)
            except Exception as error:  # a bug of ours: say so, and go on with the rest
                log.error("worker step failed", why=type(error).__name__)
                await asyncio.sleep(AWAY_S)

    # -- nudges -------------------------------------------------------------------------------------------------------

    async def _hear(self) -> None:
        """What other processes rang for; left to their workers while there is enough to do here."""
        await self._bell.free()
        _, lanes = await self._bus.take([NUDGE], MOST_LANES, TAKE_S)
        self._bell.put(lanes)

    async def _take_in(self) -> None:
        """One round. The next one takes lanes when this one's words are written, or begin to be: all rung till then."""
        with contextlib.ExitStack() as turn:
            await self._taking.acquire()
            turn.callback(self._taking.release)
            lanes = await self._bell.take(MOST_LANES)
            await self._take_in_lanes(lanes, turn.close)

    async def _take_in_lanes(self, lanes: list[str], going: Callable[[], None] = nobody_waits) -> None:
        """Log these lanes, none of them in two of our own batches at once."""
        free = [lane for lane in lanes if lane not in self._busy]
        self._again |= {lane for lane in lanes if lane in self._busy}
        if not free:
            return
        self._busy |= set(free)
        try:
            await self._intake.process(free, self._triage.offer, going)
        finally:
            self._busy -= set(free)
            again = self._again & set(free)  # rung while in work: look once more
            self._again -= again
            await self._bus.nudge(NUDGE, again)

    async def _take_out(self) -> None:
        """Replies before campaigns: the second kind is looked at only when the first has none."""
        kinds = [f"deliver{rank}" for rank in (0, 1) if self._deliverer.room(rank) > 0]
        if not kinds:
            await asyncio.sleep(FULL_S)
            return
        most = min(self._deliverer.room(rank) for rank in (0, 1) if f"deliver{rank}" in kinds)
        _, lanes = await self._bus.take(kinds, min(MOST_LANES, most), TAKE_S)
        if lanes:
            await self._deliverer.start(lanes)

    # -- sweeps -------------------------------------------------------------------------------------------------------

    async def _sweep_departures(self) -> None:
        """Leases that ran out, then what is due: replies first, and campaigns only as far as there is room."""
        taken_back = await self._deliverer.expire()
        for rank in (0, 1):
            lanes = [lane for lane in taken_back if lane.endswith(f":{rank}")] + await self._due(rank, self._clock())
            room = self._deliverer.room(rank)
            if lanes and room > 0:
                await self._deliverer.start(list(dict.fromkeys(lanes))[: min(room, MOST_LANES)])

    async def _wake(self) -> None:
        await self._changer.wake()

    async def _sweep_arrivals(self) -> None:
        """What was kept a moment ago and is not done: the longest waiting first."""
        before = self._clock() - (YOUNG_ALONE if self._bus.away else YOUNG)
        lanes = await self._store.arrivals.waiting_lanes(before)
        free = [lane for lane in lanes if lane not in self._busy]
        left = [lane for lane in free if lane not in self._tried]
        if not left:
            self._tried, left = set(), free
        some = left[:MOST_LANES]
        self._tried |= set(some)
        await self._take_in_lanes(some)
        await self._triage_again(await self._store.arrivals.untriaged(before))

    async def _gather(self) -> None:
        await self._store.arrivals.gather_dockets(self._clock() - YOUNG)

    async def _triage_again(self, arrivals: list[Arrival]) -> None:
        by_message = {id_: one for one in arrivals for id_ in one.messages}
        if by_message:
            read = await self._triage.again(list(by_message))
            fresh = [
                Fresh(arrival=by_message[message.id], message=message, conversation=conversation)
                for message, conversation in read
            ]
            await self._triage.process(fresh)
            lost = {one.id for one in arrivals} - {one.arrival.id for one in fresh}
            if lost:  # nothing is left of them to triage; they must not hold up the sweep
                log.error("logged arrivals without their messages", arrivals=len(lost))
                await self._store.arrivals.triaged(sorted(lost), [], self._clock())

    async def _due(self, rank: int, now: dt.datetime) -> list[str]:
        """Lanes with something due, some of each window: one that waits must not hide those behind it.

        Where to begin is asked once a minute. The last windows are looked at again and again, since a message is due
        from the time that it was written and stands in the ledger a little later.
        """
        low, asked = self._due_low.get(rank, (now, now - ASK_AGAIN))
        if now - asked >= ASK_AGAIN:
            low, asked = await self._store.outbox.oldest(rank) or now, now
        begin, width, lanes = low, WINDOW, list[str]()
        while low < now and len(lanes) < MOST_LANES:
            high = min(low + width, now)
            lanes += self._deliverer.awake(await self._store.outbox.due(rank, low, high))
            begin = begin if lanes else high
            low, width = high, width * 2
        self._due_low[rank] = (min(begin, now - STORED), asked)
        return lanes

    async def _expire(self) -> None:
        await self._store.expiry.sweep(self._clock())

    async def tidy(self) -> None:
        """Drop raw arrivals that are older than their days; mails stay, as long as their messages do.

        What was looked at stays behind a mark: mails are large, and all of them would be read every hour.
        """
        arrivals, now, mark = self._store.arrivals, self._clock(), await self._store.cursors.get(TIDIED)
        await arrivals.adopt()
        await arrivals.forget_strays(now - dt.timedelta(seconds=TIDY_S))
        await arrivals.drop_raw(now, dt.datetime.fromisoformat(mark) if mark else None, STAY)
        looked_at = min(now - arrivals.raw - OVERLAP, await arrivals.oldest_undone() or now)
        await self._store.cursors.move(TIDIED, looked_at.isoformat(), now)

    async def clear(self) -> None:
        """Clear away some files that were uploaded and never sent."""
        await self._store.files.sweep(self._clock(), MOST_CLEARED)
