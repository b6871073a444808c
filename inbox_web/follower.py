"""Follows the event log, in order and without gaps, for every socket of this process; woken by the bus.

The bus only wakes: its payload is used when it carries exactly the next number, everything else is read from the log,
which is also read on each re-subscription and every two seconds.
"""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Callable

import msgspec
import structlog

from hub.bus import Bus
from hub.errors import StoreDown
from hub.events import CHANNEL, Ring
from hub.model import Event, EventItem
from hub.store import Store
from inbox_web.frames import text_frame

READ_EVERY_S = 2.0
READ_ALONE_S = 0.5  # while the bus is away nobody rings
AWAY_PAUSE_S = 1.0
MOST_AT_ONCE = 200

log = structlog.get_logger(__name__)

_rings = msgspec.json.Decoder(Ring)
_items = msgspec.json.Decoder(list[EventItem])


class Batch:
    """One event, encoded once: its frame for browsers, its items for those who look inside."""

    def __init__(self, n: int, items: bytes) -> None:
        self.n = n
        self.frame = events_frame(n, items)
        self._raw = items
        self._decoded: list[EventItem] | None = None

    @property
    def items(self) -> list[EventItem]:
        """Decoded when first asked for."""
        if self._decoded is None:
            self._decoded = _items.decode(self._raw)
        return self._decoded


def events_frame(n: int, items: bytes) -> bytes:
    """What browsers get of one event."""
    return text_frame(b'{"t":"events","n":%d,"items":%b}' % (n, items))


class Follower:
    """One per process. `head` is the newest number that listeners were told."""

    def __init__(self, store: Store, bus: Bus, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._bus = bus
        self._now = now
        self.head = 0
        self.live = False  # whether the last read of the log worked
        self.reads = 0  # times that the log was read since the bus was not enough
        self._told = 0
        self._rung: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._ready = asyncio.Event()
        self._listeners: list[Callable[[list[Batch]], None]] = []
        self._others: dict[str, list[Callable[[bytes], None]]] = {}
        bus.near(CHANNEL, self._ring)

    def add(self, listener: Callable[[list[Batch]], None]) -> None:
        """Tell this listener every batch from now on; it must not wait for anything."""
        self._listeners.append(listener)

    def hear(self, channel: str, heard: Callable[[bytes], None]) -> None:
        """Hand on what is said on another channel of the bus (presence, typing)."""
        self._others.setdefault(channel, []).append(heard)

    async def ready(self, timeout_s: float) -> bool:
        """Wait until the head is known; False when it is not within the time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._ready.wait()
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Follow until cancelled."""
        await self._begin()
        while True:
            await self._woken()
            await self._follow()

    async def listen(self) -> None:
        """Hear the bus until cancelled; `run` follows without it as well, only slower."""
        async for channel, payload in self._bus.listen([CHANNEL, *self._others]):
            if channel == CHANNEL or not channel:
                self._ring(payload)
            for heard in self._others.get(channel, []):
                heard(payload)

    def _ring(self, payload: bytes) -> None:
        """What was rung goes into the next turn; an empty payload says: read the log."""
        self._rung.append(payload)
        self._wake.set()

    async def _begin(self) -> None:
        """Stand at the newest event, once it is on disk: until then its number could still name another one."""
        while not self._ready.is_set():
            try:
                async with self._store.settled():
                    head = await self._store.events.head()
                self.head = head
                await self._read()
                self._ready.set()
            except StoreDown as error:
                await self._away(error)

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(READ_ALONE_S if self._bus.away else READ_EVERY_S):
                await self._wake.wait()
        except TimeoutError:
            self._rung.append(b"")
        self._wake.clear()

    async def _follow(self) -> None:
        """Take what the bus brought as far as it is the next number; read the log for the rest."""
        batches, look = [], False
        head = self.head
        while self._rung:
            payload = self._rung.popleft()
            ring = _rings.decode(payload) if payload else None
            if ring is None:
                look = True
                continue
            self._told = max(self._told, ring.n)
            if ring.n == head + 1:
                head = ring.n
                batches.append(Batch(ring.n, bytes(ring.items)))
        self._tell(batches)
        if look or self.head < self._told:
            try:
                await self._read()
            except StoreDown as error:
                await self._away(error)

    async def _read(self) -> None:
        self.reads += 1
        while events := await self._behind():
            self._tell([Batch(event.id, event.items) for event in events])
        self.live = True

    async def _behind(self) -> list[Event]:
        """What comes next in the log, on disk: an event that nobody told of may not be there yet by itself."""
        events = await self._store.events.after(self.head, MOST_AT_ONCE, self._now(), self._told)
        if not events or events[-1].id <= self._told:
            return events
        async with self._store.settled():
            return await self._store.events.after(self.head, MOST_AT_ONCE, self._now(), self._told)

    def _tell(self, batches: list[Batch]) -> None:
        if not batches:
            return
        self.head = batches[-1].n
        for listener in self._listeners:
            try:
                listener(batches)
            except Exception as error:  # one listener's bug must not stop the others, nor the log
                log.error("a follower's listener failed", n=self.head, error=type(error).__name__)

    async def _away(self, error: StoreDown) -> None:
        if self.live:
            log.warning("event log away", why=str(error))
        self.live = False
        self._wake.set()
        await asyncio.sleep(AWAY_PAUSE_S)
