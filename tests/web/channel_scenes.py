"""Mailboxes and bots for tests of the inbox: accounts as they are once connected, and what comes to them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import msgspec
from aiohttp import ClientSession, ClientTimeout

from channels.email import wire
from channels.email.webhooks import sign
from channels.fakes.imap import FakeImap
from channels.fakes.slack import FakeSlack
from channels.fakes.smtp import FakeSmtp
from channels.fakes.telegram import Bot, FakeTelegram, Rule, Rules
from hub.clock import utc_now
from hub.ids import random_id
from hub.model import Account, AccountId
from hub.safety import keys
from hub.settings import Settings
from tests.web.running import RunningHub

HOOK_SECRET = "what the mail server signs with"
POST_S = 60
IDLE_S = 90
TOKEN = "7000000001:AAF-a_token-of-nobody_0123456789abcd"
SHARED = "C0KHACHSI1"  # the channel that the shop shares with its customers
UNHURRIED = Rules(bot=Rule(1e6, 1e6), chat=Rule(1e6, 1e6), group=Rule(1e6, 1e6))

QUOTED = """Dạ shop giao giúp em trước thứ Sáu nhé, em cần 3 hộp.

Vào T5, 19 thg 11, 2026 vào lúc 09:12 Mộc An <cskh@mocan.example> đã viết:

