"""One line of the API's table and what every call passes: origin, session, right, body, idempotency, answer.

Handlers get an `Ask` and a decoded body, return a record or nothing, and raise from `hub/errors.py`.
"""

import contextlib
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from aiohttp import web

from hub.errors import Answered, BadInput, Conflict
from hub.model import Agent, Answer, MessageId, Session
from hub.safety.roles import Right, require
from hub.safety.sessions import whose
from hub.views import message_view
from inbox_web.middlewares import language
from inbox_web.origins import CALLER, Caller, check_own
from inbox_web.parts import PARTS, Parts
from inbox_web.problems import problem

COOKIE = "hub_session"
KEY_SHAPE = re.compile(r"[A-Za-z0-9._:-]{8,128}")


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One call: who asks, for what, when. `agent` is the asker; a route that anybody may call does not look at it."""

    parts: Parts
    request: web.Request
    agent: Agent
    session: Session
    key: str | None = None  # of an idempotent POST

    @property
    def caller(self) -> Caller:
        return self.request[CALLER]

    @property
    def path(self) -> Mapping[str, str]:
        return self.request.match_info


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """method and path below /api/v1; `takes` is the body's or, of a GET, the query's shape."""

    method: str
    path: str
    run: Callable[[Ask, Any], Awaitable[Any]]
    summary: str
    right: Right = "answer"
    takes: Any = None
    gives: Any = None
    status: int = 200
    keyed: bool = True  # a POST that must carry an Idempotency-Key
    secret: bool = False  # its answer shows a password or key once; remembered sealed

    @property
    def wants_key(self) -> bool:
        return self.method == "POST" and self.keyed


def handler(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The aiohttp handler of a route."""

    async def handle(request: web.Request) -> web.StreamResponse:
        parts = request.app[PARTS]
        if route.method != "GET":
            check_own(request, parts.settings)
        session, agent = await whose(parts.store, request.cookies.get(COOKIE), parts.now())
        require(agent, route.right)
        key = _key(request) if route.wants_key else None
        ask = Ask(parts=parts, request=request, agent=agent, session=session, key=key)
        try:
            return await (_once(ask, route) if key else _run(ask, route))
        except Answered as error:
            return await _answered(ask, error)

    return handle


async def signed_in(request: web.Request) -> tuple[Session, Agent]:
    """Who is asking, outside of the table (sockets, files); raises NotSignedIn."""
    parts = request.app[PARTS]
    return await whose(parts.store, request.cookies.get(COOKIE), parts.now())


async def _run(ask: Ask, route: Route) -> web.StreamResponse:
    body = await read(ask.request, route)
    return _response(route.status, msgspec.json.encode(await route.run(ask, body)), route)


async def _once(ask: Ask, route: Route) -> web.StreamResponse:
    """Answer a repeated POST as it was answered the first time.

    What ran but was not written down (a crash in between) runs again: every handler makes its ids from the key, so
    that doing it twice changes nothing. Raises Conflict when the key came before with another body.
    """
    raw = await ask.request.read()
    id_ = f"{ask.agent.id}:{ask.key}"
    digest = hashlib.sha256(f"{route.method} {ask.request.path}\n".encode() + raw).hexdigest()
    known = await ask.parts.store.answers.get(id_)
    if known is not None:
        if known.digest != digest:
            raise Conflict("This Idempotency-Key was used for another request; make a new one.")
        return _response(known.status, _unsealed(ask.parts, route, known.answer), route)
    answer = msgspec.json.encode(await route.run(ask, await read(ask.request, route)))
    kept = ask.parts.ring.seal("answer", answer) if route.secret else answer
    record = Answer(id=id_, digest=digest, at=ask.parts.now(), status=route.status, answer=kept)
    with contextlib.suppress(Conflict):  # the same request at the same moment; its handler made the same thing
        await ask.parts.store.answers.add(record)
    return _response(route.status, answer, route)


def _unsealed(parts: Parts, route: Route, answer: bytes) -> bytes:
    return parts.ring.unseal("answer", answer) if route.secret else answer


async def _answered(ask: Ask, error: Answered) -> web.StreamResponse:
    """409 with the words of those who were faster."""
    found = await ask.parts.store.messages.by_ids([MessageId(id_) for id_ in error.message_ids])
    answers = [message_view(one) for one in sorted(found, key=lambda one: (one.order, one.seq))]
    return problem(error, language(ask.request), answers)


async def read(request: web.Request, route: Route) -> Any:
    """The body (of a GET: the query) as the route's record; raises BadInput with the place that is wrong."""
    if route.takes is None:
        return None
    try:
        if route.method == "GET":
            return msgspec.convert(dict(request.query), route.takes, strict=False)
        return msgspec.json.decode(await request.read() or b"{}", type=route.takes)
    except msgspec.ValidationError as error:
        raise bad_input(error) from error
    except msgspec.DecodeError as error:
        raise BadInput("The body is not JSON that can be read.") from error


def bad_input(error: msgspec.ValidationError) -> BadInput:
    """msgspec's sentence and place ("Expected `int`, got `str` - at `$.seen`") as ours."""
    sentence, _, place = str(error).partition(" - at `$")
    return BadInput(f"{sentence}.", place.rstrip("`").lstrip(".") or None)


def _key(request: web.Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not KEY_SHAPE.fullmatch(key):
        raise BadInput("This request needs an Idempotency-Key header: a new UUID for each new wish.", "Idempotency-Key")
    return key


def _response(status: int, body: bytes, route: Route) -> web.Response:
    if route.gives is None:
        return web.Response(status=204)
    return web.Response(
        status=status, body=body, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
