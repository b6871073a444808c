"""Contents: what only an upload named is cleared away when that has expired, and nothing that anything else names."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from hub.errors import NotFound, StoreDown
from hub.model import Attachment
from hub.store.files import CHUNK, LOOSE_LIFE, SWEEP_LEASE, Upload
from hub.worker import MOST_CLEARED
from tests.hub.core import Clock, Core
from tests.query_shapes import FROM_A_TEST

PICTURE = b"x" * (CHUNK + 1)
MOST = 1_000_000


async def stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def upload(core: Core, id_: str, content: bytes = PICTURE) -> str:
    """Somebody hands it in, as the web takes it; the content's id."""
    file, size, _ = await core.store.files.put(stream(content), MOST, core.clock() + LOOSE_LIFE)
    attachment = Attachment(file=file, name="a.png", mime="image/png", bytes=size)
    await core.store.files.add_upload(Upload(id=id_, owner="agent:a_lan", file=attachment, at=core.clock()))
    return file


async def contents(core: Core) -> tuple[int, int]:
    """How many files the ledger has, and how many chunks."""
    return await core.count("files.files"), await core.count("files.chunks")


def days_pass(clock: Clock, days: float) -> dt.datetime:
    return clock.pass_s(days * 86_400)


async def test_what_was_uploaded_and_never_sent_is_cleared_away_when_its_upload_has_expired(
    core: Core, clock: Clock
) -> None:
    file = await upload(core, "x_1")
    days_pass(clock, 1.5)
    await core.worker().clear()
    before = await contents(core)
    days_pass(clock, 1)
    await core.worker().clear()

    assert (before, await contents(core)) == ((1, 2), (0, 0))
    with pytest.raises(NotFound):
        await core.store.files.read_all(file)


async def test_what_was_sent_stays(core: Core, clock: Clock) -> None:
    file = await upload(core, "x_1")
    await core.store.files.keep(["x_1"])
    days_pass(clock, 30)
    await core.worker().clear()

    assert await core.store.files.read_all(file) == PICTURE


async def small(core: Core) -> None:
    await core.store.files.put_small([PICTURE[:100]])


async def whole(core: Core) -> None:
    await core.store.files.put_bytes(PICTURE[:100])


async def fetched(core: Core) -> None:
    await core.store.files.put(stream(PICTURE[:100]), MOST)


async def sent_by_another(core: Core) -> None:
    await upload(core, "x_2", PICTURE[:100])
    await core.store.files.keep(["x_2"])


@pytest.mark.parametrize("came", [small, whole, fetched, sent_by_another])
@pytest.mark.parametrize("first", [True, False])
async def test_what_came_by_another_way_too_stays_whichever_was_first(
    core: Core, clock: Clock, came: Callable[[Core], Awaitable[None]], first: bool
) -> None:
    steps = [came(core), upload(core, "x_1", PICTURE[:100])]
    for step in steps if first else reversed(steps):
        await step
    days_pass(clock, 30)
    await core.worker().clear()

    assert await contents(core) == (1, 1)


@pytest.mark.parametrize("came", [small, whole])
async def test_what_came_by_two_ways_at_one_moment_stays(
    core: Core, clock: Clock, came: Callable[[Core], Awaitable[None]]
) -> None:
    await asyncio.gather(upload(core, "x_1", PICTURE[:100]), came(core))
    days_pass(clock, 30)
    await core.worker().clear()

    assert await contents(core) == (1, 1)


async def test_the_same_content_uploaded_again_stays_for_the_later_upload(core: Core, clock: Clock) -> None:
    file = await upload(core, "x_1")
    days_pass(clock, 1.5)
    await upload(core, "x_2")
    days_pass(clock, 1)
    await core.worker().clear()

    assert await core.store.files.read_all(file) == PICTURE


async def test_a_sweep_clears_so_many_and_the_next_ones_the_rest(core: Core, clock: Clock) -> None:
    for number in range(MOST_CLEARED + 3):
        await upload(core, f"x_{number}", f"{number}".encode())
    days_pass(clock, 3)
    await core.worker().clear()
    left = await contents(core)
    await core.worker().clear()

    assert (left, await contents(core)) == ((3, 3), (0, 0))


async def half_cleared(core: Core) -> None:
    """A worker marked it and died before the chunks went."""
    files = core.store.ledger.durable("files.files")
    change = {"$set": {"loose": core.clock() + SWEEP_LEASE, "going": True}}
    await files.update_one({"loose": {"$lte": core.clock()}}, change, comment=FROM_A_TEST)


async def test_what_is_being_cleared_is_neither_sent_nor_stored_until_it_is_gone_and_then_stored_anew(
    core: Core, clock: Clock
) -> None:
    file = await upload(core, "x_1")
    days_pass(clock, 3)
    await half_cleared(core)
    for held in (core.store.files.keep(["x_1"]), core.store.files.put_bytes(PICTURE), upload(core, "x_2")):
        with pytest.raises(StoreDown):
            await held
    await core.worker().clear()
    meanwhile = await contents(core)
    clock.pass_s(SWEEP_LEASE.total_seconds() + 1)
    await core.worker().clear()
    ended = await contents(core)
    with pytest.raises(NotFound, match="attach it again"):
        await core.store.files.keep(["x_1"])
    await core.store.files.put_bytes(PICTURE)

    assert (meanwhile, ended) == ((1, 2), (0, 0))
    assert await core.store.files.read_all(file) == PICTURE


async def test_two_workers_clear_the_same_once(core: Core, clock: Clock) -> None:
    await upload(core, "x_1")
    now = days_pass(clock, 3)
    done = await asyncio.gather(core.store.files.sweep(now, 5), core.store.files.sweep(now, 5))

    assert (sorted(done), await contents(core)) == ([0, 1], (0, 0))
