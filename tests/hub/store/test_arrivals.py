"""What is acknowledged is kept: once, journaled, whoever else writes at that moment."""

import asyncio
import hashlib

import msgspec
import pytest

from hub.arrivals.door import LARGE_BODY, Door
from hub.errors import StoreDown
from hub.model import AccountId, Arrival, ArrivalId
from hub.store import open_store
from hub.store.arrivals import Logged
from hub.store.bulk import TOGETHER
from tests.hub.conftest import CoreMaker
from tests.hub.core import START, Clock, Core, kept_as
from tests.hub.cutting import Cut, Wire


def arrival(external: str, body: bytes = b"words", lane: str = "shop:u1") -> Arrival:
    return Arrival(
        id=ArrivalId(f"shop:{external}"),
        account=AccountId("shop"),
        channel="scripted",
        external=external,
        lane=lane,
        order=1,
        at=START,
        body=body,
        digest=hashlib.sha256(body).hexdigest(),
    )


async def test_the_same_update_twice_is_kept_once(core: Core) -> None:
    first = await core.keep_body(b"words", "7")
    again = await core.keep_body(b"words", "7")

    assert first == again == kept_as("7")
    assert len(await core.kept()) == 1


async def test_the_same_id_with_another_body_is_another_arrival(core: Core) -> None:
    first = await core.keep_body(b"words", "7")
    other = await core.keep_body(b"other words", "7")
    other_again = await core.keep_body(b"other words", "7")

    assert first != other == other_again
    assert {one.body for one in await core.kept()} == {b"words", b"other words"}


async def test_callers_of_one_moment_each_get_their_own_arrival(core: Core) -> None:
    bodies = [b"one", b"two", b"two", b"three"]
    kept = await asyncio.gather(
        *(core.store.arrivals.keep(arrival(f"{index // 2}", body)) for index, body in enumerate(bodies))
    )

    assert [one.arrival.body for one in kept] == bodies
    assert [one.new for one in kept] == [True, True, True, True]
    assert len({one.arrival.id for one in kept}) == 4
    assert len(await core.kept()) == 4


async def test_a_caller_that_goes_away_harms_nobody_and_its_arrival_is_kept(core: Core) -> None:
    gone = asyncio.create_task(core.store.arrivals.keep(arrival("gone")))
    stays = asyncio.create_task(core.store.arrivals.keep(arrival("stays")))
    await asyncio.sleep(0)  # both have handed in theirs
    gone.cancel()

    assert (await stays).arrival.external == "stays"
    assert {one.external for one in await core.kept()} == {"gone", "stays"}
    assert (await core.store.arrivals.keep(arrival("later"))).arrival.external == "later"


async def test_a_database_that_is_away_is_said_and_nothing_counts_as_kept(wire: Wire, core: Core) -> None:
    async with open_store(wire.url) as store:
        wire.cut_for_good()
        with pytest.raises(StoreDown, match="does not answer"):
            await store.arrivals.keep(arrival("7"))

    assert await core.kept() == []


async def test_an_answer_that_was_lost_on_the_way_counts_as_kept_when_it_is_handed_in_again(
    wire: Wire, core: Core
) -> None:
    async with open_store(wire.url) as store:
        wire.plan(Cut(after="write"))
        with pytest.raises(StoreDown):
            await store.arrivals.keep(arrival("7"))

    assert (await core.store.arrivals.keep(arrival("7"))).arrival.id == kept_as("7")
    assert len(await core.kept()) == 1


async def test_a_large_body_goes_to_the_files_and_is_understood_from_there(core: Core, clock: Clock) -> None:
    body = b" " * LARGE_BODY + b"[]"
    await core.keep_body(body, "7")
    [kept] = await core.kept()

    assert kept.body == b""
    assert kept.digest == hashlib.sha256(body).hexdigest()
    assert await core.store.files.read_all(kept.file or "") == body
    await core.take_in()
    assert [one.state for one in await core.kept()] == ["done"]


async def test_a_nearly_full_disk_is_refused_at_the_door(core: Core, clock: Clock) -> None:
    account = await core.account()
    door = Door(core.store, core.bus, clock, core.data, disk_floor_mb=10**9)

    with pytest.raises(StoreDown, match="disk is nearly full"):
        await door.keep(account, [])


