"""The event log's numbers are dense and never name another event, whoever writes and whatever breaks."""

import asyncio
import datetime as dt

import msgspec

from hub.errors import StoreDown
from hub.model import Event, EventItem
from hub.store import open_store
from hub.store.events import HINT_EVERY, SETTLE, Events
from tests.hub.core import START, Core
from tests.hub.cutting import Cut, Wire
from tests.query_shapes import FROM_A_TEST


def item(name: str) -> EventItem:
    return EventItem(type=name, conversation=None, data=msgspec.Raw(b"{}"))


LATER = START + dt.timedelta(days=1)


async def numbers(core: Core) -> list[int]:
    return [one.id for one in await core.store.events.after(0, 1000, LATER)]


async def test_writers_of_several_processes_leave_no_number_out(core: Core) -> None:
    writers = [Events(core.store.ledger) for _ in range(3)]

    async def write(events: Events, name: int) -> None:
        for n in range(5):
            await events.append([item(f"{name}-{n}")], START)

    await asyncio.gather(*(write(one, name) for name, one in enumerate(writers)))

    assert await numbers(core) == list(range(1, 16))
    told = [one.type for one in await core.told()]
    assert len(told) == len(set(told)) == 15
    for name in range(3):
        assert [one for one in told if one.startswith(f"{name}-")] == [f"{name}-{n}" for n in range(5)]


async def test_callers_of_one_moment_share_an_event(core: Core) -> None:
    events = await asyncio.gather(*(core.store.events.append([item(str(n))], START) for n in range(4)))

    assert {one.id for one in events} == {1}
    assert [one.type for one in await core.told()] == ["0", "1", "2", "3"]


async def test_the_newest_are_left_alone_until_they_are_told_of_or_have_settled(core: Core) -> None:
    await core.store.events.append([item("old")], START - SETTLE, journaled=False)
    await core.store.events.append([item("new")], START, journaled=False)

    assert [one.id for one in await core.store.events.after(0, 10, START)] == [1]
    assert [one.id for one in await core.store.events.after(0, 10, START, told=2)] == [1, 2]
    assert [one.id for one in await core.store.events.after(1, 10, START + SETTLE)] == [2]


async def test_a_reader_never_skips_a_number_that_is_not_there_yet(core: Core) -> None:
    for name in ("1", "2", "3"):
        await core.store.events.append([item(name)], START)
    await core.store.ledger.durable("events").delete_one({"_id": 2}, comment=FROM_A_TEST)

    assert [one.id for one in await core.store.events.after(0, 10, LATER)] == [1]


async def test_a_new_process_goes_on_behind_the_newest(core: Core) -> None:
    for n in range(HINT_EVERY + 2):
        await core.store.events.append([item(str(n))], START, journaled=False)

    assert await Events(core.store.ledger).head() == HINT_EVERY + 2
    assert (await Events(core.store.ledger).append([item("next")], START)).id == HINT_EVERY + 3


async def test_after_a_quiet_time_in_which_all_expired_no_number_is_given_twice(core: Core) -> None:
    for n in range(HINT_EVERY + 2):
        await core.store.events.append([item(str(n))], START, journaled=False)
    await core.store.ledger.durable("events").delete_many({}, comment=FROM_A_TEST)

    assert (await Events(core.store.ledger).append([item("next")], START)).id > HINT_EVERY + 2


async def test_what_a_crash_of_the_database_took_leaves_no_gap_for_readers(wire: Wire, core: Core) -> None:
    async with open_store(wire.url) as store:
        await store.events.append([item("told")], START)
        await store.events.append([item("not journaled")], START, journaled=False)
        wire.break_off()  # the database dies …
        await core.store.ledger.durable("events").delete_one(
            {"_id": 2}, comment=FROM_A_TEST
        )  # … and comes back without
        next_ = await appended(store.events, item("next"))

    assert next_ == 2
    assert await numbers(core) == [1, 2]


async def appended(events: Events, one: EventItem) -> int:
    """The number that it gets, once the database answers again."""
    while True:
        try:
            return (await events.append([one], START)).id
        except StoreDown:
            continue


async def test_an_answer_that_was_lost_is_not_written_over(wire: Wire, core: Core) -> None:
    async with open_store(wire.url) as store:
        await store.events.append([item("1")], START)
        wire.plan(Cut(after="write"))
        lost = await asyncio.gather(store.events.append([item("2")], START), return_exceptions=True)

    assert isinstance(lost[0], StoreDown)
    assert (await core.store.events.append([item("3")], START)).id == 3
    assert [one.type for one in await core.told()] == ["1", "2", "3"]


async def test_numbers_that_no_event_has_hold_no_reader_up_for_ever(core: Core) -> None:
    events = core.store.events
    await events.append([item("first")], START)
    rows = core.store.ledger.durable("events")
    await rows.insert_one({"_id": 4, "n": 4, "at": START, "gone": LATER, "items": b"[]"})

    at_once = await events.after(1, 100, START + SETTLE * 2)
    held_up = await events.after(1, 100, LATER)
    let_through = await events.after(1, 100, LATER + SETTLE * 2)

    assert at_once == held_up == []
    assert [one.id for one in let_through] == [2, 3, 4]


async def test_after_a_quiet_week_writers_and_readers_meet_again_behind_a_higher_number(core: Core) -> None:
    """A process that ran all the time knows the old number; one that was started then knows none."""
    old, later = core.store.events, START + dt.timedelta(days=8)
    for name in ("1", "2", "3"):
        await old.append([item(name)], START)
    await core.store.ledger.durable("events").delete_many({}, comment=FROM_A_TEST)

    new = await Events(core.store.ledger).append([item("new")], later)
    next_ = await old.append([item("old")], later)
    waited = await old.after(3, 2000, later + SETTLE * 2)
    closing = await old.after(3, 2000, later + SETTLE * 10)
    at_last = await old.after(3, 2000, later + SETTLE * 12)

    assert next_.id == new.id + 1
    assert waited == closing == []
    assert [one.id for one in at_last] == list(range(4, next_.id + 1))


async def test_nothing_is_told_of_what_a_killed_database_may_have_lost(wire: Wire, core: Core) -> None:
    async with open_store(wire.url) as store:
        await store.events.append([item("told")], START)
        before = store.ledger.breaks.count
        wire.break_off()  # what was written before this, and not journaled, may be gone
        await appended(store.events, item("of another"))
        late, other = await asyncio.gather(
            store.events.append([item("of what is lost")], START, breaks=before),
            store.events.append([item("beside it")], START, breaks=store.ledger.breaks.count),
            return_exceptions=True,
        )

    assert isinstance(late, StoreDown)
    assert isinstance(other, Event)
    assert [one.type for one in await core.told()] == ["told", "of another", "beside it"]
