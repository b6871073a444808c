"""An IMAP server that does what real ones do wrong. Runs in the event loop that starts it.

async with FakeImap() as server:
    server.put(b"Subject: …")
    server.faults.append(Fault(at="IDLING", harm="bye"))
"""

import asyncio
import contextlib
import datetime as dt
import ssl
from contextlib import suppress
from typing import Self

from channels.fakes.imap_mailbox import EPOCH, Mail, State
from channels.fakes.imap_session import Over, Session

CLOSE_S = 0.2


class FakeImap(State):
    """Its whole state may be read and changed while it runs."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.sessions: set[Session] = set()
        self.port = 0

    def put(self, raw: bytes, box: str = "INBOX", at: dt.datetime = EPOCH, size: int | None = None) -> Mail:
        """A mail arrives; those who idle there are told."""
        mail = self.boxes[box].put(raw, at, size)
        self._tell(box, b"* %d EXISTS" % len(self.boxes[box].mails))
        return mail

    def expunge(self, uid: int, box: str = "INBOX") -> None:
        """Somebody deletes a mail elsewhere."""
        mails = self.boxes[box].mails
        number = next(at for at, mail in enumerate(mails, start=1) if mail.uid == uid)
        del mails[number - 1]
        self._tell(box, b"* %d EXPUNGE" % number)

    def cut(self) -> None:
        """Every session ends without a word."""
        for session in list(self.sessions):
            with contextlib.suppress(AttributeError):  # early 3.11 forgets a TLS transport that was closed twice
                session.writer.transport.abort()

    def _tell(self, box: str, line: bytes) -> None:
        for session in self.sessions:
            if session.box is self.boxes[box] and session.idling.is_set():
                session.writer.write(line + b"\r\n")

    async def idling(self) -> "Session":
        """Wait until somebody idles."""
        while True:
            for session in self.sessions:
                if session.idling.is_set():
                    return session
            await asyncio.sleep(0.005)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=self.tls if self.tls_at_once else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._server.close()
        tasks = [session.task for session in self.sessions if session.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer)
        session.task = asyncio.current_task()
        self.sessions.add(session)
        try:
            await session.run()
        except (OSError, asyncio.IncompleteReadError, Over, asyncio.CancelledError):
            pass  # the far side left, or a fault wants it so
        finally:
            self.sessions.discard(session)
            session.writer.close()
            with suppress(OSError, TimeoutError, asyncio.CancelledError):
                async with asyncio.timeout(CLOSE_S):  # after a failed handshake nobody tells that it is closed
                    await session.writer.wait_closed()
