"""Reading what clients ask of the false Slack, and answering as well or as badly as a test wants."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from channels.fakes.slack.world import Json


def form(payload: Json) -> bytes:
    """An interactive payload as Slack posts it."""
    return urlencode({"payload": json.dumps(payload)}).encode()


async def arguments(request: web.Request) -> Json:
    """A call's arguments: from the query, a form or JSON, as every client likes it."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        said: Any = await request.json()
        return found | (said if isinstance(said, dict) else {})
    return found | dict(await request.post())


def token(request: web.Request, args: Json) -> str:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return given or str(args.get("token") or "")


def basic(request: web.Request) -> tuple[str, str] | None:
    """Name and password of the Authorization header, if it has them."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return None
    login, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    return login, password


async def uploaded(request: web.Request) -> bytes:
    """An upload's bytes, raw or as a form's one file."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for field in (await request.post()).values():
        if isinstance(field, web.FileField):
            return field.file.read()
    return b""


async def broken_off(request: web.Request) -> web.StreamResponse:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def half_closed(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """An answer that ends in the middle."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
