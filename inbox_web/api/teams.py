"""/teams: who gets which intents."""

import msgspec

from hub.errors import Conflict, NotFound
from hub.model import Team, TeamId
from inbox_web.api.agents import checked_name, tell
from inbox_web.api.derived import derived_id
from inbox_web.api.route import Ask, Route
from inbox_web.api.views import TeamView, team_view


class Teams(msgspec.Struct, frozen=True, kw_only=True):
    items: list[TeamView]


class NewTeam(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    intents: tuple[str, ...] = ()


class TeamWish(msgspec.Struct, frozen=True, kw_only=True):
    name: str | None = None
    intents: tuple[str, ...] | None = None


async def _list(ask: Ask, _: None) -> Teams:
    return Teams(items=[team_view(one) for one in await ask.parts.store.teams.all()])


async def _add(ask: Ask, wish: NewTeam) -> TeamView:
    team = Team(id=TeamId(derived_id("t", ask)), name=checked_name(wish.name), at=ask.parts.now(), intents=wish.intents)
    try:
        await ask.parts.store.teams.add(team)
    except Conflict:
        return team_view(await _team(ask, team.id))
    await tell(ask)
    return team_view(team)


async def _change(ask: Ask, wish: TeamWish) -> TeamView:
    team = await _team(ask, ask.path["id"])
    changes: dict[str, object] = {}
    if wish.name is not None:
        changes["name"] = checked_name(wish.name)
    if wish.intents is not None:
        changes["intents"] = wish.intents
    await ask.parts.store.teams.change(team.id, changes)
    await tell(ask)
    return team_view(msgspec.structs.replace(team, **changes))


async def _remove(ask: Ask, _: None) -> None:
    """Its agents and accounts lose it; conversations keep it until somebody moves them."""
    team = await _team(ask, ask.path["id"])
    for agent in await ask.parts.store.agents.all():
        if team.id in agent.teams:
            await ask.parts.store.agents.change(agent.id, {"teams": [one for one in agent.teams if one != team.id]})
    for account in await ask.parts.store.accounts.all():
        if account.team == team.id:
            await ask.parts.store.accounts.change(account.id, {"team": None})
    await ask.parts.store.teams.remove(team.id)
    await tell(ask)


async def _team(ask: Ask, id_: str) -> Team:
    team = await ask.parts.store.teams.get(id_)
    if team is None:
        raise NotFound("There is no such team.")
    return team


ROUTES = [
    Route(method="GET", path="/teams", run=_list, summary="Every team", gives=Teams),
    Route(
        method="POST",
        path="/teams",
        run=_add,
        summary="Add a team",
        right="settings",
        takes=NewTeam,
        gives=TeamView,
        status=201,
    ),
    Route(
        method="PATCH",
        path="/teams/{id}",
        run=_change,
        summary="Change name and intents",
        right="settings",
        takes=TeamWish,
        gives=TeamView,
    ),
    Route(
        method="DELETE",
        path="/teams/{id}",
        run=_remove,
        summary="Remove a team; its agents and accounts lose it",
        right="settings",
        status=204,
    ),
]
