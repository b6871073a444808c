"""An SMTP server that does what real ones do wrong, on aiosmtpd. Runs in the event loop that starts it.

async with FakeSmtp() as server:
    server.faults.append(Fault(at="RCPT", says="450 4.2.0 greylisted"))
"""

import asyncio
import base64
import contextlib
import ssl
from collections import deque
from typing import Any, Literal, Self

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Moment = Literal["GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "AFTER"]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that goes wrong, once: a refusal in the words of `says`; without words the connection drops.

    "DATA" is the command, "BODY" the answer to the whole mail, "AFTER" drops the line once the mail was kept.
    `for_s` waits first. `half` closes only the server's side: it goes on listening, and says nothing any more.
    """

    at: Moment
    says: str = ""
    for_s: float = 0.0
    half: bool = False


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as it was handed over."""

    sender: str
    to: tuple[str, ...]
    mail: bytes
    user: str | None = None


class FakeSmtp:
    """Its state may be read and changed while it runs."""

    def __init__(self, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.tls = tls
        self.tls_at_once = tls is not None  # False: by STARTTLS
        self.users = {"an@example.test": "secret"}
        self.tokens: set[str] = set()
        self.must_sign_in = False
        self.smtputf8 = False
        self.faults: deque[Fault] = deque()
        self.refused: dict[str, str] = {}  # recipient: what is said to it, every time
        self.taken: list[Taken] = []
        self.connections = 0
        self.open: set[_Line] = set()
        self.port = port  # 0: any that is free

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Line(self), "127.0.0.1", self.port, ssl=self.tls if self.tls_at_once else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._server.close()
        self.cut()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    def cut(self) -> None:
        """Every connection ends without a word."""
        for line in list(self.open):
            line.drop()

    def fault(self, at: Moment) -> Fault | None:
        """The next fault, if this is its moment."""
        if self.faults and self.faults[0].at == at:
            return self.faults.popleft()
        return None


class _Line(SMTP):
    """One connection."""

    def __init__(self, server: FakeSmtp) -> None:
        self._fake = server
        super().__init__(
            _Handler(server),
            hostname="fake.test",
            ident="fake",
            enable_SMTPUTF8=server.smtputf8,
            tls_context=server.tls if not server.tls_at_once else None,
            authenticator=self._sign_in,
            auth_require_tls=False,
            data_size_limit=50_000_000,
        )
        self._auth_required = server.must_sign_in  # as an argument it warns about passwords without TLS

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._fake.open.add(self)
        self._fake.connections += 1

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._fake.open.discard(self)

    def drop(self) -> None:
        """End without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            with contextlib.suppress(AttributeError):  # early 3.11 forgets a TLS transport that was closed twice
                self.transport.abort()

    async def push(self, status: Any) -> None:
        """Every answer leaves here; the first one is the greeting."""
        if str(status).startswith("220 fake.test"):
            said = await self.harmed("GREETING")
            if said is not None:
                await super().push(said or "421 closing")
                self.drop()
                return
        await super().push(status)

    async def harmed(self, at: Moment) -> str | None:
        """What a waiting fault says; None when none waits. A fault without words drops the line."""
        fault = self._fake.fault(at)
        if fault is None:
            return None
        await asyncio.sleep(fault.for_s)
        if fault.half and isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write_eof()
            await asyncio.get_running_loop().create_future()  # cancelled when the far side closes, too
        if not fault.says and not fault.for_s:
            self.drop()
        return fault.says or None

    async def smtp_DATA(self, arg: str) -> None:
        """The command itself can fail, before the mail."""
        said = await self.harmed("DATA")
        if said is not None:
            await self.push(said)
        else:
            await super().smtp_DATA(arg)

    def _sign_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and self._fake.users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=good, handled=False, auth_data=data)

    async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:
        """Refuses with a question, as the big providers do."""
        said = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        if said.partition("auth=Bearer ")[2].rstrip("\1") in self._fake.tokens:
            return AuthResult(success=True)
        await self.challenge_auth(b'{"status":"400"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)


class _Handler:
    """What aiosmtpd asks at each command."""

    def __init__(self, server: FakeSmtp) -> None:
        self._fake = server

    async def handle_EHLO(self, line: _Line, session: Session, _: Envelope, name: str, offers: list[str]) -> list[str]:
        said = await line.harmed("EHLO")
        session.host_name = name
        return [said] if said else offers

    async def handle_MAIL(self, line: _Line, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        said = await line.harmed("MAIL")
        if said is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(self, line: _Line, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        said = await line.harmed("RCPT") or self._fake.refused.get(address)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, line: _Line, session: Session, envelope: Envelope) -> str:
        said = await line.harmed("BODY")
        if said is not None:
            return said
        mail, login = envelope.original_content or b"", session.auth_data
        user = login.login.decode() if isinstance(login, LoginPassword) else None
        self._fake.taken.append(
            Taken(sender=envelope.mail_from or "", to=tuple(envelope.rcpt_tos), mail=mail, user=user)
        )
        await line.harmed("AFTER")
        return f"250 OK queued as {len(self._fake.taken)}"
