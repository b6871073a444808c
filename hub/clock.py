"""The clock: aware UTC, cut to milliseconds, as the ledger keeps it. An argument everywhere below floor 5."""

import datetime as dt


def utc_now() -> dt.datetime:
    """This moment."""
    now = dt.datetime.now(dt.UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
