"""A copy of what we sent in the mailbox's own Sent folder, for whoever looks there; wanted by a setting.

Google and Microsoft keep one by themselves. Our own copy is known by its Message-ID when the Sent folder is read.
"""

import asyncio
import datetime as dt

import structlog

from channels.base import House
from channels.email import wire
from channels.email.listening.imap import No
from channels.email.listening.session import sign_in, watched
from channels.email.listening.stream import Gone
from channels.email.oauth import Tokens
from hub.errors import HubError
from hub.model import Account

MOST_S = 15.0

log = structlog.get_logger()


async def keep_sent(account: Account, mail: bytes, tokens: Tokens, house: House | None, now: dt.datetime) -> None:
    """Best effort: the mail has left, and a missing copy must not make it look as if it had not."""
    try:
        async with asyncio.timeout(MOST_S):
            session = await sign_in(account, tokens, house, now)
            try:
                folders = await watched(session.imap, wire.settings_of(account))
                for folder in [one for one in folders if one.kind == "sent"]:
                    await session.imap.append(folder.raw, mail)
            finally:
                await session.imap.close()
    except (HubError, Gone, No, OSError) as error:
        log.warning("no copy in the sent folder", account_id=account.id, why=type(error).__name__)
