"""`hub up`: everything here: embedded stores (unless settings name others), web and worker in one process."""

import argparse
import asyncio
import sys

from hub import logs
from hub.arrivals.tagging import Tagger
from hub.commands.first_start import FirstLogin, prepare
from hub.commands.rooms import open_rooms
from hub.commands.serving import first_model, models_folder, need_port, serving_web, until_stopped, work
from hub.embedded import join_or_start
from hub.settings import Settings

HELP = "Run everything on this machine: web, worker and, unless settings name others, the stores."


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has no options of its own."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Until a signal comes: 0."""
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(_up(settings))
    return 0


async def _up(settings: Settings) -> None:
    need_port(settings)
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        login = await prepare(rooms)
        tagger = Tagger(models_folder(settings.data))
        async with serving_web(rooms, tagger) as address:
            _greet(settings, address, login, stores.owner)
            training = asyncio.create_task(first_model(models_folder(settings.data)))
            await until_stopped(asyncio.create_task(work(rooms, tagger)))
            training.cancel()


def _greet(settings: Settings, address: str, login: FirstLogin | None, owner: int | None) -> None:
    lines = ["", f"  The hub is up:  {address}/", ""]
    if owner is not None:
        lines += [
            f"  It shares {settings.data} with a hub that runs already (process {owner}): the same stores and inbox.",
            "",
        ]
    if login is not None:
        lines += [
            f"  Sign in as      {login.email}",
            f"  with password   {login.password}   (shown only now; `hub agent password` makes a new one)",
            "",
        ]
    if settings.demo == "on" or (settings.demo == "auto" and not settings.public):
        lines += [f"  Be a customer:  {address}/demo   (write there, answer in the inbox)", ""]
    print("\n".join(lines), file=sys.stdout, flush=True)
