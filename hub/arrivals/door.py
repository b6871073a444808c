"""The door: keep the raw arrival, and only then let the caller acknowledge. It understands nothing."""

import asyncio
import datetime as dt
import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from channels.base import Channel, Kept, RawArrival
from hub.bus import Bus
from hub.errors import StoreDown
from hub.ids import arrival_id
from hub.model import Account, Arrival, ArrivalId
from hub.store import Store
from hub.store.group import GroupCommit

LARGE_BODY = 256 * 1024  # above this a body goes to GridFS, so that a batch of arrivals stays one small command
DISK_LOOK_S = 1.0
NUDGE = "intake"
COURTESY_S = 10.0

log = structlog.get_logger()


class Door:
    """Keeps arrivals; one per process, shared by everything that receives."""

    def __init__(
        self, store: Store, bus: Bus, clock: Callable[[], dt.datetime], data: Path, disk_floor_mb: int = 200
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._data = data
        self._floor = disk_floor_mb * 1_000_000
        self._rings: GroupCommit[set[str], None] = GroupCommit(self._ring)
        self._order = 0
        self._looked = -DISK_LOOK_S
        self._free = self._floor
        self._thanks: set[asyncio.Task[None]] = set()

    async def keep(self, account: Account, raws: Sequence[RawArrival]) -> list[ArrivalId]:
        """Store them, journaled and once each, then ring for intake.

        Raises StoreDown; then nothing may be acknowledged. What was kept before under the same external id and body
        (or what its channel says stands for it) counts as kept.
        """
        kept, _ = await self.keep_counted(account, raws)
        return kept

    async def keep_counted(self, account: Account, raws: Sequence[RawArrival]) -> tuple[list[ArrivalId], int]:
        """The same, and how many of them were not kept before."""
        arrivals = await self.places(account, raws)
        kept = await asyncio.gather(*(self._store.arrivals.keep(one) for one in arrivals))
        await self._rings.add({one.arrival.lane for one in kept})
        return [one.arrival.id for one in kept], sum(one.new for one in kept)

    async def places(self, account: Account, raws: Sequence[RawArrival]) -> list[Arrival]:
        """The arrivals that these become, not kept yet but for large bodies. Raises StoreDown."""
        self.check_disk()
        now = self._clock()
        return [await self._arrival(account, raw, now) for raw in raws]

    def thank(self, channel: Channel, account: Account, raws: Sequence[RawArrival]) -> None:
        """Let a channel do its courtesy to the platform for what is kept; nobody waits for it."""
        if raws and isinstance(channel, Kept):
            task = asyncio.create_task(_thank(channel, account, raws))
            self._thanks.add(task)
            task.add_done_callback(self._thanks.discard)

    async def _ring(self, lanes: list[set[str]]) -> list[Exception | None]:
        """One nudge for everyone who kept something at the same moment."""
        await self._bus.nudge(NUDGE, set().union(*lanes))
        return [None] * len(lanes)

    def check_disk(self) -> None:
        """Raises StoreDown while the data's disk is nearly full: better to refuse than to lose."""
        if time.monotonic() - self._looked >= DISK_LOOK_S:
            self._looked = time.monotonic()
            self._free = shutil.disk_usage(self._data).free
        if self._free < self._floor:
            raise StoreDown("The disk is nearly full; new messages wait outside until there is room.", after_s=60)

    async def _arrival(self, account: Account, raw: RawArrival, now: dt.datetime) -> Arrival:
        large = len(raw.body) > LARGE_BODY
        return Arrival(
            id=arrival_id(account.id, raw.external),
            account=account.id,
            channel=account.kind,
            external=raw.external,
            lane=f"{account.id}:{raw.lane}",
            order=self._next_order(now) if raw.order is None else raw.order,
            at=now,
            body=b"" if large else raw.body,
            digest=hashlib.sha256(raw.body if raw.same is None else raw.same).hexdigest(),
            headers=raw.headers,
            file=await self._store.files.put_bytes(raw.body) if large else None,
            history=raw.history,
        )

    def _next_order(self, now: dt.datetime) -> int:
        """Microseconds, never the same twice in this process, so that arrivals of one moment keep their order."""
        self._order = max(self._order + 1, int(now.timestamp() * 1_000_000))
        return self._order


async def _thank(channel: Kept, account: Account, raws: Sequence[RawArrival]) -> None:
    try:
        async with asyncio.timeout(COURTESY_S):
            await channel.kept(account, raws)
    except Exception as error:  # what was kept stays kept
        log.warning("courtesy failed", account_id=account.id, why=type(error).__name__)
