"""What is kept is done, or a docket names it: whatever is kept twice, half done, or torn apart by a crash."""

import asyncio
import datetime as dt

import msgspec
import pytest

from hub.errors import StoreDown
from hub.store import open_store
from hub.store.arrivals import Logged
from hub.store.dockets import DOCKET, FULL, MANY, docket, row_of
from hub.store.documents import document
from hub.store.schema import ensure
from hub.worker import MOST_LANES
from tests.hub.conftest import CoreMaker
from tests.hub.core import START, Clock, Core, kept_as
from tests.hub.cutting import Cut, Wire
from tests.hub.scripted import said
from tests.hub.store.test_arrivals import arrival
from tests.query_shapes import FROM_A_TEST


async def dockets(core: Core) -> list[list[str]]:
    """What each docket names."""
    rows = core.store.ledger.light("arrivals").find({"waits": DOCKET}, comment=FROM_A_TEST)
    return [[each["arrival"] for each in row["named"]] async for row in rows]


async def test_one_command_leaves_one_docket_and_it_goes_with_its_last_name(core: Core) -> None:
    ids = [kept_as(str(number)) for number in range(5)]
    await asyncio.gather(*(core.store.arrivals.keep(arrival(str(number))) for number in range(5)))
    assert await dockets(core) == [ids]

    await core.store.arrivals.mark([], ids[:2])
    assert await dockets(core) == [ids[2:]]
    assert {one.id for one in await core.kept() if one.state == "done"} == set(ids[:2])

    await core.store.arrivals.mark([Logged(id=ids[2], conversation=None, messages=())], ids[3:])
    assert await dockets(core) == []


async def test_names_of_several_dockets_are_crossed_out_together(core: Core) -> None:
    ids = [(await core.store.arrivals.keep(arrival(str(number)))).arrival.id for number in range(20)]
    await core.store.arrivals.mark([], ids[:18])

    assert await dockets(core) == [[ids[18]], [ids[19]]]


async def test_two_that_cross_out_each_their_half_leave_nothing(core: Core) -> None:
    ids = [kept_as(str(number)) for number in range(6)]
    await asyncio.gather(*(core.store.arrivals.keep(arrival(str(number))) for number in range(6)))
    await asyncio.gather(core.store.arrivals.mark([], ids[:3]), core.store.arrivals.mark([], ids[3:]))

    assert await dockets(core) == []


async def test_two_processes_that_cross_out_what_both_had_seen_leave_nothing(core: Core, make_core: CoreMaker) -> None:
    other = await make_core()
    ids = [kept_as(str(number)) for number in range(4)]
    await asyncio.gather(*(core.store.arrivals.keep(arrival(str(number))) for number in range(4)))
    for one in (core, other):
        await one.store.arrivals.waiting(["shop:u1"])
    await other.store.arrivals.mark([], ids[:2])
    await core.store.arrivals.mark([], ids[2:])

    assert await dockets(core) == []


async def test_what_is_kept_again_when_it_is_done_stays_done(core: Core) -> None:
    kept = await core.keep_body(b"[]", "7")
    await core.store.arrivals.mark([], [kept])
    await core.keep_body(b"[]", "7")

    assert [one.state for one in await core.kept()] == ["done"]
    assert await dockets(core) == []


async def test_what_is_kept_again_while_it_waits_waits_once(core: Core) -> None:
    await core.keep_body(b"[]", "7")
    await core.keep_body(b"[]", "7")

    assert await dockets(core) == [[kept_as("7")]]


async def test_of_a_command_with_old_and_new_only_the_new_is_named(core: Core) -> None:
    old = (await core.store.arrivals.keep(arrival("old"))).arrival.id
    await core.store.arrivals.mark([], [old])
    kept = await asyncio.gather(*(core.store.arrivals.keep(arrival(name)) for name in ("new", "old", "new")))

    assert [one.new for one in kept] == [True, False, False]
    assert await dockets(core) == [["shop:new"]]


async def test_what_was_kept_without_anybody_hearing_so_is_logged(wire: Wire, core: Core) -> None:
    async with open_store(wire.url) as store:
        wire.plan(Cut(after="write"))
        with pytest.raises(StoreDown):
            await store.arrivals.keep(arrival("7"))

    assert [one.id for one in await core.store.arrivals.waiting(["shop:u1"])] == [kept_as("7")]


