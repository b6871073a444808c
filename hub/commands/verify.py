"""`hub verify`: proves that what was found is stored, and that what is stored is shown.

Found: every kept arrival names messages that stand in the log. Stored: every conversation's numbers run from 1 to its
head, each once. Shown: no entry stands behind its head, and the event log that browsers follow has no gap. It reads in
windows and changes nothing; on a hub that runs, what looks wrong is looked at again a moment later.
"""

import argparse
import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import msgspec

from hub import logs
from hub.clock import utc_now
from hub.commands.proof import Proof, judge
from hub.commands.rooms import Rooms, open_rooms
from hub.embedded import join_or_start
from hub.model import Conversation, ConversationId
from hub.settings import Settings
from hub.store.windows import BEGINNING, by_time, spans

HELP = "Prove that what arrived is stored and shown: arrivals, messages, conversations and events fit together."
AT_ONCE = 200
ENTRIES_AT_ONCE = 2000
EVENTS_AT_ONCE = 1024
SETTLE_S = 1.0  # what is on its way has come by then
MOST_SHOWN = 20


class Counts(msgspec.Struct, kw_only=True):
    """One account's figures: arrivals by what became of them, then what the log has."""

    arrivals: int = 0
    done: int = 0
    logged: int = 0
    new: int = 0
    quarantined: int = 0
    named: int = 0
    found: int = 0
    conversations: int = 0
    entries: int = 0


class Report(msgspec.Struct, kw_only=True):
    """Figures by account, and the first class of things that do not fit."""

    accounts: dict[str, Counts]
    events: int = 0
    what: str = ""
    wrong: list[str] = []


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has no options of its own."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 when everything fits, else 1 after the first kind of things that do not, with their ids."""
    logs.configure("warning", settings.log_format)
    report = asyncio.run(_verify(settings))
    print(table(report))
    if not report.wrong:
        print("\nFound = stored = shown: everything fits together.")
        return 0
    more = len(report.wrong) - MOST_SHOWN
    print(f"\n{len(report.wrong)} {report.what}:", file=sys.stderr)
    for line in [*report.wrong[:MOST_SHOWN], *([f"… and {more} more"] if more > 0 else [])]:
        print(f"  {line}", file=sys.stderr)
    return 1


def table(report: Report) -> str:
    """The figures, one account a line."""
    names = [info.name for info in msgspec.structs.fields(Counts)]
    rows = [
        [account, *(str(getattr(counts, name)) for name in names)]
        for account, counts in sorted(report.accounts.items())
    ]
    cells = [["account", *names], *rows]
    wide = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = (
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, wide, strict=True))
        )
        for row in cells
    )
    return "\n".join([*lines, f"events kept: {report.events}"])


async def _verify(settings: Settings) -> Report:
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        return await verify(rooms)


async def verify(rooms: Rooms) -> Report:
    """Look at everything; the looking ends with the first class that has something wrong. Raises StoreDown."""
    report = Report(accounts=defaultdict(Counts, {one.id: Counts() for one in await rooms.accounts.all()}))
    for what, look in (
        ("arrivals are done, but messages that they name are not in the log", _arrivals),
        ("conversations have gaps, doubles or entries behind their head", _conversations),
        ("places in the event log where browsers would lose their way", _events),
    ):
        report.wrong = await look(rooms, report)
        if report.wrong:
            report.what = what
            break
    return report


# -- found = stored ---------------------------------------------------------------------------------------------------


async def _arrivals(rooms: Rooms, report: Report) -> list[str]:
    suspects: list[Proof] = []
    read = 0
    async for window in by_time(rooms.store.arrivals.between, BEGINNING, utc_now()):
        for start in range(0, len(window), AT_ONCE):
            proofs = await judge(rooms, window[start : start + AT_ONCE])
            suspects += [one for one in proofs if one.verdict == "missing"]
            _count(report, proofs)
        read += len(window)
        _progress(f"{read} arrivals")
    if suspects:
        await asyncio.sleep(SETTLE_S)
        ids = [one.arrival.id for one in suspects]
        again = await judge(rooms, list((await rooms.store.arrivals.by_ids(ids)).values()))
        suspects = [one for one in again if one.verdict == "missing"]
    return [f"{one.arrival.id}: {', '.join(one.missing)}" for one in suspects]


