"""Out to a program's URL, once. What it answers decides between sent, refused, try again and unknown."""

import time

import aiohttp
import msgspec

from channels.api import wire
from hub.errors import Refused, Retry, Unknown
from hub.model import Account, Part, Sent

CONNECT_S = 5.0
MOST_ANSWER = 64 * 1024
NOT_TAKEN = frozenset({429, 503})  # the far side says that it did not take it


async def send(http: aiohttp.ClientSession, account: Account, to: str, part: Part) -> Sent:
    """POST one part to `settings.url`. Raises Retry, Refused or Unknown."""
    if part.attachments:
        raise Refused("The API channel carries words only; send the file another way.")
    url = account.settings.get("url")
    if not isinstance(url, str) or not url:
        raise Refused("This account has no URL to send to. Set one in its settings.")
    body = msgspec.json.encode(
        wire.Outgoing(id=f"{part.message}:{part.index}", to=to, text=part.text, options=part.options)
    )
    secret = wire.secrets.decode(account.secrets or b"{}").signing_secret
    headers = {"content-type": "application/json", wire.SIGNATURE: wire.sign(secret, body, int(time.time()))}
    try:
        async with http.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return _judge(
                response.status, response.headers.get("Retry-After", ""), await response.content.read(MOST_ANSWER)
            )
    except aiohttp.ClientConnectorError as error:  # no connection was made: nothing left
        raise Retry("The program's address cannot be reached.") from error
    except aiohttp.InvalidURL as error:
        raise Refused("The URL of this account is not one.") from error
    except aiohttp.ClientError as error:
        raise Unknown("The connection broke while the message was being sent. It may have arrived.") from error


def _judge(status: int, after: str, answer: bytes) -> Sent:
    if 200 <= status < 300:
        return Sent(external=_taken(answer))
    if status in NOT_TAKEN:
        raise Retry(f"The program is busy (HTTP {status}).", float(after) if after.isdecimal() else None)
    if status < 500:
        raise Refused(f"The program refused the message (HTTP {status}).")
    raise Unknown(f"The program failed while taking the message (HTTP {status}). It may have it.")


def _taken(answer: bytes) -> str | None:
    try:
        return msgspec.json.decode(answer, type=wire.Taken).id
    except msgspec.DecodeError:
        return None
