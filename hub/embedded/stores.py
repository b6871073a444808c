"""Who starts the stores, and who joins. `Embedded` owns them; `join_or_start` shares them with a hub that runs already.

A store whose address is a setting (HUB_MONGO_URL, HUB_REDIS_URL) is neither started nor watched here, and has no state.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Protocol, Self

import msgspec
import structlog

from hub.embedded import programs
from hub.embedded.child import Child, Program, end_stray
from hub.embedded.folder import Folder, InUse, Run, StoreRun
from hub.errors import HubError
from hub.settings import Settings

logger = structlog.get_logger(__name__)

JOIN_S = 30.0  # as long as a hub that was killed may need to come up again
FOLLOW_S = 0.5


class StoreUrls(msgspec.Struct, frozen=True, kw_only=True):
    """Where the ledger and the doorbell are; both carry passwords and must not be logged."""

    mongo: str
    redis: str


class Stores(Protocol):
    """What a command needs: addresses, for each store run here "up" or since when it is not, and whose they are.

    `owner` is the process whose stores these are, None when they are this one's or settings name them.
    """

    @property
    def urls(self) -> StoreUrls: ...
    @property
    def owner(self) -> int | None: ...
    def states(self) -> dict[str, str]: ...


@asynccontextmanager
async def join_or_start(settings: Settings) -> AsyncIterator[Stores]:
    """The stores of these settings: a running hub's, or started here and stopped at the end. Raises HubError."""
    async with _Shared(settings) as stores:
        yield stores


class Embedded:
    """The owner of one data folder's stores. Entering raises InUse, NoProgram or StartFailed; then none runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = Folder(settings.data)
        self._run = Run()
        self._children: dict[str, Child] = {}

    @property
    def urls(self) -> StoreUrls:
        return _urls(self._settings, self._run)

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the stores that run right now."""
        return {name: child.pid for name, child in self._children.items() if child.pid is not None}

    def states(self) -> dict[str, str]:
        return {name: child.state for name, child in self._children.items()}

    async def __aenter__(self) -> Self:
        self._folder.make()
        self._folder.take()
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._stop()

    async def _start(self) -> None:
        self._run = msgspec.structs.replace(self._folder.read(), pid=None)
        started = await asyncio.gather(self._start_database(), self._start_redis(), return_exceptions=True)
        for outcome in started:
            if isinstance(outcome, BaseException):
                raise outcome
        self._run = msgspec.structs.replace(self._run, pid=os.getpid())
        self._save()

    async def _start_database(self) -> None:
        if self._settings.mongo_url is not None:
            return
        data, kept = self._settings.data, self._run.database
        if kept is None:
            run = StoreRun(port=programs.free_port(), password=programs.new_password())
            await self._provision(run)
        else:
            await end_stray(kept.pid, str(data / "db"), programs.DATABASE_PATIENCE_S)
            run = kept if programs.can_listen(kept.port) else msgspec.structs.replace(kept, port=programs.free_port())
        self._run = msgspec.structs.replace(self._run, database=run)
        await self._start_child(programs.database(data, run, guarded=True))

    async def _provision(self, run: StoreRun) -> None:
        """Make the user while nobody needs a password yet; synced to disk, so that it survives the quick kill."""
        child = Child(programs.database(self._settings.data, run, guarded=False), lambda: None)
        try:
            await child.start()
            await programs.make_user(run)
        finally:
            await child.stop(signal.SIGKILL)

    async def _start_redis(self) -> None:
        if self._settings.redis_url is not None:
            return
        data, kept = self._settings.data, self._run.redis
        if kept is not None:
            await end_stray(kept.pid, str(data / "redis" / "valkey.conf"), programs.REDIS_PATIENCE_S)
        reachable = kept is not None and (kept.socket is not None or programs.can_listen(kept.port))
        run = kept if kept is not None and reachable else programs.redis_run(data)
        self._run = msgspec.structs.replace(self._run, redis=run)
        await self._start_child(programs.redis(data, run))

    async def _start_child(self, program: Program) -> None:
        child = Child(program, self._save)
        self._children[program.name] = child
        await child.start()

    def _save(self) -> None:
        """Write down who runs where, for those who join and for the next start after a kill."""
        pids = self.pids
        changes = {
            name: msgspec.structs.replace(run, pid=pids.get(name))
            for name in ("database", "redis")
            if (run := getattr(self._run, name)) is not None
        }
        self._run = msgspec.structs.replace(self._run, **changes)
        self._folder.write(self._run)

    async def _stop(self) -> None:
        """Valkey first: nobody may be nudged for a ledger that is gone. Then the database, then the lock."""
        for name in ("redis", "database"):
            if (child := self._children.get(name)) is not None:
                await child.stop()
        self._run = msgspec.structs.replace(self._run, pid=None)
        self._save()
        self._folder.give_up()


class _Shared:
    """Owner if nobody is, else a guest who becomes owner when the owner goes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = Folder(settings.data)
        self._own: Embedded | None = None
        self._seen: dict[str, str] = {}
        self._watch: asyncio.Task[None] | None = None
        self.urls = StoreUrls(mongo="", redis="")
        self.owner: int | None = None  # as it was when we joined

    def states(self) -> dict[str, str]:
        return self._own.states() if self._own is not None else dict(self._seen)

    async def __aenter__(self) -> Self:
        if self._settings.mongo_url is not None and self._settings.redis_url is not None:
            self.urls = _urls(self._settings, Run())
            return self
        loop = asyncio.get_running_loop()
        patience = loop.time() + JOIN_S
        while not (await self._became_owner() or await self._joined()):
            if loop.time() > patience:
                raise HubError(f"The stores in {self._settings.data} belong to a process that does not bring them up.")
            await asyncio.sleep(FOLLOW_S / 5)
        if self._own is None:
            self._watch = asyncio.create_task(self._follow(), name="follow the stores' owner")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._own is not None:
            await self._own.__aexit__(kind, error, at)

    async def _became_owner(self) -> bool:
        embedded = Embedded(self._settings)
        try:
            await embedded.__aenter__()
        except InUse:
            return False
        self._own, self.urls, self.owner = embedded, embedded.urls, None
        return True

    async def _joined(self) -> bool:
        """Whether the owner's stores answer; from then on this process uses them."""
        run = self._folder.read()
        if run.pid is None:
            return False
        self._seen = await programs.answering(run)
        if set(self._seen.values()) != {"up"}:
            return False
        self.urls, self.owner = _urls(self._settings, run), run.pid
        return True

    async def _follow(self) -> None:
        """Look after the owner's stores, and take them over when it is gone."""
        while True:
            await asyncio.sleep(FOLLOW_S)
            before = self.urls
            with contextlib.suppress(HubError):
                if await self._became_owner():
                    logger.info("took the stores over")
                    if self.urls != before:
                        logger.error("the stores moved to another port; start this process again")
                    return
            self._seen = await programs.answering(self._folder.read())


def _urls(settings: Settings, run: Run) -> StoreUrls:
    return StoreUrls(
        mongo=settings.mongo_url or (programs.mongo_url(run.database) if run.database else ""),
        redis=settings.redis_url or (programs.redis_url(run.redis) if run.redis else ""),
    )