async def test_what_is_in_quarantine_holds_up_no_lane(core: Core) -> None:
    kept = (await core.store.arrivals.keep(arrival("7"))).arrival.id
    await core.store.arrivals.quarantine(kept, "nobody can read this")

    assert await core.store.arrivals.waiting_lanes(START + dt.timedelta(days=1)) == []


async def test_the_longest_waiting_lane_is_swept_first_and_the_youngest_is_left(core: Core) -> None:
    for minutes, lane in ((3, "third"), (1, "first"), (2, "second"), (9, "young")):
        at = START + dt.timedelta(minutes=minutes)
        await core.store.arrivals.keep(msgspec.structs.replace(arrival(lane, lane=lane), at=at))

    assert await core.store.arrivals.waiting_lanes(START + dt.timedelta(minutes=9)) == ["first", "second", "third"]


async def test_what_a_docket_names_in_vain_is_crossed_out_after_an_hour(core: Core, clock: Clock) -> None:
    """A crash came between the docket and its arrivals, or between a quarantine and the crossing out."""
    kept = (await core.store.arrivals.keep(arrival("waits"))).arrival
    aside = (await core.store.arrivals.keep(arrival("aside"))).arrival
    await core.store.arrivals.quarantine(aside.id, "nobody can read this")
    never = docket([arrival("never"), aside, kept], START)
    await core.store.ledger.durable("arrivals").insert_one(row_of(never))

    clock.pass_s(3_000)
    await core.worker().tidy()
    assert [kept.id] != [id_ for names in await dockets(core) for id_ in names]
    clock.pass_s(3_000)
    await core.worker().tidy()

    assert await dockets(core) == [[kept.id], [kept.id]]
    assert [one.id for one in await core.store.arrivals.waiting(["shop:u1"])] == [kept.id]


async def test_when_intake_is_far_behind_few_dockets_name_what_many_did(core: Core) -> None:
    count = FULL + MANY
    for number in range(0, count, 2):
        await asyncio.gather(*(core.store.arrivals.keep(arrival(str(one))) for one in (number, number + 1)))
    await core.store.arrivals.gather_dockets(START + dt.timedelta(seconds=1))

    assert [len(names) for names in await dockets(core)] == [FULL, MANY]
    assert len(await core.store.arrivals.waiting(["shop:u1"])) == count


async def test_a_few_dockets_and_young_ones_stay_as_they_are(core: Core) -> None:
    for number in range(3):
        await core.store.arrivals.keep(arrival(str(number)))
    await core.store.arrivals.gather_dockets(START + dt.timedelta(seconds=1))

    assert [len(names) for names in await dockets(core)] == [1, 1, 1]


async def test_what_waits_for_a_month_is_not_dropped(core: Core, clock: Clock) -> None:
    await core.store.arrivals.keep(arrival("7"))

    assert await core.store.arrivals.drop_raw(clock.pass_s(60 * 86_400)) == 0
    assert [one.state for one in await core.kept()] == ["new"]


async def test_what_was_released_after_a_month_is_not_dropped_before_it_is_logged(core: Core, clock: Clock) -> None:
    kept = (await core.store.arrivals.keep(arrival("7"))).arrival
    await core.store.arrivals.quarantine(kept.id, "a bug")
    clock.pass_s(30.5 * 86_400)
    await core.store.arrivals.release(await core.store.arrivals.quarantined(), clock())
    await core.worker().tidy()
    assert [one.id for one in await core.store.arrivals.waiting(["shop:u1"])] == [kept.id]


async def test_adopted_batch_of_mixed_ages_is_not_dropped(core: Core, clock: Clock) -> None:
    rows = core.store.ledger.durable("arrivals")
    for name, days in (("old", 0), ("young", 35)):
        at = START + dt.timedelta(days=days)
        one = msgspec.structs.replace(arrival(name), at=at)
        await rows.insert_one(document(one) | {"since": at, "waits": one.lane})
    clock.pass_s(35 * 86_400)
    await core.worker().tidy()
    assert {one.external for one in await core.store.arrivals.waiting(["shop:u1"])} == {"old", "young"}


