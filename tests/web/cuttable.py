"""A wire between the browser and the hub that can be cut: what a café's network does to both sides at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Wire:
    """Passes bytes on between whoever connects to `url` and the hub."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self.url = ""

    def cut(self) -> int:
        """Abort every connection that is open; how many there were."""
        ends = list(self._open)
        for writer in ends:
            writer.transport.abort()
        return len(ends) // 2

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, up_writer}
        await asyncio.gather(_pass_on(reader, up_writer), _pass_on(up_reader, writer))
        self._open -= {writer, up_writer}


@contextlib.asynccontextmanager
async def wire_to(port: int) -> AsyncIterator[Wire]:
    """A wire to the hub on this port, while the block runs."""
    wire = Wire(port)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        wire.cut()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
