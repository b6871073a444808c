"""What the tests of listening to a mailbox share: mails, and what is heard of them."""

import datetime as dt
from contextlib import aclosing

from channels.base import Batch, RawArrival
from channels.email.listening.listen import Pace, listen
from channels.email.oauth import Tokens
from hub.model import Account
from tests.channels.email.accounts import house

PACE = Pace(idle_s=30.0, poll_s=0.02)
BEFORE = dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC)


def mail(number: int, words: str = "Xin chào") -> bytes:
    head = f"From: khach@elsewhere.test\r\nMessage-ID: <{number}@elsewhere.test>\r\nSubject: {number}\r\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n".encode()


async def first(account: Account, cursor: str | None = None, pace: Pace = PACE) -> tuple[list[RawArrival], Batch]:
    """What comes up to the word that all is well."""
    found: list[RawArrival] = []
    async with aclosing(listen(account, cursor, Tokens(), house()[0], pace)) as batches:
        async for batch in batches:
            if not batch.arrivals:
                return found, batch
            found += batch.arrivals
    raise AssertionError("it ended")


def subjects(found: list[RawArrival]) -> list[str]:
    return [one.body.decode().partition("Subject: ")[2].partition("\r\n")[0] for one in found]
