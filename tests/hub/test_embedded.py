"""The bundled stores start, are shared, come back when they die, and end with their hub."""

import asyncio
import importlib.util
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pymongo
import pytest
import redis.asyncio
from pymongo.errors import OperationFailure
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from hub.embedded import Embedded, StoreUrls, folder, join_or_start, programs
from hub.embedded.child import Child, Program, StartFailed, _command_line, end_stray
from hub.settings import Settings
from tests.query_shapes import FROM_A_TEST

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Embedded]:
    async with Embedded(Settings(data=tmp_path)) as embedded:
        yield embedded


async def write(urls: StoreUrls, number: int) -> None:
    client: pymongo.AsyncMongoClient[dict[str, int]] = pymongo.AsyncMongoClient(urls.mongo)
    await client.hub.get_collection("numbers", write_concern=pymongo.WriteConcern(j=True)).insert_one({"_id": number})
    await client.close()


async def numbers(urls: StoreUrls) -> list[int]:
    client: pymongo.AsyncMongoClient[dict[str, int]] = pymongo.AsyncMongoClient(urls.mongo)
    found = [row["_id"] async for row in client.hub.numbers.find({}, comment=FROM_A_TEST).sort("_id")]
    await client.close()
    return found


async def until(condition: Callable[[], object]) -> None:
    """Poll a state of other processes; the test's timeout is the limit."""
    while not condition():
        await asyncio.sleep(0.02)


async def test_what_is_written_is_there_after_a_stop_and_a_start_at_the_same_addresses(tmp_path: Path) -> None:
    async with Embedded(Settings(data=tmp_path)) as first:
        await write(first.urls, 1)
    async with Embedded(Settings(data=tmp_path)) as second:
        assert second.urls == first.urls
        assert await numbers(second.urls) == [1]


async def test_both_stores_want_their_password(stores: Embedded) -> None:
    run = folder.Folder(stores._folder.path).read()
    assert run.database and run.redis
    client: pymongo.AsyncMongoClient[dict[str, int]] = pymongo.AsyncMongoClient(
        f"mongodb://127.0.0.1:{run.database.port}"
    )
    with pytest.raises(OperationFailure, match="requires authentication"):
        await client.hub.numbers.find_one({}, comment=FROM_A_TEST)
    await client.close()
    stranger = redis.asyncio.Redis(unix_socket_path=run.redis.socket, password="guessed", retry=Retry(NoBackoff(), 0))
    with pytest.raises(redis.ConnectionError, match="invalid username-password"):
        await stranger.ping()
    await stranger.aclose()
    own = redis.asyncio.from_url(stores.urls.redis)
    assert await own.ping()
    await own.aclose()


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not bind processes to processors")
async def test_the_database_keeps_to_one_of_its_processors(stores: Embedded) -> None:
    pid = stores.pids["database"]
    bound = [os.sched_getaffinity(int(thread.name)) for thread in Path(f"/proc/{pid}/task").iterdir()]
    assert bound == [bound[0]] * len(bound)
    assert len(bound[0]) == 1
    assert bound[0] <= os.sched_getaffinity(0)


async def test_secrets_and_files_are_the_users_own(stores: Embedded, tmp_path: Path) -> None:
    modes = {
        path.name: stat.S_IMODE((tmp_path / path).stat().st_mode) for path in map(Path, ("run.json", "db", "logs"))
    }
    assert modes == {"run.json": 0o600, "db": 0o700, "logs": 0o700}
    assert stat.S_IMODE((tmp_path / "redis/valkey.conf").stat().st_mode) == 0o600


async def test_a_second_owner_is_told_who_has_the_folder(stores: Embedded, tmp_path: Path) -> None:
    with pytest.raises(folder.InUse, match=rf"in use by process {os.getpid()}.*--data"):
        await Embedded(Settings(data=tmp_path)).__aenter__()


async def test_a_killed_database_comes_back_on_its_port_with_what_was_journaled(stores: Embedded) -> None:
    await write(stores.urls, 7)
    first = stores.pids["database"]
    os.kill(first, signal.SIGKILL)
    await until(lambda: stores.states()["database"].startswith("restarting since"))
    await until(lambda: stores.states()["database"] == "up")
    assert stores.pids["database"] != first
    assert await numbers(stores.urls) == [7]


async def test_a_killed_valkey_comes_back_on_its_socket(stores: Embedded) -> None:
    first = stores.pids["redis"]
    os.kill(first, signal.SIGKILL)
    await until(lambda: stores.states()["redis"] != "up")
    await until(lambda: stores.states()["redis"] == "up")
    client = redis.asyncio.from_url(stores.urls.redis)
    assert await client.ping()
    await client.aclose()


