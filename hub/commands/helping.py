"""Leaning on the worker of a running hub; when none takes the work up, one runs inside the command until it is done."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from hub.arrivals.tagging import Tagger
from hub.commands.rooms import Rooms, new_worker
from hub.commands.serving import first_model, models_folder
from hub.errors import HubError

LOOK_S = 0.05
PATIENCE_S = 5.0  # a worker that runs is done with a first batch by then, on a slow machine as well
MODEL_S = 60.0
LONGEST_S = 120.0  # without an end to one wait: something is broken


class Help:
    """Waits for work that is done elsewhere, and does it here when nobody else does.

    `train`: without a model, make the first one before a worker of our own begins.
    """

    def __init__(self, rooms: Rooms, train: bool) -> None:
        self._rooms = rooms
        self._train = train
        self._patience_s = PATIENCE_S
        self._own: list[asyncio.Task[None]] = []

    async def until(self, done: Callable[[], Awaitable[bool]], what: str) -> None:
        """Return when `done` says so. Raises HubError when that takes too long."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not await done():
            waited_s = loop.time() - began
            if waited_s > LONGEST_S:
                raise HubError(f"Nobody finishes this: {what}. Look at the worker's log, then run the command again.")
            if waited_s > self._patience_s and not self._own:
                await self._begin()
            for task in self._own:
                if task.done():
                    task.result()  # raises what ended it
            await asyncio.sleep(LOOK_S)
        self._patience_s = max(self._patience_s, LONGEST_S / 4)  # somebody works: a slow moment is no absence

    async def _begin(self) -> None:
        """Start a worker of our own, its tagger first, so that no message passes untagged."""
        models = models_folder(self._rooms.settings.data)
        if self._train:
            await first_model(models)
        tagger = Tagger(models)
        self._own.append(asyncio.create_task(tagger.run()))
        if (models / "current").exists():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MODEL_S):
                    while tagger.model is None:
                        await asyncio.sleep(LOOK_S)
        self._own.append(asyncio.create_task(new_worker(self._rooms, tagger).run()))

    async def end(self) -> None:
        """Stop what was started here."""
        for task in self._own:
            task.cancel()
        await asyncio.gather(*self._own, return_exceptions=True)


@contextlib.asynccontextmanager
async def helping(rooms: Rooms, *, train: bool = False) -> AsyncIterator[Help]:
    """Somebody to wait with; a worker that had to be started ends with the block."""
    help_ = Help(rooms, train)
    try:
        yield help_
    finally:
        await help_.end()
