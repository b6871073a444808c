"""Reading everything that has a time, window by window: a bounded number of rows at once, without limit or sort."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

BEGINNING = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)  # no hub kept anything before
FIRST = dt.timedelta(hours=1)
WIDEST = dt.timedelta(days=4)  # empty years are passed quickly, and a full week is not met by surprise
NARROWEST = dt.timedelta(milliseconds=1)
FEW, MANY = 200, 1000  # rows at which the next window is made wider or narrower


async def by_time(
    fetch: Callable[[dt.datetime, dt.datetime], Awaitable[list[T]]], since: dt.datetime, until: dt.datetime
) -> AsyncIterator[list[T]]:
    """What `fetch(low, high)` answers for windows that cover [since, until) once and in order, empty ones left out."""
    low, width = since, FIRST
    while low < until:
        high = min(low + width, until)
        rows = await fetch(low, high)
        if rows:
            yield rows
        if len(rows) < FEW:
            width = min(width * 2, WIDEST)
        elif len(rows) > MANY:
            width = max(width * FEW / len(rows), NARROWEST)
        low = high
