"""A process that talks dies at any of its writes; the next goes on, and nothing is said or done twice."""

import pytest

from tests.hub.bots.conftest import Bots
from tests.hub.bots.test_talking import HELLO, PHONE
from tests.hub.conftest import CoreMaker
from tests.hub.core import SALES
from tests.hub.cutting import Cut, Wire
from tests.hub.routing.dying import die, go_on

WRITES = 20

pytestmark = pytest.mark.timeout(180)


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
