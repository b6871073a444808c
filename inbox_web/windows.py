"""Pages of growing sets without sorting them: time windows that grow until they hold enough.

The embedded database reads every match before it applies a limit, so a list is read as a window of its index.
"""

import base64
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from hub.errors import BadInput

T = TypeVar("T")

FIRST = dt.timedelta(minutes=5)
GROWTH = 4
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # nothing is older, imported mail included
MS = dt.timedelta(milliseconds=1)

Fetch = Callable[[dt.datetime, dt.datetime], Awaitable[Sequence[T]]]


async def newest(
    fetch: Fetch[T], before: dt.datetime, most: int, keep: Callable[[T], bool] = lambda _: True
) -> list[T]:
    """The newest `most` that `keep` likes, before a time; `fetch` answers [since, before) newest first."""
    found: list[T] = []
    width, until = FIRST, before
    while len(found) < most and until > BEGINNING:
        since = max(until - width, BEGINNING)
        found += [one for one in await fetch(since, until) if keep(one)]
        until, width = since, width * GROWTH
    return found[:most]


def cursor_of(at: dt.datetime, id_: str) -> str:
    """Where the next page begins: behind this row."""
    ms = int(at.timestamp() * 1000)
    return base64.urlsafe_b64encode(f"{ms}:{id_}".encode()).rstrip(b"=").decode()


def read_cursor(cursor: str) -> tuple[dt.datetime, str]:
    """Raises BadInput when the cursor is none of ours."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        ms, _, id_ = text.partition(":")
        return dt.datetime.fromtimestamp(int(ms) / 1000, dt.UTC), id_
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput("This cursor is not one of ours; begin again without it.", "cursor") from error
