"""`hub verify`: found = stored = shown, or the first kind of thing that does not fit, with its ids."""

from pathlib import Path

import msgspec
import pytest

from hub.arrivals.past import Past
from hub.arrivals.tagging import Tagger
from hub.clock import utc_now
from hub.commands.rooms import Rooms, new_intake
from hub.commands.verify import Report, table, verify
from hub.ids import inbound_id
from hub.model import MessageId
from hub.store import Store
from tests.hub.commands.conftest import VISITOR, conversation, done, keep, say, says, shop, until

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("worker")]


async def message(rooms: Rooms, number: int) -> MessageId:
    return inbound_id((await shop(rooms)).id, f"{VISITOR}:message-{number}")


async def lose(store: Store, collection: str, id_: str | int) -> None:
    await store.ledger.durable(collection).delete_one({"_id": id_})


async def test_a_hub_that_works_fits_together(rooms: Rooms) -> None:
    await say(rooms, 1, 2, 3)
    bad = await keep(rooms, 4, body=b"no frame")
    await until(lambda: done(rooms, [bad]))

    report = await verify(rooms)

    counts = report.accounts["demo"]
    assert report.wrong == []
    assert (counts.arrivals, counts.done, counts.quarantined, counts.named, counts.found) == (4, 3, 1, 3, 3)
    assert (counts.conversations, counts.entries) == (1, 3)
    assert report.events > 0


async def test_history_that_was_logged_before_it_was_kept_fits_as_well(rooms: Rooms, tmp_path: Path) -> None:
    past = Past(rooms.store, rooms.door, new_intake(rooms, Tagger(tmp_path / "models")))
    raws = [msgspec.structs.replace(says(number), history=True) for number in (1, 2)]
    await past.keep(await shop(rooms), raws)

    report = await verify(rooms)

    counts = report.accounts["demo"]
    assert report.wrong == []
    assert (counts.arrivals, counts.done, counts.named, counts.found) == (2, 2, 2, 2)


async def test_a_message_that_is_not_in_the_log_is_named_with_its_arrival(rooms: Rooms) -> None:
    first, second = await say(rooms, 1, 2)
    await lose(rooms.store, "messages", await message(rooms, 2))

    report = await verify(rooms)

    assert report.wrong == [f"{second}: {await message(rooms, 2)}"]
    assert report.what.startswith("arrivals")
    assert report.accounts["demo"].found == 1
    assert first not in report.wrong[0]


async def test_a_second_message_under_a_used_id_is_asked_for_by_itself(rooms: Rooms) -> None:
    await say(rooms, 1)
    other = await keep(rooms, 1, body=b'{"t":"send","id":"message-1","text":"something else"}')
    await until(lambda: done(rooms, [other]))
    id_ = inbound_id((await shop(rooms)).id, f"{VISITOR}:message-1#{other.partition('#')[2]}")
    before = await verify(rooms)
    await lose(rooms.store, "messages", id_)

    assert (before.wrong, before.accounts["demo"].found) == ([], 2)
    assert (await verify(rooms)).wrong == [f"{other}: {id_}"]


async def test_a_gap_in_a_conversation_is_named(rooms: Rooms) -> None:
    await say(rooms, 1, 2, 3)
    await rooms.store.ledger.durable("messages").update_one({"_id": await message(rooms, 2)}, {"$set": {"seq": 9}})
    await rooms.store.ledger.durable("arrivals").delete_many({"at": {"$lte": utc_now()}})  # as after 30 days

    report = await verify(rooms)

    assert report.wrong == [f"{(await conversation(rooms)).id}: head 3, missing 2, not shown 9"]


async def test_a_head_that_is_behind_is_named(rooms: Rooms) -> None:
    await say(rooms, 1, 2)
    one = await conversation(rooms)
    await rooms.store.conversations.change(one.id, {"head": 1})
    await rooms.store.ledger.durable("arrivals").delete_many({"at": {"$lte": utc_now()}})

    assert (await verify(rooms)).wrong == [f"{one.id}: head 1, not shown 2"]


async def test_a_gap_in_the_event_log_is_named(rooms: Rooms) -> None:
    await say(rooms, 1)
    await say(rooms, 2)
    await say(rooms, 3)
    head = await rooms.store.events.head()
    await lose(rooms.store, "events", head - 1)

    assert (await verify(rooms)).wrong == [f"after event {head - 2} comes {head}"]


async def test_the_table_has_a_line_for_each_account(rooms: Rooms) -> None:
    await say(rooms, 1)
    head, line, events = table(await verify(rooms)).splitlines()
    assert head.split()[:3] == ["account", "arrivals", "done"]
    assert line.split()[:3] == ["demo", "1", "1"]
    assert events.startswith("events kept: ")


async def test_an_empty_hub_fits_together(rooms: Rooms) -> None:
    report = await verify(rooms)
    assert msgspec.structs.replace(report, accounts={}) == Report(accounts={})
