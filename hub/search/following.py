"""Feeds the index: builds it from the ledger when there is none that fits, then follows the event log step by step.

One process on a host does it, whoever holds the lock; it goes with its process. Every process reads. The number of the
last event is written with the entries, so a process that ends leaves an index that the next one goes on with.
"""

import asyncio
import contextlib
import datetime as dt
import fcntl
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Protocol, TypeVar

import msgspec
import structlog

from hub.errors import StoreDown
from hub.model import EventItem, MessageId
from hub.search.index import FILE, Entry, Hit, Index, Progress, entry_of, remove, why_not
from hub.search.told import Told, told
from hub.store import Store
from hub.store.windows import spans

LOOK_S = 2.0  # without news the log is looked at this often, and the lock tried
TOGETHER_S = 0.2  # news of so long goes in together
AWAY_S = 1.0
MOST_KEPT = 64  # batches that wait in memory; those behind are read from the log
MOST_EVENTS = 16  # read at once: one may hold hundreds of mails
MOST_ENTRIES = 200  # put in at once: a search of another process waits for none of it, a thread for this long
SPANS = tuple(spans("v_"))

log = structlog.get_logger(__name__)

T = TypeVar("T")
Happened = tuple[int, Sequence[EventItem]]


class Heard(Protocol):
    """An event as the process's follower of the log tells it."""

    n: int

    @property
    def items(self) -> Sequence[EventItem]: ...


