"""A wire to the database that is cut at a chosen command: before it got there, or before its answer came back.

So a test can stop a process after each of its writes, without replacing any of our own functions.
"""

import asyncio
import contextlib
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import msgspec

HEADER = 16
OP_MSG = 2013
WRITES = frozenset({"insert", "update", "delete"})


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """Where the wire breaks: before the n-th such command reaches the database, or before its answer comes back.

    A command is named as the protocol does, or "write" for any that writes.
    """

    before: str | None = None
    after: str | None = None
    nth: int = 1


class Wire:
    """Passes a client's commands on to the database; every connection dies at the cut, and none comes back."""

    def __init__(self, host: str, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self._host, self._port, self._loop = host, port, loop
        self._carried: set[asyncio.Task[None]] = set()
        self._cut: Cut | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self.seen: Counter[str] = Counter()  # commands since the plan
        self.gone = False
        self.url = ""

    def plan(self, cut: Cut | None) -> None:
        self._cut = cut
        self.seen.clear()

    def cut_for_good(self) -> None:
        """The database is away from now on."""
        self.gone = True
        self.break_off()

    def mend(self) -> None:
        """The database can be reached again."""
        self._cut, self.gone = None, False

    def break_off(self) -> None:
        """Every connection breaks; new ones are taken."""
        asyncio.run_coroutine_threadsafe(self._break_off(), self._loop).result(5)

    async def _break_off(self) -> None:
        for writer in list(self._ends):
            writer.transport.abort()

    async def through(self) -> None:
        """Wait until nothing is carried any more."""
        await asyncio.gather(*self._carried)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._carried.add(task)
        task.add_done_callback(self._carried.discard)
        if self.gone:
            writer.transport.abort()
            return
        up_reader, up_writer = await asyncio.open_connection(self._host, self._port)
        ends = {writer, up_writer}
        self._ends |= ends
        back = asyncio.ensure_future(self._answers(up_reader, writer))
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            await self._commands(reader, up_writer, back)
        for end in ends:
            end.transport.abort()
        await back
        self._ends -= ends

    async def _commands(
        self, reader: asyncio.StreamReader, up: asyncio.StreamWriter, back: "asyncio.Future[None]"
    ) -> None:
        while not self.gone:
            head = await reader.readexactly(HEADER)
            size, _, _, kind = struct.unpack("<iiii", head)
            body = await reader.readexactly(size - HEADER)
            name = _name(body) if kind == OP_MSG else ""
            if self._is_cut(name, "before"):
                self.gone = True
                break
            last = self._is_cut(name, "after")
            self._count(name)
            up.write(head + body)
            await up.drain()
            if last:
                self.gone = True  # the answer is swallowed, and nothing follows
                await _answered(back)
        if self.gone:
            await self._break_off()

    def _is_cut(self, name: str, side: str) -> bool:
        wanted = getattr(self._cut, side, None)
        if self._cut is None or wanted is None or wanted not in _names(name):
            return False
        return self.seen[wanted] + 1 == self._cut.nth

    def _count(self, name: str) -> None:
        self.seen.update(_names(name))

    async def _answers(self, up: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await up.read(65536):
                if self.gone:
                    return  # the database has done it; nobody hears of it
                writer.write(chunk)
                await writer.drain()


def _names(name: str) -> set[str]:
    return {name, "write"} if name in WRITES else {name}


def _name(body: bytes) -> str:
    """The command of an OP_MSG: the first field of its first document."""
    start = 4 + 1 + 4 + 1  # flags, kind of section, length of document, type of field
    return body[start : body.index(b"\0", start)].decode()


async def _answered(back: "asyncio.Future[None]") -> None:
    async with asyncio.timeout(5):
        await asyncio.wait({back})


@contextlib.contextmanager
def cutting(mongo_url: str) -> Iterator[Wire]:
    """A wire to this database; `url` is for the client on our side.

    It runs in a thread: the driver's `close` says good-bye to the database while it holds up the test's own loop.
    """
    parts = urlsplit(mongo_url)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="wire")
    thread.start()
    wire = Wire(parts.hostname or "", parts.port or 0, loop)
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(wire.carry, "127.0.0.1", 0), loop).result(5)
    access, _, _ = parts.netloc.rpartition("@")
    place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    wire.url = urlunsplit(parts._replace(netloc=f"{access}@{place}" if access else place))
    try:
        yield wire
    finally:
        wire.cut_for_good()
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(wire.through(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