def _count(report: Report, proofs: Sequence[Proof]) -> None:
    for one in proofs:
        counts = report.accounts[one.arrival.account]
        counts.arrivals += 1
        setattr(counts, one.arrival.state, getattr(counts, one.arrival.state) + 1)
        counts.named += len(one.messages)
        counts.found += len(one.messages) - len(one.missing)


# -- stored = shown ---------------------------------------------------------------------------------------------------


async def _conversations(rooms: Rooms, report: Report) -> list[str]:
    suspects: list[Conversation] = []
    seen = 0
    async for batch in _batches(rooms):
        there = await _numbers(rooms, batch)
        for one in batch:
            counts = report.accounts[one.account]
            counts.conversations += 1
            counts.entries += len(there[one.id])
            if _wrong(one, there[one.id]):
                suspects.append(one)
        seen += len(batch)
        _progress(f"{seen} conversations")
    if suspects:
        await asyncio.sleep(SETTLE_S)
    return [line for one in suspects if (line := await _looked_at_again(rooms, one.id))]


async def _batches(rooms: Rooms) -> AsyncIterator[list[Conversation]]:
    """Conversations side by side until their entries are enough for one question."""
    batch, entries = list[Conversation](), 0
    for low, high in spans("c_"):
        for one in await rooms.store.conversations.of_span(low, high):
            batch.append(one)
            entries += one.head + 1
            if entries >= ENTRIES_AT_ONCE:
                yield batch
                batch, entries = [], 0
    if batch:
        yield batch


async def _numbers(rooms: Rooms, conversations: list[Conversation]) -> dict[ConversationId, list[int]]:
    """The numbers that each of them has in the log, some way behind its head included."""
    found: dict[ConversationId, list[int]] = {one.id: [] for one in conversations}
    top = max(one.head for one in conversations) + ENTRIES_AT_ONCE
    for low in range(0, top + 1, ENTRIES_AT_ONCE):
        ids = [one.id for one in conversations if low <= one.head + ENTRIES_AT_ONCE]
        for id_, seq, _ in await rooms.store.messages.numbers(ids, low, low + ENTRIES_AT_ONCE):
            found[id_].append(seq)
    return found


def _wrong(conversation: Conversation, numbers: list[int]) -> str:
    """What does not fit, "" when all does."""
    gaps = sorted(set(range(1, conversation.head + 1)) - set(numbers))
    behind = sorted(number for number in numbers if not 1 <= number <= conversation.head)
    doubles = len(numbers) - len(set(numbers))
    parts = [
        f"head {conversation.head}",
        f"missing {_few(gaps)}" if gaps else "",
        f"not shown {_few(behind)}" if behind else "",
        f"{doubles} doubles" if doubles else "",
    ]
    return ", ".join(part for part in parts if part) if gaps or behind or doubles else ""


async def _looked_at_again(rooms: Rooms, id_: ConversationId) -> str:
    conversation = await rooms.store.conversations.get(id_)
    if conversation is None:
        return ""
    wrong = _wrong(conversation, (await _numbers(rooms, [conversation]))[id_])
    return f"{id_}: {wrong}" if wrong else ""


def _few(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")


# -- shown to browsers ------------------------------------------------------------------------------------------------


async def _events(rooms: Rooms, report: Report) -> list[str]:
    """From the head down to the oldest that is kept, there is each number once."""
    head = await rooms.store.events.head()
    numbers: list[int] = []
    high = head + 1
    while high > 1:
        low = max(high - EVENTS_AT_ONCE, 1)
        window = await rooms.store.events.numbers(low, high)
        if not window:
            break
        numbers = window + numbers
        high = low
        _progress(f"{len(numbers)} events")
    report.events = len(numbers)
    return [f"after event {before} comes {after}" for before, after in pairwise(numbers) if after != before + 1]


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r  {what} looked at …   ", end="\r", file=sys.stderr, flush=True)
