"""/roster: when teams are open, how their conversations find agents, and what each agent takes."""

import datetime as dt

import msgspec

from hub.errors import BadInput, NotFound
from hub.roster import SHOP, AgentDesk, Hours, How, Span, Special, TeamDesk
from hub.routing import hours as business
from hub.routing.holidays import holidays
from inbox_web.api.agents import tell
from inbox_web.api.route import Ask, Route

MOST_CAPACITY = 1_000
MOST_SKILLS = 60


class HolidayView(msgspec.Struct, frozen=True, kw_only=True):
    day: dt.date
    vi: str
    en: str


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """`hours` of "shop" hold for teams without their own; `holidays` are those of this year and the next."""

    hours: list[Hours]
    teams: list[TeamDesk]
    agents: list[AgentDesk]
    holidays: list[HolidayView]


class HoursWish(msgspec.Struct, frozen=True, kw_only=True):
    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: bool = True
    special: tuple[Special, ...] = ()


class TeamDeskWish(msgspec.Struct, frozen=True, kw_only=True):
    how: How
    capacity: int = 10
    only_open: bool = False


class AgentDeskWish(msgspec.Struct, frozen=True, kw_only=True):
    capacity: int | None = None
    channels: dict[str, int] = {}
    intents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    away: bool = False


class Away(msgspec.Struct, frozen=True, kw_only=True):
    away: bool


async def _roster(ask: Ask, _: None) -> Roster:
    store, year = ask.parts.store, ask.parts.now().year
    days = {**holidays(year), **holidays(year + 1)}
    return Roster(
        hours=await store.hours.all(),
        teams=await store.team_desks.all(),
        agents=await store.agent_desks.all(),
        holidays=[HolidayView(day=day, vi=one.vi, en=one.en) for day, one in days.items()],
    )


async def _put_hours(ask: Ask, wish: HoursWish) -> Hours:
    id_ = ask.path["id"]
    if id_ != SHOP:
        await _team(ask, id_)
    hours = Hours(id=id_, zone=wish.zone, week=wish.week, holidays=wish.holidays, special=wish.special)
    business.check(hours)
    await ask.parts.store.hours.put(hours)
    await tell(ask)
    return hours


async def _drop_hours(ask: Ask, _: None) -> None:
    """The team keeps the shop's hours from now on; without the shop's everybody is always open."""
    await ask.parts.store.hours.remove(ask.path["id"])
    await tell(ask)


async def _put_team(ask: Ask, wish: TeamDeskWish) -> TeamDesk:
    await _team(ask, ask.path["id"])
    _check_capacity(wish.capacity, "capacity")
    desk = TeamDesk(id=ask.path["id"], how=wish.how, capacity=wish.capacity, only_open=wish.only_open)
    await ask.parts.store.team_desks.put(desk)
    await tell(ask)
    return desk


async def _put_agent(ask: Ask, wish: AgentDeskWish) -> AgentDesk:
    await _agent(ask, ask.path["id"])
    if wish.capacity is not None:
        _check_capacity(wish.capacity, "capacity")
    for channel, most in wish.channels.items():
        _check_capacity(most, f"channels.{channel}")
    if len(wish.intents) + len(wish.languages) + len(wish.channels) > MOST_SKILLS:
        raise BadInput(f"At most {MOST_SKILLS} skills and channels.", "intents")
    desk = AgentDesk(
        id=ask.path["id"],
        capacity=wish.capacity,
        channels=wish.channels,
        intents=wish.intents,
        languages=wish.languages,
        away=wish.away,
    )
    await ask.parts.store.agent_desks.put(desk)
    await tell(ask)
    return desk


async def _put_away(ask: Ask, wish: Away) -> AgentDesk:
    """Whoever is away is given nothing new and keeps what they have."""
    known = await ask.parts.store.agent_desks.get(ask.agent.id) or AgentDesk(id=ask.agent.id)
    desk = msgspec.structs.replace(known, away=wish.away)
    await ask.parts.store.agent_desks.put(desk)
    await tell(ask)
    return desk


async def _my_desk(ask: Ask, _: None) -> AgentDesk:
    return await ask.parts.store.agent_desks.get(ask.agent.id) or AgentDesk(id=ask.agent.id)


def _check_capacity(number: int, field: str) -> None:
    if not 0 <= number <= MOST_CAPACITY:
        raise BadInput(f"A number of conversations between 0 and {MOST_CAPACITY}.", field)


async def _team(ask: Ask, id_: str) -> None:
    if await ask.parts.store.teams.get(id_) is None:
        raise NotFound("There is no such team.")


async def _agent(ask: Ask, id_: str) -> None:
    if await ask.parts.store.agents.get(id_) is None:
        raise NotFound("There is no such agent.")


ROUTES = [
    Route(
        method="GET",
        path="/roster",
        run=_roster,
        summary="Business hours, teams' and agents' desks, and the public holidays",
        right="settings",
        gives=Roster,
    ),
    Route(
        method="PUT",
        path="/roster/hours/{id}",
        run=_put_hours,
        summary="When a team, or (shop) everybody without hours of their own, is open",
        right="settings",
        takes=HoursWish,
        gives=Hours,
    ),
    Route(
        method="DELETE",
        path="/roster/hours/{id}",
        run=_drop_hours,
        summary="Forget a team's own hours",
        right="settings",
        status=204,
    ),
    Route(
        method="PUT",
        path="/roster/teams/{id}",
        run=_put_team,
        summary="How a team's conversations find an agent",
        right="settings",
        takes=TeamDeskWish,
        gives=TeamDesk,
    ),
    Route(
        method="PUT",
        path="/roster/agents/{id}",
        run=_put_agent,
        summary="What an agent takes: capacity, channels, skills",
        right="settings",
        takes=AgentDeskWish,
        gives=AgentDesk,
    ),
    Route(method="GET", path="/roster/me", run=_my_desk, summary="What I take, and whether I am away", gives=AgentDesk),
    Route(method="PUT", path="/roster/me/away", run=_put_away, summary="Away, or back", takes=Away, gives=AgentDesk),
]
