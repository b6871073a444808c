"""A process that talks dies at any of its writes; the next goes on, and nothing is said or done twice."""

import pytest

from hub.errors import StoreDown
from tests.hub.bots.conftest import Bots
from tests.hub.bots.test_talking import HELLO, PHONE
from tests.hub.conftest import CoreMaker
from tests.hub.core import SALES
from tests.hub.cutting import Cut, Wire

WRITES = 20

pytestmark = pytest.mark.timeout(180)


async def die(make_core: CoreMaker, wire: Wire, cut: Cut | None) -> None:
    """Another process follows until its wire is cut."""
    dying = Bots(await make_core(mongo=wire.url), "dying")
    await dying.book.keep_up()
    await dying.core.bus.give_up("routing", "one")
    wire.plan(cut)
    try:
        await dying.turn()
    except StoreDown:
        pass
    finally:
        wire.mend()  # only so that it can close
    await dying.core.bus.give_up("routing", "dying")
    await dying.core.bus.give_up("routing-acts", "dying")


async def go_on(bots: Bots) -> None:
    bots.following._lose_place()
    for _ in range(2):
        bots.core.clock.pass_s(60)  # type: ignore[attr-defined]  # a test's Clock can be set
        await bots.turn()


@pytest.mark.parametrize("nth", range(1, WRITES + 1))
async def test_a_crash_at_any_write_of_its_beginning_says_it_once(
    bots: Bots, make_core: CoreMaker, wire: Wire, nth: int
) -> None:
    await bots.flow()
    await bots.opens()
    await bots.begin()
    await bots.core.hears("alo", "m1")
    await die(make_core, wire, Cut(after="write", nth=nth))
    await go_on(bots)
    assert (await bots.spoken(), await bots.entries()) == ([HELLO], [("flow_started", "f1")])
    assert [one.outcome for one in await bots.acts()] == [("done",)]


@pytest.mark.parametrize("nth", range(1, WRITES + 1))
async def test_a_crash_at_any_write_of_a_turn_does_it_once(
    bots: Bots, make_core: CoreMaker, wire: Wire, nth: int
) -> None:
    await bots.begun()
    await bots.says("Mua hàng", "m2")
    await bots.core.hears("0912345678", "m3")
    await die(make_core, wire, Cut(after="write", nth=nth))
    await go_on(bots)
    row = await bots.core.talk()
    assert await bots.spoken() == [HELLO, PHONE, "Dạ em chuyển nhân viên bán hàng."]
    assert sorted(one[0] for one in await bots.changes()) == ["flow_ended", "flow_started", "labelled", "team"]
    assert (row.team, row.labels) == (SALES, ("mua",))


async def test_those_are_all_the_writes(bots: Bots, make_core: CoreMaker, wire: Wire) -> None:
    await bots.begun()
    await bots.says("Mua hàng", "m2")
    await bots.core.hears("0912345678", "m3")
    await die(make_core, wire, None)
    assert 8 <= wire.seen["write"] <= WRITES  # else there are writes that no test stops at
