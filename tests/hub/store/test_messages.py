"""The log takes its numbers by the insert itself: dense, unique, in order, whoever else writes."""

import asyncio

import msgspec
import pytest

from hub.errors import StoreDown
from hub.model import AccountId, Author, ContactId, ConversationId, Message, MessageId
from hub.store.messages import Appended
from tests.hub.conftest import CoreMaker
from tests.hub.core import START, Core

V1, V2, V3 = ConversationId("v1"), ConversationId("v2"), ConversationId("v3")


def entry(id_: str, seq: int, conversation: ConversationId = V1) -> Message:
    return Message(
        id=MessageId(id_),
        conversation=conversation,
        seq=seq,
        kind="in",
        author=Author(kind="contact", id="c1", name="Hoa"),
        account=AccountId("shop"),
        channel="scripted",
        contact=ContactId("c1"),
        at=START,
        order=seq,
        text=id_,
    )


async def numbered(core: Core, conversation: ConversationId = V1) -> dict[int, str]:
    return {one.seq: str(one.id) for one in await core.store.messages.window(conversation, 0, 10_000)}


def shape(appended: list[Appended]) -> list[tuple[str, int, bool]]:
    return [(str(one.message.id), one.message.seq, one.fresh) for one in appended]


async def test_entries_take_the_numbers_that_they_ask_for(core: Core) -> None:
    appended = await core.store.messages.append([entry("a", 1), entry("b", 2), entry("x", 1, V2)])

    assert shape(appended) == [("a", 1, True), ("b", 2, True), ("x", 1, True)]


async def test_an_entry_whose_number_is_taken_gets_the_next_free_one(core: Core) -> None:
    await core.store.messages.append([entry("a", 1), entry("b", 2)])

    assert shape(await core.store.messages.append([entry("c", 1)])) == [("c", 3, True)]


async def test_a_redo_answers_the_known_entry_and_writes_nothing(core: Core) -> None:
    await core.store.messages.append([entry("a", 1)])
    again = await core.store.messages.append([msgspec.structs.replace(entry("a", 5), text="other words")])

    assert shape(again) == [("a", 1, False)]
    assert again[0].message.text == "a"
    assert await numbered(core) == {1: "a"}


@pytest.mark.parametrize("others", [[], [entry("x", 1, V2), entry("y", 1, V3)]], ids=["alone", "in waves"])
async def test_a_redo_with_news_behind_it_leaves_no_number_out(core: Core, others: list[Message]) -> None:
    await core.store.messages.append([entry("a", 1), entry("b", 2)])

    appended = await core.store.messages.append([*others, entry("b", 3), entry("c", 4), entry("d", 5)])

    assert shape(appended)[len(others) :] == [("b", 2, False), ("c", 3, True), ("d", 4, True)]
    assert await numbered(core) == {1: "a", 2: "b", 3: "c", 4: "d"}


async def test_the_same_entry_twice_in_one_batch_is_logged_once(core: Core) -> None:
    appended = await core.store.messages.append([entry("a", 1), entry("a", 2), entry("b", 3)])

    assert [one.message.seq for one in appended] == [1, 1, 2]
    assert await numbered(core) == {1: "a", 2: "b"}


@pytest.mark.parametrize("conversations", [(V1,), (V1, V2, V3, ConversationId("v4"))], ids=["by one", "in waves"])
async def test_order_is_kept_when_another_writer_takes_a_number_in_between(
    core: Core, conversations: tuple[ConversationId, ...]
) -> None:
    await core.store.messages.append([entry("a", 1), entry("other", 3)])
    batch = [entry(f"{one}-{n}", n, one) for n in (2, 3, 4) for one in conversations]

    await core.store.messages.append(batch)

    assert list((await numbered(core)).values()) == ["a", "v1-2", "other", "v1-3", "v1-4"]
    assert sorted(await numbered(core)) == [1, 2, 3, 4, 5]


async def test_eight_writers_on_one_conversation_lose_nothing_and_leave_no_gap(
    core: Core, make_core: CoreMaker
) -> None:
    others = [await make_core() for _ in range(3)]
    writers = [core, *others] * 2

    async def write(writer: Core, number: int) -> list[Appended]:
        batches = [[entry(f"{number}-{batch}-{n}", n + 1) for n in range(5)] for batch in range(2)]
        return [one for batch in batches for one in await writer.store.messages.append(batch)]

    written = await asyncio.gather(*(write(writer, number) for number, writer in enumerate(writers)))

    seqs = [one.message.seq for part in written for one in part]
    assert sorted(seqs) == list(range(1, 81))
    assert all(one.fresh for part in written for one in part)
    for part in written:
        assert [one.message.seq for one in part] == sorted(one.message.seq for one in part)
    assert sorted(await numbered(core)) == list(range(1, 81))


async def test_an_insert_under_exactly_one_number_says_whether_it_got_it(core: Core) -> None:
    assert await core.store.messages.insert(entry("a", 1))
    assert not await core.store.messages.insert(entry("b", 1))
    assert not await core.store.messages.insert(entry("a", 2))
    assert await numbered(core) == {1: "a"}


# -- a database that came back without what was not journaled yet ------------------------------------------------------


async def test_numbers_that_were_looked_up_before_the_database_broke_are_not_taken(core: Core) -> None:
    messages, breaks = core.store.messages, core.store.ledger.breaks
    since = breaks.count
    breaks.count += 1  # as the driver counts it

    with pytest.raises(StoreDown):
        await messages.append([entry("a", 1)], since)
    with pytest.raises(StoreDown):
        await messages.insert(entry("b", 1), since)
    assert await numbered(core) == {}


async def test_an_entry_that_came_behind_lost_ones_meanwhile_goes_out_again(core: Core) -> None:
    await core.store.messages.append([entry("a", 1)])
    lost = [
        asyncio.create_task(core.store.messages.append([entry("d", 4), entry("e", 5)], core.store.ledger.breaks.count)),
        asyncio.create_task(core.store.messages.insert(entry("x", 3, V2), core.store.ledger.breaks.count)),
    ]
    await asyncio.sleep(0)  # they are on their way
    core.store.ledger.breaks.count += 1

    assert [type(one) for one in await asyncio.gather(*lost, return_exceptions=True)] == [StoreDown, StoreDown]
    assert (await numbered(core), await numbered(core, V2)) == ({1: "a"}, {})


async def test_an_entry_that_has_all_before_it_stays_for_the_redo(core: Core) -> None:
    await core.store.messages.append([entry("a", 1)])
    begun = asyncio.create_task(core.store.messages.append([entry("b", 2)], core.store.ledger.breaks.count))
    await asyncio.sleep(0)
    core.store.ledger.breaks.count += 1

    with pytest.raises(StoreDown):
        await begun
    assert shape(await core.store.messages.append([entry("b", 2)])) == [("b", 2, False)]


async def test_the_thread_is_drawn_by_the_platforms_order_and_paged_by_number(core: Core) -> None:
    late = msgspec.structs.replace(entry("late", 2), order=0)
    await core.store.messages.append([entry("a", 1), late])

    assert [one.id for one in await core.store.messages.window(V1, 1, 3)] == ["late", "a"]
    assert [one.id for one in await core.store.messages.window(V1, 2, 3)] == ["late"]
