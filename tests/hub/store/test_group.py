"""Group commit: a crowd shares one flush, and each caller hears of its own item only."""

import asyncio

import pytest

from hub.store.group import GroupCommit


class Flushes:
    """A flush that waits until it is let go, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, items: list[int]) -> list[int | Exception]:
        self.batches.append(items)
        await self.go.wait()
        return [ValueError(f"{item}") if item < 0 else item * 10 for item in items]


async def test_those_who_come_while_a_flush_is_under_way_share_the_next_one() -> None:
    flush = Flushes()
    group: GroupCommit[int, int] = GroupCommit(flush)
    first = [asyncio.create_task(group.add(item)) for item in (1, 2)]
    while not flush.batches:
        await asyncio.sleep(0)
    second = [asyncio.create_task(group.add(item)) for item in (3, 4)]
    flush.go.set()

    assert await asyncio.gather(*first, *second) == [10, 20, 30, 40]
    assert flush.batches == [[1, 2], [3, 4]]


async def test_an_answer_that_is_an_error_reaches_its_own_caller() -> None:
    flush = Flushes()
    flush.go.set()
    group: GroupCommit[int, int] = GroupCommit(flush)

    answers = await asyncio.gather(group.add(1), group.add(-2), group.add(3), return_exceptions=True)

    assert (answers[0], str(answers[1]), answers[2]) == (10, "-2", 30)


async def test_a_flush_that_fails_is_told_to_every_caller_and_the_next_one_works() -> None:
    broken = [True, False]

    async def flush(items: list[int]) -> list[int | Exception]:
        if broken.pop(0):
            raise OSError("away")
        return list(items)

    group: GroupCommit[int, int] = GroupCommit(flush)
    answers = await asyncio.gather(group.add(1), group.add(2), return_exceptions=True)

    assert [str(one) for one in answers] == ["away", "away"]
    assert await group.add(3) == 3


async def test_a_batch_has_a_greatest_size() -> None:
    flush = Flushes()
    flush.go.set()
    group: GroupCommit[int, int] = GroupCommit(flush, most=2)

    assert await asyncio.gather(*(group.add(item) for item in range(5))) == [0, 10, 20, 30, 40]
    assert [len(batch) for batch in flush.batches] == [2, 2, 1]


async def test_a_flush_that_answers_too_few_fails_its_callers_and_not_the_next() -> None:
    answers: list[list[int | Exception]] = [[], [3]]

    async def flush(items: list[int]) -> list[int | Exception]:
        return answers.pop(0)

    group: GroupCommit[int, int] = GroupCommit(flush)
    with pytest.raises(ValueError, match="shorter"):
        await asyncio.wait_for(group.add(1), 2)
    assert await group.add(2) == 3
