"""Slack's private files. The token goes to Slack's own hosts alone, and a login page is never taken for a file.

Without a right to the file Slack answers 200 with a page to sign in at, https://github.com/slackapi/bolt-js/issues/2585
"""

from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

import aiohttp
import msgspec

from channels.slack import api, wire
from hub.errors import Refused, Retry
from hub.model import Account

CHUNK = 64 * 1024
MOST_HOPS = 3
GONE = {
    "tombstone": "The file was deleted in Slack.",
    "hidden_by_limit": "Slack hides this file: it is older than the workspace's plan keeps.",
}
LOGIN_PAGE = "Slack asked to sign in instead of giving the file. Give the app the scope files:read, then try again."
TEXTS = ("text/", "application/xhtml", "application/xml", "image/svg")


async def fetch(http: aiohttp.ClientSession, account: Account, ref: str) -> AsyncIterator[bytes]:
    """A file's bytes by its id. Raises Retry, or Refused with the sentence for the agent."""
    answer, _ = await api.ask(api.client(http, account).files_info(file=ref))
    file = msgspec.convert(answer.get("file") or {}, wire.File)
    url = _place(account, file)
    token = wire.secrets_of(account.secrets).bot_token
    try:
        async with await _open(http, account, url, token) as response:
            async for chunk in _checked(response, file):
                yield chunk
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Retry("The file's download from Slack broke off.") from error


def _place(account: Account, file: wire.File) -> str:
    url = file.url_private_download or file.url_private
    if file.mode in GONE:
        raise Refused(GONE[file.mode])
    if file.is_external or file.mode == "external":
        raise Refused(
            f"The file does not lie in Slack. Open it at {file.url_private or file.permalink or 'its place'}."
        )
    if not url:
        raise Refused("Slack does not show this file to the app; its owner's company may forbid it.")
    if not _is_slacks(account, url):
        raise Refused("Slack names a place outside of Slack for this file; the hub does not fetch it from there.")
    return url


def _is_slacks(account: Account, url: str) -> bool:
    """Whether the token may go there: to Slack, or to where this account's API is."""
    place, home = urlsplit(url), urlsplit(wire.settings_of(account.settings).api_url)
    if (place.scheme, place.netloc) == (home.scheme, home.netloc):
        return True
    host = place.hostname or ""
    return home.hostname == "slack.com" and place.scheme == "https" and (host + ".").endswith(".slack.com.")


async def _open(http: aiohttp.ClientSession, account: Account, url: str, token: str) -> aiohttp.ClientResponse:
    """The answer, past redirects within Slack; the token goes nowhere else."""
    headers = {"authorization": f"Bearer {token}"}
    for _ in range(MOST_HOPS):
        response = await http.get(url, headers=headers, allow_redirects=False, timeout=api.FILE_TIME)
        if response.status not in (301, 302, 303, 307, 308):
            return response
        response.release()
        url = urljoin(url, response.headers.get("location", ""))
        if not _is_slacks(account, url):
            raise Refused("Slack sent the download to another place; the hub does not take its token there.")
    raise Refused(LOGIN_PAGE)


async def _checked(response: aiohttp.ClientResponse, file: wire.File) -> AsyncIterator[bytes]:
    """The body, once its beginning is what the file is said to be."""
    _check_status(response)
    first = True
    async for chunk in response.content.iter_chunked(CHUNK):
        if first and _is_page(response, file, chunk):
            raise Refused(LOGIN_PAGE)
        first = False
        yield chunk


def _check_status(response: aiohttp.ClientResponse) -> None:
    status, after = response.status, response.headers.get("Retry-After", "")
    if status == 429 or status >= 500:
        raise Retry(f"Slack did not give the file (HTTP {status}).", float(after) if after.isdecimal() else None)
    if status != 200:
        raise Refused(f"Slack did not give the file (HTTP {status}); it may have been deleted there.")


def _is_page(response: aiohttp.ClientResponse, file: wire.File, start: bytes) -> bool:
    """Whether this is a web page where none is meant; a file that is one has the size that Slack says it has."""
    declared = file.mimetype or ""
    if "html" in declared:
        return file.size is not None and response.content_length not in (None, file.size)
    looks = start[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))
    return response.content_type == "text/html" or (looks and not declared.startswith(TEXTS))
