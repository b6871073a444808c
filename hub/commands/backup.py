"""`hub backup FILE`: everything into one file – the ledger with its files, and the models; the key only when asked for.

It may run beside a hub that works: the copy is of the moment when its conversations are read. An arrival that was
being understood then is waiting in the copy, and is understood again after a restore, under the same ids.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from hub import logs
from hub.clock import utc_now
from hub.commands.archive import KEY, MODELS, Documents, Head, Writer
from hub.commands.rooms import Rooms, open_rooms
from hub.commands.serving import models_folder
from hub.embedded import join_or_start
from hub.errors import BadInput
from hub.safety.keys import KEY_FILE
from hub.settings import Settings
from hub.store.schema import VERSION
from hub.store.whole import Whole

HELP = "Write everything into one file: the ledger with its files, and the models. The key is kept apart."
PROOF, PROVED = "backup", b"the key of this hub"
MOST_BYTES = 4_000_000  # of files' chunks in one part
MOST_CHUNKS = MOST_BYTES // (256 * 1024)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file to write, such as hub-2026-11-21.tar.gz; must not exist yet")
    parser.add_argument("--with-key", action="store_true", help="put the secret key into the file, too: then guard it")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 when the file is whole and on disk."""
    logs.configure("warning", settings.log_format)
    path: Path = args.file
    if path.exists():
        raise BadInput(f"{path} is there already; name another file.")
    if args.with_key and settings.secret_key:
        raise BadInput("The key is the setting HUB_SECRET_KEY, not a file: keep that setting safe, without --with-key.")
    counts = asyncio.run(_backup(settings, path, args.with_key))
    size = path.stat().st_size / 1_000_000
    print(f"{path}: {sum(counts.values())} documents, {size:.1f} MB.")
    for name, number in sorted(counts.items()):
        print(f"  {number:>9}  {name}")
    print(key_words(settings, args.with_key))
    return 0


def key_words(settings: Settings, inside: bool) -> str:
    """Where the key is, and what it is worth."""
    if inside:
        return "The secret key is inside: this file opens the channels' secrets for anybody. Keep it like a password."
    where = "the setting HUB_SECRET_KEY" if settings.secret_key else f"{settings.data / KEY_FILE}"
    return (
        f"The secret key is not inside: it is {where}. Keep a copy of it apart from this file, since without it\n"
        "the channels' secrets in the backup stay sealed and it cannot be restored. (--with-key puts it inside.)"
    )


async def _backup(settings: Settings, path: Path, with_key: bool) -> dict[str, int]:
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        return await write(rooms, path, with_key)


async def write(rooms: Rooms, path: Path, with_key: bool) -> dict[str, int]:
    """Write the file; the counts of what is in it. Raises HubError or StoreDown; then there is no file."""
    proof = rooms.ring.sign(PROOF, PROVED)
    head = Head(format=1, schema=VERSION, at=utc_now(), proof=proof, with_key=with_key)
    writer = Writer(path, head)
    try:
        if with_key:
            writer.add(KEY, (rooms.settings.data / KEY_FILE).read_bytes())
        await _ledger(rooms, writer)
        for name, content in _models(models_folder(rooms.settings.data)):
            await asyncio.to_thread(writer.add, name, content)
        return await asyncio.to_thread(writer.close)
    except BaseException:
        writer.drop()
        raise


async def _ledger(rooms: Rooms, writer: Writer) -> None:
    whole = Whole(rooms.store.ledger)
    heads: dict[str, int] = {}  # of the conversations, as they are in the copy
    done = 0
    for name in await whole.names():
        async for rows in _parts(whole, name):
            if name == "conversations":
                heads |= {row["_id"]: row["head"] for row in rows}
            if name == "messages":  # what came after the copied heads belongs to the next backup
                rows = [row for row in rows if row["seq"] <= heads.get(row["conversation"], 0)]
            await asyncio.to_thread(writer.documents, name, rows)
            done += len(rows)
            _progress(done, name)


async def _parts(whole: Whole, name: str) -> AsyncIterator[Documents]:
    """The batches of a collection; those with files' contents are cut, so that a part stays small."""
    async for rows in whole.rows(name, utc_now()):
        most = MOST_CHUNKS if name == "files.chunks" else len(rows)
        for start in range(0, len(rows), most):
            yield rows[start : start + most]


def _models(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield MODELS + path.relative_to(folder).as_posix(), path.read_bytes()


def _progress(done: int, name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r  {done} documents, {name:<20}", end="\r", file=sys.stderr, flush=True)
