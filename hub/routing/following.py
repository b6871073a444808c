"""Follows the event log for the rules: what happened becomes acts, acts are done, conversations find their agents.

One process does it at a time. The cursor moves behind what is done; a process that ends leaves the rest to the next,
which reads the same events again and finds the same acts. While there is no rule and no team that gives out by itself,
nothing is read but one number every few seconds.
"""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
import structlog

from hub.bus import Bus
from hub.errors import StoreDown
from hub.events import CHANNEL, Ring
from hub.model import Event, EventItem
from hub.routing.acting import Actor
from hub.routing.assigning import Assigner
from hub.routing.book import POLL_S, WAKE, RuleBook
from hub.routing.happenings import happenings
from hub.routing.idling import Idling
from hub.routing.planning import Planner
from hub.store import Store

LEASE, LEASE_S = "routing", 10.0
READ_S = 2.0  # without a ring the log is read this often
AWAY_S = 1.0
SAVE_S = 1.0  # the cursor is written, and what is due looked for, this often at most
MOST = 200
CURSOR = "routing-events"

log = structlog.get_logger()
_items = msgspec.json.Decoder(list[EventItem])
_rings = msgspec.json.Decoder(Ring)


class Follower(Protocol):
    """Somebody else who goes on when something happened: the bots' flows, on the floor above."""

    async def begin(self) -> None: ...
    async def take(self, items: Sequence[EventItem]) -> None: ...
    async def step(self) -> None: ...


class Following:
    """One per worker; `step` runs until cancelled."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        book: RuleBook,
        planner: Planner,
        actor: Actor,
        assigner: Assigner,
        idling: Idling,
        clock: Callable[[], dt.datetime],
        name: str,
        save_s: float = SAVE_S,
        bots: Follower | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._book = book
        self._planner = planner
        self._actor = actor
        self._assigner = assigner
        self._idling = idling
        self._clock = clock
        self._name = name
        self._save_s = save_s
        self._bots = bots
        self._head: int | None = None  # the last event that is done; None: not known, or another process's to know
        self._saved = float("-inf")
        self._told = 0
        self._rung: dict[int, bytes] = {}
        self._wake = asyncio.Event()
        self._polled = float("-inf")

    async def step(self) -> None:
        """Follow until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._run())

    async def _listen(self) -> None:
        async for channel, payload in self._bus.listen([CHANNEL, WAKE]):
            if channel != CHANNEL:
                self._polled = float("-inf")
            elif not self._book.current.is_idle:
                ring = _rings.decode(payload)
                self._told = max(self._told, ring.n)
                if len(self._rung) < MOST:
                    self._rung[ring.n] = bytes(ring.items)
            else:
                continue
            self._wake.set()

    async def _run(self) -> None:
        self._wake.set()  # the first turn reads the settings: messages are waiting for them
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(READ_S):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self.turn()
            except StoreDown as error:
                self._lose_place()
                log.warning("rules wait", why=str(error))
                await asyncio.sleep(AWAY_S)
            except Exception as error:  # a bug of ours: say so, and go on from where the cursor stands
                self._lose_place()
                log.error("rules failed", why=type(error).__name__)
                await asyncio.sleep(AWAY_S)

    def _lose_place(self) -> None:
        self._head = None
        self._rung.clear()
        self._assigner.forget()

    async def turn(self) -> None:
        """Everything that is there now. Raises StoreDown; then begin again at the cursor."""
        await self._keep_up()
        leaving = self._assigner.leaving
        if self._book.current.is_idle:
            if leaving.is_due() and await self._bus.lease(LEASE, self._name, LEASE_S):
                await leaving.step()
            await self._rest()
            return
        if not await self._bus.lease(LEASE, self._name, LEASE_S):
            await self._rest()
            return
        if self._head is None:
            await self._begin()
        while events := await self._next():
            await self._take(events)
        now = asyncio.get_running_loop().time()
        if now - self._saved >= self._save_s:
            await self._assigner.step()  # somebody may have come, or a team opened
            await leaving.step()  # behind the assigner, who gives on at once what somebody left
            await self._actor.do(await self._idling.step(self._book.current))
            if self._bots is not None:
                await self._bots.step()
            await self._save()

    async def _rest(self) -> None:
        """There is nothing to follow, or another process does it."""
        if self._head is not None:
            await self._save()
        self._lose_place()

    async def _keep_up(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._polled >= POLL_S:
            self._polled = now
            await self._book.keep_up()

    async def _begin(self) -> None:
        """Go on behind the cursor; the first rule of a hub begins with what happens after it was made."""
        kept = await self._store.cursors.get(CURSOR)
        async with self._store.settled():
            head = await self._store.events.head()
        if self._bots is not None:
            await self._bots.begin()
        known = int(kept) if kept is not None else head
        self._head = known if await self._store.events.has(known) and known <= head else head

    async def _next(self) -> list[Event]:
        """What comes next: what the bus brought, where that is the next number, else what the log has."""
        assert self._head is not None
        events: list[Event] = []
        while (body := self._rung.pop(self._head + len(events) + 1, None)) is not None:
            events.append(Event(id=self._head + len(events) + 1, at=self._clock(), items=body))
        for number in [one for one in self._rung if one <= self._head]:
            del self._rung[number]
        if events:
            return events
        events = await self._store.events.after(self._head, MOST, self._clock(), self._told)
        if events and events[-1].id > self._told:  # nobody told of it: it may not be on disk yet
            async with self._store.settled():
                events = await self._store.events.after(self._head, MOST, self._clock(), self._told)
        return events

    async def _take(self, events: list[Event]) -> None:
        """Acts for these, done at once; what is not done is found by the acts' own sweep."""
        known = self._book.current
        items: list[EventItem] = []
        happened = []
        for event in events:
            decoded = _items.decode(event.items)
            items += decoded
            if known.written:
                happened += happenings(event.id, decoded)
        await self._actor.do(await self._planner.plan(known, happened))
        if self._bots is not None:  # behind the rules: one of them may have started a flow
            await self._bots.take(items)
        self._head = events[-1].id
        await self._assigner.step(items)

    async def _save(self) -> None:
        """Write down how far everything is done."""
        if self._head is not None:
            await self._store.cursors.move(CURSOR, str(self._head), self._clock())
            self._saved = asyncio.get_running_loop().time()
