"""Conversations find their agents over the real ledger: as they come, as agents become free, come back, and leave."""

import datetime as dt

import msgspec
import pytest

from hub.departures.change import Wish
from hub.ids import conversation_id
from hub.model import AgentId, Change, ConversationId, ConversationState
from hub.people.merge import merge
from hub.rule import SetPriority, ToAgent, Words
from tests.hub.core import CARE, LAN, SALES, SHOP, talk
from tests.hub.routing.conftest import Routing
from tests.hub.scripted import said


async def test_a_new_conversation_gets_an_agent_and_says_how(routing: Routing) -> None:
    agent = await routing.agent("hoa")
    await routing.gives_out("load")
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    row = await routing.core.talk()
    assert (row.agent, row.routed and row.routed.rule) == (agent, "table:account")
    assert await routing.changes() == [("assigned", agent, "assignment")]


async def test_what_waited_already_is_given_out_when_that_is_switched_on(routing: Routing) -> None:
    await routing.core.hears("chào", "m1")
    agent = await routing.agent("hoa")
    await routing.gives_out("load")
    await routing.turn()
    assert await routing.agent_of() == agent


async def test_the_queue_drains_when_somebody_becomes_free(routing: Routing) -> None:
    agent = await routing.agent("hoa", capacity=1)
    await routing.gives_out("round_robin")
    await routing.begin()
    for who in ("u1", "u2", "u3"):
        await routing.core.hears("chào", f"m{who}", who)
        await routing.turn()
    assert [await routing.agent_of(who) for who in ("u1", "u2", "u3")] == [agent, None, None]
    await routing.core.changer.apply(LAN, talk("u1"), Wish(state="resolved"))
    await routing.turn()
    assert [await routing.agent_of(who) for who in ("u2", "u3")] == [agent, None]


async def test_an_urgent_one_goes_before_those_that_waited_longer(routing: Routing) -> None:
    await routing.agent("hoa", capacity=1)
    await routing.gives_out()
    await routing.rule("arrived", Words(any=("gấp",)), SetPriority(to="urgent"))
    await routing.begin()
    for who, words in (("u1", "chào"), ("u2", "chào"), ("u3", "gấp lắm")):
        await routing.core.hears(words, f"m{who}", who)
        await routing.turn()
    await routing.core.changer.apply(LAN, talk("u1"), Wish(state="resolved"))
    await routing.turn()
    assert [await routing.agent_of(who) for who in ("u2", "u3")] == [None, "hoa"]


async def test_away_gets_nothing_and_back_gets_what_waits(routing: Routing) -> None:
    await routing.agent("hoa", away=True)
    await routing.gives_out()
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    before = await routing.agent_of()
    await routing.core.store.agent_desks.change("hoa", {"away": False})
    await routing.known()
    await routing.turn()
    assert (before, await routing.agent_of()) == (None, "hoa")


async def test_what_an_agent_had_who_leaves_goes_to_another(routing: Routing) -> None:
    await routing.agent("hoa")
    await routing.gives_out()
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    await routing.agent("minh")
    await routing.core.store.agents.change("hoa", {"on": False})
    await routing.known()
    await routing.turn()
    assert await routing.agent_of() == "minh"
    assert await routing.changes() == [
        ("assigned", "hoa", "assignment"),
        ("assigned", None, "assignment"),
        ("assigned", "minh", "assignment"),
    ]


@pytest.mark.parametrize("state", ["open", "snoozed"])
async def test_what_an_agent_had_who_leaves_is_nobodys_where_no_team_gives_out(
    routing: Routing, state: ConversationState
) -> None:
    agent = await routing.agent("hoa")
    await routing.core.hears("chào", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(agent=agent))
    later = routing.core.clock() + dt.timedelta(hours=5)
    await routing.core.changer.apply(LAN, talk(), Wish(state=state, snoozed_until=later))
    await routing.turn()
    before = await routing.agent_of()
    await switched_off(routing, agent)
    await routing.turn()
    row = await routing.core.talk()
    assert (before, row.agent, row.team, row.state) == (agent, None, CARE, state)
    assert (await routing.core.log())[-1].change == Change(verb="assigned", rule="assignment", rule_name="left")


async def test_what_comes_back_to_somebody_who_left_is_nobodys_within_a_minute(routing: Routing) -> None:
    agent = await routing.agent("hoa")
    message = await routing.core.hears("chào", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(agent=agent))
    await routing.core.changer.apply(LAN, talk(), Wish(state="resolved", seen=message.seq))
    await switched_off(routing, agent)
    await routing.turn()
    await routing.core.hears("alo", "m2")
    await routing.turn()
    at_once = await routing.agent_of()
    routing.core.clock.now += dt.timedelta(minutes=1)  # type: ignore[attr-defined]  # a test's Clock can be set
    await routing.turn()
    assert (at_once, await routing.agent_of(), (await routing.core.talk()).state) == (agent, None, "open")


