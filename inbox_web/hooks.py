"""/in/{account}: platforms that call us. Raw bytes are verified and kept; only then the platform gets its answer."""

import time

import structlog
from aiohttp import web

from channels.base import Webhook
from hub.errors import Forged, NotFound
from hub.model import Account
from inbox_web.desk import KIND as WEBCHAT
from inbox_web.meters import METERS
from inbox_web.parts import PARTS, Parts

log = structlog.get_logger(__name__)


async def receive(request: web.Request) -> web.StreamResponse:
    """Verify, keep, answer. Raises Forged (401, nothing stored), NotFound, StoreDown (503: it tries again)."""
    parts, started = request.app[PARTS], time.perf_counter()
    account = await parts.accounts.get(request.match_info["account"])
    channel = parts.channels.get(account.kind) if account is not None and account.on else None
    # A widget's frames come through /chat, which proves its visitor; nobody may name one here.
    if account is None or account.kind == WEBCHAT or not isinstance(channel, Webhook):
        raise NotFound("Nothing is received at this address.")
    body = await request.read()
    accounts = await _same_kind(parts, account)
    try:
        verified = channel.verify(request.headers, body, accounts, parts.now())
    except Forged:
        log.warning("webhook refused", account=account.id, channel=account.kind, bytes=len(body))
        raise
    account = next((one for one in accounts if one.id == verified.account), account)
    await parts.door.keep(account, verified.arrivals)
    parts.door.thank(channel, account, verified.arrivals)
    meters = request.app[METERS]
    meters.arrivals.labels(account.kind).inc(len(verified.arrivals))
    meters.keep.observe(time.perf_counter() - started)
    return web.Response(status=verified.status, body=verified.answer, content_type=verified.content_type)


async def _same_kind(parts: Parts, account: Account) -> list[Account]:
    """The account of the address first: one URL may serve several of a kind."""
    others = [one for one in await parts.accounts.all() if one.kind == account.kind and one.on and one.id != account.id]
    return [account, *others]
