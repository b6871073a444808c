"""`hub replay`: what is missing is logged, what was right stays as it is."""

import pytest

from hub.__main__ import main
from hub.clock import utc_now
from hub.commands.first_start import DEMO_ACCOUNT
from hub.commands.helping import Help
from hub.commands.replay import Tally, replay, told
from hub.commands.rooms import Rooms
from hub.departures.change import Wish
from hub.model import Author
from hub.store.windows import BEGINNING
from tests.hub.commands.conftest import conversation, done, keep, say, until

LAN = Author(kind="agent", id="a_lan", name="Lan")
GARBAGE = b"this is no frame"

pytestmark = pytest.mark.timeout(120)


async def run(rooms: Rooms, help_: Help, *, only_quarantined: bool = False, dry: bool = False) -> Tally:
    return await replay(rooms, help_, BEGINNING, None, only_quarantined=only_quarantined, dry=dry)


@pytest.mark.usefixtures("worker")
async def test_what_was_right_is_left_as_it_is_to_the_letter(rooms: Rooms, help_: Help) -> None:
    await say(rooms, 1, 2, 3)
    await rooms.changer.apply(LAN, (await conversation(rooms)).id, Wish(state="resolved"))
    before, events = await conversation(rooms), await rooms.store.events.head()

    tally = await run(rooms, help_)

    assert (tally.read, tally.right, tally.again, tally.logged) == (3, 3, 0, 0)
    assert await conversation(rooms) == before
    assert await rooms.store.events.head() == events


@pytest.mark.usefixtures("worker")
async def test_an_arrival_that_was_done_without_its_message_is_logged_once(rooms: Rooms, help_: Help) -> None:
    await say(rooms, 1)
    lost = await keep(rooms, 2, body=b'{"t":"read","seq":0}')  # nothing to log …
    await until(lambda: done(rooms, [lost]))
    row = rooms.store.ledger.durable("arrivals")
    await row.update_one({"_id": lost}, {"$set": {"body": b'{"t":"send","id":"message-2","text":"Alo?"}'}})  # … and now

    first, second = await run(rooms, help_), await run(rooms, help_)

    assert (first.right, first.logged) == (1, 1)
    assert (second.right, second.logged) == (2, 0)
    assert (await conversation(rooms)).head == 2


@pytest.mark.usefixtures("worker")
async def test_what_is_still_poison_stays_in_quarantine(rooms: Rooms, help_: Help) -> None:
    bad = await keep(rooms, 1, body=GARBAGE)
    await until(lambda: done(rooms, [bad]))

    tally = await run(rooms, help_, only_quarantined=True)

    assert (tally.read, tally.logged, tally.quarantined) == (1, 0, 1)
    assert [one.id for one in await rooms.store.arrivals.quarantined()] == [bad]


@pytest.mark.usefixtures("worker")
async def test_after_the_fix_what_was_in_quarantine_is_logged(rooms: Rooms, help_: Help) -> None:
    bad = await keep(rooms, 1, body=GARBAGE)
    await until(lambda: done(rooms, [bad]))
    row = rooms.store.ledger.durable("arrivals")
    await row.update_one({"_id": bad}, {"$set": {"body": b'{"t":"send","id":"message-1","text":"Alo?"}'}})

    tally = await run(rooms, help_, only_quarantined=True)

    assert (tally.logged, tally.quarantined) == (1, 0)
    assert (await conversation(rooms)).head == 1


@pytest.mark.usefixtures("worker")
async def test_what_a_person_set_aside_is_not_brought_back(rooms: Rooms, help_: Help) -> None:
    bad = await keep(rooms, 1, body=GARBAGE)
    await until(lambda: done(rooms, [bad]))
    await rooms.store.arrivals.set_aside(bad)
    row = rooms.store.ledger.durable("arrivals")
    await row.update_one({"_id": bad}, {"$set": {"body": b'{"t":"send","id":"message-1","text":"Alo?"}'}})

    tally = await run(rooms, help_)

    assert (tally.aside, tally.again) == (1, 0)


@pytest.mark.usefixtures("worker")
async def test_a_dry_run_changes_nothing(rooms: Rooms, help_: Help) -> None:
    bad = await keep(rooms, 1, body=GARBAGE)
    await until(lambda: done(rooms, [bad]))
    before = await rooms.store.arrivals.get(bad)

    tally = await run(rooms, help_, dry=True)

    assert (tally.again, tally.quarantined) == (1, 1)
    assert await rooms.store.arrivals.get(bad) == before
    assert "1 would be run again" in told(tally, dry=True)


@pytest.mark.usefixtures("worker")
async def test_a_redo_of_what_is_logged_reopens_nothing(rooms: Rooms) -> None:
    ids = await say(rooms, 1, 2)
    await rooms.changer.apply(LAN, (await conversation(rooms)).id, Wish(state="resolved"))
    before = await conversation(rooms)

    await rooms.store.arrivals.release(list((await rooms.store.arrivals.by_ids(ids)).values()), utc_now())
    await rooms.bus.nudge("intake", [f"{DEMO_ACCOUNT}:visitor_1"])
    await until(lambda: done(rooms, ids))

    assert await conversation(rooms) == before


@pytest.mark.usefixtures("worker")
async def test_a_redo_beside_new_words_waits_since_the_new_ones(rooms: Rooms) -> None:
    ids = await say(rooms, 1)
    await rooms.changer.apply(LAN, (await conversation(rooms)).id, Wish(state="resolved"))

    await rooms.store.arrivals.release(list((await rooms.store.arrivals.by_ids(ids)).values()), utc_now())
    new = await keep(rooms, 2)
    await until(lambda: done(rooms, [*ids, new]))

    after, last = await conversation(rooms), await rooms.store.arrivals.get(new)
    assert last is not None
    assert (after.state, after.waiting) == ("open", last.at)


async def test_without_a_running_worker_the_command_brings_its_own(rooms: Rooms, help_: Help) -> None:
    bad = await keep(rooms, 1, body=GARBAGE)
    await rooms.store.arrivals.quarantine(bad, "an old bug")

    tally = await run(rooms, help_, only_quarantined=True)

    assert tally.quarantined == 1


def test_a_wrong_time_ends_as_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--since", "yesterday"]) == 1
    assert "--since yesterday is no time" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["demo", "replay", "backup", "restore", "verify"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: hub {command}" in capsys.readouterr().out