async def test_names_in_vain_do_not_hide_the_lanes_behind_them(core: Core, clock: Clock) -> None:
    never = [arrival(f"never{number}", lane=f"shop:never{number}") for number in range(MOST_LANES)]
    await core.store.ledger.durable("arrivals").insert_one(row_of(docket(never, START)))
    clock.pass_s(1)
    await core.keep(said("Chào shop", "m1", at=clock()))
    await core.bus.redis.flushdb()
    worker = core.worker()
    for _ in range(5):
        clock.pass_s(10)
        await worker._sweep_arrivals()
    assert await core.words() == ["Chào shop"]


async def test_lanes_that_are_in_work_do_not_hide_the_lanes_behind_them(core: Core, clock: Clock) -> None:
    """A mail hangs its reader: its batch of lanes is the oldest, and stays so."""
    for number in range(MOST_LANES):
        await core.store.arrivals.keep(arrival(f"slow{number}", lane=f"shop:slow{number}"))
    clock.pass_s(1)
    await core.keep(said("Chào shop", "m1", at=clock()))
    await core.bus.redis.flushdb()
    worker = core.worker()
    worker._busy |= {f"shop:slow{number}" for number in range(MOST_LANES)}
    for _ in range(5):
        clock.pass_s(10)
        await worker._sweep_arrivals()
    assert await core.words() == ["Chào shop"]


async def test_what_two_dockets_name_is_crossed_out_of_both(core: Core) -> None:
    kept = (await core.store.arrivals.keep(arrival("7"))).arrival
    await core.store.ledger.durable("arrivals").insert_one(row_of(docket([kept], START)))
    await core.store.arrivals.waiting(["shop:u1"])
    await core.store.arrivals.mark([], [kept.id])
    assert await dockets(core) == []


async def test_what_was_released_late_is_dropped_when_its_days_are_over(core: Core, clock: Clock) -> None:
    kept = (await core.store.arrivals.keep(arrival("7"))).arrival
    await core.store.arrivals.quarantine(kept.id, "a bug")
    clock.pass_s(32 * 86_400)
    await core.worker().tidy()
    await core.store.arrivals.release(await core.store.arrivals.quarantined(), clock())
    await core.store.arrivals.mark([], [kept.id])
    for _ in range(3):
        clock.pass_s(32 * 86_400)
        await core.worker().tidy()
    assert await core.kept() == []


async def test_one_id_in_two_lanes_at_once_waits_in_both(core: Core) -> None:
    await asyncio.gather(
        core.store.arrivals.keep(arrival("7", b"one", "shop:a")),
        core.store.arrivals.keep(arrival("7", b"two", "shop:b")),
    )
    assert [one.body for one in await core.store.arrivals.waiting(["shop:a"])] == [b"one"]


async def test_what_a_hub_of_version_1_left_new_is_logged_by_this_one(core: Core) -> None:
    """Also what one that still runs leaves meanwhile."""
    await core.store.ledger.durable("meta").update_one({"_id": "schema"}, {"$set": {"version": 1}})
    await ensure(core.store.ledger)
    one = arrival("1")
    await core.store.ledger.durable("arrivals").insert_one(document(one) | {"since": one.at, "waits": one.lane})
    await core.worker().tidy()

    assert [one.id for one in await core.store.arrivals.waiting(["shop:u1"])] == ["shop:1"]


async def test_what_was_released_meanwhile_is_not_done_with_its_triage(core: Core, clock: Clock) -> None:
    kept = (await core.store.arrivals.keep(arrival("7"))).arrival
    await core.store.arrivals.mark([Logged(id=kept.id, conversation=None, messages=())], [])
    await core.store.arrivals.release(await core.kept(), clock())
    await core.store.arrivals.triaged([kept.id], [], clock())

    assert [one.state for one in await core.kept()] == ["new"]


async def test_of_a_long_command_that_meets_what_is_known_everything_new_is_named(core: Core) -> None:
    known = (await core.store.arrivals.keep(arrival("3"))).arrival.id
    await core.store.arrivals.mark([], [known])
    kept = await asyncio.gather(*(core.store.arrivals.keep(arrival(str(number))) for number in (1, 2, 3, 4, 3, 5)))

    assert [one.new for one in kept] == [True, True, False, True, False, True]
    assert await dockets(core) == [["shop:1", "shop:2"], ["shop:4", "shop:5"]]
