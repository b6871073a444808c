"""`hub backup` and `hub restore`: what comes back is what was there, and nothing is overwritten."""

import argparse
import os
import re
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
import pymongo
import pytest

from hub.__main__ import main
from hub.clock import utc_now
from hub.commands import archive, backup, restore
from hub.commands.archive import Broken, Head, Writer
from hub.commands.rooms import Rooms, open_rooms
from hub.embedded import StoreUrls
from hub.errors import BadInput, BadSetting, Conflict
from hub.ids import random_id
from hub.safety.keys import KEY_FILE
from hub.settings import Settings
from hub.store.whole import Whole
from tests.hub.commands.conftest import keep, say, shop

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def other(fresh: StoreUrls, settings: Settings, tmp_path: Path) -> AsyncIterator[Rooms]:
    """An empty hub somewhere else, with the same key."""
    name = random_id("test")
    url = urlunsplit(urlsplit(fresh.mongo)._replace(path=f"/{name}"))
    data = tmp_path / "other"
    data.mkdir()
    (data / KEY_FILE).write_bytes((settings.data / KEY_FILE).read_bytes())
    async with open_rooms(msgspec.structs.replace(settings, data=data, mongo_url=url), url, fresh.redis) as made:
        yield made
    client: pymongo.AsyncMongoClient[dict[str, Any]] = pymongo.AsyncMongoClient(fresh.mongo)
    await client.drop_database(name)
    await client.close()


async def everything(rooms: Rooms) -> dict[str, list[dict[str, Any]]]:
    whole = Whole(rooms.store.ledger)
    found = {name: [row async for rows in whole.rows(name, utc_now()) for row in rows] for name in await whole.names()}
    return {name: sorted(rows, key=lambda row: str(row["_id"])) for name, rows in found.items() if rows}


@pytest.mark.timeout(180)  # three walks through every window of every collection
@pytest.mark.usefixtures("worker")
async def test_what_comes_back_is_what_was_there(rooms: Rooms, other: Rooms, tmp_path: Path) -> None:
    await say(rooms, 1, 2, 3)
    file = await rooms.store.files.put_bytes(os.urandom(700_000))
    empty = await rooms.store.files.put_bytes(b"")
    (rooms.settings.data / "models" / "m1").mkdir(parents=True)
    (rooms.settings.data / "models" / "m1" / "weights").write_bytes(b"\x00\x01")
    path = tmp_path / "hub.tar.gz"

    counts = await backup.write(rooms, path, with_key=False)
    await restore.read(other, path, restore.check(path))

    before = await everything(rooms)
    assert await everything(other) == before
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert {"arrivals", "messages", "files.files", "files.chunks", "events", "teams"} <= set(counts)
    assert await other.store.files.read_all(file) == await rooms.store.files.read_all(file)
    assert await other.store.files.read_all(empty) == b""
    assert (other.settings.data / "models" / "m1" / "weights").read_bytes() == b"\x00\x01"
    assert (await shop(other)).secrets == (await shop(rooms)).secrets  # opened by the key


async def test_what_intake_had_still_to_log_is_still_to_log_in_the_copy(
    rooms: Rooms, other: Rooms, tmp_path: Path
) -> None:
    new = await keep(rooms, 1)
    path = tmp_path / "hub.tar.gz"
    await backup.write(rooms, path, with_key=False)
    await restore.read(other, path, restore.check(path))

    assert (await other.store.arrivals.by_ids([new]))[new].state == "new"


@pytest.mark.usefixtures("worker")
async def test_entries_behind_the_copied_heads_are_left_to_the_next_backup(
    rooms: Rooms, other: Rooms, tmp_path: Path
) -> None:
    await say(rooms, 1, 2)
    heads = rooms.store.ledger.durable("conversations")
    await heads.update_many({"contact": {"$gte": ""}}, {"$set": {"head": 1}})

    await backup.write(rooms, tmp_path / "hub.tar.gz", with_key=False)
    await restore.read(other, tmp_path / "hub.tar.gz", restore.check(tmp_path / "hub.tar.gz"))

    assert [row["seq"] for row in (await everything(other))["messages"]] == [1]


async def test_the_file_is_its_owners_alone_and_holds_the_key_only_when_asked(rooms: Rooms, tmp_path: Path) -> None:
    without, inside = tmp_path / "without.tar.gz", tmp_path / "with.tar.gz"
    await backup.write(rooms, without, with_key=False)
    await backup.write(rooms, inside, with_key=True)

    assert stat.S_IMODE(without.stat().st_mode) == 0o600
    assert restore.check(without).key is None
    assert restore.check(inside).key == (rooms.settings.data / KEY_FILE).read_bytes()


