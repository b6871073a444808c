"""Many updates, one journal flush: the embedded database flushes the disk once for every update that asks for it."""

from collections.abc import Sequence
from typing import Any

from pymongo import UpdateMany, UpdateOne

from hub.store.driver import Collection, guarded

FEW = 2  # updates that may each flush the disk: one command more would cost a lone message as much


async def journaled(light: Collection, durable: Collection, changes: Sequence[UpdateOne | UpdateMany]) -> int:
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
