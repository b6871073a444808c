"""Puts the web together: middlewares, routes, and the tasks that run beside them. One app for each process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from aiohttp import web

from hub.logs import where
from hub.safety.throttle import Throttle
from inbox_web import chat, chat_http, confirm, health, hooks, installs, live, pages
from inbox_web.api import routes
from inbox_web.desk import Desk
from inbox_web.finding import SEARCH, new_search
from inbox_web.follower import Follower
from inbox_web.guests import Guests
from inbox_web.live import FOLLOWER, LIVE, Live
from inbox_web.meters import METERS, Meters
from inbox_web.middlewares import recorded, secure_headers
from inbox_web.outstanding import Outstanding
from inbox_web.parts import PARTS, THROTTLE, Parts
from inbox_web.presence import PRESENCE
from inbox_web.tally import TALLY, Tally
from inbox_web.uploads import AT_ONCE, PLACES

log = structlog.get_logger(__name__)

AGAIN_S = 1.0
CANCEL_AGAIN_S = 0.5
START_S = 5.0  # the follower may take this long to find the head before the first request is served


def make_app(parts: Parts) -> web.Application:
    """The whole web over these parts; it opens nothing that it does not close."""
    app = web.Application(middlewares=[recorded], client_max_size=parts.settings.max_body_kb * 1024)
    app[PARTS] = parts
    app[METERS] = meters = Meters()
    app[THROTTLE] = Throttle(parts.bus)
    app[PLACES] = asyncio.Semaphore(AT_ONCE)
    app[hooks.LARGE] = asyncio.Semaphore(hooks.LARGE_AT_ONCE)
    app[FOLLOWER] = follower = Follower(parts.store, parts.bus, parts.now)
    app[LIVE] = Live(parts, follower, meters)
    guests = Guests(parts)
    app[TALLY] = Tally(parts.store, follower, parts.now)
    app[SEARCH] = new_search(parts, follower, meters)
    follower.add(guests.heard)
    follower.add(meters.heard)
    follower.hear(PRESENCE, guests.heard_presence)
    outstanding = Outstanding()
    follower.add(outstanding.heard)
    app[chat.CHAT] = chat.Chat(guests, Desk(parts, guests, meters, outstanding), meters)
    app.on_response_prepare.append(secure_headers)
    app.on_shutdown.append(_hang_up)
    app.on_cleanup.append(_close_school)
    app.on_cleanup.append(_close_search)
    app.cleanup_ctx.append(_beside)
    _add_routes(app)
    return app


def _add_routes(app: web.Application) -> None:
    """Pages come last: they answer every address that nobody else wants."""
    routes.add_to(app)
    app.router.add_get("/live", live.live)
    app.router.add_get("/chat/{account}", chat.socket)
    chat_http.add_to(app)
    confirm.add_to(app)
    app.router.add_post("/in/{account}", hooks.receive)
    installs.add_to(app)
    health.add_to(app)
    pages.add_to(app)


async def _close_school(app: web.Application) -> None:
    await app[PARTS].school.close()


async def _close_search(app: web.Application) -> None:
    await app[SEARCH].close()


async def _beside(app: web.Application) -> AsyncIterator[None]:
    """Follow the log and say who is here while the app runs."""
    follower = app[FOLLOWER]
    live_ = app[LIVE]
    works = (
        follower.run,
        follower.listen,
        live_.keep_saying,
        live_.keep_checking,
        app[TALLY].run,
        app[SEARCH].run,
        app[chat.CHAT].guests.run,
    )
    tasks = [asyncio.create_task(_kept_up(work)) for work in works]
    await follower.ready(START_S)
    yield
    pending = set(tasks)
    while pending:  # a cancellation that arrives while Redis connects can be lost in its client: say it again
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_S)


async def _kept_up(work: Callable[[], Awaitable[None]]) -> None:
    """Run it until cancelled; a mistake of ours in it is logged and costs a second, not the service."""
    while True:
        try:
            await work()
        except Exception as error:
            log.error(
                "a task beside the web failed", task=work.__qualname__, error=type(error).__name__, at=where(error)
            )
        await asyncio.sleep(AGAIN_S)


async def _hang_up(app: web.Application) -> None:
    """Before aiohttp waits for handlers: it would wait for every open socket."""
    await asyncio.gather(app[LIVE].close(), app[chat.CHAT].close())
