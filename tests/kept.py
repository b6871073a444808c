"""Every raw arrival of a hub, whatever became of it, for tests that look at all of them."""

import datetime as dt

from hub.model import Arrival
from hub.store import Store
from hub.store.windows import BEGINNING

ENDING = BEGINNING + dt.timedelta(days=36_500)


async def kept(store: Store) -> list[Arrival]:
    """In the order in which they were kept."""
    return await store.arrivals.between(BEGINNING, ENDING)
