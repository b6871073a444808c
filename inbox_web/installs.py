"""/oauth/{account}: adding the app of a connected account to a further workspace, by a click on the platform.

Only who began it, and is still signed in as an administrator, may end it: `state` says so, signed. What goes wrong is
a page, since a person stands before it.
"""

import asyncio

from aiohttp import web

from channels.base import Channel, Connected, Installs
from hub.errors import BadInput, Forged, HubError, NotFound
from hub.ids import random_id
from hub.model import Account, AccountId, Agent
from hub.people.connecting import CONNECT_S, SLOW, Connector
from hub.safety.roles import require
from hub.safety.tokens import install_token, read_install
from inbox_web.api.route import signed_in
from inbox_web.middlewares import SPEAKER, Handler, language, vietnamese
from inbox_web.origins import CALLER
from inbox_web.page import page
from inbox_web.parts import PARTS
from inbox_web.problems import kind_of
from inbox_web.words import say

TITLE = {"vi": "Thêm vào workspace", "en": "Add to a workspace"}
ACCOUNTS = {"vi": "Về các kênh", "en": "To the channels"}


class Here:
    """One administrator's visit, as the channel that installs sees it; `made` is the account that came of it."""

    def __init__(self, request: web.Request, agent: Agent, app: Account, channel: Installs) -> None:
        self._parts, self._agent, self._app, self._channel = request.app[PARTS], agent, app, channel
        hub = self._parts.settings.base_url or request[CALLER].origin
        self.back = f"{hub}/oauth/{app.id}/back"  # the same both times, and one that the app lists
        self.made: Account | None = None

    def issue(self) -> str:
        parts = self._parts
        return install_token(parts.ring, self._app.id, random_id("acc"), self._agent.id, parts.now())

    def consume(self, state: str) -> Account:
        """The account under the id that the state carries: the same state again makes no second one. Raises Forged."""
        app, now = self._app, self._parts.now()
        begun = read_install(self._parts.ring, state, now)
        if (begun.app, begun.agent) != (app.id, self._agent.id):
            raise Forged("Somebody else began this; begin once more.")
        return Account(id=AccountId(begun.account), kind=app.kind, name="", at=now, team=app.team)

    async def keep(self, account: Account, connected: Connected) -> None:
        parts = self._parts
        connector = Connector(parts.store, parts.announcer, parts.ring.seal, parts.now)
        self.made = await connector.installed(self._channel, account, connected)
        parts.accounts.forget()


def add_to(app: web.Application) -> None:
    app.router.add_get("/oauth/{account}", _shown(begin))
    app.router.add_get("/oauth/{account}/back", _shown(back))


async def begin(request: web.Request) -> web.StreamResponse:
    """Lead to the platform. Raises NotSignedIn, Denied, NotFound, BadInput."""
    app, channel, here = await _visit(request)
    raise web.HTTPFound(await channel.install_url(app, here))


async def back(request: web.Request) -> web.StreamResponse:
    """The platform led back: connect, and show the account. Raises Forged, BadInput, StoreDown, and as above."""
    app, channel, here = await _visit(request)
    try:
        async with asyncio.timeout(CONNECT_S):
            await channel.install(app, here, request.query)
    except TimeoutError as error:
        raise BadInput(SLOW.format(seconds=CONNECT_S)) from error
    raise web.HTTPFound(f"/settings/accounts:{here.made.id}" if here.made else "/settings/accounts")


async def _visit(request: web.Request) -> tuple[Account, Installs, Here]:
    _, agent = await signed_in(request)
    require(agent, "settings")
    parts = request.app[PARTS]
    account = await parts.accounts.get(request.match_info["account"])
    channel: Channel | None = parts.channels.get(account.kind) if account is not None else None
    if account is None or not isinstance(channel, Installs):
        raise NotFound("There is no such account.")
    request[SPEAKER] = channel
    return account, channel, Here(request, agent, account, channel)


def _shown(handler: Handler) -> Handler:
    """Errors as a page in the browser's language."""

    async def shown(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except HubError as error:
            return _page(request, error)

    return shown


def _page(request: web.Request, error: HubError) -> web.Response:
    spoken, kind = language(request), kind_of(error)
    text = say(str(error), spoken, kind.slug, vietnamese(request.get(SPEAKER)))
    answer = page(TITLE[spoken], text, f'<p><a href="/settings/accounts">{ACCOUNTS[spoken]}</a></p>', kind.status)
    after_s = getattr(error, "after_s", None)
    if after_s is not None:
        answer.headers["Retry-After"] = str(int(after_s))
    return answer
