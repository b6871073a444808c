"""Thin HTTP and WebSocket lines: the client shares the machine with the measured hub, so it must cost little.

No general clients: requests are ready-made bytes, answers are read as far as the figures need them.
"""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

ANSWER_S = 60.0
OPENING_AT_ONCE = 50
TEXT, CLOSE, PING = 0x1, 0x8, 0x9


class HttpLine(asyncio.Protocol):
    """One keep-alive connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        head = bytes(self._read[:end]).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r", 1)[0]) if at >= 0 else 0
        if len(self._read) >= end + 4 + length:
            body = bytes(self._read[end + 4 : end + 4 + length])
            del self._read[: end + 4 + length]
            self._answer.set_result((int(head[9:12]), body))
            self._answer = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("the hub hung up"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request; status and body of its answer."""
        assert self._transport is not None
        self._answer = answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def http_lines(url: str, count: int) -> list[HttpLine]:
    """So many connections to the server of this URL."""
    loop, to = asyncio.get_running_loop(), urlsplit(url)
    return [(await loop.create_connection(HttpLine, to.hostname, to.port))[1] for _ in range(count)]


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A whole POST with a JSON body."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: {headers['Host']}\r\n" if "Host" in headers else f"POST {path} HTTP/1.1\r\n"
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name != "Host")
    return f"{head}{lines}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


class WsLine(asyncio.Protocol):
    """One WebSocket; `heard` gets the payload of every text frame, `counted` only their number."""

    def __init__(self, heard: Callable[["WsLine", bytes], None] | None, counted: Callable[[int], None] | None) -> None:
        self._heard = heard
        self._counted = counted
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        if not self.opened.done():
            end = self._read.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self._read[:32]:
                self.opened.set_exception(ConnectionError(bytes(self._read[:200]).decode(errors="replace")))
                return
            del self._read[: end + 4]
            self.opened.set_result(None)
        self._frames()

    def _frames(self) -> None:
        buffer, at, count = self._read, 0, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length == 126:
                start = at + 4
                if len(buffer) < start:
                    break
                length = int.from_bytes(buffer[at + 2 : start])
            elif length == 127:
                start = at + 10
                if len(buffer) < start:
                    break
                length = int.from_bytes(buffer[at + 2 : start])
            if len(buffer) - start < length:
                break
            kind = buffer[at] & 0x0F
            if kind == TEXT:
                count += 1
                if self._heard is not None:
                    self._heard(self, bytes(buffer[start : start + length]))
            elif kind == PING:
                self._write(0x8A, bytes(buffer[start : start + length]))
            elif kind == CLOSE:
                self.closed = True
            at = start + length
        if at:
            del buffer[:at]
        if count and self._counted is not None:
            self._counted(count)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed before it was open"))

    def say(self, payload: bytes) -> None:
        """One text frame; masked as clients must, with zeros, which costs nothing."""
        self._write(0x81, payload)

    def _write(self, first: int, payload: bytes) -> None:
        assert self._transport is not None
        length = len(payload)
        head = bytes((first, 0x80 | length)) if length < 126 else bytes((first, 0xFE)) + struct.pack("!H", length)
        self._transport.write(head + b"\0\0\0\0" + payload)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def ws_line(
    url: str,
    origin: str,
    cookie: str = "",
    heard: Callable[[WsLine, bytes], None] | None = None,
    counted: Callable[[int], None] | None = None,
) -> WsLine:
    """An open WebSocket to this http:// URL. Raises ConnectionError with what the server said instead."""
    to = urlsplit(url)
    _, line = await asyncio.get_running_loop().create_connection(lambda: WsLine(heard, counted), to.hostname, to.port)
    cookies = f"Cookie: {cookie}\r\n" if cookie else ""
    assert line._transport is not None
    line._transport.write(
        f"GET {to.path} HTTP/1.1\r\nHost: {to.netloc}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\n{cookies}"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    async with asyncio.timeout(ANSWER_S):
        await line.opened
    return line


async def ws_lines(count: int, opening: Callable[[], Awaitable[WsLine]]) -> list[WsLine]:
    """So many sockets, a few at a time."""
    lines: list[WsLine] = []
    for start in range(0, count, OPENING_AT_ONCE):
        some = min(OPENING_AT_ONCE, count - start)
        lines += await asyncio.gather(*(opening() for _ in range(some)))
    return lines
