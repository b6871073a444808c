"""What every request passes: its id and one log line without content, errors as problem+json, security headers."""

import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

from channels.base import Channel, Spoken
from hub.errors import HubError, TooLarge
from hub.logs import where
from inbox_web.meters import METERS
from inbox_web.origins import CALLER, Caller, caller_of
from inbox_web.parts import PARTS
from inbox_web.problems import broken, plain_problem, problem
from inbox_web.words import language_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

REQUEST_ID = web.RequestKey("request_id", str)
SPEAKER = web.RequestKey("speaker", Channel)  # the channel that is asked, whose sentences the answer may carry

log = structlog.get_logger(__name__)


@web.middleware
async def recorded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id and its real caller, and log one line when it is answered."""
    parts = request.app[PARTS]
    request[REQUEST_ID] = parts.new_id()
    request[CALLER] = caller_of(request, parts.settings.trusted_proxies)
    started = time.perf_counter()
    response = await answered(request, handler)
    route = _template(request)
    took_ms = round((time.perf_counter() - started) * 1000, 1)
    request.app[METERS].requests.labels(request.method, route, str(response.status)).inc()
    # What went well is logged at debug: it comes many times a second.
    line = log.debug if response.status < 400 else log.info
    line("request", id=request[REQUEST_ID], method=request.method, route=route, status=response.status, ms=took_ms)
    return response


async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The handler's answer, or the problem that it raised."""
    parts = request.app[PARTS]
    try:
        length = request.content_length
        most = parts.settings.max_file_mb * 1_000_000 + 100_000
        if length is not None and length > most and not request.path.startswith("/in/"):  # a channel says its own limit
            raise TooLarge("This is larger than the hub takes.")
        return await handler(request)
    except HubError as error:
        return problem(error, language(request), further=vietnamese(request.get(SPEAKER)))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return plain_problem(error, language(request))
    except ConnectionResetError:
        raise
    except Exception as error:  # the last fence: log where, never what
        log.error("request failed", id=request[REQUEST_ID], error=type(error).__name__, at=where(error))
        return broken(language(request))


def language(request: web.Request) -> str:
    """ "vi" or "en", as the browser asks."""
    return language_of(request.headers.get("Accept-Language", ""))


def vietnamese(channel: object) -> Mapping[str, str]:
    """What this channel says in Vietnamese; {} when it is none, or says nothing of its own."""
    return channel.vietnamese if isinstance(channel, Spoken) else {}


def _template(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "(none)"


async def secure_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every answer; a handler that needs other words (demo page, widget scripts) has set its own before."""
    headers = response.headers
    headers["Server"] = "hub"  # not which library, nor how old
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    caller = request.get(CALLER)
    if caller is not None:
        headers.setdefault("Content-Security-Policy", policy(caller))
        if caller.scheme == "https":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if REQUEST_ID in request:
        headers["X-Request-Id"] = request[REQUEST_ID]


def policy(caller: Caller, framing: str = "'none'") -> str:
    """Everything from this hub, nothing inline; older browsers need the socket's scheme spelt out."""
    return (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        f"connect-src 'self' ws://{caller.host} wss://{caller.host}; form-action 'self'; frame-ancestors {framing}"
    )
