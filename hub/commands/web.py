"""`hub web`: browsers, customers' widgets and platforms' webhooks; as many of these processes as wanted."""

import argparse
import asyncio

from hub import logs
from hub.commands.rooms import open_rooms
from hub.commands.serving import need_port, serving_web, until_stopped
from hub.embedded import join_or_start
from hub.settings import Settings

HELP = "Serve the inbox, the widget and the platforms' webhooks; joins a running `hub up` or starts the stores."


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has no options of its own."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Until a signal comes: 0."""
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(_web(settings))
    return 0


async def _web(settings: Settings) -> None:
    need_port(settings)
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
        serving_web(rooms, None) as address,
    ):
        print(f"web: {address}/", flush=True)
        await until_stopped()
