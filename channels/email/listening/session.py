"""A signed-in IMAP connection for an account, and the folders that are watched in it."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

from channels.base import House
from channels.email import wire
from channels.email.listening.grammar import Folder, to_utf7
from channels.email.listening.imap import Imap, No
from channels.email.listening.stream import Gone
from channels.email.oauth import Tokens
from channels.email.reach import tls, unreachable
from hub.errors import BadInput, Unreachable
from hub.model import Account

FolderKind = Literal["inbox", "sent"]
BEFORE_THE_END_S = 120.0  # a session that a token opened is left before the token ends
SENT_NAMES = ("sent", "sent items", "sent messages", "sent mail", "[gmail]/sent mail", "đã gửi", "thư đã gửi")


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that is read: how the server writes its name, how people do, and what it holds."""

    raw: bytes
    name: str
    kind: FolderKind


class Session(msgspec.Struct, frozen=True, kw_only=True):
    imap: Imap
    until: float | None  # seconds since the epoch; None: as long as it lasts


async def sign_in(account: Account, tokens: Tokens, house: House | None, now: dt.datetime) -> Session:
    """Connect and sign in, by token where the account has one. Raises Unreachable."""
    settings, secrets = kept(account)
    server = settings.imap
    if server is None or not server.host:
        raise Unreachable("This mailbox has no IMAP server yet. Connect it again.", for_good=True)
    context = None if server.security == "none" else tls(settings.ca_file)
    access = await tokens.access(account, house, now) if settings.oauth else None
    try:
        imap = await Imap.open(server.host, server.port, server.security, context)
    except (OSError, TimeoutError, Gone, No) as error:
        raise unreachable(error, server, "IMAP") from error
    try:
        if access is not None:
            await imap.xoauth2(server.user or settings.address, access.token)
            tokens.worked(account)
        elif server.user:
            await imap.login(server.user, secrets.imap_password)
    except BaseException as error:
        await imap.close(politely=False)
        if access is not None and isinstance(error, No) and not tokens.rejected(account):
            raise Unreachable(
                f"{server.host} did not take the token; another one is asked for.", after_s=5.0
            ) from error
        if isinstance(error, OSError | TimeoutError | Gone | No):
            raise unreachable(error, server, "IMAP") from error
        raise
    return Session(imap=imap, until=access.until - BEFORE_THE_END_S if access else None)


def kept(account: Account) -> tuple[wire.Settings, wire.Secrets]:
    """Settings and secrets. Raises Unreachable when they cannot be used."""
    try:
        return wire.settings_of(account), wire.secrets_of(account)
    except BadInput as error:
        raise Unreachable(str(error), for_good=True) from error


async def reading(imap: Imap, settings: wire.Settings) -> None:
    """Open every watched folder once. Raises Unreachable."""
    try:
        for folder in await watched(imap, settings):
            await imap.examine(folder.raw)
    except (OSError, TimeoutError, Gone, No) as error:
        raise unreachable(error, settings.imap or wire.Server(), "IMAP") from error


async def watched(imap: Imap, settings: wire.Settings) -> list[Watched]:
    """The folders of the settings, then the Sent folder, if there is one. Raises Unreachable for one that is not."""
    there = await imap.folders()
    found = [_named(name, there) for name in settings.folders]
    return [*found, *([] if settings.sent_folder == "" else _sent(settings.sent_folder, there, found))]


def _named(name: str, there: Sequence[Folder]) -> Watched:
    if name.upper() == "INBOX":
        return Watched(raw=b"INBOX", name="INBOX", kind="inbox")
    for folder in there:
        if name in (folder.name, folder.raw.decode("utf-8", "replace")):
            return Watched(raw=folder.raw, name=folder.name, kind="inbox")
    raise Unreachable(f"The mailbox has no folder called {name}. Correct its folders in the settings.", for_good=True)


def _sent(name: str | None, there: Sequence[Folder], others: Sequence[Watched]) -> list[Watched]:
    """The named one, else the one that the server marks, else one that is called like it."""
    if name is not None:
        return [Watched(raw=_raw(name, there), name=name, kind="sent")]
    marked = [one for one in there if "\\sent" in one.flags]
    called = [one for one in there if one.name.lower().removeprefix("inbox.").removeprefix("inbox/") in SENT_NAMES]
    taken = {one.name for one in others}
    return [Watched(raw=one.raw, name=one.name, kind="sent") for one in [*marked, *called] if one.name not in taken][:1]


def _raw(name: str, there: Sequence[Folder]) -> bytes:
    return next((one.raw for one in there if one.name == name), to_utf7(name))
