"""Below /chat/{account}: the socket's frames over plain HTTP, the customers' files, and the widget's look."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from hub.errors import BadInput, Forged, HubError, NotFound
from hub.model import MessageId
from hub.safety.tokens import Visitor, read_file, read_visitor
from hub.views import message_view
from inbox_web.chat import CHAT, check_origin
from inbox_web.chat_frames import Hello, Messages, encode, shown
from inbox_web.desk import owner_of
from inbox_web.guests import Guest
from inbox_web.middlewares import language
from inbox_web.parts import PARTS
from inbox_web.problems import problem
from inbox_web.seq import Seq
from inbox_web.uploads import give, take
from inbox_web.website import website

MOST_WAIT_S = 25.0
MOST_FRAMES = 50  # in one request
LOOK_AGE_S = 300
CORS_AGE_S = 600

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FramesWish(msgspec.Struct, frozen=True, kw_only=True):
    frames: list[msgspec.Raw]


class PollWish(msgspec.Struct, frozen=True, kw_only=True):
    since: Seq = 0
    seen: Seq = 0
    wait: float = MOST_WAIT_S


Wish = TypeVar("Wish", FramesWish, PollWish)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What the closed bubble needs."""

    name: str
    color: str
    language: str


def add_to(app: web.Application) -> None:
    """The fallback, the files, the look."""
    base = "/chat/{account}"
    for path, handler in (("frames", frames), ("poll", poll), ("files", upload)):
        app.router.add_post(f"{base}/{path}", _across(handler))
        app.router.add_options(f"{base}/{path}", _preflight)
    app.router.add_get(f"{base}/files/{{token}}", download)
    app.router.add_get(f"{base}/look", look)


# -- pages of other origins -------------------------------------------------------------------------------------------


def _across(handler: Handler) -> Handler:
    """Answer a page of another origin, errors included, when the account names it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        account = await request.app[CHAT].desk.account(request.match_info["account"])
        origin = check_origin(request, account)
        try:
            response = await handler(request)
        except HubError as error:
            response = problem(error, language(request))
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
        return response

    return handle


async def _preflight(request: web.Request) -> web.StreamResponse:
    account = await request.app[CHAT].desk.account(request.match_info["account"])
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Origin": check_origin(request, account),
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, X-File-Id",
            "Access-Control-Max-Age": str(CORS_AGE_S),
            "Vary": "Origin",
        },
    )


def _bearer(request: web.Request) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _visitor(request: web.Request) -> Visitor:
    """The visitor of the bearer token; raises Forged, also when there is none."""
    token = _bearer(request)
    if token is None:
        raise Forged("This request needs the visitor's token; say hello first.")
    return read_visitor(request.app[PARTS].ring, token, request.match_info["account"])


# -- the same over HTTP -----------------------------------------------------------------------------------------------


async def frames(request: web.Request) -> web.StreamResponse:
    """POST /frames: each frame answered as on the socket; a hello needs no token and brings one."""
    chat = request.app[CHAT]
    wish = _decoded(await request.read(), FramesWish)
    if len(wish.frames) > MOST_FRAMES:
        raise BadInput(f"At most {MOST_FRAMES} frames fit into one request.", "frames")
    account = await chat.desk.account(request.match_info["account"])
    read = [chat.desk.read_frame(bytes(raw)) for raw in wish.frames]
    first = next((frame for frame in read if isinstance(frame, Hello)), None)
    token = _bearer(request) or (first.token if first else None)
    if token is None and first is None:
        raise Forged("This request needs the visitor's token; say hello first.")
    answers: list[bytes] = []
    guest = Guest(chat.desk.visitor(account, token), answers.append)
    guest.begin(None)
    guest.language = language(request)
    for frame in read:
        answers += await chat.desk.answer(account, guest, frame)
    return _framed(answers)


async def poll(request: web.Request) -> web.StreamResponse:
    """POST /poll: what came behind `since`, at once or as soon as something comes, or nothing after `wait` seconds."""
    chat, wish = request.app[CHAT], _decoded(await request.read(), PollWish)
    answers: list[bytes] = []
    came = asyncio.Event()

    def push(frame: bytes) -> None:
        answers.append(frame)
        came.set()

    guest = Guest(_visitor(request), push)
    guest.seen = wish.seen
    chat.guests.join(guest)
    try:
        conversation, messages = await chat.desk.since(guest, wish.since)
        if messages:
            push(encode(Messages(messages=messages, cursor=guest.cursor)))
        chat.guests.show(guest.begin(None))
        if conversation is not None:
            guest.saw(conversation.read)
        await _first_of(came, chat.leaving, min(max(wish.wait, 0.0), MOST_WAIT_S))
    finally:
        chat.guests.leave(guest)
    return _framed(answers)


async def _first_of(came: asyncio.Event, leaving: asyncio.Event, within_s: float) -> None:
    waits = [asyncio.create_task(came.wait()), asyncio.create_task(leaving.wait())]
    try:
        await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _framed(answers: list[bytes]) -> web.Response:
    return web.Response(body=b'{"frames":[%b]}' % b",".join(answers), content_type="application/json")


def _decoded(body: bytes, kind: type[Wish]) -> Wish:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise BadInput("This body is not one that the chat knows.") from error


# -- files and look ---------------------------------------------------------------------------------------------------


async def upload(request: web.Request) -> web.StreamResponse:
    """POST /files: a visitor's file waits here until a message names it; the same X-File-Id again is the same file."""
    parts, visitor = request.app[PARTS], _visitor(request)
    request.app[CHAT].uploads.take(f"{visitor.account}:{visitor.id}", parts.now().timestamp())
    id_ = request.headers.get("X-File-Id") or parts.new_id()
    if not 8 <= len(id_) <= 64 or not id_.replace("-", "").replace("_", "").isalnum():
        raise BadInput("X-File-Id must be 8 to 64 letters, digits, - or _.", "X-File-Id")
    parts.door.check_disk()
    view = await take(parts, request, owner_of(visitor), id_)
    return web.Response(status=201, body=encode(view), content_type="application/json")


async def download(request: web.Request) -> web.StreamResponse:
    """GET /files/{token}: the link itself is the right, for an hour."""
    parts = request.app[PARTS]
    link = read_file(parts.ring, request.match_info["token"], parts.now())
    found = await parts.store.messages.by_ids([MessageId(link.message)])
    if not found or link.index >= len(found[0].attachments) or not shown(message_view(found[0])):
        raise NotFound("There is no such file.")
    return await give(parts, request, found[0].attachments[link.index])


async def look(request: web.Request) -> web.StreamResponse:
    """GET /look: name, colour and language for the loader; nothing that a page could not see anyway."""
    account = await request.app[CHAT].desk.account(request.match_info["account"])
    site = website(account)
    body = encode(Look(name=account.name, color=site.color, language=site.language))
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={LOOK_AGE_S}"}
    return web.Response(body=body, content_type="application/json", headers=headers)
