"""/agents: who answers, and with which role. An agent is switched off, never removed: their words name them."""

import msgspec

from hub.errors import BadInput, Conflict, NotFound
from hub.events import settings_changed
from hub.model import Agent, AgentId, RoleName, TeamId
from hub.routing.book import RuleBook
from hub.safety.passwords import check_strength, generate, hash_password
from inbox_web.api.derived import derived_id
from inbox_web.api.route import Ask, Route
from inbox_web.api.views import AgentView, agent_view


class Agents(msgspec.Struct, frozen=True, kw_only=True):
    items: list[AgentView]


class NewAgent(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    email: str
    role: RoleName = "agent"
    teams: tuple[TeamId, ...] = ()
    language: str = "vi"


class AddedAgent(msgspec.Struct, frozen=True, kw_only=True):
    """The password is shown this once."""

    agent: AgentView
    password: str


class AgentWish(msgspec.Struct, frozen=True, kw_only=True):
    name: str | None = None
    role: RoleName | None = None
    teams: tuple[TeamId, ...] | None = None
    on: bool | None = None
    password: str | None = None


async def _list(ask: Ask, _: None) -> Agents:
    return Agents(items=[agent_view(one) for one in await ask.parts.store.agents.all()])


async def _add(ask: Ask, wish: NewAgent) -> AddedAgent:
    """The same key again finds the agent that it made, and gives them a new password."""
    await check_teams(ask, wish.teams)
    password = generate()
    agent = Agent(
        id=AgentId(derived_id("a", ask)),
        name=checked_name(wish.name),
        email=checked_email(wish.email),
        role=wish.role,
        password=await hash_password(password),
        at=ask.parts.now(),
        teams=wish.teams,
        language="en" if wish.language == "en" else "vi",
    )
    try:
        await ask.parts.store.agents.add(agent)
    except Conflict as error:
        if await ask.parts.store.agents.get(agent.id) is None:
            raise Conflict("An agent with this email is there already.") from error
        await ask.parts.store.agents.change(agent.id, {"password": agent.password})
    await tell(ask)
    return AddedAgent(agent=agent_view(agent), password=password)


async def _change(ask: Ask, wish: AgentWish) -> AgentView:
    agent = await ask.parts.store.agents.get(ask.path["id"])
    if agent is None:
        raise NotFound("There is no such agent.")
    await _check_administrator_stays(ask, agent, wish)
    changes: dict[str, object] = {}
    if wish.name is not None:
        changes["name"] = checked_name(wish.name)
    if wish.role is not None:
        changes["role"] = wish.role
    if wish.teams is not None:
        await check_teams(ask, wish.teams)
        changes["teams"] = wish.teams
    if wish.on is not None:
        changes["on"] = wish.on
    if wish.password is not None:
        check_strength(wish.password)
        changes["password"] = await hash_password(wish.password)
    await ask.parts.store.agents.change(agent.id, changes)
    if wish.on is False or wish.password is not None:
        await ask.parts.store.sessions.end_all(agent.id, but=ask.session.id)
    await tell(ask)
    return agent_view(msgspec.structs.replace(agent, **changes))


async def _check_administrator_stays(ask: Ask, agent: Agent, wish: AgentWish) -> None:
    if agent.role != "administrator" or (wish.on is not False and wish.role in (None, "administrator")):
        return
    others = [one for one in await ask.parts.store.agents.all() if one.id != agent.id]
    if not any(one.on and one.role == "administrator" for one in others):
        raise Conflict("At least one administrator must stay.")


async def check_teams(ask: Ask, teams: tuple[TeamId, ...]) -> None:
    """Raises BadInput when one of them is not there."""
    known = {team.id for team in await ask.parts.store.teams.all()}
    if not set(teams) <= known:
        raise BadInput("There is no such team.", "teams")


def checked_name(name: str) -> str:
    """Raises BadInput for an empty or endless name."""
    if not 1 <= len(name.strip()) <= 120:
        raise BadInput("A name has 1 to 120 characters.", "name")
    return name.strip()


def checked_email(email: str) -> str:
    """Lower case; raises BadInput for what cannot be an address."""
    email = email.strip().lower()
    before, at, behind = email.partition("@")
    if not (before and at and "." in behind) or len(email) > 254 or " " in email:
        raise BadInput("An email address looks like lan@shop.example.", "email")
    return email


async def tell(ask: Ask) -> None:
    """Everyone asks for the settings again, the rules of routing as well: they name teams and agents."""
    ask.parts.accounts.forget()
    await RuleBook(ask.parts.store, ask.parts.bus).changed()
    await ask.parts.announcer.announce([settings_changed()], ask.parts.now())


ROUTES = [
    Route(method="GET", path="/agents", run=_list, summary="Everyone who answers", right="settings", gives=Agents),
    Route(
        method="POST",
        path="/agents",
        run=_add,
        summary="Add an agent; the answer shows the password once",
        right="settings",
        takes=NewAgent,
        gives=AddedAgent,
        status=201,
        secret=True,
    ),
    Route(
        method="PATCH",
        path="/agents/{id}",
        run=_change,
        summary="Change name, role, teams, password; switch off",
        right="settings",
        takes=AgentWish,
        gives=AgentView,
    ),
]
