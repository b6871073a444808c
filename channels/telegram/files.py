"""A file of Telegram's by its id, for our server alone: its address holds the bot's token and goes nowhere else."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec

from channels.telegram import wire
from channels.telegram.ask import NO_TOKEN, Away, SaidNo, ask
from hub.errors import Refused, Retry
from hub.model import Account

PIECE = 256 * 1024
FETCH_S = 120.0
STALL_S = 20.0  # without a byte

TOO_BIG = "Telegram gives bots files up to 20 MB, this one is larger. Ask for it another way, such as by e-mail."
GONE = "Telegram does not have this file any more. Ask the customer to send it again."
AWAY = "Telegram did not hand over the file; it is tried again."


async def fetch(http: aiohttp.ClientSession, account: Account, ref: str) -> AsyncIterator[bytes]:
    """The bytes of a file. Raises Retry, or Refused with a sentence; neither names the address."""
    place = await _place(http, account, ref)
    url = f"{wire.api_url(account)}/file/bot{wire.secrets_of(account).token}/{place.file_path}"
    timeout = aiohttp.ClientTimeout(total=FETCH_S, sock_connect=5.0, sock_read=STALL_S)
    had = 0
    try:
        async with http.get(url, timeout=timeout, allow_redirects=False) as response:
            _check(response.status)
            async for piece in response.content.iter_chunked(PIECE):
                had += len(piece)
                if had > wire.MOST_FETCH:
                    raise Refused(TOO_BIG)
                yield piece
    except (aiohttp.ClientError, TimeoutError):
        raise Retry(AWAY) from None
    if had < place.file_size:  # a connection that was closed early ends like a file
        raise Retry(AWAY)


async def _place(http: aiohttp.ClientSession, account: Account, ref: str) -> wire.FilePlace:
    """Where the file is for the next hour."""
    try:
        place = msgspec.json.decode(await ask(http, account, "getFile", {"file_id": ref}), type=wire.FilePlace)
    except Away:
        raise Retry(AWAY) from None
    except SaidNo as error:
        raise _refused(error) from error
    except msgspec.DecodeError as error:
        raise Retry(AWAY) from error
    if place.file_size > wire.MOST_FETCH:
        raise Refused(TOO_BIG)
    # A server of one's own in "local" mode names a path on its disk instead; nothing of that is opened here.
    if not place.file_path or place.file_path.startswith("/") or ".." in place.file_path:
        raise Refused(GONE)
    return place


def _refused(error: SaidNo) -> Refused | Retry:
    if error.code == 429:
        return Retry(AWAY, error.after_s)
    if error.code >= 500:
        return Retry(AWAY)
    if error.code in (401, 404):
        return Refused(NO_TOKEN)
    return Refused(TOO_BIG if "too big" in error.description.lower() else GONE)


def _check(status: int) -> None:
    if status == 404:
        raise Refused(GONE)
    if status != 200:
        raise Retry(AWAY)
