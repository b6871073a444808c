"""Reading everything, window by window, by a field that an index serves: a bounded number of rows at once, no scan."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

BEGINNING = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # no hub took anything in before
FIRST = dt.timedelta(hours=1)
WIDEST = dt.timedelta(days=8)  # empty years are passed quickly, and a full month is not met by surprise
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


def spans(prefix: str, digits: int = 2) -> Iterator[tuple[str, str | None]]:
    """Ranges that cover every text once; ids of `prefix` and hexadecimal digits spread evenly over 16^digits."""
    edges = [f"{prefix}{number:0{digits}x}" for number in range(16**digits)] if digits else []
    yield from zip(["", *edges], [*edges, None], strict=True)


def within(field: str, low: Any, high: Any | None) -> dict[str, Any]:
    """The filter for low ≤ field < high; None is no end."""
    return {field: {"$gte": low} if high is None else {"$gte": low, "$lt": high}}
