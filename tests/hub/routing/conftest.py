"""Routing over real stores: what follows the events, and a shop whose rules a test writes."""

import datetime as dt
import hashlib
from typing import Any

import pytest

from hub.bots.talking import Talker
from hub.model import Agent, AgentId, Message, Tag
from hub.roster import AgentDesk, How, TeamDesk
from hub.routing.acting import Actor
from hub.routing.assigning import Assigner
from hub.routing.book import RuleBook
from hub.routing.following import Following
from hub.routing.idling import Idling
from hub.routing.planning import Planner
from hub.routing.reading import check
from hub.rule import AnyAction, AnyCondition, Rule, RuleId, Trigger
from hub.store.documents import record
from hub.store.rules import Act
from tests.hub.core import CARE, START, Core
from tests.query_shapes import FROM_A_TEST


def signed(body: bytes) -> str:
    """What stands for the key ring's signature."""
    return hashlib.sha256(body).hexdigest()


class Routing:
    """One process's rules; `another` is a second process over the same ledger."""

    def __init__(self, core: Core, name: str = "one") -> None:
        self.core, self.name = core, name
        self.book = RuleBook(core.store, core.bus)
        self.planner = Planner(core.store, core.clock)
        self.talker = Talker(core.store, self.book, core.changer, core.composer, core.announcer, core.clock)
        self.actor = Actor(
            core.store, self.book, core.changer, core.composer, core.clock, signed, core.bus, name, self.talker.start
        )
        self.assigner = Assigner(core.store, self.book, core.changer, core.clock)
        self.idling = Idling(core.store, self.planner, core.clock)
        self.following = Following(
            core.store,
            core.bus,
            self.book,
            self.planner,
            self.actor,
            self.assigner,
            self.idling,
            core.clock,
            name,
            save_s=0.0,
            bots=self.talker,
        )

    def another(self, name: str) -> "Routing":
        return Routing(self.core, name)

    async def rule(
        self, when: Trigger, *parts: AnyCondition | AnyAction, id: str = "r1", order: int = 0, **more: Any
    ) -> Rule:
        """An owner writes a rule: conditions and actions as they come. It is known at once."""
        conditions = tuple(one for one in parts if isinstance(one, AnyCondition))
        actions = tuple(one for one in parts if isinstance(one, AnyAction))
        made = Rule(
            id=RuleId(id),
            name=f"Luật {id}",
            when=when,
            conditions=conditions,
            actions=actions,
            order=order,
            at=START,
            **more,
        )
        check(made)
        await self.core.store.rules.put(made)
        await self.known()
        return made

    async def known(self) -> None:
        """A change of the settings is seen."""
        await self.book.changed()
        await self.book.keep_up()

    async def begin(self) -> None:
        """Stand at the newest event: what happened before is no news."""
        await self.turn()

    async def turn(self) -> None:
        """Everything that happened until now is followed; events are a second old by then."""
        self.core.clock.now += dt.timedelta(seconds=2)  # type: ignore[attr-defined]  # a test's Clock can be set
        await self.following.turn()
        await self.actor.step()

    async def acts(self) -> list[Act]:
        rows = await self.core.store.ledger.light("acts").find({}, comment=FROM_A_TEST).to_list(None)
        return sorted((record(row, Act) for row in rows), key=lambda one: (one.at, one.id))

    async def outcomes(self) -> list[tuple[str, ...]]:
        return [one.outcome for one in await self.acts()]

    async def changes(self, who: str = "u1") -> list[tuple[str, str | None, str | None]]:
        """The conversation's entries about itself: verb, to what, by which rule."""
        return [(one.change.verb, one.change.to, one.change.rule) for one in await self.core.log(who) if one.change]

    async def tagged(self, message: Message, intent: str = "complaint", **more: Any) -> Tag:
        """The tagger answers late."""
        told = {"confidence": 0.9, "band": "route", "language": "vi", "model": "m"} | more
        tag = Tag(intent=intent, **told)
        await self.core.triage.tagged_late({message.id: tag})
        return tag

    async def team_of(self, who: str = "u1") -> str | None:
        return (await self.core.talk(who)).team

    async def agent_of(self, who: str = "u1") -> str | None:
        return (await self.core.talk(who)).agent

    # -- people -------------------------------------------------------------------------------------------------------

    async def agent(self, id_: str, **desk: Any) -> AgentId:
        """Somebody in the care team."""
        agent = Agent(
            id=AgentId(id_),
            name=id_.title(),
            email=f"{id_}@example.vn",
            role="agent",
            password="",
            at=START,
            teams=(CARE,),
        )
        await self.core.store.agents.add(agent)
        await self.core.store.agent_desks.put(AgentDesk(id=id_, **desk))
        await self.known()
        return agent.id

    async def gives_out(self, how: How = "load", **more: Any) -> None:
        """The care team's conversations find their agents by themselves."""
        await self.core.store.team_desks.put(TeamDesk(id=CARE, how=how, **more))
        await self.known()


@pytest.fixture
async def routing(core: Core) -> Routing:
    made = Routing(core)
    core.known = lambda: made.book.current
    return made
