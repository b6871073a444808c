"""What the hub and Telegram's Bot API say to each other, before anybody interprets it. Nothing here waits or sends.

The facts are from core.telegram.org/bots/api and from the server's own source, github.com/tdlib/telegram-bot-api.
"""

import hashlib
from typing import Any

import msgspec

from hub.model import Account

API_URL = "https://api.telegram.org"
SECRET = "x-telegram-bot-api-secret-token"
MOST_TEXT = 4096  # UTF-16 code units, once the marks are taken out
MOST_CAPTION = 1024
MOST_DATA = 64  # bytes of a button's data
MOST_UPLOAD = 50_000_000
MOST_PHOTO = 10_000_000
MOST_FETCH = 20 << 20  # what getFile hands to a bot
POLL_S = 50  # the server cuts a longer wait down to this
BATCH = 100

# Left out of the server's default and kept by it from call to call, so every call names them all.
UPDATES = ("message", "edited_message", "message_reaction", "my_chat_member", "callback_query")


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """An account's secrets, as the key ring opens them: the bot's token, and what its webhook must show."""

    token: str = ""
    secret: str = ""


class Place(msgspec.Struct, frozen=True):
    id: int


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """The few fields of any update's content that say which chat it belongs to and when it happened."""

    id: str | int | None = None
    chat: Place | None = None
    message: "Thing | None" = None
    message_id: int | None = None
    date: int | None = None
    edit_date: int | None = None


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """An update as the door sees it. Kinds that nobody asked for are kept as well, under their number alone."""

    update_id: int
    message: Thing | None = None
    edited_message: Thing | None = None
    message_reaction: Thing | None = None
    my_chat_member: Thing | None = None
    callback_query: Thing | None = None


class Numbered(msgspec.Struct, frozen=True, kw_only=True):
    """What every update has, however strange the rest of it is."""

    update_id: int


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What every method answers; `result` is left as its bytes."""

    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: Parameters = Parameters()


class User(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    first_name: str = ""
    username: str = ""


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """getWebhookInfo."""

    url: str = ""
    pending_update_count: int = 0
    last_error_date: int | None = None
    last_error_message: str = ""


class FilePlace(msgspec.Struct, frozen=True, kw_only=True):
    """getFile; with the token before it, `file_path` is the address that nobody outside may see."""

    file_path: str = ""
    file_size: int = 0


envelope = msgspec.json.Decoder(Envelope)
numbered = msgspec.json.Decoder(Numbered)
answer = msgspec.json.Decoder(Answer)
updates = msgspec.json.Decoder(list[msgspec.Raw])
_secrets = msgspec.json.Decoder(Secrets)


def secrets_of(account: Account) -> Secrets:
    return _secrets.decode(account.secrets or b"{}")


def api_url(account: Account) -> str:
    """Where this account's Bot API is: Telegram's, or the server named in its settings."""
    url = account.settings.get("api_url")
    return url.rstrip("/") if isinstance(url, str) and url else API_URL


def webhook_secret(token: str, account: str) -> str:
    """What Telegram shows at our door. Connecting again makes the same one, so updates on their way stay welcome."""
    return hashlib.sha256(f"webhook\x1f{account}\x1f{token}".encode()).hexdigest()


def external(chat: int, message: int) -> str:
    """A message's id: Telegram's own are unique in one chat only."""
    return f"{chat}:{message}"


def thread(chat: int, topic: int | None) -> str:
    """The conversation's key, which is at the same time where an answer goes."""
    return str(chat) if topic is None else f"{chat}/{topic}"


def place(to: str) -> tuple[int, int | None]:
    """Chat and topic of a key that `thread` made. Raises ValueError for another."""
    chat, _, topic = to.partition("/")
    return int(chat), int(topic) if topic else None


def parsed(body: bytes) -> dict[str, Any]:
    """An update for python-telegram-bot. Raises msgspec.DecodeError, or UnicodeDecodeError, when it is none."""
    return msgspec.json.decode(body, type=dict[str, Any])
