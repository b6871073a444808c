"""Sending one part to one recipient: composed, signed where the owner wants it, handed over once."""

import asyncio
import datetime as dt
import re

import dkim

from channels.base import House
from channels.email import tokens, wire
from channels.email.oauth import Tokens
from channels.email.sending.addresses import checked
from channels.email.sending.body import File
from channels.email.sending.compose import compose, message_id
from channels.email.sending.guard import Guard
from channels.email.sending.keep_sent import keep_sent
from channels.email.sending.smtp import Connections, Letter, SignIn
from hub.errors import BadInput, Refused, Retry, Unreachable
from hub.model import Account, AccountId, Attachment, Part, Sent

MOST_FILES = 25_000_000  # what most servers take, once it is encoded
SES = re.compile(r"email-smtp\.([a-z0-9-]+)\.amazonaws\.com")
SES_TOOK = re.compile(r"\b(0[0-9a-f]{15}-[0-9a-f-]{36}-\d{6})\b")
SIGNED = [b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"References", b"Reply-To"]


class Outbound:
    """The sending side of a process: its warm connections, and its count of automatic mails."""

    def __init__(self, sign_ins: Tokens) -> None:
        self._tokens = sign_ins
        self._connections: dict[AccountId, Connections] = {}
        self._guard = Guard()
        self._copying: set[asyncio.Task[None]] = set()

    async def send(self, account: Account, to: str, part: Part, house: House | None, now: dt.datetime) -> Sent:
        """Once. Raises Retry, Refused or Unknown."""
        settings, secrets = _kept(account)
        recipient = checked(to)
        self._guard.check(account.id, recipient, part, settings, now)
        files = await _files(part.attachments, house)
        mail = await signed(compose(part, recipient, files, settings, secrets, now), settings, secrets)
        way = await way_in(self._tokens, account, settings, secrets, house, now)
        sender = tokens.return_path(checked(settings.address), secrets.token_secret, part.message, recipient)
        letter = Letter(sender=sender if settings.plus else checked(settings.address), to=recipient, mail=mail)
        said = await self._of(account.id).hand_over(way, letter)
        if settings.save_sent and recipient == checked((part.everyone or (to,))[0]):  # one copy, whoever gets it
            self._copy(account, mail, house, now)
        return Sent(external=given_id(settings, said) or message_id(part, settings, secrets))

    def _copy(self, account: Account, mail: bytes, house: House | None, now: dt.datetime) -> None:
        """Beside the send: the mail has left, however long the mailbox takes for its copy."""
        task = asyncio.create_task(keep_sent(account, mail, self._tokens, house, now))
        self._copying.add(task)
        task.add_done_callback(self._copying.discard)

    async def copied(self) -> None:
        """Wait until the copies that are under way lie there, or were given up; each has a limit of its own."""
        await asyncio.gather(*self._copying, return_exceptions=True)

    def _of(self, account: AccountId) -> Connections:
        if account not in self._connections:
            self._connections[account] = Connections(asyncio.get_running_loop().time)
        return self._connections[account]

    async def close(self) -> None:
        """Close every warm connection, once the copies are there."""
        await self.copied()
        for connections in self._connections.values():
            await connections.close()
        self._connections.clear()


async def way_in(
    sign_ins: Tokens,
    account: Account,
    settings: wire.Settings,
    secrets: wire.Secrets,
    house: House | None,
    now: dt.datetime,
) -> SignIn:
    """How this account's SMTP server is entered. Raises Retry, or Refused when it has none."""
    server = settings.smtp
    if server is None or not server.host:
        raise Refused("This mailbox has no SMTP server. Enter one in its settings, then send the message again.")
    token = ""
    if settings.oauth is not None:
        try:
            token = (await sign_ins.access(account, house, now)).token
        except Unreachable as error:
            raise Retry(str(error), error.after_s, whole_account=True) from error
    return SignIn(
        server=server,
        user=server.user or (settings.address if token else ""),
        password=secrets.smtp_password or secrets.imap_password,
        token=token,
        ca_file=settings.ca_file,
    )


async def signed(mail: bytes, settings: wire.Settings, secrets: wire.Secrets) -> bytes:
    """With a DKIM signature in front, where the owner gave a key. Raises Retry when the key cannot be used."""
    if not (settings.dkim_domain and settings.dkim_selector and secrets.dkim_key):
        return mail
    selector, domain = settings.dkim_selector.encode(), settings.dkim_domain.encode()
    key = secrets.dkim_key.encode()
    try:
        header = await asyncio.to_thread(dkim.sign, mail, selector, domain, key, include_headers=_present(mail))
    except Exception as error:  # whatever a key can be wrong in
        raise Retry("The DKIM key of this mailbox cannot be used. Correct it in the settings.", 300.0) from error
    return bytes(header) + mail


def _present(mail: bytes) -> list[bytes]:
    head = mail[: mail.index(b"\r\n\r\n")].lower()
    return [name for name in SIGNED if head.startswith(name.lower() + b":") or b"\r\n" + name.lower() + b":" in head]


async def _files(attachments: tuple[Attachment, ...], house: House | None) -> tuple[File, ...]:
    if sum(one.bytes for one in attachments) > MOST_FILES:
        raise Refused(f"The files are larger than the {MOST_FILES // 1_000_000} MB that a mail carries. Send a link.")
    if attachments and house is None:
        raise Retry("The files cannot be read now.")
    files: list[File] = []
    for one in attachments:
        if one.state != "here" or house is None:
            raise Refused(f"The file {one.name} is not here. Attach it again.")
        data = b"".join([piece async for piece in house.read(one)])
        files.append(File(name=one.name, mime=one.mime, data=data))
    return tuple(files)


def given_id(settings: wire.Settings, said: str) -> str | None:
    """Amazon's relay gives each mail another Message-ID and names it on taking it."""
    region, took = SES.fullmatch(settings.smtp.host if settings.smtp else ""), SES_TOOK.search(said)
    if region is None or took is None:
        return None
    return f"{took[1]}@{'email' if region[1] == 'us-east-1' else region[1]}.amazonses.com"


def _kept(account: Account) -> tuple[wire.Settings, wire.Secrets]:
    try:
        return wire.settings_of(account), wire.secrets_of(account)
    except BadInput as error:
        raise Refused(str(error)) from error
