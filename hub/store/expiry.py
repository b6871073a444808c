"""What has expired goes: rows with a `gone` time that is over, found by its index and deleted a few at a time.

MongoDB does it by itself. The embedded database can as well, but once a minute it would read every row of these
collections under its lock; with 50,000 events nobody could write for seconds. So there it is told not to.
"""

import asyncio
import datetime as dt

from hub.store.bulk import batches
from hub.store.driver import Ledger, guarded

# Rows with a `gone` time are dropped after it.
EXPIRING = ("events", "uploads", "answers", "sessions", "mirrored", "acts", "dialogues")
BREATH_S = 0.02  # between two deletions: whoever writes goes first


class Expiry:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def sweep(self, now: dt.datetime) -> int:
        """Delete what has expired until now; how many rows. Raises StoreDown."""
        return sum([await self._of(name, now) for name in EXPIRING])

    async def _of(self, name: str, now: dt.datetime) -> int:
        rows = self._ledger.light(name)
        with guarded():
            over = await rows.find({"gone": {"$lt": now}}, {"_id": 1}).to_list(None)
            for some in batches([row["_id"] for row in over]):
                await rows.delete_many({"_id": {"$in": some}})
                await asyncio.sleep(BREATH_S)
        return len(over)
