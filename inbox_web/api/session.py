"""/session: signing in and out, the agent's own language and password."""

from typing import Literal

import msgspec
from aiohttp import web

from hub.errors import BadInput, NotSignedIn
from hub.events import settings_changed
from hub.model import Agent, Preferences
from hub.safety.passwords import check_strength, hash_password, matches
from hub.safety.sessions import open_session, sign_in
from inbox_web.api.agents import tell
from inbox_web.api.route import COOKIE, Ask, Route, read, signed_in
from inbox_web.api.views import AgentView, agent_view
from inbox_web.origins import CALLER, check_own
from inbox_web.parts import PARTS, THROTTLE

DAY_S = 24 * 3600


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    password: str


class LanguageWish(msgspec.Struct, frozen=True, kw_only=True):
    language: Literal["vi", "en"]


class PreferenceWish(msgspec.Struct, frozen=True, kw_only=True):
    """What is missing stays as it is."""

    undo_s: Literal[0, 5, 10] | None = None
    notify: bool | None = None


class PasswordWish(msgspec.Struct, frozen=True, kw_only=True):
    old: str
    new: str


class Me(msgspec.Struct, frozen=True, kw_only=True):
    agent: AgentView


async def enter(request: web.Request) -> web.StreamResponse:
    """POST /session: the one write that needs no session; slowed down after failures."""
    parts = request.app[PARTS]
    check_own(request, parts.settings)
    wish: Credentials = await read(request, ENTER)
    caller, now = request[CALLER], parts.now()
    agent = await sign_in(parts.store, request.app[THROTTLE], wish.email, wish.password, caller.ip, now)
    device = request.headers.get("User-Agent", "")
    token, _ = await open_session(parts.store, agent, now, parts.settings.session_days, device)
    response = web.Response(body=msgspec.json.encode(_me(agent)), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        COOKIE,
        token,
        max_age=parts.settings.session_days * DAY_S,
        httponly=True,
        secure=caller.scheme == "https",
        samesite="Lax",
        path="/",
    )
    return response


async def leave(request: web.Request) -> web.StreamResponse:
    """DELETE /session: the cookie opens nothing any more; 204 also when it had expired."""
    parts = request.app[PARTS]
    check_own(request, parts.settings)
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path="/")
    try:
        session, _ = await signed_in(request)
    except NotSignedIn:
        return response
    await parts.store.sessions.remove(session.id)
    await parts.announcer.announce([settings_changed()], parts.now())  # its socket is closed by that
    return response


async def _get(ask: Ask, _: None) -> Me:
    return _me(ask.agent)


async def _language(ask: Ask, wish: LanguageWish) -> Me:
    await ask.parts.store.agents.change(ask.agent.id, {"language": wish.language})
    return _me(msgspec.structs.replace(ask.agent, language=wish.language))


async def _prefer(ask: Ask, wish: PreferenceWish) -> Preferences:
    """Only what was said is written: another browser of this agent may be changing something else."""
    said = {name: value for name, value in msgspec.structs.asdict(wish).items() if value is not None}
    await ask.parts.store.agents.change(ask.agent.id, {f"preferences.{name}": value for name, value in said.items()})
    return msgspec.structs.replace(ask.agent.preferences, **said)


async def _password(ask: Ask, wish: PasswordWish) -> None:
    """Change it and sign out everywhere else; the old one is asked for, and failures are slowed down."""
    throttle, now = ask.request.app[THROTTLE], ask.parts.now()
    async with throttle.trying(ask.agent.email, ask.caller.ip, now):
        if not await matches(ask.agent.password, wish.old):
            await throttle.failed(ask.agent.email, ask.caller.ip, now)
            raise BadInput("The old password is wrong.", "old")
    check_strength(wish.new, "new")
    await ask.parts.store.agents.change(ask.agent.id, {"password": await hash_password(wish.new)})
    await ask.parts.store.sessions.end_all(ask.agent.id, but=ask.session.id)
    await tell(ask)


def _me(agent: Agent) -> Me:
    return Me(agent=agent_view(agent))


ENTER = Route(method="POST", path="/session", run=_get, summary="Sign in", takes=Credentials, gives=Me, keyed=False)
LEAVE = Route(method="DELETE", path="/session", run=_get, summary="Sign out", status=204)
ROUTES = [
    Route(method="GET", path="/session", run=_get, summary="Who is signed in", gives=Me),
    Route(
        method="POST",
        path="/session/language",
        run=_language,
        summary="Change the agent's language",
        takes=LanguageWish,
        gives=Me,
        keyed=False,
    ),
    Route(
        method="POST",
        path="/session/preferences",
        run=_prefer,
        summary="Change how the agent likes to work, in every browser",
        takes=PreferenceWish,
        gives=Preferences,
        keyed=False,
    ),
    Route(
        method="POST",
        path="/session/password",
        run=_password,
        summary="Change the agent's password; signs out everywhere else",
        takes=PasswordWish,
        status=204,
        keyed=False,
    ),
]
