"""Connecting a bot: its token is tried, then Telegram is told where to hand over, or that we ask by ourselves."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
import msgspec

from channels.base import Connected, Field
from channels.telegram import wire
from channels.telegram.ask import Away, SaidNo, ask
from hub.errors import BadInput
from hub.model import Account

WEBHOOK, POLLING = "webhook", "polling"
PORTS = (443, 80, 88, 8443)  # where Telegram calls
PARALLEL = 40  # webhook calls at a time, over all chats

FIELDS = (
    Field(
        name="token",
        label={"vi": "Token của bot", "en": "The bot's token"},
        help={
            "vi": "Mở @BotFather trên Telegram, gửi /newbot (bot mới) hay /token (bot cũ), rồi chép dòng 123456:ABC…",
            "en": "In Telegram, open @BotFather, send /newbot (a new bot) or /token (one you have), copy 123456:ABC…",
        },
        secret=True,
    ),
)
STEPS = {
    "vi": (
        "Mở t.me/{username}, bấm Start và gửi thử một tin.",
        "Để bot đọc mọi tin trong nhóm: @BotFather → /setprivacy → chọn bot → Disable, rồi thêm bot vào nhóm.",
        "Để thấy cảm xúc (reaction) trong nhóm: đặt bot làm quản trị viên của nhóm.",
    ),
    "en": (
        "Open t.me/{username}, press Start and send a message to try it.",
        "To read everything in groups: @BotFather → /setprivacy → the bot → Disable, then add the bot to the group.",
        "To see reactions in groups: make the bot an administrator of the group.",
    ),
}


async def connect(
    http: aiohttp.ClientSession, account: Account, answers: Mapping[str, str], base_url: str
) -> Connected:
    """Try the token and set the bot up for this hub. Raises BadInput with what to do."""
    token = answers.get("token", "").strip()
    number, _, rest = token.partition(":")
    if not (number.isascii() and number.isdecimal() and rest and token.isascii()) or "/" in token:
        raise BadInput("A token looks like 123456:ABC…; copy all of it from @BotFather.", field="token")
    bot = msgspec.json.decode(await _ask(http, account, token, "getMe"), type=wire.User)
    secret = wire.webhook_secret(token, account.id)
    way = WEBHOOK if is_reachable(base_url) else POLLING
    if way == WEBHOOK:
        await _ask(
            http,
            account,
            token,
            "setWebhook",
            {
                "url": f"{base_url.rstrip('/')}/in/{account.id}",
                "secret_token": secret,
                "allowed_updates": wire.UPDATES,
                "max_connections": PARALLEL,
                "drop_pending_updates": False,
            },
        )
    else:
        await _ask(http, account, token, "deleteWebhook", {"drop_pending_updates": False})
    return Connected(
        name=f"@{bot.username}" if bot.username else bot.first_name,
        settings={**account.settings, "bot": bot.id, "username": bot.username, "way": way},
        secrets=msgspec.json.encode(wire.Secrets(token=token, secret=secret)),
        steps={
            language: tuple(step.format(username=bot.username) for step in steps) for language, steps in STEPS.items()
        },
    )


async def _ask(
    http: aiohttp.ClientSession,
    account: Account,
    token: str,
    method: str,
    given: Mapping[str, object] | None = None,
) -> msgspec.Raw:
    try:
        return await ask(http, account, method, given, token=token)
    except Away as error:
        raise BadInput(str(error)) from None
    except SaidNo as error:
        if error.code in (401, 404):
            why = "Telegram does not know this token. Copy it again from @BotFather, or make a new one with /token."
            raise BadInput(why, field="token") from error
        raise BadInput(f"Telegram refused to set up the bot: {error.description}. Try again in a minute.") from error


def is_reachable(base_url: str) -> bool:
    """Whether Telegram can call this address: https, one of its ports, and no address of this machine or this house."""
    try:
        parts = urlsplit(base_url)
        port, host = parts.port or 443, parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "https" or port not in PORTS or not host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".test", ".lan", ".home.arpa"))
