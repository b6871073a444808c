"""A second process that follows the rules and dies at a chosen write, and the first one that goes on behind it."""

import contextlib

from hub.errors import StoreDown
from tests.hub.conftest import CoreMaker
from tests.hub.cutting import Cut, Wire
from tests.hub.routing.conftest import Routing


async def die(make_core: CoreMaker, wire: Wire, cut: Cut | None) -> None:
    """Another process follows until its wire is cut."""
    dying = Routing(await make_core(mongo=wire.url), "dying")
    await dying.book.keep_up()
    await dying.core.bus.give_up("routing", "one")
    wire.plan(cut)
    with contextlib.suppress(StoreDown):
        await dying.turn()
    wire.mend()  # only so that it can close
    await dying.core.bus.give_up("routing", "dying")
    await dying.core.bus.give_up("routing-acts", "dying")


async def go_on(routing: Routing) -> None:
    """The process that lived takes over: it reads its place anew, and what was begun is due again."""
    routing.following._lose_place()
    for _ in range(2):
        routing.core.clock.pass_s(60)  # type: ignore[attr-defined]  # a test's Clock can be set
        await routing.turn()
