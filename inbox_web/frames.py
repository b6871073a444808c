"""WebSocket text frames, built once and written to many sockets; and what happens to a socket that cannot keep up.

A server's text frame carries no mask (RFC 6455, 5.2), so the same bytes serve every socket. They go straight to the
transport: aiohttp's own `send_str` encodes the text and builds the frame again for each socket.
"""

import asyncio
import struct

from aiohttp import web

MOST_BUFFERED = 1_000_000  # bytes; a browser that is further behind comes back with `since`
CLOSE_TIMEOUT_S = 2.0  # for the browser to answer; a process that goes waits no longer

NOT_SIGNED_IN, WRONG_ORIGIN, TOO_SLOW, SHUTTING_DOWN = 4401, 4403, 4408, 4503


def text_frame(payload: bytes) -> bytes:
    """One unmasked, final text frame."""
    length = len(payload)
    if length < 126:
        return struct.pack("!BB", 0x81, length) + payload
    if length < 65536:
        return struct.pack("!BBH", 0x81, 126, length) + payload
    return struct.pack("!BBQ", 0x81, 127, length) + payload


class Socket:
    """One open WebSocket that frames are written to without waiting; `slow` once it lags too far behind."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        transport = request.transport
        assert transport is not None  # the handshake was just answered over it
        self._transport = transport
        # Never pause: the limit is ours, in `write`.
        transport.set_write_buffer_limits(high=2 * MOST_BUFFERED)
        self._closing: asyncio.Task[None] | None = None

    def write(self, frames: bytes) -> bool:
        """Hand over whole frames; False when the socket is gone or too slow, and is being closed."""
        if self._closing is not None or self.ws.closed or self._transport.is_closing():
            return False
        if self._transport.get_write_buffer_size() > MOST_BUFFERED:
            self.end(TOO_SLOW, b"too slow")
            return False
        self._transport.write(frames)
        return True

    def send(self, payload: bytes) -> bool:
        """One JSON text."""
        return self.write(text_frame(payload))

    def end(self, code: int, why: bytes) -> None:
        """Begin to close; the socket takes no more frames from now on."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(code, why))

    async def ended(self) -> None:
        """Wait until a closing that was begun is over."""
        if self._closing is not None:
            await self._closing

    async def _close(self, code: int, why: bytes) -> None:
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self.ws.close(code=code, message=why)
        except (TimeoutError, ConnectionError):
            self._transport.abort()
