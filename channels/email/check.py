"""Trying an account for real: sign in to IMAP and open what is watched, sign in to SMTP; nothing is sent."""

import asyncio
import datetime as dt
from contextlib import suppress

import aiosmtplib

from channels.base import House
from channels.email import wire
from channels.email.listening.session import reading, sign_in
from channels.email.oauth import Tokens
from channels.email.sending.outbound import way_in
from channels.email.sending.smtp import connect, drop
from hub.errors import BadInput, Refused, Retry, Unreachable
from hub.model import Account

MOST_S = 60.0


async def check(account: Account, tokens: Tokens, house: House | None, now: dt.datetime) -> str | None:
    """None when mail comes in and goes out, else the sentence that says what to do."""
    try:
        async with asyncio.timeout(MOST_S):
            await mail_comes(account, tokens, house, now)
            await mail_goes(account, tokens, house, now)
    except (Unreachable, Retry, Refused, BadInput) as error:
        return str(error)
    except TimeoutError:
        return "The mail server takes longer than a minute to answer. Try again later, or check its name and port."
    return None


async def mail_comes(account: Account, tokens: Tokens, house: House | None, now: dt.datetime) -> None:
    """Raises Unreachable."""
    session = await sign_in(account, tokens, house, now)
    try:
        await reading(session.imap, wire.settings_of(account))
    finally:
        await session.imap.close()


async def mail_goes(account: Account, tokens: Tokens, house: House | None, now: dt.datetime) -> None:
    """Raises Retry or Refused."""
    settings, secrets = wire.settings_of(account), wire.secrets_of(account)
    client = await connect(await way_in(tokens, account, settings, secrets, house, now))
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.execute_command(b"QUIT", timeout=5.0)
    drop(client)
    await asyncio.sleep(0)
