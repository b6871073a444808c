"""Who answers in the demo shop: three agents of its own in an empty hub, else the agents that are there."""

from hub.clock import utc_now
from hub.commands.rooms import Rooms
from hub.errors import Conflict
from hub.events import settings_changed
from hub.model import Agent, AgentId, Author, TeamId
from hub.safety import passwords

# key in the stories: (name, email, team)
AGENTS = {
    "an": ("Lan Anh", "lan.anh@mocan.example", "Bán hàng"),
    "trang": ("Thu Trang", "thu.trang@mocan.example", "Chăm sóc khách"),
    "bao": ("Quốc Bảo", "quoc.bao@mocan.example", "Kho & giao vận"),
}


async def gather(rooms: Rooms) -> tuple[dict[str, Author], list[str]]:
    """The author of each key, and the emails of the agents that were added now."""
    there = {one.id: one for one in await rooms.store.agents.all() if one.on}
    wanted = {key: AgentId(f"a_demo_{key}") for key in AGENTS}
    if len(there) <= 1 and not any(id_ in there for id_ in wanted.values()):
        added = await _add(rooms)
        return {key: _author(one) for key, one in added.items()}, [one.email for one in added.values()]
    others = list(there.values())
    return {
        key: _author(there.get(id_, others[number % len(others)])) for number, (key, id_) in enumerate(wanted.items())
    }, []


async def _add(rooms: Rooms) -> dict[str, Agent]:
    teams = {one.name: one.id for one in await rooms.store.teams.all()}
    made = {key: await _agent(key, teams) for key in AGENTS}
    for one in made.values():
        try:
            await rooms.store.agents.add(one)
        except Conflict:  # another `hub demo` was a moment faster with the same one
            continue
    await rooms.announcer.announce([settings_changed()], utc_now())
    return made


async def _agent(key: str, teams: dict[str, TeamId]) -> Agent:
    name, email, team = AGENTS[key]
    return Agent(
        id=AgentId(f"a_demo_{key}"),
        name=name,
        email=email,
        role="agent",
        password=await passwords.hash_password(passwords.generate()),  # nobody knows it: `hub agent password` makes one
        at=utc_now(),
        teams=(teams[team],) if team in teams else (),
    )


def _author(agent: Agent) -> Author:
    return Author(kind="agent", id=agent.id, name=agent.name)
