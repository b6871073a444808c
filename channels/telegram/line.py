"""The line to Telegram: python-telegram-bot's Bot over an HTTP client whose every wait has a limit, and its failures.

A failure is one of ours by what is known of it: that nothing left, that Telegram said no, or that nobody knows.
No sentence quotes the client's errors, since the address of every call holds the token.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import httpx
import msgspec
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from channels.telegram import wire
from hub.errors import Refused, Retry, SendFailure, Unknown

CONNECT_S = 5.0
POOL_S = 5.0
TALK_S = 20.0
UPLOAD_S = 45.0
CONNECTIONS = 256
SLOW_S = 5.0  # when Telegram says "too many" and not for how long
AWAY = "Telegram cannot be reached. Nothing was sent; it is tried again."
MAYBE = (
    "Telegram did not answer after the message was handed over. It may have arrived; look there before sending again."
)
NO_TOKEN = "Telegram does not know this bot's token any more. Connect the bot again, then send this again."
TOO_LARGE = "Telegram takes files up to 50 MB from a bot. Send a smaller file or a link."
SAID_NO = {  # part of Telegram's description: what an agent reads
    "bot was blocked by the user": "This person blocked the bot on Telegram. Try another channel.",
    "user is deactivated": "This person's Telegram account is gone. Try another channel.",
    "bot can't initiate conversation": "A bot may not write first: this person has to start the bot on Telegram.",
    "bot was kicked": "The bot was removed from this group. Somebody there has to add it again.",
    "bot is not a member": "The bot is not in this group any more. Somebody there has to add it again.",
    "group chat was deleted": "This group was deleted on Telegram.",
    "not enough rights": "The bot may not write in this group. An administrator of the group has to allow it.",
    "chat_write_forbidden": "The bot may not write in this group. An administrator of the group has to allow it.",
    "topic_closed": "This topic is closed on Telegram. An administrator of the group has to open it again.",
    "thread not found": "This topic is gone on Telegram.",
    "chat not found": "Telegram knows no such chat for this bot.",
    "too long": "This is too long for Telegram. Send it in pieces.",
    "too big": TOO_LARGE,
}


Call = Callable[[], Awaitable[Any]]  # to the Bot: its result is what that method gives
UNREADABLE = ("entit",)  # in Telegram's description: the formatting is not what it takes
NO_PICTURE = ("photo_", "image_process_failed", "wrong file", "wrong type of the web page content", "video_")


class Answered(TelegramError):
    """Telegram, or something before it, answered with a status that says how to go on."""

    def __init__(self, status: int, after_s: float | None = None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.after_s = after_s


class Line(HTTPXRequest):
    """HTTPXRequest that tells "too many" and the server's own failures apart, which its caller would mix up.

    It also keeps the library's RetryAfter away: making one warns of its future type.
    """

    async def do_request(self, *given: Any, **named: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*given, **named)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Answered(status, _after_s(body))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise Answered(status)
        return status, body


def _after_s(body: bytes) -> float:
    try:
        return wire.answer.decode(body).parameters.retry_after or SLOW_S
    except msgspec.DecodeError:
        return SLOW_S


class Bots:
    """The bots that were needed so far, by server and token; each keeps its connections open."""

    def __init__(self) -> None:
        self._bots: dict[tuple[str, str], Bot] = {}
        self._lines: list[Line] = []

    def get(self, api_url: str, token: str) -> Bot:
        """The bot of this token. Nothing is asked of Telegram: `initialize` would, and that can wait."""
        if (api_url, token) not in self._bots:
            line = Line(
                connection_pool_size=CONNECTIONS,
                connect_timeout=CONNECT_S,
                pool_timeout=POOL_S,
                read_timeout=TALK_S,
                write_timeout=TALK_S,
                media_write_timeout=UPLOAD_S,
                httpx_kwargs={"trust_env": False},
            )
            self._lines.append(line)
            self._bots[(api_url, token)] = Bot(
                token,
                base_url=f"{api_url}/bot",
                base_file_url=f"{api_url}/file/bot",
                request=line,
                get_updates_request=line,  # never used: poll.py asks by itself
            )
        return self._bots[(api_url, token)]

    async def close(self) -> None:
        """Close the lines themselves: a bot that was never initialized leaves its own open."""
        lines, self._lines, self._bots = self._lines, [], {}
        await asyncio.gather(*(one.shutdown() for one in lines))


async def attempts(first: Call, others: Mapping[tuple[str, ...], Call]) -> Any:
    """The first call's answer, or that of another, once, when Telegram refuses the first for one of these reasons.

    A refused call left nothing behind. Raises Retry, Refused or Unknown, and ChatMigrated with the chat's new id.
    """
    try:
        return await _once(first)
    except BadRequest as error:
        said = error.message.lower()
        other = next((way for reasons, way in others.items() if any(one in said for one in reasons)), None)
        if other is None:
            raise failure(error) from error
    try:
        return await _once(other)
    except BadRequest as error:
        raise failure(error) from error


async def _once(doing: Call) -> Any:
    try:
        return await doing()
    except (ChatMigrated, BadRequest):
        raise  # for these there may be a way round
    except TelegramError as error:
        raise failure(error) from error


def failure(error: TelegramError) -> SendFailure:
    """What became of a call that failed."""
    if isinstance(error, Answered):
        return _by_status(error)
    if isinstance(error, InvalidToken):
        return Refused(NO_TOKEN)
    if isinstance(error, BadRequest | Forbidden):
        return Refused(said_no(error.message))
    if isinstance(error, TimedOut | NetworkError) and isinstance(
        error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    ):
        return Retry(AWAY)
    return Unknown(MAYBE)


def _by_status(error: Answered) -> SendFailure:
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Retry("Telegram takes no more messages for this chat right now.", error.after_s)
    if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Refused(TOO_LARGE)
    if error.status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE):
        return Retry(AWAY)
    return Unknown(f"Telegram failed while it took the message (HTTP {error.status}). It may have arrived.")


def said_no(description: str) -> str:
    """The sentence for the agent; Telegram's own words where we have none."""
    lower = description.lower()
    known = next((sentence for part, sentence in SAID_NO.items() if part in lower), None)
    return known or f"Telegram refused the message: {description}."
