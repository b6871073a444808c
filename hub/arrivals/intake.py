"""Intake: from kept arrivals to entries in the log, lane by lane, in batches. Doing any of it twice changes nothing.

A batch writes in this order: people, messages, conversations beside events, the last of them journaled; only then is
anything published, and the arrivals are marked. Whatever a crash leaves is found again as *new* and redone under the
same ids.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog

from channels.base import Channel
from hub.arrivals.ahead import Ahead
from hub.arrivals.appending import Appender, Read
from hub.arrivals.entries import Fresh, marks, untagged
from hub.arrivals.marking import Marker
from hub.arrivals.tagging import Tagger
from hub.arrivals.understanding import Understanding, Understood
from hub.errors import StoreDown
from hub.events import Announcer
from hub.logs import where
from hub.model import Arrival
from hub.people.accounts import AccountBook
from hub.routing.book import Known
from hub.store import Store

log = structlog.get_logger()

CHUNK = 200  # arrivals logged together: some ten commands, whatever their number
# From so many entries on the next chunk is read while this one is written. Beside a few it waits instead: what comes
# meanwhile shares its commands, and the stores have a fifth less to do for each message.
CROWD = 8


class _Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A chunk that may be written, and what nobody understands of it; `breaks` of the database before it was read."""

    read: Read
    unclear: list[tuple[Arrival, str]]
    breaks: int


class PastRead(msgspec.Struct, frozen=True, kw_only=True):
    """History that was read and is neither kept nor logged; `unclear` is what nobody understands of it."""

    understood: list[Understood]
    unclear: list[Arrival]
    breaks: int


def nobody_waits() -> None:
    """For those who take what waits without others behind them."""


