"""Connections to an account's SMTP server, a few kept warm; one mail to one recipient over one of them.

The mail is handed over command by command: which one failed decides whether it can be sent again, was refused, or
may have left.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Callable

import aiosmtplib
import msgspec

from channels.email.reach import tls, wrong_password
from channels.email.sending.addresses import needs_utf8
from channels.email.wire import Server
from hub.errors import Refused, Retry, Unknown, Unreachable

CONNECT_S = 15.0
ANSWER_S = 30.0  # to one command
TAKE_S = 60.0  # to the whole mail; RFC 5321 allows 10 minutes, nobody waits that long
WARM_S = 20.0  # servers close idle connections from 30 s on
MOST_WARM = 4
AUTH_PAUSE_S = 300.0
NOT_SIGNED_IN = frozenset({530, 534, 535, 538})


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """How to get in; `token` where the account signs in by token."""

    server: Server
    password: str = ""
    token: str = ""
    user: str = ""
    ca_file: str | None = None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed over: the same bytes for each recipient, a return path of its own."""

    sender: str
    to: str
    mail: bytes


class Connections:
    """One account's; `clock` is the loop's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._warm: list[tuple[float, SignIn, aiosmtplib.SMTP]] = []

    async def hand_over(self, way: SignIn, letter: Letter) -> str:
        """Send it once; what the server said on taking it. Raises Retry, Refused or Unknown."""
        client = await self._warmed(way)
        if client is not None:
            try:
                return await self._transaction(client, way, letter)
            except _Stale:  # it was closed while it lay there: nothing left
                pass
        client = await connect(way)
        try:
            return await self._transaction(client, way, letter)
        except _Stale as error:
            raise Retry(f"{_where(way.server)} closed the connection. It is tried again.") from error

    async def _warmed(self, way: SignIn) -> aiosmtplib.SMTP | None:
        """A connection that lay there for a short time only, opened in the same way."""
        while self._warm:
            since, opened, client = self._warm.pop()
            if opened == way and client.is_connected and self._clock() - since < WARM_S:
                return client
            drop(client)
        return None

    async def _transaction(self, client: aiosmtplib.SMTP, way: SignIn, letter: Letter) -> str:
        """A connection in which anything went wrong is never used again."""
        try:
            await _envelope(client, way.server, letter)
            said = await _data(client, way.server, letter)
        except BaseException:
            drop(client)
            raise
        if len(self._warm) < MOST_WARM:
            self._warm.append((self._clock(), way, client))
        else:
            drop(client)
        return said

    async def close(self) -> None:
        """Close what is warm, without waiting for anybody."""
        while self._warm:
            drop(self._warm.pop()[2])
        await asyncio.sleep(0)  # let the sockets close before the loop may


def drop(client: aiosmtplib.SMTP) -> None:
    """End a connection now; a polite end under TLS would wait for the other side."""
    transport = client.transport
    client.close()
    if isinstance(transport, asyncio.WriteTransport):
        with contextlib.suppress(AttributeError):  # early 3.11 forgets a TLS transport that was closed twice
            transport.abort()


class _Stale(Exception):
    """The connection was over before the mail began."""


async def _envelope(client: aiosmtplib.SMTP, server: Server, letter: Letter) -> None:
    """Up to here nothing has left, so that every failure that is not a refusal may be tried again."""
    options = [f"SIZE={len(letter.mail)}"] if client.supports_extension("size") else []
    encoding = "ascii"
    if needs_utf8(letter.to + letter.sender):
        if not client.supports_extension("smtputf8"):
            raise Refused(f"{server.host} cannot send to {letter.to}: it takes no letters with marks in addresses.")
        options.append("SMTPUTF8")
        encoding = "utf-8"
    try:
        await client.mail(letter.sender, options=options, encoding=encoding)
        await client.rcpt(letter.to, encoding=encoding)
    except aiosmtplib.SMTPSenderRefused as error:
        raise _judged(error, server, f"{server.host} does not let {letter.sender} send") from error
    except aiosmtplib.SMTPRecipientRefused as error:
        raise _judged(error, server, f"{letter.to} was refused", of_one=True) from error
    except aiosmtplib.SMTPTimeoutError as error:
        raise Retry(f"{_where(server)} did not answer. It is tried again.") from error
    except (aiosmtplib.SMTPServerDisconnected, OSError) as error:
        raise _Stale from error


async def _data(client: aiosmtplib.SMTP, server: Server, letter: Letter) -> str:
    try:
        return (await client.data(letter.mail, timeout=TAKE_S)).message
    except aiosmtplib.SMTPDataError as error:
        raise _judged(error, server, "The mail was refused") from error
    except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as error:
        raise Unknown(
            f"{_where(server)} was silent after it got the mail. It may have been sent; look before sending it again."
        ) from error


def _judged(
    error: aiosmtplib.SMTPResponseException, server: Server, what: str, *, of_one: bool = False
) -> Retry | Refused:
    """4xx: not now. 5xx: not at all, in the server's own words.

    421 closes the line for the whole mailbox, but said `of_one` recipient it slows down mail to them: others go on.
    """
    said = _line(f"{error.code} {error.message}")
    if error.code in NOT_SIGNED_IN:
        return Retry(f"{_where(server)} wants a sign-in: {said}", AUTH_PAUSE_S, whole_account=True)
    if error.code < 500:
        return Retry(f"{what} for now: {said}", whole_account=error.code == 421 and not of_one)
    return Refused(f"{what}: {said}")


# -- connecting --------------------------------------------------------------------------------------------------------


async def connect(way: SignIn) -> aiosmtplib.SMTP:
    """A signed-in connection. Raises Retry: nothing has left, and a person may mend the account meanwhile."""
    server = way.server
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=ANSWER_S,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=None if server.security == "none" else _trusted(way.ca_file),
        local_hostname="localhost",
    )
    try:
        await client.connect(timeout=CONNECT_S)
        if way.token:
            await client.auth_xoauth2(way.user, way.token)
        elif way.user:
            await client.login(way.user, way.password)
        elif client.is_ehlo_or_helo_needed:
            await _greet(client)
    except BaseException as error:
        drop(client)
        if isinstance(error, (aiosmtplib.SMTPException, OSError, TimeoutError, ssl.SSLError)):
            raise _unconnected(error, way) from error
        raise
    return client


async def _greet(client: aiosmtplib.SMTP) -> None:
    """Ask what the server can; an old one only knows the short greeting."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


