"""/messages/{id}/html: a mail as it was laid out, in a frame that can do nothing: no scripts, no forms, no way to us.

Its words were sanitised before they were stored; this is the second wall. Pictures that came with the mail are put into
the page itself, since a sandboxed frame carries no session; those on other servers tell their sender who looks, and
load only when the agent asks for them (`?images=1`).
"""

import base64
import re

import msgspec
from aiohttp import web

from hub.errors import NotFound
from hub.model import Attachment, Message, MessageId
from hub.safety.roles import require
from inbox_web import sniff
from inbox_web.api.route import Route, signed_in
from inbox_web.parts import PARTS, Parts

MOST_INLINE = 8_000_000  # bytes of pictures put into one page
STYLE = (
    "html{color-scheme:light;background:#fff}body{margin:0;padding:12px;font:14px/1.5 system-ui,sans-serif;"
    "overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
)
_REMOTE = re.compile(r"\sdata-remote-src=(?=\"https?:)", re.IGNORECASE)  # so the email channel lets them wait
_CID = re.compile(r"""cid:([^"'\s>)]+)""", re.IGNORECASE)


class HtmlWish(msgspec.Struct, frozen=True, kw_only=True):
    """`images` "1": also those on other servers."""

    images: str = ""


async def show(request: web.Request) -> web.StreamResponse:
    """GET /messages/{id}/html. Raises NotFound when the message has none."""
    parts = request.app[PARTS]
    _, agent = await signed_in(request)
    require(agent, "answer")
    found = await parts.store.messages.by_ids([MessageId(request.match_info["id"])])
    if not found or found[0].html is None:
        raise NotFound("This message has no HTML.")
    html = (await parts.store.files.read_all(found[0].html)).decode("utf-8", "replace")
    if request.query.get("images") == "1":
        html = _REMOTE.sub(" src=", html)
    page = (
        '<!doctype html><html><head><meta charset="utf-8"><base target="_blank">'
        f"<style>{STYLE}</style></head><body>{await _with_pictures(parts, found[0], html)}</body></html>"
    )
    headers = {
        "Content-Security-Policy": policy(remote=request.query.get("images") == "1"),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, max-age=300",
    }
    return web.Response(text=page, content_type="text/html", charset="utf-8", headers=headers)


def policy(*, remote: bool) -> str:
    """What such a page may: nothing but its own styles and pictures, and open links in new windows."""
    pictures = "data: https: http:" if remote else "data:"
    return (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src {pictures}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


async def _with_pictures(parts: Parts, message: Message, html: str) -> str:
    """The pictures that came along, in place of the names by which the mail shows them."""
    shown = {one.inline: one for one in message.attachments if one.inline and _may_be_shown(one)}
    made: dict[str, str] = {}
    left = MOST_INLINE
    for name in dict.fromkeys(_CID.findall(html)):
        file = shown.get(name)
        if file is not None and file.bytes <= left:
            left -= file.bytes
            content = base64.b64encode(await parts.store.files.read_all(file.file)).decode()
            made[name] = f"data:{file.mime};base64,{content}"
    return _CID.sub(lambda match: made.get(match[1], match[0]), html)


def _may_be_shown(file: Attachment) -> bool:
    return file.state == "here" and file.mime in sniff.SHOWN


async def _documented(*_: object) -> None:
    """It is no JSON; it is in the table for the documents only."""


ROUTES = [
    Route(
        method="GET",
        path="/messages/{id}/html",
        run=_documented,
        summary="A message's HTML in a page that can do nothing",
        takes=HtmlWish,
    )
]
