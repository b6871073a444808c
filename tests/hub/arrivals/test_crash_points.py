"""A process may die after any of its commands: what it left is redone under the same ids, once and in order."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable

import msgspec
import pytest

from hub.errors import StoreDown
from hub.inbound import (
    From,
    Inbound,
    InboundEdit,
    InboundFile,
    InboundIdentity,
    InboundMessage,
    InboundProfile,
    InboundReceipt,
)
from hub.people.merge import members, root_of
from tests.hub.conftest import CoreMaker
from tests.hub.core import SHOP, START, Clock, Core, running, until
from tests.hub.cutting import Cut, Wire
from tests.hub.scripted import said
from tests.query_shapes import FROM_A_TEST

pytestmark = pytest.mark.timeout(180)


Came = Callable[[Clock], list[InboundMessage]]
When = dt.datetime | None

# Writes that there are to stop at: of a batch, of a visitor's recognition.
INTAKE, IDENTITY = 10, 13


def at(side: str, nth: int) -> Cut:
    """The n-th write does not reach the database, or its answer does not come back."""
    return msgspec.convert({side: "write", "nth": nth}, Cut)


async def crash(make_core: CoreMaker, wire: Wire, cut: Cut) -> bool:
    """A process that works until its wire is cut; whether it came to that."""
    dying = await make_core(mongo=wire.url)
    await dying.account()
    wire.plan(cut)
    before = asyncio.all_tasks()
    try:
        await dying.triage.process(await dying.take_in("u1", "u2"))
    except StoreDown:
        return True
    finally:
        for task in asyncio.all_tasks() - before:  # the dead do nothing later
            task.cancel()
        wire.mend()  # only so that it can close
    return False


def batch(clock: Clock) -> list[InboundMessage]:
    """Two conversations, one of them twice."""
    return [said("một", "m1", at=clock()), said("hai", "m2", at=clock()), said("ba", "m3", "u2", at=clock())]


async def crash_and_go_on(
    core: Core, make_core: CoreMaker, wire: Wire, clock: Clock, cut: Cut, inbounds: list[InboundMessage]
) -> None:
    """All of it is kept, one process dies of it, and a worker ends what that left."""
    for one in inbounds:
        await core.keep(one, lane=one.thread)
    await crash(make_core, wire, cut)
    clock.pass_s(10)
    async with running(core.worker().run()):
        await until(core.is_done)


async def logged_once(core: Core) -> None:
    """The whole batch stands in the log, in order and under its numbers."""
    assert (await core.words("u1"), await core.words("u2")) == (["một", "hai"], ["ba"])
    assert (await core.numbers("u1"), await core.numbers("u2")) == ([1, 2], [1])
    assert ((await core.talk("u1")).head, (await core.talk("u2")).head) == (2, 1)
    assert {one.state for one in await core.kept()} == {"done"}


def notices(clock: Clock) -> list[InboundMessage]:
    """The same, by a machine: nobody tags it, so it is marked done a moment later."""
    return [msgspec.structs.replace(one, auto=True) for one in batch(clock)]


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("nth", range(1, INTAKE + 1))
@pytest.mark.parametrize(("came", "waiting"), [(batch, START), (notices, None)])
async def test_a_crash_at_any_write_of_intake_loses_and_doubles_nothing(
    core: Core, make_core: CoreMaker, wire: Wire, clock: Clock, side: str, nth: int, came: Came, waiting: When
) -> None:
    await crash_and_go_on(core, make_core, wire, clock, at(side, nth), came(clock))

    await logged_once(core)
    assert (await core.talk("u1")).waiting == (await core.talk("u2")).waiting == waiting
    added = [one.data for one in await core.told() if one.type == "message.added"]
    assert len({msgspec.json.decode(one)["message"]["id"] for one in added}) == 3
    assert [await core.count(one) for one in ("contacts", "addresses", "conversations")] == [2, 2, 2]


async def test_those_are_all_the_writes_of_intake(core: Core, make_core: CoreMaker, wire: Wire, clock: Clock) -> None:
    for one in batch(clock):
        await core.keep(one, lane=one.thread)
    walker = await make_core(mongo=wire.url)
    wire.plan(None)
    await walker.take_in("u1", "u2")

    assert 7 <= wire.seen["write"] <= INTAKE  # else there are writes that no test stops at


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("nth", range(1, IDENTITY + 1))
async def test_a_crash_while_a_visitor_is_recognised_leaves_one_whole_person(
    core: Core, make_core: CoreMaker, wire: Wire, clock: Clock, side: str, nth: int
) -> None:
    await core.hears("Chào shop", "m1")
    await core.keep(
        InboundIdentity(sender=From(value="u1"), user="hoa", name="Hoa", email="h@example.com"), external="i"
    )

    await crash(make_core, wire, at(side, nth))
    await core.take_in()

    visitor = (await core.talk()).contact
    root = await root_of(core.store, visitor)
    assert members(root) == [root.id, visitor]
    assert (root.name, root.facts, (await core.talk()).name) == ("Hoa", {"email": "h@example.com"}, "Hoa")
    assert (root.mail, (await core.talk()).mail) == ("h@example.com", "h@example.com")
    assert await core.count("merges") == 1


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2, 3])
async def test_a_crash_while_a_receipt_is_folded_on_loses_it_not(
    core: Core, make_core: CoreMaker, wire: Wire, side: str, nth: int
) -> None:
    await core.hears("Chào shop", "m1")
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await core.deliver()
    await core.keep(InboundReceipt(thread="u1", state="read", seq=2), external="r")

    crashed = await crash(make_core, wire, at(side, nth))
    await core.take_in()

    assert crashed
    assert (await core.message(reply)).delivery == "read"
    assert (await core.talk()).seen_by_customer == 2


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2])
async def test_a_crash_while_a_profile_is_written_down_keeps_it(
    core: Core, make_core: CoreMaker, wire: Wire, side: str, nth: int
) -> None:
    await core.hears("Chào shop", "m1")
    await core.keep(InboundProfile(sender=From(value="u1"), name="Hoa"), external="p")

    crashed = await crash(make_core, wire, at(side, nth))
    await core.take_in()

    assert crashed
    assert (await core.talk()).name == "Hoa"


# --- what real platforms bring ------------------------------------------------------------------------------------

REAL = 17  # writes of such a batch


def from_a_platform(clock: Clock) -> list[Inbound]:
    """A mail with files and HTML, its edit, and an answer written elsewhere."""
    files = (
        InboundFile(name="a.txt", mime="text/plain", data=b"nho"),
        InboundFile(name="b.jpg", mime="image/jpeg", size=9, ref="ref1"),
    )
    mail = said("một", "m1", at=clock(), files=files, html="<b>một</b>", known_as=("<1@a>",))
    edit = InboundEdit(target="m1", at=clock(), order=5, text="một!")
    return [mail, edit, said("hai", "m2", at=clock.pass_s(1), elsewhere=True, answers=("<1@a>",))]


@pytest.mark.parametrize("nth", range(1, REAL + 1))
async def test_a_crash_at_any_write_leaves_files_links_and_edits_once(
    core: Core, make_core: CoreMaker, wire: Wire, clock: Clock, nth: int
) -> None:
    for number, one in enumerate(from_a_platform(clock)):
        await core.keep(one, external=f"x{number}")

    await crash(make_core, wire, at("after", nth))
    clock.pass_s(10)
    async with running(core.worker().run()):
        await until(core.is_done)

    mail, *others = await core.log()
    assert sorted(one.text for one in others) == ["", "hai"]
    assert await core.numbers() == [1, 2, 3]
    assert [one.state for one in mail.attachments] == ["here", "waiting"]
    assert mail.amended is not None and mail.amended.text == "một!"
    assert await core.store.files.read_all(mail.html or "") == "<b>một</b>".encode()
    assert (await core.count("links"), await core.count("fetches")) == (2, 1)


# --- what needs no triage is marked a moment behind its event --------------------------------------------------------


async def logged_before_a_kill(core: Core, walker: Core, wire: Wire, clock: Clock) -> None:
    """Its event is told; then the database is killed, and comes back without the row that was not on the disk yet."""
    await core.keep(said("một", "m1", at=clock(), auto=True))
    await walker.intake.process([f"{SHOP}:u1"], walker.offered.extend)
    wire.break_off()
    await core.store.ledger.light("conversations").delete_many({}, comment=FROM_A_TEST)


async def test_a_row_that_a_killed_database_lost_behind_its_event_is_written_again(
    core: Core, make_core: CoreMaker, wire: Wire, clock: Clock
) -> None:
    walker = await make_core(mongo=wire.url)
    await logged_before_a_kill(core, walker, wire, clock)
    for _ in range(3):  # as the marker does: as often as it takes
        with contextlib.suppress(StoreDown):
            await walker.intake.finish()

    await core.take_in()

    assert ((await core.talk()).head, await core.words()) == (1, ["một"])
    assert {one.state for one in await core.kept()} == {"done"}


async def test_the_worker_that_lost_it_finds_it_again(
    core: Core, make_core: CoreMaker, wire: Wire, clock: Clock
) -> None:
    walker = await make_core(mongo=wire.url)
    await logged_before_a_kill(core, walker, wire, clock)
    clock.pass_s(10)
    async with running(walker.worker().run()):
        await until(core.is_done)

    assert ((await core.talk()).head, await core.words()) == (1, ["một"])
