"""`hub restore FILE`: puts a backup back into an empty place, after it was read once from end to end.

Nothing is overwritten: with --replace the data folder that is there is moved aside first, and back again when the
restore fails.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from hub import logs
from hub.clock import utc_now
from hub.commands.archive import FORMAT, PRIVATE_FILE, Broken, End, Head, Reader, collection_of, documents, model_of
from hub.commands.backup import PROOF, PROVED
from hub.commands.rooms import Rooms, open_rooms
from hub.commands.serving import models_folder
from hub.embedded import join_or_start
from hub.embedded.folder import PRIVATE_FOLDER, Folder
from hub.errors import BadSetting, Conflict, Forged, HubError
from hub.safety import keys
from hub.safety.keys import KEY_FILE
from hub.settings import Settings
from hub.store.schema import EXPIRING, VERSION
from hub.store.whole import Whole

HELP = "Put a backup back, into an empty place; what is there is moved aside with --replace."


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was read from end to end."""

    head: Head
    counts: dict[str, int]
    key: bytes | None


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file that `hub backup` wrote")
    parser.add_argument(
        "--replace", action="store_true", help="when the data folder has data: move it aside, and restore in its place"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 when everything is back and counted."""
    logs.configure("warning", settings.log_format)
    checked = check(args.file)
    key = the_key(settings, checked)
    with place(settings, args.replace, utc_now()) as aside:
        if key is not None:
            _write_key(settings.data / KEY_FILE, key)
        asyncio.run(_restore(settings, args.file, checked))
    print(
        f"Restored {sum(checked.counts.values())} documents of {checked.head.at:%Y-%m-%d %H:%M} UTC, all counted again."
    )
    if aside is not None:
        print(f"What was there before is in {aside}; remove it when you are sure.")
    print("Start the hub with: hub up")
    return 0


# -- before anything is touched ---------------------------------------------------------------------------------------


def check(path: Path) -> Checked:
    """Read all of it. Raises Broken, or BadSetting when it is of a newer hub."""
    counted: dict[str, int] = {}
    end = End(counts={})
    with Reader(path) as reader:
        if reader.head.format > FORMAT or reader.head.schema > VERSION:
            raise BadSetting(
                f"{path} is of a newer hub (data version {reader.head.schema}, this one knows {VERSION}). "
                "Install that hub, then restore."
            )
        for name, content in reader.parts():
            if (collection := collection_of(name)) is not None:
                counted[collection] = counted.get(collection, 0) + len(documents(content))
            elif name == "end.json":
                end = msgspec.json.decode(content, type=End)
            _progress("checked", sum(counted.values()))
        if counted != end.counts:
            raise Broken(f"{path} does not hold what it says at its end; take another backup.")
        return Checked(head=reader.head, counts=counted, key=reader.key)


def the_key(settings: Settings, checked: Checked) -> bytes | None:
    """The bytes for `secret.key`, None when the key is a setting. Raises BadSetting when no key opens the backup."""
    path = settings.data / KEY_FILE
    if settings.secret_key:
        if not _opens(settings, checked.head):
            raise BadSetting("HUB_SECRET_KEY is not the key of this backup; set the one that the hub had then.")
        return None
    if path.exists() and _opens(settings, checked.head):
        return path.read_bytes()
    if checked.key is not None:
        return checked.key
    missing = f"{path} is another hub's key" if path.exists() else f"there is no key in {path}"
    raise BadSetting(
        f"The secrets in this backup are sealed, and {missing}. Put the copy that you kept of secret.key there "
        "(or set HUB_SECRET_KEY, if the hub had that), then restore again. Nothing was changed."
    )


def _opens(settings: Settings, head: Head) -> bool:
    try:
        return keys.load(settings).verify(PROOF, head.proof) == PROVED
    except Forged:
        return False


# -- the place --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def place(settings: Settings, replace: bool, now: dt.datetime) -> Iterator[Path | None]:
    """An empty data folder for the time of the block; where the old one is, if there was one. Put back on failure."""
    if settings.mongo_url is not None:  # the database is somebody else's: it is looked at when it is open
        settings.data.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        yield None
        return
    if not _has_data(settings.data):
        with _undone_on_failure(settings.data):
            yield None
        return
    if not replace:
        raise Conflict(
            f"{settings.data} has data. Restore into another folder with --data, or move this one aside with --replace."
        )
    aside = settings.data.with_name(f"{settings.data.name}.before-{now:%Y%m%d-%H%M%S}")
    _move_aside(settings.data, aside)
    try:
        with _undone_on_failure(settings.data):
            yield aside
    except BaseException:
        shutil.rmtree(settings.data, ignore_errors=True)
        aside.rename(settings.data)
        raise


def _has_data(data: Path) -> bool:
    database = data / "db"
    return database.is_dir() and any(database.iterdir())


def _move_aside(data: Path, aside: Path) -> None:
    folder = Folder(data)
    if not folder.try_to_take():
        raise Conflict(f"A hub runs on {data}. Stop it first; nothing was changed.")
    folder.give_up()
    try:
        data.rename(aside)
    except OSError as error:
        raise HubError(f"{data} cannot be moved to {aside} ({error.strerror}). Nothing was changed.") from error


@contextlib.contextmanager
def _undone_on_failure(data: Path) -> Iterator[None]:
    """What appears in the folder meanwhile goes again when the block fails."""
    data.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    before = set(data.iterdir())
    try:
        yield
    except BaseException:
        for path in set(data.iterdir()) - before:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _write_key(path: Path, key: bytes) -> None:
    if path.exists() and path.read_bytes() == key:
        return
    if path.exists():
        path.rename(path.with_name(f"{path.name}.before"))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(key)


# -- back -------------------------------------------------------------------------------------------------------------


async def _restore(settings: Settings, path: Path, checked: Checked) -> None:
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        await read(rooms, path, checked)


async def read(rooms: Rooms, path: Path, checked: Checked) -> None:
    """Put everything back and count it. Raises Conflict when something is there, HubError when a count differs."""
    if await rooms.store.agents.all() or await rooms.store.accounts.all():
        raise Conflict("The database has data already; name an empty one in HUB_MONGO_URL. Nothing was changed.")
    whole, done = Whole(rooms.store.ledger), 0
    with Reader(path) as reader:
        for name, content in reader.parts():
            if (collection := collection_of(name)) is not None:
                rows = documents(content)
                if rows:
                    await whole.put(collection, rows)
                done += len(rows)
                _progress("put back", done)
            elif (model := model_of(name)) is not None:
                _write_model(models_folder(rooms.settings.data) / model, content)
    await whole.seal(utc_now())
    await _count(whole, checked.counts)


async def _count(whole: Whole, counts: dict[str, int]) -> None:
    """What expires by itself may have done so since; of everything else there is as much as was written."""
    for name, number in counts.items():
        found = sum([len(rows) async for rows in whole.rows(name, utc_now())])
        if found != number and name not in EXPIRING:
            raise HubError(f"Of {name}, {number} were in the backup and {found} are in the database. Restore again.")
        _progress("counted", found)


def _write_model(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _progress(what: str, number: int) -> None:
    if sys.stderr.isatty():
        print(f"\r  {what}: {number:<12}", end="\r", file=sys.stderr, flush=True)