class Intake:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
        tagger: Tagger,
        most_file_bytes: int = 25_000_000,
        known: Callable[[], Known] = Known,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock
        self._understanding = Understanding(store, announcer, accounts, channels, clock, most_file_bytes)
        self._appender = Appender(store, announcer, accounts, clock, tagger, self._understanding.names, known)
        # Chunks take turns in writing: two at once only make the database slower. The next is read meanwhile.
        self._writing = asyncio.Lock()
        self._marker = Marker(store, clock)

    async def process(
        self, lanes: list[str], offer: Callable[[list[Fresh]], None], going: Callable[[], None] = nobody_waits
    ) -> None:
        """Log everything that waits in these lanes, chunk by chunk; `offer` gets what is left to triage.

        `going` is called once or more, when whoever is behind shall begin: as the first chunk is written if it is a
        crowd, else behind it. Raises StoreDown; then try again.
        """
        recent = [one for one in self._store.arrivals.recent(lanes) if not self._understanding.is_apart(one.channel)]
        ahead = Ahead(recent[:CHUNK], self._read)
        try:
            held = self._marker.held()
            left = self._marker.without(await self._store.arrivals.waiting(lanes, recent), held)
            # What is understood at once goes first: a mail that keeps its reader busy must not hold up a chat.
            quick = [one for one in left if not self._understanding.is_apart(one.channel)]
            slow = [one for one in left if self._understanding.is_apart(one.channel)]
            for arrivals in (quick, slow):
                for start in range(0, len(arrivals), CHUNK):
                    offer(await self._chunk(arrivals[start : start + CHUNK], going, ahead))
                going()
        finally:
            await ahead.drop()

    async def _chunk(self, arrivals: list[Arrival], going: Callable[[], None], ahead: Ahead[_Ready]) -> list[Fresh]:
        try:
            return await self._log(await ahead.of(arrivals), going)
        except StoreDown:
            raise
        except Exception as error:  # one of them is poison to our own code: find out which
            log.error("intake failed", why=type(error).__name__, arrivals=len(arrivals), at=where(error))
            return await self._one_by_one(arrivals)

    async def _one_by_one(self, arrivals: list[Arrival]) -> list[Fresh]:
        fresh: list[Fresh] = []
        for arrival in arrivals:
            try:
                fresh += await self._log(await self._read([arrival]))
            except StoreDown:
                raise
            except Exception as error:  # a bug of ours: set it aside with its name, an agent retries it after the fix
                log.error("arrival failed", arrival_id=arrival.id, why=type(error).__name__, at=where(error))
                await self._understanding.set_aside(arrival, f"{type(error).__name__} while logging it")
        return fresh

    async def finish(self) -> None:
        """Mark now what would be marked in a moment. Raises StoreDown."""
        await self._marker.flush()

    async def _read(self, arrivals: Sequence[Arrival]) -> _Ready:
        """What a chunk means, ready to be written. Raises StoreDown."""
        breaks = self._store.ledger.breaks.count
        understood, unclear = await self._understanding.attempt(arrivals)
        return _Ready(read=await self._appender.read(understood), unclear=unclear, breaks=breaks)

    async def _log(self, ready: _Ready, going: Callable[[], None] = nobody_waits) -> list[Fresh]:
        """Log a chunk; those whose tags did not come in time are left to triage, and those nobody understands aside.

        What is journaled last covers what was written before it only if the database was the same all the time.
        """
        read, breaks = ready.read, ready.breaks
        for arrival, why in ready.unclear:
            await self._understanding.set_aside(arrival, why)
        async with self._writing:
            if len(read.entries) >= CROWD:
                going()
            written = await self._appender.write(read, breaks)
        going()
        self._store.ledger.unbroken_since(breaks)
        further = [one for one in written.fresh if untagged(one.message)]
        if written.event is None or further:
            await self._mark(read.understood, further, breaks)
        else:
            self._marker.later([one.arrival.id for one in read.understood], breaks)
        await self._announcer.ring(written.event)
        return further

    async def _mark(self, understood: Sequence[Understood], further: Sequence[Fresh], breaks: int) -> None:
        """A journaled mark at once: triage goes on from it, or no event covers what was written."""
        logged = marks(further)
        left = {one.id for one in logged}
        done = [one.arrival.id for one in understood if one.arrival.id not in left]
        await self._store.arrivals.mark(logged, done)
        await self._look_again(understood, breaks)

    async def _look_again(self, understood: Sequence[Understood], breaks: int) -> None:
        """Take the mark back if the database went between the last look and the mark. Raises StoreDown then."""
        try:
            self._store.ledger.unbroken_since(breaks)
        except StoreDown:
            await self._store.arrivals.release([one.arrival for one in understood], self._clock())
            raise

    # -- history that nobody keeps before it is logged -----------------------------------------------------------------

    async def read_past(self, arrivals: list[Arrival]) -> PastRead:
        """What history means that is not kept yet. Raises StoreDown."""
        breaks = self._store.ledger.breaks.count
        understood, unclear = await self._understanding.attempt(arrivals)
        return PastRead(understood=understood, unclear=[one for one, _ in unclear], breaks=breaks)

    async def log_past(self, read: PastRead) -> list[Arrival]:
        """Log it, and keep it behind that, as done; what has to be kept first, one by one, is answered.

        Raises StoreDown.
        """
        try:
            prepared = await self._appender.read(read.understood)
            async with self._writing:
                written = await self._appender.write(prepared, read.breaks)
            await self._keep_done(read.understood, read.breaks)
            await self._announcer.ring(written.event)
        except StoreDown:
            raise
        except Exception as error:  # one of them is poison to our own code: once they are kept, intake finds out which
            log.error("history failed", why=type(error).__name__, arrivals=len(read.understood), at=where(error))
            return [*(one.arrival for one in read.understood), *read.unclear]
        return read.unclear

    async def _keep_done(self, understood: Sequence[Understood], breaks: int) -> None:
        """The raw forms, journaled behind all that was written."""
        self._store.ledger.unbroken_since(breaks)
        if understood:
            await self._store.arrivals.keep_done([one.arrival for one in understood])
            await self._look_again(understood, breaks)