class Search:
    """One per process. `done` is how much of the ledger is in, 1 is all; only where this process feeds the index."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        ready: Callable[[float], Awaitable[bool]],
        head: Callable[[], int],
        now: Callable[[], dt.datetime],
        new_name: Callable[[], str],
    ) -> None:
        """ready, head: whether the newest number of the event log that is on disk is known, and which it is."""
        self._path = folder / FILE
        self._store = store
        self._ready = ready
        self._head = head
        self._now = now
        self._new_name = new_name
        self._writing = ThreadPoolExecutor(1, "search-write")
        self._reading = ThreadPoolExecutor(1, "search-read")
        self._index: Index | None = None  # the writer's, used by its thread alone
        self._reader: Index | None = None
        self._lock: IO[str] | None = None
        self._progress = Progress()
        self._news: deque[Heard] = deque(maxlen=MOST_KEPT)
        self._wake = asyncio.Event()
        self.missing = why_not()

    @property
    def done(self) -> float:
        return self._progress.built / len(SPANS)

    def heard(self, batches: Sequence[Heard]) -> None:
        """What happened; called for each event in order, and waits for nothing."""
        if self._lock is not None:
            self._news.extend(batches)
            self._wake.set()

    # -- read ---------------------------------------------------------------------------------------------------------

    async def find(self, typed: str, most: int) -> list[Hit]:
        """The newest conversations with these words, and where in them; none while there is no index."""
        if self.missing is not None:
            return []
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._find, typed, most)

    def _find(self, typed: str, most: int) -> list[Hit]:
        try:
            if self._reader is None or not self._reader.is_current():
                self._close_reader()
                self._reader = Index(self._path, write=False)
            return self._reader.find(typed, most)
        except FileNotFoundError:
            return []
        except sqlite3.Error as error:
            log.warning("search failed", why=str(error))
            self._close_reader()
            return []

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # -- feed ---------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Feed the index whenever no other process does, until cancelled."""
        if self.missing is not None:
            log.warning("messages are not searched by their words", why=self.missing)
            await asyncio.Event().wait()
        while not await self._ready(LOOK_S):
            continue
        while True:
            try:
                if await self._write(self._leads):
                    await self.turn()
            except StoreDown as error:
                log.warning("search index waits", why=str(error))
                await asyncio.sleep(AWAY_S)
            except (sqlite3.Error, OSError) as error:
                log.error("search index is made anew", why=str(error))
                await self._write(self._drop)
                await asyncio.sleep(AWAY_S)
            await self._woken()

    async def _woken(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await self._wake.wait()
                await asyncio.sleep(TOGETHER_S)
        self._wake.clear()

    async def turn(self) -> None:
        """Bring the index to the head of the log. Raises StoreDown, and sqlite3.Error when the file is broken."""
        if not await self._write(self._opened):
            await self._go_on_or_begin()
        if self.done < 1:
            await self._build()
        while self._progress.event < self._head():
            await self._take(await self._next())

    async def close(self) -> None:
        """End what runs in the threads and let another process feed."""
        await asyncio.gather(self._end(self._writing, self._close_writer), self._end(self._reading, self._close_reader))

    async def _end(self, threads: ThreadPoolExecutor, last: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(threads, last)
        threads.shutdown(wait=False)

    # -- begin --------------------------------------------------------------------------------------------------------

    async def _go_on_or_begin(self) -> None:
        """An index of another ledger, or of events that are not kept any more, is made anew."""
        name = await self._store.identity.get(self._new_name())
        known, head = await self._write(self._load), self._head()
        fits = known.ledger == name and known.event <= head
        if not fits or not (known.event == head or await self._store.events.has(known.event + 1)):
            if known.ledger:
                log.info("search index is made anew", of_this_ledger=known.ledger == name, behind=head - known.event)
                await self._write(self._drop)
            # Before the first event nothing was ever logged.
            known = Progress(ledger=name, event=head, built=0 if head else len(SPANS))
            await self._write(self._put, [], known)
        self._progress = known

    async def _build(self) -> None:
        """Everything in the ledger, range by range; what happens meanwhile is in the log behind the number of now."""
        log.info("search index is being built", done=round(self.done, 2))
        clock = asyncio.get_running_loop().time
        while self._progress.built < len(SPANS):
            began = clock()
            low, high = SPANS[self._progress.built]
            async with contextlib.aclosing(self._store.messages.walk(low, high, MOST_ENTRIES)) as batches:
                async for batch in batches:
                    await self._write(self._put, [entry_of(one) for one in batch], self._progress)
                    await asyncio.sleep(clock() - began)  # as long a rest as the work took
                    began = clock()
            after = msgspec.structs.replace(self._progress, built=self._progress.built + 1)
            await self._write(self._put, [], after)
            self._progress = after
        log.info("search index is built")

    # -- follow -------------------------------------------------------------------------------------------------------

    async def _next(self) -> list[Happened]:
        """What comes behind the last number: from memory when it is there, else from the log."""
        at, kept = self._progress.event, list[Happened]()
        while self._news and len(kept) < MOST_EVENTS:
            if self._news[0].n > at + 1:
                break
            one = self._news.popleft()
            if one.n == at + 1:
                kept.append((one.n, one.items))
                at = one.n
        return kept or await self._logged()

    async def _logged(self) -> list[Happened]:
        head, at = self._head(), self._progress.event
        events = await self._store.events.after(at, MOST_EVENTS, self._now(), head)
        found: list[Happened] = [(one.id, _items.decode(one.items)) for one in events if one.id <= head]
        if not found:  # they are gone: what there is is read from the ledger itself
            raise sqlite3.DataError(f"the event log begins behind number {at}")
        return found

    async def _take(self, events: list[Happened]) -> None:
        known: Told = await self._write(told, [item for _, items in events for item in items])
        changed = await self._again(sorted(known.changed))
        after = msgspec.structs.replace(self._progress, event=events[-1][0])
        every = [*known.entries, *changed]
        for start in range(0, len(every), MOST_ENTRIES):
            await self._write(self._put, every[start : start + MOST_ENTRIES], self._progress)
        await self._write(self._put, [], after)
        self._progress = after

    async def _again(self, ids: list[MessageId]) -> list[Entry]:
        """Messages as they are in the ledger now."""
        return [entry_of(one) for one in await self._store.messages.by_ids(ids)] if ids else []

    # -- in the writer's thread ---------------------------------------------------------------------------------------

    async def _write(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writing, work, *args)

    def _leads(self) -> bool:
        """Hold the lock, if nobody else does."""
        if self._lock is None:
            lock = self._path.with_suffix(".lock").open("a+", encoding="utf-8")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                return False
            self._lock = lock
        return True

    def _opened(self) -> bool:
        """Whether it was open already, and is still the file that everybody reads."""
        if self._index is not None and self._index.is_current():
            return True
        self._open()
        return False

    def _open(self) -> Index:
        if self._index is not None:
            self._index.close()
        self._index = Index(self._path, write=True)
        return self._index

    def _load(self) -> Progress:
        return (self._index or self._open()).progress()

    def _put(self, entries: Sequence[Entry], progress: Progress) -> None:
        (self._index or self._open()).put(entries, progress)

    def _drop(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
        remove(self._path)

    def _close_writer(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None


_items = msgspec.json.Decoder(list[EventItem])