async def test_a_backup_that_was_cut_off_is_refused_before_anything_is_touched(rooms: Rooms, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.tar.gz", tmp_path / "cut.tar.gz"
    await backup.write(rooms, whole, with_key=False)
    cut.write_bytes(whole.read_bytes()[:-200])

    with pytest.raises(Broken, match="cut off"):
        restore.check(cut)


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(Broken, match="no backup"):
        restore.check(tmp_path / "photo.jpg")


def test_a_backup_of_a_newer_hub_is_refused(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "new.tar.gz", Head(format=1, schema=99, at=utc_now(), proof=""))
    writer.close()
    with pytest.raises(BadSetting, match="newer hub"):
        restore.check(tmp_path / "new.tar.gz")


async def test_a_database_with_data_is_not_written_to(rooms: Rooms, tmp_path: Path) -> None:
    await backup.write(rooms, tmp_path / "hub.tar.gz", with_key=False)
    with pytest.raises(Conflict, match="has data already"):
        await restore.read(rooms, tmp_path / "hub.tar.gz", restore.check(tmp_path / "hub.tar.gz"))


async def test_without_the_right_key_nothing_is_restored(rooms: Rooms, tmp_path: Path) -> None:
    await backup.write(rooms, tmp_path / "hub.tar.gz", with_key=False)
    checked = restore.check(tmp_path / "hub.tar.gz")
    elsewhere = Settings(data=tmp_path / "elsewhere")

    with pytest.raises(BadSetting, match="there is no key"):
        restore.the_key(elsewhere, checked)
    with pytest.raises(BadSetting, match="HUB_SECRET_KEY is not the key"):
        restore.the_key(msgspec.structs.replace(elsewhere, secret_key="x" * 32), checked)


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "hub.tar.gz").write_bytes(b"my only backup")
    assert main(["backup", str(tmp_path / "hub.tar.gz"), "--data", str(tmp_path / "data")]) == 1
    assert (tmp_path / "hub.tar.gz").read_bytes() == b"my only backup"


def test_a_key_that_is_a_setting_is_not_put_into_a_file(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret_key="x" * 32)
    with pytest.raises(BadInput, match="HUB_SECRET_KEY"):
        backup.run(_args(tmp_path / "hub.tar.gz", with_key=True), settings)


def test_no_model_is_written_outside_its_folder() -> None:
    assert archive.model_of("models/../secret.key") is None
    assert archive.model_of("models//etc/passwd") is None
    assert archive.model_of("models/m1/weights") == Path("m1/weights")


# -- the place --------------------------------------------------------------------------------------------------------


def test_a_folder_with_data_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    settings = _full(tmp_path)
    with pytest.raises(Conflict, match="--replace"), restore.place(settings, False, utc_now()):
        pass
    assert (settings.data / "db" / "rows").exists()


def test_what_is_replaced_is_moved_aside(tmp_path: Path) -> None:
    settings = _full(tmp_path)
    with restore.place(settings, True, utc_now()) as aside:
        (settings.data / "db").mkdir()
    assert aside is not None
    assert (aside / "db" / "rows").exists()
    assert list((settings.data / "db").iterdir()) == []


def test_what_was_moved_aside_comes_back_when_the_restore_fails(tmp_path: Path) -> None:
    settings = _full(tmp_path)
    with pytest.raises(Broken), restore.place(settings, True, utc_now()):
        (settings.data / "db").mkdir()
        raise Broken("cut off")
    assert (settings.data / "db" / "rows").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_failed_restore_into_an_empty_place_leaves_only_the_key(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()
    (settings.data / KEY_FILE).write_text("the owner's")
    with pytest.raises(Broken), restore.place(settings, False, utc_now()):
        (settings.data / "db").mkdir()
        (settings.data / "run.json").write_text("{}")
        raise Broken("cut off")
    assert [path.name for path in settings.data.iterdir()] == [KEY_FILE]


@pytest.mark.timeout(120)
def test_a_hub_moves_to_another_folder_by_the_command_line(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "hub.tar.gz"
    assert hub("--data", str(old), "agent", "add", "lan@shop.example").returncode == 0

    taken = hub("backup", str(file), "--with-key", "--data", str(old))
    back = hub("restore", str(file), "--data", str(new))
    proved = hub("verify", "--data", str(new))

    assert (taken.returncode, back.returncode, proved.returncode) == (0, 0, 0), taken.stderr + back.stderr
    assert re.search(r"Restored \d+ documents", back.stdout)
    assert re.search(r"1  agents$", taken.stdout, re.MULTILINE)
    assert "everything fits together" in proved.stdout


def hub(*words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.run(
        [sys.executable, "-m", "hub", *words], capture_output=True, text=True, timeout=60, env=env, check=False
    )


def _full(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    (settings.data / "db").mkdir(parents=True)
    (settings.data / "db" / "rows").write_text("rows")
    return settings


def _args(file: Path, *, with_key: bool) -> Any:
    return argparse.Namespace(file=file, with_key=with_key)


async def test_what_waits_for_intake_waits_in_the_copy_too(rooms: Rooms, other: Rooms, tmp_path: Path) -> None:
    id_ = await keep(rooms, 1)
    await backup.write(rooms, tmp_path / "hub.tar.gz", with_key=False)
    await restore.read(other, tmp_path / "hub.tar.gz", restore.check(tmp_path / "hub.tar.gz"))

    assert [one.state for one in (await other.store.arrivals.by_ids([id_])).values()] == ["new"]