async def test_the_stores_are_stopped_in_order_valkey_first_and_the_database_only_when_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Valkey hears no signal here and has to be killed: whoever stopped both at once would end the database first."""
    monkeypatch.setattr(programs, "REDIS_PATIENCE_S", 0.5)
    ended: list[str] = []
    loop = asyncio.get_running_loop()
    async with Embedded(Settings(data=tmp_path)) as stores:
        watched = {os.pidfd_open(pid): name for name, pid in stores.pids.items()}

        def note(watch: int) -> None:
            ended.append(watched[watch])
            loop.remove_reader(watch)
            os.close(watch)

        for watch in watched:
            loop.add_reader(watch, note, watch)
        os.kill(stores.pids["redis"], signal.SIGSTOP)
    await until(lambda: len(ended) == 2)
    assert ended == ["redis", "database"]


async def test_a_second_process_joins_and_takes_over_when_the_owner_goes(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    owner = Embedded(settings)
    await owner.__aenter__()
    async with join_or_start(settings) as guest:
        assert (guest.urls, guest.owner) == (owner.urls, os.getpid())
        assert guest.states() == {"database": "up", "redis": "up"}
        await write(guest.urls, 1)
        await owner.__aexit__(None, None, None)
        await until(lambda: (tmp_path / "lock").read_text() and folder.Folder(tmp_path).read().pid is not None)
        assert await numbers(guest.urls) == [1]
        assert guest.owner is None


async def test_with_both_addresses_set_nothing_is_started(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "none", mongo_url="mongodb://db/hub", redis_url="redis://cache")
    async with join_or_start(settings) as stores:
        assert stores.urls == StoreUrls(mongo="mongodb://db/hub", redis="redis://cache")
        assert stores.states() == {}
    assert not (tmp_path / "none").exists()


async def test_with_one_address_set_only_the_other_store_is_started(tmp_path: Path) -> None:
    async with Embedded(Settings(data=tmp_path, mongo_url="mongodb://db/hub")) as stores:
        assert stores.urls.mongo == "mongodb://db/hub"
        assert stores.states() == {"redis": "up"}


async def test_the_stores_end_when_their_hub_is_killed_and_lose_nothing(tmp_path: Path) -> None:
    program = f"""
        import asyncio
        from pathlib import Path
        from hub.embedded import Embedded
        from hub.settings import Settings

        async def main():
            async with Embedded(Settings(data=Path({str(tmp_path)!r}))) as stores:
                print(*stores.pids.values(), flush=True)
                await asyncio.sleep(600)

        asyncio.run(main())
    """
    hub = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    assert hub.stdout
    pids = [int(pid) for pid in (await asyncio.to_thread(hub.stdout.readline)).split()]
    assert len(pids) == 2
    await write(StoreUrls(mongo=programs.mongo_url(kept(tmp_path)), redis=""), 3)
    hub.kill()
    hub.communicate()
    async with Embedded(Settings(data=tmp_path)) as again:
        assert await numbers(again.urls) == [3]
        assert not set(pids) & set(again.pids.values())
    assert [_command_line(pid) for pid in pids] == ["", ""]


def kept(data: Path) -> folder.StoreRun:
    run = folder.Folder(data).read().database
    assert run
    return run


async def test_a_port_that_another_program_took_is_exchanged(tmp_path: Path) -> None:
    async with Embedded(Settings(data=tmp_path)) as first:
        taken = kept(tmp_path).port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        async with Embedded(Settings(data=tmp_path)) as second:
            assert kept(tmp_path).port != taken
            assert second.states() == first.states()


async def test_a_lost_run_file_makes_a_new_password_for_the_old_data(tmp_path: Path) -> None:
    async with Embedded(Settings(data=tmp_path)) as first:
        await write(first.urls, 5)
    (tmp_path / "run.json").write_text("{broken")
    async with Embedded(Settings(data=tmp_path)) as second:
        assert await numbers(second.urls) == [5]


async def test_a_store_that_does_not_come_up_shows_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="no such volume"):
        await Child(saying(tmp_path, "no such volume"), lambda: None).start()


async def test_a_large_log_is_put_aside_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "test.log").write_bytes(b"x" * 5_000_001)
    with pytest.raises(StartFailed):
        await Child(saying(tmp_path, "hello"), lambda: None).start()
    assert (tmp_path / "test.log").read_text().strip() == "hello"
    assert (tmp_path / "test.old.log").stat().st_size == 5_000_001


def saying(where: Path, words: str) -> Program:
    async def never() -> bool:
        return False

    return Program(
        name="test",
        command=("echo", words),
        mark=words,
        log=where / "test.log",
        answers=never,
        patience_s=1.0,
    )


async def test_a_stray_is_ended_only_if_it_is_the_store_that_was_written_down() -> None:
    with subprocess.Popen(["cat", "-u"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as bystander:
        assert bystander.stdin and bystander.stdout
        bystander.stdin.write(b"x")
        assert bystander.stdout.read(1) == b"x"  # it has its command line by now
        await end_stray(bystander.pid, "secantus", 1.0)
        assert bystander.poll() is None
        await end_stray(bystander.pid, "cat -u", 1.0)
        assert bystander.wait(5) == -signal.SIGTERM


def test_a_socket_path_that_is_too_long_becomes_a_port() -> None:
    assert programs.redis_run(Path("/data")).socket == "/data/redis.sock"
    far = programs.redis_run(Path("/" + "very-long-name/" * 10))
    assert far.socket is None
    assert far.port > 0


def test_a_platform_without_a_wheel_is_told_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    run = folder.StoreRun(port=1, password="secret")
    with pytest.raises(programs.NoProgram, match="HUB_MONGO_URL"):
        programs.database(tmp_path, run, guarded=True)
    with pytest.raises(programs.NoProgram, match="HUB_REDIS_URL"):
        programs.redis(tmp_path, run)


def test_the_address_of_the_database_switches_retried_writes_off() -> None:
    url = programs.mongo_url(folder.StoreRun(port=27017, password="a/b"))
    assert "retryWrites=false" in url
    assert "a%2Fb@127.0.0.1:27017/hub?" in url


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(folder.HubError, match=r"file/data cannot be made"):
        folder.Folder(tmp_path / "file/data").make()


def test_a_run_file_of_a_newer_hub_with_more_fields_is_read(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(msgspec.json.encode({"pid": 1, "more": True}))
    assert folder.Folder(tmp_path).read() == folder.Run(pid=1)
