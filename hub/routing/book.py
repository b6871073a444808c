"""The settings of routing as this process knows them: read whole, made ready once, and read again when they changed.

No message reads any of it: they look at `current`, which is replaced as a whole.
"""

import datetime as dt
from collections.abc import Callable

import msgspec
import structlog

from hub.bus import Bus
from hub.errors import BadInput
from hub.flow import Flow
from hub.intents import IntentList
from hub.model import Agent, Team
from hub.roster import AgentDesk, Hours, TeamDesk
from hub.routing import hours as business
from hub.routing.assignment import Seat
from hub.routing.compiled import Compiled
from hub.routing.hours import OpenBook
from hub.rule import Rule
from hub.store import Store

WAKE = "routing"  # the channel of the bus on which a change is rung
WEBHOOKS = "rule webhooks"  # what their signing secret is derived for
POLL_S = 5.0  # without a ring a change is seen within this

log = structlog.get_logger()


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of the settings."""

    revision: int = -1
    rules: Compiled = Compiled(())
    written: tuple[Rule, ...] = ()
    open: OpenBook = OpenBook()
    desks: tuple[TeamDesk, ...] = ()
    seats: tuple[Seat, ...] = ()
    teams: tuple[Team, ...] = ()
    names: dict[str, str] = {}  # of teams and agents
    gone: frozenset[str] = frozenset()  # agents who were switched off
    intents: IntentList = IntentList()
    flows: dict[str, Flow] = {}

    @property
    def gives_out(self) -> bool:
        """Whether any team's conversations find their agents by themselves."""
        return any(one.how != "by_hand" for one in self.desks)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to follow events for."""
        return not self.written and not self.gives_out and not self.flows

    def flow(self, name: str) -> Flow | None:
        """The one of this id, else of this name."""
        named = (one for one in self.flows.values() if one.name == name)
        return self.flows.get(name) or next(named, None)

    def open_at(self, now: dt.datetime) -> tuple[str, ...]:
        """The teams that are open, and "" when the shop is."""
        return self.open.open_at(now, (one.id for one in self.teams))


class RuleBook:
    """One per process. `read` once before the first message; `keep_up` whenever it may have changed."""

    def __init__(self, store: Store, bus: Bus) -> None:
        self._store = store
        self._bus = bus
        self.current = Known()
        self.listeners: list[Callable[[], None]] = []

    def known(self) -> Known:
        """What holds now; costs nothing."""
        return self.current

    async def keep_up(self) -> bool:
        """Read again if something changed; whether it did. Raises StoreDown; what was known stays then."""
        revision = await self._store.routing.get()
        if revision == self.current.revision:
            return False
        await self.read(revision)
        return True

    async def read(self, revision: int | None = None) -> None:
        """Read all of it."""
        revision = await self._store.routing.get() if revision is None else revision
        rules = tuple(await self._store.rules.all())
        teams, agents = await self._store.teams.all(), await self._store.agents.all()
        flows = await self._store.flows.all()
        hours = [one for one in await self._store.hours.all() if _works(one)]
        intents = IntentList(await self._store.intents.all())
        self.current = Known(
            revision=revision,
            rules=Compiled(intents.widened(one) for one in rules),
            written=tuple(one for one in rules if one.on),
            open=OpenBook(hours),
            desks=tuple(await self._store.team_desks.all()),
            seats=seats(agents, await self._store.agent_desks.all(), intents),
            teams=tuple(teams),
            names={**{one.id: one.name for one in teams}, **{one.id: one.name for one in agents}},
            gone=frozenset(one.id for one in agents if not one.on),
            intents=intents,
            flows={one.id: one for one in flows},
        )
        for told in self.listeners:
            told()

    async def changed(self) -> None:
        """Somebody changed something here: let every process know. Raises StoreDown."""
        await self._store.routing.next()
        await self._bus.publish(WAKE, b"")


def seats(agents: list[Agent], desks: list[AgentDesk], intents: IntentList) -> tuple[Seat, ...]:
    """Whoever is switched on has a seat; a skill in an intent is one in all that counts for the same."""
    known = {one.id: msgspec.structs.replace(one, intents=intents.family(one.intents)) for one in desks}
    return tuple(
        Seat(agent=one.id, teams=one.teams, desk=known.get(one.id) or AgentDesk(id=one.id)) for one in agents if one.on
    )


def _works(hours: Hours) -> bool:
    """Hours of a zone that this machine does not know must not stop every other rule."""
    try:
        business.check(hours)
    except BadInput as error:
        log.error("business hours that cannot be used", team_id=hours.id, why=str(error))
        return False
    return True
