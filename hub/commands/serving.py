"""Running a process until it is told to stop: signals, the web server, the worker, the tagger's first model."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import structlog
from aiohttp import web

from hub.arrivals.tagging import Tagger
from hub.clock import utc_now
from hub.commands import whereabouts
from hub.commands.rooms import Rooms, new_intake, new_listening, new_worker
from hub.errors import BadSetting
from hub.ids import random_id
from hub.learning.correcting import Corrector
from hub.learning.owning import Owner
from hub.learning.school import School
from hub.settings import Settings
from inbox_web.app import make_app
from inbox_web.parts import Parts
from nlp.versions import CURRENT, choices, damage

log = structlog.get_logger()

SHUTDOWN_S = 2.0


def parts_of(rooms: Rooms, tagger: Tagger | None) -> Parts:
    """The rooms as the web uses them."""
    return Parts(
        settings=rooms.settings,
        store=rooms.store,
        bus=rooms.bus,
        announcer=rooms.announcer,
        accounts=rooms.accounts,
        door=rooms.door,
        composer=rooms.composer,
        changer=rooms.changer,
        corrector=Corrector(rooms.store, rooms.announcer, utc_now),
        school=School(rooms.store, models_folder(rooms.settings.data), utc_now),
        owner=Owner(rooms.store, utc_now),
        channels=rooms.channels,
        ring=rooms.ring,
        now=utc_now,
        new_id=lambda: random_id("x"),
        tagger=(lambda: tagger.model is not None) if tagger else (lambda: None),
        tagger_why=(lambda: tagger.trouble) if tagger else (lambda: None),
    )


def need_port(settings: Settings) -> None:
    """Raises BadSetting when it is taken: said at once, before the stores are started for nothing."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise _taken(settings, error) from error


def _taken(settings: Settings, error: OSError) -> BadSetting:
    why = "something listens there already" if error.errno == errno.EADDRINUSE else error.strerror
    return BadSetting(
        f"HUB_PORT {settings.port} on {settings.host} cannot be used: {why}. "
        "Stop that program, or choose another port with --port."
    )


@contextlib.asynccontextmanager
async def serving_web(rooms: Rooms, tagger: Tagger | None) -> AsyncIterator[str]:
    """Listen; the address that a person opens. Raises BadSetting when the port is taken."""
    settings = rooms.settings
    runner = web.AppRunner(make_app(parts_of(rooms, tagger)), access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            raise _taken(settings, error) from error
        port = runner.addresses[0][1]  # the settings' own, or the free one that 0 stands for
        with whereabouts.told(msgspec.structs.replace(settings, port=port)):
            yield settings.base_url or f"http://{settings.host}:{port}"
    finally:
        await runner.cleanup()


async def work(rooms: Rooms, tagger: Tagger) -> None:
    """Run the worker, its listeners and the tagger's process until cancelled."""
    intake = new_intake(rooms, tagger)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(tagger.run())
        tasks.create_task(new_listening(rooms, intake).run())
        tasks.create_task(new_worker(rooms, tagger, intake).run())


async def told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def until_stopped(*works: "asyncio.Future[None] | asyncio.Task[None]") -> None:
    """Until a signal comes, or one of the works fails, which is raised."""
    stop = asyncio.create_task(told_to_stop())
    done, _ = await asyncio.wait({stop, *works}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    for one in works:
        if one not in done:
            one.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await one
    for one in done - {stop}:
        await one


# -- the first model --------------------------------------------------------------------------------------------------


def _none(models: Path) -> str | None:
    """Why no model can serve; None when one can."""
    if not (models / CURRENT).exists():
        return "There is no model yet."
    found = [damage(models / version) for version in choices(models)]
    return None if None in found else next(iter(found), f"{models / CURRENT} names no model.")


class _Progress(msgspec.Struct):
    progress: float
    what: str = ""


def models_folder(data: Path) -> Path:
    """Where the tagger's models are."""
    return data / "models"


async def first_model(models: Path) -> None:
    """Train in a niced process when there is no model that could serve, with a progress bar on a terminal."""
    if (why := await asyncio.to_thread(_none, models)) is None:
        return
    if (models / CURRENT).exists():
        log.warning("no model can serve; training again", why=why)
    await asyncio.to_thread(models.mkdir, parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "nlp.train",
        str(models),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: os.nice(10) and None,
    )
    try:
        assert process.stdout is not None
        async for line in process.stdout:
            with contextlib.suppress(msgspec.DecodeError):
                _show(msgspec.json.decode(line, type=_Progress))
        if await process.wait():
            log.error("training failed", what_to_do="run: hub intents train")
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _show(progress: _Progress) -> None:
    if not sys.stderr.isatty():
        return
    width = 24
    filled = round(progress.progress * width)
    end = "\n" if progress.progress >= 1 else ""
    print(f"\r  tagger  {'█' * filled}{'·' * (width - filled)} {progress.what:<40.40}", end=end, file=sys.stderr)