> Dạ chị muốn lấy mấy hộp trà sen ạ?
> Hộp 100 g giá 485.000 ₫.
"""
LAID_OUT = """<div style="font-size:15px">Dạ shop <b>giao giúp em trước thứ Sáu</b> nhé, em cần 3 hộp.
<img src="https://pictures.example/signature.png" alt="chữ ký" width="40" height="40"></div>
<div class="gmail_quote"><div class="gmail_attr">Vào T5, 19 thg 11, 2026 vào lúc 09:12 Mộc An
&lt;cskh@mocan.example&gt; đã viết:</div><blockquote>Dạ chị muốn lấy mấy hộp trà sen ạ?</blockquote></div>"""


class Mailbox:
    """An account that mails are posted to, each signed as its webhook wants it."""

    def __init__(self, hub: RunningHub, id_: str) -> None:
        self.hub, self.id = hub, id_

    async def gets(self, mail: EmailMessage) -> None:
        """A mail server hands one over."""
        body = mail.as_bytes()
        headers = {"Content-Type": "message/rfc822", "X-Hub-Signature": sign(HOOK_SECRET, body, int(time.time()))}
        async with (
            ClientSession(timeout=ClientTimeout(total=POST_S)) as session,
            session.post(f"{self.hub.url}/in/{self.id}", data=body, headers=headers) as answer,
        ):
            assert answer.status == 200, await answer.text()


async def mailbox(hub: RunningHub, address: str = "cskh@mocan.example", **settings: Any) -> Mailbox:
    """A mailbox, connected."""
    secrets = wire.Secrets(token_secret="signs our own addresses", hook_secret=HOOK_SECRET)
    kept = {"address": address, "name": "Mộc An", **settings}
    return Mailbox(hub, await _connected(hub, "email", address, kept, msgspec.json.encode(secrets)))


async def _connected(hub: RunningHub, kind: str, name: str, settings: dict[str, object], secrets: bytes) -> str:
    id_ = AccountId(random_id("acc"))
    sealed = keys.load(Settings(data=hub.data)).seal(f"account:{id_}", secrets)
    account = Account(id=id_, kind=kind, name=name, at=utc_now(), settings=settings, secrets=sealed)
    async with hub.store() as store:
        await store.accounts.add(account)
    return id_


def a_mail(subject: str, text: str, html: str | None = None, **headers: str) -> EmailMessage:
    """A mail with an id of its own, from somebody new unless `From` says who; headers are named with underscores."""
    mail = EmailMessage()
    mail["From"] = headers.pop("From", f"Khánh Huyền <{random_id('k').lower()}@khach.example>")
    mail["To"] = headers.pop("To", "cskh@mocan.example")
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{random_id('mail')}@khach.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html is not None:
        mail.add_alternative(html, subtype="html")
    return mail


@contextlib.asynccontextmanager
async def telegram_bot(username: str) -> AsyncIterator[tuple[FakeTelegram, Bot]]:
    """A bot at a Telegram of this machine."""
    async with FakeTelegram(rules=UNHURRIED) as telegram:
        yield telegram, telegram.add_bot(TOKEN, username)


async def account_at(hub: RunningHub, telegram: FakeTelegram, name: str) -> str:
    """An account for a bot of this Telegram that has no token yet; its id."""
    return await _place_for(hub, "telegram", name, telegram.url)


async def connect_bot(hub: RunningHub, telegram: FakeTelegram, name: str) -> str:
    """The same with its token, as the settings page does it."""
    return await _connect(hub, "telegram", name, {"token": TOKEN}, await account_at(hub, telegram, name))


@contextlib.asynccontextmanager
async def connected_bot(hub: RunningHub, username: str) -> AsyncIterator[Bot]:
    """A bot at a Telegram of its own, connected while the block runs."""
    async with telegram_bot(username) as (telegram, bot):
        id_ = await connect_bot(hub, telegram, f"@{username}")
        try:
            yield bot
        finally:
            await switch_off(hub, id_)


@contextlib.asynccontextmanager
async def workspace(hub: RunningHub, name: str) -> AsyncIterator[FakeSlack]:
    """A workspace with a shared channel, connected; its events are posted to the hub while the block runs."""
    async with FakeSlack(time.time) as slack:
        slack.home.add_channel(SHARED, "khach-si-moc-an", shared=True)
        answers = {"bot_token": slack.home.bot_token, "signing_secret": slack.signing_secret}
        id_ = await _connect(hub, "slack", name, answers, await _place_for(hub, "slack", name, slack.api_url))
        slack.pusher.url = f"{hub.url}/in/{id_}"
        assert await slack.pusher.verify_url()
        pushing = asyncio.create_task(slack.pusher.run())
        try:
            yield slack
        finally:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)
            await switch_off(hub, id_)


@contextlib.asynccontextmanager
async def mail_servers(hub: RunningHub, address: str) -> AsyncIterator[tuple[FakeImap, FakeSmtp]]:
    """The two servers of a mailbox, connected; the hub idles there once the block begins."""
    async with FakeImap() as imap, FakeSmtp() as smtp:
        answers = {"address": address, "name": "Mộc An", "password": "cho-hop-thu"}
        for name, server in (("imap", imap), ("smtp", smtp)):
            server.users = {address: answers["password"]}
            answers |= {f"{name}_host": "127.0.0.1", f"{name}_port": str(server.port), f"{name}_security": "none"}
        smtp.must_sign_in = True
        id_ = await _connect(hub, "email", address, answers)
        async with asyncio.timeout(IDLE_S):
            await imap.idling()
        try:
            yield imap, smtp
        finally:
            await switch_off(hub, id_)


async def switch_off(hub: RunningHub, id_: str) -> None:
    """Its platform ends: the account shall not be ill for the tests to come."""
    await hub.call("PATCH", f"/accounts/{id_}", {"on": False})


async def _place_for(hub: RunningHub, kind: str, name: str, api_url: str) -> str:
    """An account without secrets that is told where its platform is; its id."""
    body = {"kind": kind, "name": name, "settings": {"api_url": api_url}}
    return str((await hub.call("POST", "/accounts", body))["id"])


async def _connect(hub: RunningHub, kind: str, name: str, answers: dict[str, str], known: str | None = None) -> str:
    """The channel's questions answered; the id of the account that was known, or of a new one."""
    body = {"answers": answers, "name": name, "account": known}
    return str((await hub.call("POST", f"/accounts/connect/{kind}", body))["account"]["id"])
