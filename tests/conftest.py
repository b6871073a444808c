"""What every test stands on: the real stores, a guard against leaving the host, an eye on every database query."""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pymongo
import pytest
import redis.asyncio
from pymongo import monitoring

from hub.embedded import Embedded, StoreUrls
from hub.ids import random_id
from hub.settings import Settings
from tests.hub.cutting import Wire, cutting
from tests.query_shapes import Seen

SEEN = Seen()
monitoring.register(SEEN)  # before any client is made: it holds for those that come after


class LeftTheHost(BaseException):
    """A test reached for another machine. No `except Exception` may hide it."""


# --- the stores ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreUrls]:
    """The bundled stores, started once for all tests; each test takes a database name of its own."""
    settings = Settings(data=tmp_path_factory.mktemp("stores"))
    ready, stop = threading.Event(), threading.Event()
    outcome: list[StoreUrls | BaseException] = []

    async def hold() -> None:
        async with Embedded(settings) as embedded:
            outcome.append(embedded.urls)
            ready.set()
            await asyncio.to_thread(stop.wait)

    def run() -> None:
        try:
            asyncio.run(hold())
        except BaseException as error:
            outcome.append(error)
            ready.set()

    # A thread with a loop of its own: every test has another loop, and the children end with the thread that made them.
    thread = threading.Thread(target=run, name="stores")
    thread.start()
    ready.wait(60)
    if not isinstance(outcome[0], StoreUrls):
        raise outcome[0]
    yield outcome[0]
    stop.set()
    thread.join(30)


@pytest.fixture
async def fresh(stores: StoreUrls) -> AsyncIterator[StoreUrls]:
    """An empty database and an empty Redis; the database is dropped afterwards."""
    parts = urlsplit(stores.mongo)
    name = random_id("test")
    bell = redis.asyncio.from_url(stores.redis)
    await bell.flushdb()
    await bell.aclose()
    yield StoreUrls(mongo=urlunsplit(parts._replace(path=f"/{name}")), redis=stores.redis)
    client: pymongo.AsyncMongoClient[dict[str, Any]] = pymongo.AsyncMongoClient(stores.mongo)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
def wire(fresh: StoreUrls) -> Iterator[Wire]:
    """A way to this test's database that can be cut; it outlives those who use it."""
    with cutting(fresh.mongo) as made:
        yield made


# --- nothing leaves the host --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections and name look-ups that are not for this machine."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _stay(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _stay(self.family, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not is_local(host):
            raise LeftTheHost(f"a test asked for the address of {host}")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def _stay(family: int, address: Any) -> None:
    if family in {socket.AF_INET, socket.AF_INET6} and not is_local(address[0]):
        raise LeftTheHost(f"a test reached for {address[0]}:{address[1]}")


def is_local(host: str | bytes) -> bool:
    """Whether this names the machine itself; names of the reserved `.localhost` do."""
    name = host.decode() if isinstance(host, bytes) else host
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return name in {"", "localhost", socket.gethostname()} or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


# --- what the database was asked ----------------------------------------------------------------------------------


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A forbidden query fails the run, whatever its test said."""
    if SEEN.forbidden and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if SEEN.counts:
        terminalreporter.section(f"query shapes ({len(SEEN.counts)})")
        for shape, count in sorted(SEEN.counts.items()):
            terminalreporter.write_line(f"{count:>7}  {shape}")
    if SEEN.forbidden:
        terminalreporter.section("forbidden query shapes", red=True)
        for shape, why in sorted(SEEN.forbidden.items()):
            terminalreporter.write_line(f"{shape}: {why}", red=True)
