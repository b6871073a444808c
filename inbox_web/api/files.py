"""/files: uploads that wait to be sent, downloads by the right to the conversation."""

import msgspec
from aiohttp import web

from hub.errors import NotFound
from hub.model import MessageId
from hub.safety.roles import require
from inbox_web.api.messages import owner_of
from inbox_web.api.route import Route, signed_in
from inbox_web.origins import check_own
from inbox_web.parts import PARTS
from inbox_web.uploads import UploadView, give, take


async def upload(request: web.Request) -> web.StreamResponse:
    """POST /files: store the multipart field "file" for its uploader; unused after a day it is dropped."""
    parts = request.app[PARTS]
    check_own(request, parts.settings)
    _, agent = await signed_in(request)
    require(agent, "answer")
    view = await take(parts, request, owner_of(agent.id), parts.new_id())
    return web.Response(status=201, body=msgspec.json.encode(view), content_type="application/json")


async def download(request: web.Request) -> web.StreamResponse:
    """GET /files/{message}/{index}: whoever may see the conversation may open its files."""
    parts = request.app[PARTS]
    _, agent = await signed_in(request)
    require(agent, "answer")
    found = await parts.store.messages.by_ids([MessageId(request.match_info["message"])])
    index = int(request.match_info["index"])
    if not found or index >= len(found[0].attachments):
        raise NotFound("There is no such file.")
    if found[0].attachments[index].state != "here":
        raise NotFound(found[0].attachments[index].why or "This file is still being fetched; try again in a moment.")
    return await give(parts, request, found[0].attachments[index])


async def _documented(*_: object) -> None:
    """These two stream; they are in the table for the documents only."""


ROUTES = [
    Route(
        method="POST",
        path="/files",
        run=_documented,
        summary="Upload a file (multipart field `file`)",
        gives=UploadView,
        status=201,
        keyed=False,
    ),
    Route(method="GET", path="/files/{message}/{index}", run=_documented, summary="Download a file of a message"),
]
