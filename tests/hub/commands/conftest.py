"""The rooms of a command over real stores, an empty hub made ready, and a worker beside it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from channels.base import RawArrival
from hub.arrivals.tagging import Tagger
from hub.commands import helping as helping_room
from hub.commands.first_start import DEMO_ACCOUNT, prepare
from hub.commands.helping import Help, helping
from hub.commands.rooms import Rooms, new_worker, open_rooms
from hub.embedded import StoreUrls
from hub.ids import conversation_id
from hub.model import Account, ArrivalId, Conversation
from hub.people.resolve import thread_of
from hub.settings import Settings

VISITOR = "visitor_1"


@pytest.fixture
def settings(fresh: StoreUrls, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", mongo_url=fresh.mongo, redis_url=fresh.redis, disk_floor_mb=0)


@pytest.fixture
async def rooms(settings: Settings) -> AsyncIterator[Rooms]:
    """An empty hub after its first start: an administrator, three teams, the demo shop's chat."""
    settings.data.mkdir()
    async with open_rooms(settings, str(settings.mongo_url), str(settings.redis_url)) as made:
        await prepare(made)
        yield made


@pytest.fixture
async def worker(rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Intake, triage and delivery run beside the test, without a tagger."""
    # However slow it is on a busy machine, it is there: no command may train a model and work in its place.
    monkeypatch.setattr(helping_room, "PATIENCE_S", helping_room.LONGEST_S)
    task = asyncio.create_task(new_worker(rooms, Tagger(tmp_path / "models")).run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def help_(rooms: Rooms) -> AsyncIterator[Help]:
    async with helping(rooms) as made:
        yield made


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Poll a state of other tasks; the test's timeout is the limit."""
    while not await condition():
        await asyncio.sleep(0.02)


async def shop(rooms: Rooms) -> Account:
    account = await rooms.accounts.get(DEMO_ACCOUNT)
    assert account is not None
    return account


def says(number: int, body: bytes | None = None) -> RawArrival:
    """The visitor's message of this number."""
    text = f'{{"t":"send","id":"message-{number}","text":"Trà sen còn không ạ? {number}"}}'.encode()
    return RawArrival(external=f"{VISITOR}:message-{number}", lane=VISITOR, body=text if body is None else body)


async def keep(rooms: Rooms, number: int, body: bytes | None = None) -> ArrivalId:
    """The same, kept by the door."""
    return (await rooms.door.keep(await shop(rooms), [says(number, body)]))[0]


async def say(rooms: Rooms, *numbers: int) -> list[ArrivalId]:
    """The visitor writes, and a worker has done its part."""
    ids = [await keep(rooms, number) for number in numbers]
    await until(lambda: done(rooms, ids))
    return ids


async def done(rooms: Rooms, ids: list[ArrivalId]) -> bool:
    found = await rooms.store.arrivals.by_ids(ids)
    return all(one.state in ("done", "quarantined") for one in found.values())


async def conversation(rooms: Rooms) -> Conversation:
    """The visitor's."""
    found = await rooms.store.conversations.get(conversation_id(thread_of(await shop(rooms), VISITOR), 0))
    assert found is not None
    return found