async def test_what_somebody_left_in_a_team_that_gives_out_by_hand_is_nobodys(routing: Routing) -> None:
    agent = await routing.agent("hoa")
    await routing.agent("minh")
    await routing.gives_out()
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(team=SALES, agent=agent))
    await routing.turn()
    await switched_off(routing, agent)
    await routing.turn()
    assert (await routing.team_of(), await routing.agent_of()) == (SALES, None)


async def test_after_a_restart_a_person_gets_the_one_who_served_them_last(routing: Routing) -> None:
    await routing.agent("hoa")
    minh = await routing.agent("minh")
    first, second = await in_thread(routing, "một"), await in_thread(routing, "hai")
    await routing.core.changer.apply(LAN, first, Wish(agent=minh))
    await routing.core.changer.apply(LAN, first, Wish(state="resolved"))
    await routing.gives_out("last_agent")
    await routing.turn()
    rows = {one.id: one for one in await routing.core.store.conversations.by_ids([first, second])}
    assert (rows[second].agent, rows[second].contact) == (minh, rows[first].contact)


async def test_who_served_a_person_under_another_of_their_addresses_is_known_as_well(routing: Routing) -> None:
    await routing.agent("hoa")
    minh = await routing.agent("minh")
    await routing.core.hears("chào", "m1", "u1")
    await routing.core.changer.apply(LAN, talk("u1"), Wish(agent=minh))
    await routing.core.changer.apply(LAN, talk("u1"), Wish(state="resolved"))
    await routing.core.hears("chào", "m2", "u2")
    one, other = (await routing.core.talk("u1")).contact, (await routing.core.talk("u2")).contact
    await merge(routing.core.store, one, other, why="said so", by="a_lan", now=routing.core.clock())
    await routing.gives_out("last_agent")
    await routing.turn()
    assert await routing.agent_of("u2") == minh


async def test_whoever_nobody_served_before_goes_to_who_has_the_least(routing: Routing) -> None:
    hoa = await routing.agent("hoa")
    await routing.core.hears("chào", "m1")
    await routing.gives_out("last_agent")
    await routing.turn()
    assert await routing.agent_of() == hoa


async def switched_off(routing: Routing, agent: AgentId) -> None:
    await routing.core.store.agents.change(agent, {"on": False})
    await routing.known()


async def in_thread(routing: Routing, thread: str) -> ConversationId:
    """The same customer writes in a thread of its own."""
    core = routing.core
    await core.keep(msgspec.structs.replace(said("chào", thread, at=core.clock()), thread=thread))
    await core.triage.process(await core.take_in())
    return conversation_id(f"{SHOP}:{thread}", 0)


async def test_what_somebody_took_meanwhile_stays_theirs(routing: Routing) -> None:
    """The picture is behind: somebody took it, and its event is not read yet."""
    await routing.agent("hoa", away=True)
    await routing.gives_out()
    await routing.core.hears("chào", "m1")
    await routing.assigner.step()
    await routing.core.changer.apply(LAN, talk(), Wish(agent=LAN.id))
    await routing.core.store.agent_desks.change("hoa", {"away": False})
    await routing.known()
    assert (await routing.assigner.step(), await routing.agent_of()) == (0, LAN.id)


async def test_two_processes_that_give_out_at_once_give_each_conversation_once(routing: Routing) -> None:
    await routing.agent("hoa")
    await routing.agent("minh")
    await routing.gives_out()
    for who in ("u1", "u2", "u3", "u4"):
        await routing.core.hears("chào", f"m{who}", who)
    second = routing.another("two")
    await second.book.keep_up()
    given = [await routing.assigner.step(), await second.assigner.step()]
    assert given == [4, 0]
    assert [len(await routing.changes(who)) for who in ("u1", "u2", "u3", "u4")] == [1, 1, 1, 1]


async def test_a_rule_that_names_an_agent_is_not_overruled(routing: Routing) -> None:
    await routing.agent("hoa", capacity=0)
    await routing.agent("minh")
    await routing.gives_out()
    await routing.rule("arrived", Words(any=("chị hoa",)), ToAgent(to="hoa"))
    await routing.begin()
    await routing.core.hears("cho gặp chị Hoa", "m1")
    await routing.turn()
    assert await routing.agent_of() == AgentId("hoa")


async def test_a_team_that_gives_out_by_hand_is_left_alone(routing: Routing) -> None:
    await routing.agent("hoa")
    await routing.gives_out()
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(team=SALES))
    await routing.turn()
    assert (await routing.team_of(), await routing.agent_of()) == (SALES, None)
