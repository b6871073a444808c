"""What a process kept itself is read on trust, and logged only as the ledger says."""

import msgspec

from hub.store import open_store
from hub.store.dockets import docket, row_of
from hub.store.recent import MOST, SMALL
from tests.hub.conftest import CoreMaker
from tests.hub.core import Clock, Core, kept_as
from tests.hub.cutting import Wire
from tests.hub.scripted import said
from tests.hub.store.test_arrivals import arrival
from tests.query_shapes import FROM_A_TEST


async def test_what_this_process_kept_is_not_read_back(wire: Wire, core: Core) -> None:
    async with open_store(wire.url) as store:
        await store.arrivals.keep(arrival("7"))
        recent = store.arrivals.recent(["shop:u1"])
        before = wire.seen["find"]
        known = await store.arrivals.waiting(["shop:u1"], recent)
        between = wire.seen["find"]
        again = await store.arrivals.waiting(["shop:u1"], store.arrivals.recent(["shop:u1"]))

    assert known == again == recent == [arrival("7")]
    assert (between - before, wire.seen["find"] - between) == (1, 2)


async def test_what_another_process_kept_before_goes_first(core: Core, make_core: CoreMaker, clock: Clock) -> None:
    other = await make_core()
    await other.keep(said("Trước", "m1", at=clock()))
    clock.pass_s(1)
    await core.keep(said("Sau", "m2", at=clock()))

    await core.take_in()

    assert await core.words() == ["Trước", "Sau"]
    assert await core.numbers() == [1, 2]


async def test_what_another_process_logged_meanwhile_is_left_alone(core: Core, make_core: CoreMaker) -> None:
    other = await make_core()
    await core.keep(said("Chào shop", "m1", at=core.clock()))
    await other.take_in()
    told = await core.told()

    await core.take_in()

    assert await core.words() == ["Chào shop"]
    assert await core.told() == told


async def test_what_another_process_did_and_could_not_cross_out_stays_done(core: Core, make_core: CoreMaker) -> None:
    other = await make_core()
    await core.keep(said("Chào shop", "m1", at=core.clock()))
    await other.triage.process(await other.take_in())
    left = row_of(docket(await core.kept(), core.clock()))
    await core.store.ledger.light("arrivals").insert_one(left, comment=FROM_A_TEST)

    await core.take_in()

    assert [one.state for one in await core.kept()] == ["done"]
    assert await core.numbers() == [1]


async def test_what_nobody_understands_is_aside_only_if_it_waits(core: Core, make_core: CoreMaker) -> None:
    other = await make_core()
    await core.keep_body(b"nonsense", "m1")
    await other.take_in()
    assert await core.store.arrivals.set_aside(kept_as("m1"))

    await core.take_in()

    assert [one.state for one in await core.kept()] == ["done"]


async def test_only_small_ones_are_held_and_not_too_many(core: Core) -> None:
    for number in range(MOST + 2):
        await core.store.arrivals.keep(arrival(f"a{number}", lane=f"shop:{number}"))
    await core.store.arrivals.keep(arrival("large", lane="shop:large", body=b"x" * (SMALL + 1)))
    first = arrival("first", lane="shop:both")
    await core.store.arrivals.keep(msgspec.structs.replace(arrival("second", lane="shop:both"), order=2))
    await core.store.arrivals.keep(first)

    assert core.store.arrivals.recent(["shop:0", "shop:1", "shop:2", "shop:3", "shop:large"]) == []
    assert [one.external for one in core.store.arrivals.recent(["shop:4", "shop:both"])] == ["a4", "first", "second"]
    assert core.store.arrivals.recent(["shop:4", "shop:both"]) == []
