"""Hearing one account: hold its lease, keep what its channel finds, move the cursor, ask for the next; for ever.

Asking for the next batch is what tells the platform that the last one is kept, so a listener waits here whenever
intake is behind: its platform keeps the rest meanwhile.
"""

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import msgspec
import structlog

from channels.base import Backfill, Batch, Channel, Listener, RawArrival
from hub.arrivals.door import Door
from hub.arrivals.past import Past
from hub.arrivals.room import Room
from hub.bus import Bus
from hub.errors import StoreDown, Unreachable
from hub.events import Announcer, settings_changed
from hub.logs import where
from hub.model import Account, ArrivalId
from hub.people.accounts import AccountBook
from hub.store import Store

log = structlog.get_logger()

OVERLAP = dt.timedelta(hours=1)  # looked for once more: platforms give some things up after a while only
SAID_EVERY = dt.timedelta(seconds=60)  # that an empty batch is written down
BROKEN = "Listening failed inside the hub ({name}). It is tried again; if this stays, look into the worker's log."


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How long things wait, in seconds."""

    look_s: float = 1.0  # between two looks at the accounts
    lease_s: float = 15.0
    first_s: float = 1.0  # after the first failure; then twice as long each time
    longest_s: float = 300.0
    for_good_s: float = 3600.0  # after a failure that a person must mend
    fill_s: float = 3600.0  # between two looks at what the platform gave up on
    full_s: float = 0.2
    steady_s: float = 60.0  # whoever was heard for as long begins anew with the shortest pause


class Ears(msgspec.Struct, frozen=True, kw_only=True):
    """What every listener of a process stands on."""

    store: Store
    bus: Bus
    announcer: Announcer
    accounts: AccountBook
    door: Door
    clock: Callable[[], dt.datetime]
    name: str
    chance: random.Random
    pace: Pace
    past: Past | None  # None: history waits for intake as news does


class Hearing:
    """One account, as it was when this began; whoever changes it begins another."""

    def __init__(self, ears: Ears, account: Account, channel: Channel) -> None:
        self._ears = ears
        self._account = account
        self._channel = channel
        self._lease = f"listen:{account.id}"
        self._health = account.health
        self._ills: dict[str, str] = {"listen": account.health} if account.health else {}
        self._telling = asyncio.Lock()
        self._said: dt.datetime | None = None
        self._room = Room(ears.store, ears.pace.full_s)

    async def run(self) -> None:
        """Listen whenever no other process does."""
        try:
            while True:
                if await self._ears.bus.lease(self._lease, self._ears.name, self._ears.pace.lease_s):
                    await self._while_held()
                await asyncio.sleep(self._ears.pace.lease_s / 3)
        finally:
            await self._ears.bus.give_up(self._lease, self._ears.name)

    async def _while_held(self) -> None:
        works = [asyncio.create_task(self._hold())]
        if isinstance(self._channel, Listener):
            works.append(asyncio.create_task(self._again_and_again("listen", self._listen, 0.0)))
        if isinstance(self._channel, Backfill):
            works.append(asyncio.create_task(self._again_and_again("fill", self._fill, self._ears.pace.fill_s)))
        try:
            await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in works:
                one.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def _hold(self) -> None:
        """Keep the lease; ends when another process has it."""
        held = True
        while held:
            await asyncio.sleep(self._ears.pace.lease_s / 3)
            held = await self._ears.bus.lease(self._lease, self._ears.name, self._ears.pace.lease_s)

    # -- failing, and trying again ------------------------------------------------------------------------------------

    async def _again_and_again(self, what: str, work: "Callable[[], Work]", pause_s: float) -> None:
        """Do it for ever: `pause_s` after an end, with growing and jittered pauses after failures."""
        pace, tries = self._ears.pace, 0
        while True:
            batches, began = work(), asyncio.get_running_loop().time()
            failed_s = await self._through(what, batches)
            steady = asyncio.get_running_loop().time() - began >= pace.steady_s
            tries = 0 if batches.heard and steady else tries  # one that drops after each word is no better than none
            if failed_s is None and pause_s > 0:
                await asyncio.sleep(pause_s)
                continue
            # A listener that ends without a word has nothing to listen to; it is not asked every second.
            grown = min(pace.longest_s, pace.first_s * 2.0**tries) * self._ears.chance.uniform(0.5, 1.5)
            tries = min(tries + 1, 20)
            await asyncio.sleep(max(grown, failed_s or 0.0))

    async def _through(self, what: str, work: "Work") -> float | None:
        """None when it came to its end, else the least seconds until the next try; no error leaves here."""
        try:
            await work.run()
            await self._well(what)
            return None
        except StoreDown as error:
            log.warning("listener waits", account_id=self._account.id, why=str(error))
            return 0.0
        except Unreachable as error:
            log.warning("account unreachable", account_id=self._account.id, why=str(error), for_good=error.for_good)
            await self._ill(what, str(error))
            return self._ears.pace.for_good_s if error.for_good else error.after_s or 0.0
        except Exception as error:  # a bug in a channel disturbs this account and no other
            log.error("listener failed", account_id=self._account.id, why=type(error).__name__, at=where(error))
            await self._ill(what, BROKEN.format(name=type(error).__name__))
            return 0.0

    async def _ill(self, what: str, why: str) -> None:
        self._ills[what] = why
        await self._tell_health()

    async def _well(self, what: str) -> None:
        self._ills.pop(what, None)
        await self._tell_health()

    async def _tell_health(self) -> None:
        """Write the account's health down where it changed; the ledger away, the next word does."""
        if next(iter(self._ills.values()), None) == self._health:
            return
        with contextlib.suppress(StoreDown):
            async with self._telling:
                await self._write_health(next(iter(self._ills.values()), None))

    async def _write_health(self, health: str | None) -> None:
        if health != self._health:
            await self._ears.store.accounts.change(self._account.id, {"health": health})
            self._health = health
            self._ears.accounts.forget()
            await self._ears.announcer.announce([settings_changed()], self._ears.clock())

    # -- batches ------------------------------------------------------------------------------------------------------

    def _listen(self) -> "Work":
        return Work(self._listen_through)

    def _fill(self) -> "Work":
        return Work(self._fill_through)

    async def _listen_through(self, work: "Work") -> None:
        """Batch by batch: kept, the cursor moved, and only then the next is asked for."""
        assert isinstance(self._channel, Listener)
        cursor = await self._ears.store.cursors.get(self._account.id)
        async with _closing(self._channel.listen(self._account, cursor)) as batches:
            async for batch in batches:
                waiting = await self._keep(batch.arrivals)
                await self._move(cursor, batch)
                self._ears.door.thank(self._channel, self._account, batch.arrivals)
                cursor, work.heard = batch.cursor, True
                await self._well("listen")
                await self._room.wait(waiting)

    async def _keep(self, raws: Sequence[RawArrival]) -> list[ArrivalId]:
        """Keep them, news first; those that wait for intake now."""
        door, past = self._ears.door, self._ears.past
        if past is None or not any(one.history for one in raws):
            return await door.keep(self._account, raws)
        news = [one for one in raws if not one.history]
        kept = await door.keep(self._account, news) if news else []
        return kept + await past.keep(self._account, [one for one in raws if one.history])

    async def _move(self, before: str | None, batch: Batch) -> None:
        now = self._ears.clock()
        news = batch.arrivals or batch.cursor != before
        if news or self._said is None or now - self._said >= SAID_EVERY:
            self._said = now
            await self._ears.store.cursors.advance(
                self._account.id, before, batch.cursor, now, len(batch.arrivals), batch.found
            )

    async def _fill_through(self, work: "Work") -> None:
        """Look for what the platform gave up on, from a little before the last look on."""
        assert isinstance(self._channel, Backfill)
        ears, began, missing = self._ears, self._ears.clock(), 0
        known = (await ears.store.cursors.progress([self._account.id])).get(self._account.id)
        since = (known.filled if known is not None and known.filled is not None else self._account.at) - OVERLAP
        async with _closing(self._channel.backfill(self._account, since)) as batches:
            async for batch in batches:
                kept, new = await ears.door.keep_counted(self._account, batch.arrivals)
                missing, work.heard = missing + new, True
                await self._room.wait(kept)
        await ears.store.cursors.filled(self._account.id, began, missing)


class Work:
    """One run of a listener, and whether it heard anything."""

    def __init__(self, through: "Callable[[Work], Awaitable[None]]") -> None:
        self._through = through
        self.heard = False

    async def run(self) -> None:
        await self._through(self)


@contextlib.asynccontextmanager
async def _closing(batches: AsyncIterator[Batch]) -> AsyncIterator[AsyncIterator[Batch]]:
    """The batches, ended for sure when they are left: a generator closes its connection then."""
    try:
        yield batches
    finally:
        if (close := getattr(batches, "aclose", None)) is not None:
            await close()
