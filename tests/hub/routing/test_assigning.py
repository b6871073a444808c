"""Conversations find their agents over the real ledger: as they come, as agents become free, come back, and leave."""

from hub.departures.change import Wish
from hub.model import AgentId
from hub.rule import SetPriority, ToAgent, Words
from tests.hub.core import LAN, SALES, talk
from tests.hub.routing.conftest import Routing


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
