"""One TCP or TLS connection to an IMAP server: pieces of answers in, lines out, each under a timeout."""

import asyncio
import contextlib
import ssl

from channels.email.listening.grammar import literal_size

CONNECT_S = 15.0
ANSWER_S = 60.0  # for one piece of an answer; a search through a huge mailbox takes its time
SLOWEST_BYTES_S = 50_000  # a literal may take that much longer
BUFFER = 256 * 1024
MOST_LINE = 32 * 1024 * 1024  # a search that finds four million mails
MOST_LITERAL = 64 * 1024 * 1024
CLOSE_S = 2.0


class Gone(Exception):
    """The connection is over: closed by the server, cut, silent for too long, or speaking something else."""


class Stream:
    """Not safe for two readers at a time. After Gone it is of no use any more."""

    def __init__(self, host: str, security: str, context: ssl.SSLContext | None, patience_s: float) -> None:
        self._host = host
        self._patience_s = patience_s
        self._context = context
        self._loop = asyncio.get_running_loop()
        self._writer: asyncio.StreamWriter | None = None
        self._plain: asyncio.StreamWriter | None = None  # kept: let go of, it would close the connection below TLS
        self.secure = security == "tls"

    async def open(self, port: int) -> None:
        """Raises OSError (with ssl.SSLError below it) or TimeoutError."""
        reader, protocol = self._fresh()
        context, name = (self._context, self._host) if self.secure else (None, None)
        async with asyncio.timeout(CONNECT_S):
            transport, _ = await self._loop.create_connection(
                lambda: protocol, self._host, port, ssl=context, server_hostname=name
            )
        self._use(transport, protocol, reader)

    async def start_tls(self) -> None:
        """Go on under TLS. What the server said before that and was not read is dropped: nobody vouches for it."""
        assert self._context is not None and self._writer is not None
        reader, protocol = self._fresh()
        plain, self._plain, self._writer = self._writer.transport, self._writer, None
        try:
            async with asyncio.timeout(CONNECT_S):
                transport = await self._loop.start_tls(plain, protocol, self._context, server_hostname=self._host)
        except BaseException:
            plain.abort()
            raise
        if transport is None:
            raise Gone("the connection closed while TLS began")
        protocol.connection_made(transport)
        self._use(transport, protocol, reader)
        self.secure = True

    def _fresh(self) -> tuple[asyncio.StreamReader, "_Protocol"]:
        reader = asyncio.StreamReader(limit=BUFFER, loop=self._loop)
        return reader, _Protocol(reader)

    def _use(self, transport: asyncio.WriteTransport, protocol: "_Protocol", reader: asyncio.StreamReader) -> None:
        self._protocol = protocol
        self._reader = reader
        self._writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)

    # -- reading ------------------------------------------------------------------------------------------------------

    async def pieces(self, *, whenever: bool = False) -> list[bytes]:
        """One whole answer, as [line, literal, line, …]; only one that may come `whenever` has no timeout.

        Raises Gone.
        """
        found = [await self._line(None if whenever else self._patience_s)]
        while (size := literal_size(found[-1])) is not None:
            if size > MOST_LITERAL:
                raise Gone(f"the server announced {size} bytes at once")
            found += [await self._exactly(size), await self._line(self._patience_s)]
        return found

    async def _line(self, patience_s: float | None) -> bytes:
        try:
            async with asyncio.timeout(patience_s):
                return (await self._until_newline()).rstrip(b"\r\n")
        except TimeoutError as error:
            raise Gone(f"the server said nothing for {patience_s or 0:.0f} seconds") from error
        except asyncio.IncompleteReadError as error:
            raise Gone("the server closed the connection") from error
        except OSError as error:
            raise Gone(f"the connection broke ({type(error).__name__})") from error

    async def _until_newline(self) -> bytes:
        long = bytearray()
        while True:
            try:
                return bytes(long + await self._reader.readuntil(b"\n"))
            except asyncio.LimitOverrunError as error:
                long += await self._reader.readexactly(error.consumed)
                if len(long) > MOST_LINE:
                    raise Gone("the server sent a line without an end") from error

    async def _exactly(self, size: int) -> bytes:
        try:
            async with asyncio.timeout(self._patience_s + size / SLOWEST_BYTES_S):
                return await self._reader.readexactly(size)
        except TimeoutError as error:
            raise Gone("the server stopped in the middle of a mail") from error
        except asyncio.IncompleteReadError as error:
            raise Gone("the server closed the connection in the middle of a mail") from error
        except OSError as error:
            raise Gone(f"the connection broke ({type(error).__name__})") from error

    # -- writing ------------------------------------------------------------------------------------------------------

    async def write(self, line: bytes) -> None:
        """Send one line (without its end). Raises Gone."""
        if self._writer is None:
            raise Gone("the connection is closed")
        try:
            self._writer.write(line + b"\r\n")
            async with asyncio.timeout(self._patience_s):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise Gone(f"the connection broke ({type(error).__name__})") from error

    async def close(self) -> None:
        """Close it for sure, politely if the other side plays along."""
        if self._writer is None:
            return
        self._writer.close()
        if not await self._protocol.ended():
            with contextlib.suppress(AttributeError):  # early 3.11 forgets a TLS transport that was closed twice
                self._writer.transport.abort()
            await self._protocol.ended()


class _Protocol(asyncio.StreamReaderProtocol):
    """Tells when the connection is over; `StreamWriter.wait_closed` survives no timeout."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._over = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._over.set()

    async def ended(self) -> bool:
        """Whether it ended within a moment."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._over.wait()
        except TimeoutError:
            return False
        return True
