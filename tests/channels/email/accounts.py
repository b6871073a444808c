"""Mailboxes for tests: at the fakes, and at the real servers."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec

from channels.base import House
from channels.email import wire
from channels.fakes.imap import FakeImap
from channels.fakes.smtp import FakeSmtp
from hub.model import Account, AccountId, Attachment, ConversationId, MessageId, Part
from tests.channels.email.mail_house import PASSWORD, MailHouse

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
SINCE = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)  # the fake's mails are of nine o'clock
CONVERSATION = ConversationId("v_" + "0123456789abcdef01234567")
MESSAGE = MessageId("m_" + "0123456789abcdef01234567")


def account(settings: wire.Settings, secrets: wire.Secrets | None = None, at: dt.datetime = SINCE) -> Account:
    secrets = secrets or wire.Secrets(imap_password="secret", smtp_password="secret", token_secret="t0ken")
    return Account(
        id=AccountId("acc"),
        kind="email",
        name="Mộc An",
        at=at,
        settings=msgspec.to_builtins(settings),
        secrets=msgspec.json.encode(secrets),
    )


def at_fake_imap(server: FakeImap, **more: Any) -> Account:
    imap = wire.Server(host="127.0.0.1", port=server.port, security="none", user="an")
    return account(wire.Settings(address="an@example.test", imap=imap, **more))


def at_fake_smtp(server: FakeSmtp, secrets: wire.Secrets | None = None, **more: Any) -> Account:
    given = {"name": "Mộc An", "smtp": wire.Server(host="127.0.0.1", port=server.port, security="none"), **more}
    return account(wire.Settings(address="an@example.test", **given), secrets)


def at_mail_house(house: MailHouse, user: str, **more: Any) -> Account:
    """Signs in to Postfix as the mailbox, too."""
    settings = wire.Settings(
        address=f"{user}@example.test",
        imap=wire.Server(host="localhost", port=house.ports["imaps"], security="tls", user=user),
        smtp=wire.Server(host="localhost", port=house.ports["smtp"], security="starttls", user=user),
        ca_file=house.ca_file,
        **more,
    )
    secrets = wire.Secrets(imap_password=PASSWORD, smtp_password=PASSWORD, token_secret="t0ken")
    return account(settings, secrets, at=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))


def part(text: str = "Dạ shop còn size M ạ", **more: Any) -> Part:
    return Part(message=MESSAGE, index=0, conversation=CONVERSATION, at=NOW, text=text, **more)


def house(
    files: dict[str, bytes] | None = None, now: Callable[[], dt.datetime] = lambda: NOW
) -> tuple[House, list[bytes]]:
    """What the hub lends, and the secrets that were given to it to keep."""
    kept: list[bytes] = []

    async def read(attachment: Attachment) -> AsyncIterator[bytes]:
        yield (files or {})[attachment.file]

    async def keep(_: AccountId, secrets: bytes) -> None:
        kept.append(secrets)

    return House(read=read, keep_secrets=keep, now=now), kept
