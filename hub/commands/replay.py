"""`hub replay`: runs kept arrivals again, and changes nothing that was right.

Each arrival is understood again by its channel as it is today. Whose messages stand in the log, under their numbers,
is right and is left alone; only what is missing there, or waits in quarantine, goes through intake once more.
"""

import argparse
import asyncio
import datetime as dt
import sys
from collections.abc import AsyncIterator, Sequence

import msgspec

from hub import logs
from hub.arrivals.door import NUDGE
from hub.clock import utc_now
from hub.commands.helping import Help, helping
from hub.commands.proof import Proof, Verdict, judge
from hub.commands.rooms import Rooms, open_rooms
from hub.embedded import join_or_start
from hub.errors import BadInput, NotFound
from hub.events import quarantine_changed
from hub.model import Arrival
from hub.settings import Settings
from hub.store.windows import BEGINNING, by_time

HELP = "Run kept arrivals again: what is missing in the log is logged, what was right stays as it is."
AT_ONCE = 200
AGAIN: tuple[Verdict, ...] = ("missing", "quarantined")  # what goes through intake once more


class Tally(msgspec.Struct, kw_only=True):
    """What a run found; all in arrivals."""

    read: int = 0
    right: int = 0
    waiting: int = 0
    aside: int = 0
    unreadable: int = 0
    again: int = 0
    logged: int = 0
    quarantined: int = 0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--since", metavar="ISO", help="only what came since then, such as 2026-11-01 or 2026-11-01T08:00"
    )
    parser.add_argument("--account", metavar="ID", help="only what this account received")
    parser.add_argument("--quarantined", action="store_true", help="only what is in quarantine")
    parser.add_argument("--dry-run", action="store_true", help="look and count, change nothing")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0, also when something stays in quarantine: the last line says so."""
    logs.configure("warning", settings.log_format)
    since = _since(args.since)
    tally = asyncio.run(_replay(settings, since, args.account, args.quarantined, args.dry_run))
    print(told(tally, args.dry_run))
    return 0


def told(tally: Tally, dry: bool) -> str:
    """The result for people, one line a figure."""
    again = "would be run again" if dry else "run again"
    lines = [
        f"{tally.read} arrivals read",
        f"{tally.right} already right",
        f"{tally.again} {again}" if dry else f"{tally.logged} logged anew",
        f"{tally.quarantined} {'in' if dry else 'still in'} quarantine",
        f"{tally.waiting} wait for a worker" if tally.waiting else "",
        f"{tally.aside} set aside by a person" if tally.aside else "",
        f"{tally.unreadable} done, but not understood any more" if tally.unreadable else "",
    ]
    return "\n".join(f"  {line}" for line in lines if line)


async def _replay(settings: Settings, since: dt.datetime, account: str | None, held: bool, dry: bool) -> Tally:
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
        helping(rooms) as help_,
    ):
        if account is not None and await rooms.accounts.get(account) is None:
            raise NotFound(f"There is no account {account!r}; the settings page lists them.")
        return await replay(rooms, help_, since, account, only_quarantined=held, dry=dry)


async def replay(
    rooms: Rooms, help_: Help, since: dt.datetime, account: str | None, *, only_quarantined: bool, dry: bool
) -> Tally:
    """Read, judge, and let intake do again what is not right. Raises StoreDown."""
    tally = Tally()
    async for batch in _batches(rooms, since, only_quarantined):
        chosen = [one for one in batch if account in (None, one.account)]
        await _batch(rooms, help_, chosen, tally, dry)
        _progress(tally)
    return tally


async def _batches(rooms: Rooms, since: dt.datetime, only_quarantined: bool) -> AsyncIterator[Sequence[Arrival]]:
    """Everything that was there when the run began, in bounded batches: what it puts back comes not again."""
    if only_quarantined:
        yield [one for one in await rooms.store.arrivals.quarantined() if one.at >= since]
        return
    async for window in by_time(rooms.store.arrivals.between, since, utc_now()):
        for start in range(0, len(window), AT_ONCE):
            yield window[start : start + AT_ONCE]


async def _batch(rooms: Rooms, help_: Help, batch: Sequence[Arrival], tally: Tally, dry: bool) -> None:
    proofs = await judge(rooms, batch)
    count = {verdict: sum(one.verdict == verdict for one in proofs) for verdict in {one.verdict for one in proofs}}
    tally.read += len(proofs)
    tally.right += count.get("right", 0)
    tally.waiting += count.get("waiting", 0)
    tally.aside += count.get("aside", 0)
    tally.unreadable += count.get("unreadable", 0)
    again = [one.arrival for one in proofs if one.verdict in AGAIN]
    tally.again += len(again)
    if dry:
        tally.quarantined += count.get("quarantined", 0)
    elif again:
        await _run_again(rooms, help_, again, tally)


async def _run_again(rooms: Rooms, help_: Help, arrivals: list[Arrival], tally: Tally) -> None:
    ids = [one.id for one in arrivals]
    await rooms.store.arrivals.release(arrivals, utc_now())
    await rooms.bus.nudge(NUDGE, {one.lane for one in arrivals})

    async def taken_in() -> bool:
        found = await rooms.store.arrivals.by_ids(ids)
        return all(one.state != "new" for one in found.values())

    await help_.until(taken_in, f"{len(ids)} arrivals are put back, but not taken in")
    await rooms.announcer.announce([quarantine_changed()], utc_now())
    after: list[Proof] = await judge(rooms, list((await rooms.store.arrivals.by_ids(ids)).values()))
    held = sum(one.verdict == "quarantined" for one in after)
    tally.quarantined += held
    tally.logged += len(after) - held


def _since(text: str | None) -> dt.datetime:
    if text is None:
        return BEGINNING
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--since {text} is no time; it should look like 2026-11-01 or 2026-11-01T08:00.") from error
    return at.astimezone(dt.UTC)  # without an offset: this machine's own time


def _progress(tally: Tally) -> None:
    if sys.stderr.isatty():
        print(f"\r  {tally.read} read, {tally.logged} logged anew …", end="\r", file=sys.stderr, flush=True)