async def test_a_lane_waits_in_the_platforms_order(core: Core) -> None:
    await core.store.arrivals.keep(arrival("second"))
    await core.store.arrivals.keep(msgspec.structs.replace(arrival("first"), order=0))

    waiting = await core.store.arrivals.waiting(["shop:u1"])

    assert [one.external for one in waiting] == ["first", "second"]


async def test_what_was_given_up_for_good_is_neither_waiting_nor_in_quarantine(core: Core) -> None:
    kept = (await core.store.arrivals.keep(arrival("7"))).arrival
    await core.store.arrivals.quarantine(kept.id, "nobody can read this")

    assert await core.store.arrivals.set_aside(kept.id)
    assert not await core.store.arrivals.set_aside(kept.id)
    assert await core.store.arrivals.quarantined() == []
    assert await core.store.arrivals.waiting(["shop:u1"]) == []


async def test_marking_nothing_changes_nothing(core: Core) -> None:
    kept = (await core.store.arrivals.keep(arrival("7"))).arrival
    await core.store.arrivals.mark([], [])
    assert [one.state for one in await core.kept()] == ["new"]
    await core.store.arrivals.mark([Logged(id=kept.id, conversation=None, messages=())], [])
    assert [one.state for one in await core.kept()] == ["logged"]


async def test_raw_arrivals_go_after_their_days_but_only_when_they_are_done(core: Core, clock: Clock) -> None:
    done, waits = await core.keep_body(b"[]", "done"), await core.keep_body(b"poison", "waits", lane="u2")
    await core.take_in("u1", "u2")
    assert await core.store.arrivals.drop_raw(clock.pass_s(29 * 86_400)) == 0
    assert await core.store.arrivals.drop_raw(clock.pass_s(2 * 86_400)) == 1
    assert [one.id for one in await core.kept()] == [waits] != [done]


async def test_raw_mails_stay_as_long_as_their_messages(core: Core, clock: Clock) -> None:
    mail = msgspec.structs.replace(arrival("mail", lane="shop:u2"), channel="email")
    chat = await core.keep_body(b"[]", "chat")
    await core.store.arrivals.keep(mail)
    await core.store.arrivals.mark([], [mail.id, chat])
    clock.pass_s(32 * 86_400)
    await core.worker().tidy()

    assert [one.id for one in await core.kept()] == [mail.id]


async def test_what_was_looked_at_for_tidying_is_not_read_again(core: Core, clock: Clock) -> None:
    clock.pass_s(32 * 86_400)
    await core.worker().tidy()
    await core.store.arrivals.keep_done([arrival("old")])
    recent = await core.keep_body(b"[]", "recent")
    await core.store.arrivals.mark([], [recent])
    clock.pass_s(31 * 86_400)
    await core.worker().tidy()

    assert [one.external for one in await core.kept()] == ["old"]


async def test_two_processes_that_keep_the_same_update_keep_it_once(core: Core, make_core: CoreMaker) -> None:
    other = await make_core()
    ids = await asyncio.gather(*(one.keep_body(b"words", "7") for one in (core, other) * 8))

    assert set(ids) == {kept_as("7")}
    assert len(await core.kept()) == 1


async def test_what_waits_in_many_lanes_is_found_once_and_lane_by_lane(core: Core) -> None:
    lanes = [f"shop:u{number:02}" for number in range(2 * TOGETHER + 1)]
    await asyncio.gather(*(core.store.arrivals.keep(arrival(lane, lane=lane)) for lane in reversed(lanes)))

    waiting = await core.store.arrivals.waiting([*lanes, *lanes])
    assert [one.lane for one in waiting] == lanes


async def test_what_is_being_logged_is_never_said_to_be_done(core: Core) -> None:
    states = set[str]()
    for number in range(40):
        id_ = (await core.store.arrivals.keep(arrival(str(number)))).arrival.id
        await core.store.arrivals.waiting(["shop:u1"])  # so that its docket is crossed out at once
        logged = Logged(id=id_, conversation=None, messages=())
        marking = asyncio.ensure_future(core.store.arrivals.mark([logged], []))
        while not marking.done():
            states |= {one.state for one in (await core.store.arrivals.by_ids([id_])).values()}

    assert states <= {"new", "logged"}
