"""`hub worker`: intake, triage, delivery and sweeps; as many of these processes as wanted."""

import argparse
import asyncio

from hub import logs
from hub.arrivals.tagging import Tagger
from hub.commands.rooms import open_rooms
from hub.commands.serving import first_model, models_folder, until_stopped, work
from hub.embedded import join_or_start
from hub.settings import Settings

HELP = "Take in, tag, route and deliver; joins a running `hub up` or starts the stores."


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has no options of its own."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Until a signal comes: 0."""
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(_worker(settings))
    return 0


async def _worker(settings: Settings) -> None:
    models = models_folder(settings.data)
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        print("worker: ready", flush=True)
        training = asyncio.create_task(first_model(models))
        await until_stopped(asyncio.create_task(work(rooms, Tagger(models))))
        training.cancel()
