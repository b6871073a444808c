"""The one door to the database driver: everything Motor-specific is here, so that moving to another driver is one file.

Write concerns: `light` rows are derived from journaled ones and may be redone; `durable` rows are what an
acknowledgement rests on. On one server durable means journaled; on a replica set or cluster every write is majority.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
    AsyncIOMotorGridFSBucket,
)
from pymongo import WriteConcern, monitoring
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from hub.errors import StoreDown

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]

DUPLICATE_KEY = 11000
SELECT_TIMEOUT_MS = 1_500  # platforms hang up after three seconds; they shall have heard by then that it is away
CONNECT_TIMEOUT_MS = 2_000
SOCKET_TIMEOUT_MS = 20_000
DISK_FULL_CODES = frozenset({14031, 39})  # OutOfDiskSpace, FileNotOpen/ENOSPC
# CursorNotFound (the rest of a long answer went with a killed database), ShutdownInProgress, Interrupted…
RESTART_CODES = frozenset({43, 91, 112, 189, 10107, 11600, 11602})
GONE = (
    AutoReconnect,
    ConnectionFailure,
    NetworkTimeout,
    NotPrimaryError,
    ServerSelectionTimeoutError,
    ExecutionTimeout,
    WriteConcernError,
)


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Turn "the database is not there" into StoreDown; everything else passes."""
    try:
        yield
    except GONE as error:
        raise StoreDown("The database does not answer. Nothing acknowledged is lost; try again soon.") from error
    except BulkWriteError as error:
        codes = {one.get("code") for one in error.details.get("writeErrors", [])}
        if codes <= DISK_FULL_CODES | RESTART_CODES:  # none at all: the write concern was not met
            raise StoreDown("The database could not make sure of what was written; try again soon.") from error
        raise
    except OperationFailure as error:
        if error.code in DISK_FULL_CODES:
            raise StoreDown("The database has no disk space left.", after_s=30) from error
        if error.code in RESTART_CODES:
            raise StoreDown("The database was started again in the middle of this; try again.") from error
        raise


def taken_keys(error: BulkWriteError) -> list[int]:
    """The positions of a bulk insert that met a taken key, ascending; anything else that went wrong is raised.

    Raises StoreDown when the write concern was not met: then nothing of it may be acknowledged.
    """
    errors = error.details.get("writeErrors", [])
    if any(one.get("code") in DISK_FULL_CODES for one in errors):
        raise StoreDown("The database has no disk space left.", after_s=30) from error
    if any(one.get("code") != DUPLICATE_KEY for one in errors):
        raise error
    if error.details.get("writeConcernErrors") or not errors:
        raise StoreDown("The database could not make sure of what was written; try again soon.") from error
    return sorted(int(one["index"]) for one in errors)


class Breaks(monitoring.ConnectionPoolListener):
    """Counts broken connections: the database may have been killed since, and with it what was not journaled yet."""

    def __init__(self) -> None:
        self.count = 0

    def pool_cleared(self, event: monitoring.PoolClearedEvent) -> None:
        self.count += 1

    def connection_closed(self, event: monitoring.ConnectionClosedEvent) -> None:
        self.count += event.reason == monitoring.ConnectionClosedReason.ERROR

    def pool_created(self, event: monitoring.PoolCreatedEvent) -> None: ...
    def pool_ready(self, event: monitoring.PoolReadyEvent) -> None: ...
    def pool_closed(self, event: monitoring.PoolClosedEvent) -> None: ...
    def connection_created(self, event: monitoring.ConnectionCreatedEvent) -> None: ...
    def connection_ready(self, event: monitoring.ConnectionReadyEvent) -> None: ...
    def connection_check_out_started(self, event: monitoring.ConnectionCheckOutStartedEvent) -> None: ...
    def connection_check_out_failed(self, event: monitoring.ConnectionCheckOutFailedEvent) -> None: ...
    def connection_checked_out(self, event: monitoring.ConnectionCheckedOutEvent) -> None: ...
    def connection_checked_in(self, event: monitoring.ConnectionCheckedInEvent) -> None: ...


class Ledger:
    """One connection to one database, handing out collections with the right write concern."""

    def __init__(
        self, client: AsyncIOMotorClient[Document], name: str, replicated: bool, breaks: "Breaks | None" = None
    ) -> None:
        self.client = client
        self.breaks = breaks or Breaks()
        self.database: AsyncIOMotorDatabase[Document] = client[name]
        majority = WriteConcern(w="majority")
        self._light = majority if replicated else WriteConcern(w=1)
        self._durable = majority if replicated else WriteConcern(w=1, j=True)

    def light(self, name: str) -> Collection:
        """The collection for rows that can be redone from journaled ones."""
        return self.database.get_collection(name, write_concern=self._light)

    def durable(self, name: str) -> Collection:
        """The collection for rows that an acknowledgement rests on."""
        return self.database.get_collection(name, write_concern=self._durable)

    def bucket(self, name: str) -> AsyncIOMotorGridFSBucket:
        """A GridFS bucket whose files are durable."""
        return AsyncIOMotorGridFSBucket(self.database, name, write_concern=self._durable)

    def unbroken_since(self, breaks: int) -> None:
        """Raises StoreDown when a connection broke since that many breaks: light writes made before may be gone.

        A driver that waits for a killed database goes on with the next command on the one that came back.
        """
        if self.breaks.count != breaks:
            raise StoreDown("The database was away in the middle of this; it is done again.")

    async def flush(self) -> None:
        """Bring everything that was written until now, by anybody, to the disk. Raises StoreDown."""
        with guarded():
            await self.durable("cursors").update_one({"_id": "flush"}, {"$inc": {"n": 1}}, upsert=True)

    async def ping(self) -> None:
        """Raises StoreDown when the database does not answer, and once more when it had to be waited for."""
        was_there = self.client.delegate.topology_description.has_readable_server()
        with guarded():
            await self.database.command("ping")
        if not was_there:
            raise StoreDown("The database was away until a moment ago.")


@contextlib.asynccontextmanager
async def connect(url: str, database: str | None = None) -> AsyncIterator[Ledger]:
    """Open the database of the URL (by default `hub`). Raises StoreDown when it does not answer."""
    breaks = Breaks()
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
        url,
        event_listeners=[breaks],
        tz_aware=True,
        appname="hub",
        serverSelectionTimeoutMS=SELECT_TIMEOUT_MS,
        connectTimeoutMS=CONNECT_TIMEOUT_MS,
        socketTimeoutMS=SOCKET_TIMEOUT_MS,
    )
    try:
        with guarded():
            hello = await client.admin.command("hello")
        name = database or client.get_default_database("hub").name
        yield Ledger(client, name, replicated="setName" in hello or hello.get("msg") == "isdbgrid", breaks=breaks)
    finally:
        client.close()
