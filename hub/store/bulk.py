"""Many at once: updates with one journal flush between them, and lists of values cut to what one command bears.

The embedded database flushes the disk once for every update that asks for it, and compares each row that it finds with
every value of an `$in`: hundreds of values cost it their square.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pymongo import DeleteMany, UpdateMany, UpdateOne

from hub.store.driver import Collection, guarded

T = TypeVar("T")

TOGETHER = 16  # values of one `$in`; with fewer, commands cost more than they spare
FEW = 2  # updates that may each flush the disk: one command more would cost a lone message as much


async def journaled(
    light: Collection, durable: Collection, changes: Sequence[UpdateOne | UpdateMany | DeleteMany]
) -> int:
    """Make these updates; only the last asks for the journal, since one log holds them all in their order.

    How many documents they matched. Raises StoreDown; then any number of them may have been made.
    """
    matched, rest = 0, list[Any](changes)
    if not rest:
        return 0
    with guarded():
        if len(rest) > FEW:
            matched = (await light.bulk_write(rest[:-1], ordered=False)).matched_count
            rest = rest[-1:]
        return matched + (await durable.bulk_write(rest, ordered=False)).matched_count


def batches(values: Sequence[T], size: int = TOGETHER) -> Iterator[Sequence[T]]:
    """The values in their order, some at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))


async def found(
    rows: Collection, field: str, values: Sequence[str], fields: dict[str, int] | None = None
) -> list[dict[str, Any]]:
    """Every row whose field has one of these values, once; with these fields only, if any. Raises StoreDown."""
    asked = list(dict.fromkeys(values))
    with guarded():
        parts = await asyncio.gather(
            *(rows.find({field: {"$in": some}}, fields).to_list(None) for some in batches(asked))
        )
    return [row for part in parts for row in part]
