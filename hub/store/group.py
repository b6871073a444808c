"""Group commit: callers that write at the same moment share one command and one journal flush.

While one flush is under way the next callers gather, so a lone caller waits for nobody and a crowd shares the disk.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class GroupCommit(Generic[T, R]):
    """Gathers items and hands them to `flush` in batches; each caller gets the result of its own item.

    `flush` gets the items in the order of the calls and answers in the same order; an exception it raises reaches
    every caller of that batch, an exception in its answers reaches the one caller.
    """

    def __init__(self, flush: Callable[[list[T]], Awaitable[list[R | Exception]]], most: int = 500) -> None:
        self._flush = flush
        self._most = most
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._drain: asyncio.Task[None] | None = None

    async def add(self, item: T) -> R:
        """Put one item into the next batch and wait for its result."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._drain is None:
            self._drain = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        await asyncio.sleep(0)  # callers of the same loop turn come along
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._settle(batch)
        self._drain = None

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._flush([item for item, _ in batch])
            if len(answers) != len(batch):
                raise ValueError(f"a flush of {len(batch)} gave {len(answers)} answers, shorter or longer than asked")
        except Exception as error:  # handed to every caller, who decides
            answers = [error] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():  # the caller was cancelled; its item is stored all the same
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
