"""/in/{account}: platforms that call us. Raw bytes are verified and kept; only then the platform gets its answer."""

import asyncio
import time

import structlog
from aiohttp import web

from channels.base import Carried, Posted, Verified, Webhook
from hub.errors import Forged, NotFound, TooLarge
from hub.model import Account
from inbox_web.desk import KIND as WEBCHAT
from inbox_web.meters import METERS
from inbox_web.parts import PARTS, Parts

log = structlog.get_logger(__name__)

LARGE_AT_ONCE = 3  # nobody has proved anything yet while these stand in memory
LARGE_S = 60.0
LARGE = web.AppKey("large", asyncio.Semaphore)


async def receive(request: web.Request) -> web.StreamResponse:
    """Verify, keep, answer. Raises Forged (401, nothing stored), NotFound, StoreDown (503: it tries again)."""
    parts, started = request.app[PARTS], time.perf_counter()
    account = await parts.accounts.get(request.match_info["account"])
    channel = parts.channels.get(account.kind) if account is not None and account.on else None
    # A widget's frames come through /chat, which proves its visitor; nobody may name one here.
    if account is None or account.kind == WEBCHAT or not isinstance(channel, Webhook):
        raise NotFound("Nothing is received at this address.")
    accounts = await _same_kind(parts, account)
    try:
        verified = await _verified(request, channel, accounts)
        if verified.astray:  # another process may have added its account a moment ago
            parts.accounts.forget()
            accounts = await _same_kind(parts, account)
            verified = await _verified(request, channel, accounts)
    except Forged:
        log.warning("webhook refused", account=account.id, channel=account.kind, bytes=request.content_length)
        raise
    account = next((one for one in accounts if one.id == verified.account), account)
    verified = await _kept(request, channel, account, verified)
    parts.door.thank(channel, account, verified.arrivals)
    meters = request.app[METERS]
    meters.arrivals.labels(account.kind).inc(len(verified.arrivals))
    meters.keep.observe(time.perf_counter() - started)
    return web.Response(status=verified.status, body=verified.answer, content_type=verified.content_type)


async def _verified(request: web.Request, channel: Webhook, accounts: list[Account]) -> Verified:
    """What the call is. Raises Forged, TooLarge."""
    parts, size = request.app[PARTS], request.content_length or 0
    if not isinstance(channel, Posted) or size <= parts.settings.max_body_kb * 1024:
        return channel.verify(request.headers, await request.read(), accounts, parts.now())
    if size > channel.most_posted:
        raise TooLarge("This is larger than the hub takes.")
    try:
        async with asyncio.timeout(LARGE_S), request.app[LARGE]:
            body = await request.clone(client_max_size=channel.most_posted + 1).read()
            # Off the loop: to take a form of this size apart needs seconds, and whoever posts it may be anybody.
            return await asyncio.to_thread(channel.verify, request.headers, body, accounts, parts.now())
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


async def _kept(request: web.Request, channel: Webhook, account: Account, verified: Verified) -> Verified:
    """Keep what came, and only then say what to answer. Raises StoreDown."""

    async def keep() -> None:
        await request.app[PARTS].door.keep(account, verified.arrivals)

    if isinstance(channel, Carried):
        return await channel.carry(await request.read(), verified, keep)
    await keep()
    return verified


async def _same_kind(parts: Parts, account: Account) -> list[Account]:
    """The account of the address first: one URL may serve several of a kind."""
    others = [one for one in await parts.accounts.all() if one.kind == account.kind and one.on and one.id != account.id]
    return [account, *others]
