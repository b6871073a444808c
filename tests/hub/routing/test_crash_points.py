"""A process that follows the rules dies at any of its writes; the next ends what it began, nothing happens twice."""

import contextlib

import pytest

from hub.departures.change import Wish
from hub.errors import StoreDown
from hub.rule import Label, Note, Reply, SetPriority, ToAgent, ToTeam
from tests.hub.conftest import CoreMaker
from tests.hub.core import LAN, SALES, talk
from tests.hub.cutting import Cut, Wire
from tests.hub.routing.conftest import Routing
from tests.hub.routing.dying import die, go_on
from tests.hub.scripted import said

WRITES = 30  # that there are to stop at
REOPENING = 8  # of intake and triage, of one message
ACTIONS = (
    ToTeam(to=SALES),
    ToAgent(to="hoa"),
    Label(add=("a", "b")),
    SetPriority(to="high"),
    Note(text="Chú ý."),
    Reply(text={"vi": "Dạ em đây ạ"}),
)

pytestmark = pytest.mark.timeout(180)


async def begun(core_routing: Routing) -> None:
    """A rule with all of them, and a message that it is about."""
    await core_routing.agent("hoa")
    await core_routing.rule("arrived", *ACTIONS)
    await core_routing.begin()
    await core_routing.core.hears("chào", "m1")


@pytest.mark.parametrize("nth", range(1, WRITES + 1))
async def test_a_crash_at_any_write_does_nothing_twice(
    routing: Routing, make_core: CoreMaker, wire: Wire, nth: int
) -> None:
    """After each: before the next one is the same, but for what only the dying process knew."""
    await begun(routing)
    await die(make_core, wire, Cut(after="write", nth=nth))
    await go_on(routing)

    row = await routing.core.talk()
    assert (row.team, row.agent, sorted(row.labels), row.priority) == (SALES, "hoa", ["a", "b"], "high")
    assert sorted(await routing.core.words()) == ["", "", "", "", "", "Chú ý.", "Dạ em đây ạ", "chào"]
    assert sorted(one[0] for one in await routing.changes()) == ["assigned", "labelled", "labelled", "priority", "team"]
    assert [(one.due, one.outcome) for one in await routing.acts()] == [(None, ("done",) * len(ACTIONS))]


async def test_those_are_all_the_writes(routing: Routing, make_core: CoreMaker, wire: Wire) -> None:
    await begun(routing)
    await die(make_core, wire, None)
    assert 15 <= wire.seen["write"] <= WRITES  # else there are writes that no test stops at


@pytest.mark.parametrize("nth", range(1, REOPENING + 1))
async def test_a_crash_at_any_write_of_intake_opens_a_resolved_conversation_once(
    routing: Routing, make_core: CoreMaker, wire: Wire, nth: int
) -> None:
    await resolved(routing)
    dying = await make_core(mongo=wire.url)
    await dying.account()
    wire.plan(Cut(after="write", nth=nth))
    with contextlib.suppress(StoreDown):
        await dying.triage.process(await dying.take_in())
    wire.mend()  # only so that it can close
    await routing.core.triage.process(await routing.core.take_in())
    for _ in range(2):
        await routing.turn()
    back = [one.id for one in await routing.core.log() if one.text == "em hỏi thêm"]
    assert ([one.cause for one in await routing.acts()][1:], len(back)) == (back, 1)


async def test_those_are_all_the_writes_of_intake(routing: Routing, make_core: CoreMaker, wire: Wire) -> None:
    await resolved(routing)
    dying = await make_core(mongo=wire.url)
    await dying.account()
    wire.plan(None)
    await dying.triage.process(await dying.take_in())
    assert 4 <= wire.seen["write"] <= REOPENING


async def resolved(routing: Routing) -> None:
    """A rule for what is opened, and a resolved conversation whose customer has just written again."""
    await routing.rule("opened", Note(text="Mở"))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    await routing.core.changer.apply(LAN, talk(), Wish(state="resolved"))
    await routing.core.keep(said("em hỏi thêm", "m2", at=routing.core.clock()))
