"""Ask a method of the Bot API for what is not a send: updates, files, what a bot and its webhook are.

The library's Bot would do; but updates are wanted as the bytes that came, and a long poll with a limit of its own.
"""

from collections.abc import Mapping

import aiohttp
import msgspec

from channels.telegram import wire
from hub.model import Account

CONNECT_S = 5.0
TALK_S = 15.0

NO_TOKEN = "Telegram does not know this bot's token any more. Connect the bot again: hub connect telegram."
AWAY = "Telegram's servers cannot be reached. Check this machine's connection to the internet; it is tried again."
UNTRUSTED = "Telegram's certificate is not trusted here. See that this machine's clock is right; it is tried again."


class Away(Exception):
    """No connection, or no answer in time, as a sentence for a person.

    The cause is not shown: it could name the address, which holds the token.
    """


class SaidNo(Exception):
    """Telegram refused; `description` is its own word for why."""

    def __init__(self, code: int, description: str, after_s: float | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.after_s = after_s


def session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=TALK_S, connect=CONNECT_S)
    return aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))


async def ask(
    http: aiohttp.ClientSession,
    account: Account,
    method: str,
    given: Mapping[str, object] | None = None,
    within_s: float = TALK_S,
    token: str | None = None,
) -> msgspec.Raw:
    """What the method answers, as its bytes. Raises SaidNo or Away."""
    url = f"{wire.api_url(account)}/bot{token or wire.secrets_of(account).token}/{method}"
    body = msgspec.json.encode(given or {})
    timeout = aiohttp.ClientTimeout(total=within_s, connect=CONNECT_S)
    try:
        async with http.post(url, data=body, headers={"content-type": "application/json"}, timeout=timeout) as response:
            status, answered = response.status, await response.read()
    except aiohttp.ClientSSLError:
        raise Away(UNTRUSTED) from None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise Away(AWAY) from None
    return _result(status, answered)


def _result(status: int, answered: bytes) -> msgspec.Raw:
    try:
        answer = wire.answer.decode(answered)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SaidNo(status, f"HTTP {status}") from None
    if not answer.ok:
        raise SaidNo(answer.error_code or status, answer.description, answer.parameters.retry_after)
    return answer.result
