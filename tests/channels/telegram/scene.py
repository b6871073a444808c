"""Who and what the tests of this folder speak of, and the few words that they say with a whole hub."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec

from channels.base import House
from channels.fakes.telegram import Rule, Rules, person
from channels.telegram import wire
from hub.clock import utc_now
from hub.model import Account, AccountId, Attachment, Author, MessageId, Part

TOKEN = "7000000001:AAF-a_token-of-nobody_0123456789abcd"
ACCOUNT = AccountId("tg")
PUBLIC = "https://hub.mocan.example"
LAN = person(5120034417, "Lan", "Phạm", "lanpham")
MINH = person(771200345, "Minh")
AGENT = Author(kind="agent", id="a_hoa", name="Hoa")
UNHURRIED = Rules(bot=Rule(1e6, 1e6), chat=Rule(1e6, 1e6), group=Rule(1e6, 1e6))
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
SECRET = wire.webhook_secret(TOKEN, ACCOUNT)


def an_account(url: str, way: str = "polling", **settings: object) -> Account:
    secrets = msgspec.json.encode(wire.Secrets(token=TOKEN, secret=SECRET))
    settings = {"api_url": url, "way": way, **settings}
    return Account(id=ACCOUNT, kind="telegram", name="@mocan_bot", at=utc_now(), settings=settings, secrets=secrets)


def a_part(text: str = "", index: int = 0, **more: Any) -> Part:
    return Part(message=MessageId("m_1"), index=index, text=text, **more)


def a_file(name: str, mime: str, data: bytes = PNG, **more: Any) -> Attachment:
    """A file whose name in the ledger is its content, for `read`."""
    return Attachment(file=data.hex(), name=name, mime=mime, bytes=len(data), **more)


async def read(file: Attachment) -> AsyncIterator[bytes]:
    yield bytes.fromhex(file.file)


async def keep_secrets(account: AccountId, secrets: bytes) -> None:
    raise AssertionError("a bot's token is never given anew")


def house(base_url: str = "", now: Callable[[], dt.datetime] = utc_now) -> House:
    return House(read=read, keep_secrets=keep_secrets, now=now, base_url=base_url)


# -- a whole hub ------------------------------------------------------------------------------------------------------