def _trusted(ca_file: str | None) -> ssl.SSLContext:
    try:
        return tls(ca_file)
    except Unreachable as error:
        raise Retry(str(error), AUTH_PAUSE_S, whole_account=True) from error


def _unconnected(error: BaseException, way: SignIn) -> Retry:
    where = _where(way.server)
    cause = _certificate(error)
    if cause is not None:
        return Retry(f"The certificate of {where} does not hold: {_line(cause)}.", AUTH_PAUSE_S, whole_account=True)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        said = _line(f"{error.code} {error.message}")
        if error.code < 500:
            return Retry(f"{where} cannot sign this mailbox in now: {said}", whole_account=True)
        return Retry(wrong_password(way.server, said), AUTH_PAUSE_S, whole_account=True)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Retry(f"{where} takes no mail now: {_line(f'{error.code} {error.message}')}", whole_account=True)
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return Retry(f"{where} did not answer in time. It is tried again.", whole_account=True)
    return Retry(f"{where} cannot be reached: {_line(str(error))}. It is tried again.", whole_account=True)


def _certificate(error: BaseException | None) -> str | None:
    """What is wrong with the certificate, if that is what stands behind it."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message or "it cannot be verified"
        error = error.__cause__ or error.__context__
    return None


def _where(server: Server) -> str:
    return f"{server.host}:{server.port}"


def _line(said: str) -> str:
    """A server's words as one short line."""
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())[:300].rstrip(".")
