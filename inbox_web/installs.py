"""/oauth/{account}: adding the app of a connected account to a further workspace, by a click on the platform.

Only who began it, and is still signed in as an administrator, may end it: `state` says so, signed.
"""

from aiohttp import web

from channels.base import Channel, Installs
from hub.errors import BadInput, Forged, NotFound
from hub.ids import random_id
from hub.model import Account, AccountId, Agent
from hub.people.connecting import Connector, Wanted
from hub.safety.roles import require
from hub.safety.tokens import install_token, read_install
from inbox_web.api.route import signed_in
from inbox_web.middlewares import SPEAKER
from inbox_web.origins import CALLER
from inbox_web.parts import PARTS

CANCELLED = "The workspace did not allow it. Nothing was changed here."


def add_to(app: web.Application) -> None:
    app.router.add_get("/oauth/{account}", begin)
    app.router.add_get("/oauth/{account}/back", back)


async def begin(request: web.Request) -> web.StreamResponse:
    """Lead to the platform. Raises NotSignedIn, Denied, NotFound, BadInput."""
    parts, agent = request.app[PARTS], await _administrator(request)
    account, channel = await _app(request)
    state = install_token(parts.ring, account.id, random_id("acc"), agent.id, parts.now())
    raise web.HTTPFound(channel.install_url(account, _back(request, account), state))


async def back(request: web.Request) -> web.StreamResponse:
    """The platform led back: connect, and show the account. Raises Forged, BadInput, and as above."""
    parts, agent = request.app[PARTS], await _administrator(request)
    account, channel = await _app(request)
    begun = read_install(parts.ring, request.query.get("state", ""), parts.now())
    if (begun.app, begun.agent) != (account.id, agent.id):
        raise Forged("Somebody else began this; begin once more.")
    if "code" not in request.query:
        raise BadInput(CANCELLED)
    connector = Connector(parts.store, parts.announcer, parts.ring.seal, parts.now)
    wanted = Wanted(id=AccountId(begun.account), kind=account.kind, answers={}, team=account.team)
    made = await connector.install(channel, account, wanted, request.query["code"], _back(request, account))
    parts.accounts.forget()
    raise web.HTTPFound(f"/settings/accounts:{made.id}")


async def _administrator(request: web.Request) -> Agent:
    _, agent = await signed_in(request)
    require(agent, "settings")
    return agent


async def _app(request: web.Request) -> tuple[Account, Installs]:
    parts = request.app[PARTS]
    account = await parts.accounts.get(request.match_info["account"])
    channel: Channel | None = parts.channels.get(account.kind) if account is not None else None
    if account is None or not isinstance(channel, Installs):
        raise NotFound("There is no such account.")
    request[SPEAKER] = channel
    return account, channel


def _back(request: web.Request, account: Account) -> str:
    """Where the platform leads back to; it must be the same both times, and one that the app lists."""
    hub = request.app[PARTS].settings.base_url or request[CALLER].origin
    return f"{hub}/oauth/{account.id}/back"
