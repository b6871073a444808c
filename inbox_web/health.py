"""/healthz, /readyz, /metrics: alive; ready with each dependency's state; numbers for Prometheus."""

import asyncio

import msgspec
from aiohttp import web
from prometheus_client import generate_latest

from hub.errors import Denied, StoreDown
from inbox_web.live import FOLLOWER
from inbox_web.meters import METERS
from inbox_web.origins import CALLER
from inbox_web.parts import PARTS, Parts

ASK_S = 2.0


class State(msgspec.Struct, frozen=True, kw_only=True):
    """One dependency: up or not, and if not, why."""

    up: bool
    why: str | None = None


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """`ready` follows the database and the disk: without them nothing can be kept; the rest only makes it slower."""

    ready: bool
    database: State
    redis: State
    disk: State
    follower: State
    tagger: State


def add_to(app: web.Application) -> None:
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)


async def healthz(_: web.Request) -> web.StreamResponse:
    """The process answers; nothing else is asked."""
    return web.json_response({"alive": True})


async def readyz(request: web.Request) -> web.StreamResponse:
    """200 when messages can be kept, else 503; either way each dependency's state."""
    parts, follower = request.app[PARTS], request.app[FOLLOWER]
    database, redis = await asyncio.gather(_database(parts), _redis(parts))
    disk, tagger = _disk(parts), parts.tagger()
    ready = database.up and disk.up
    body = Readiness(
        ready=ready,
        database=database,
        redis=redis,
        disk=disk,
        follower=State(up=follower.live, why=None if follower.live else "The event log cannot be read."),
        tagger=State(up=tagger is not False, why="There is no model yet." if tagger is False else parts.tagger_why()),
    )
    headers = {"Cache-Control": "no-store"} | ({} if ready else {"Retry-After": "2"})
    encoded = msgspec.json.encode(body)
    return web.Response(status=200 if ready else 503, body=encoded, content_type="application/json", headers=headers)


async def _database(parts: Parts) -> State:
    try:
        async with asyncio.timeout(ASK_S):
            await parts.store.ping()
    except StoreDown as error:
        return State(up=False, why=str(error))
    except TimeoutError:
        return State(up=False, why=f"The database did not answer in {ASK_S:.0f} seconds.")
    return State(up=True)


async def _redis(parts: Parts) -> State:
    up = await parts.bus.ping()
    return State(up=up, why=None if up else "Redis does not answer; everything works, but slower.")


def _disk(parts: Parts) -> State:
    try:
        parts.door.check_disk()
    except StoreDown as error:
        return State(up=False, why=str(error))
    return State(up=True)


async def metrics(request: web.Request) -> web.StreamResponse:
    """For this machine and the trusted networks only."""
    if not request[CALLER].local:
        raise Denied("Metrics are shown to this machine and to HUB_TRUSTED_PROXIES only.")
    body = generate_latest(request.app[METERS].registry)
    return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
