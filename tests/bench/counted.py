"""`python -m tests.bench.counted …` is `hub …` with a listener on the driver: SIGUSR1 writes what was counted so far.

The counts go to `counts.json` in the working folder, by shape: command, collection, and the fields that its filters
name.
"""

import collections
import signal
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
from pymongo import monitoring

from hub.__main__ import main

COUNTS = Path("counts.json")
PROTOCOL = frozenset({"hello", "ismaster", "ping", "endSessions", "saslStart", "saslContinue", "authenticate"})


class Counter(monitoring.CommandListener):
    """Every command that leaves this process; `said` counts the single statements in them."""

    def __init__(self) -> None:
        self.counts: collections.Counter[str] = collections.Counter()
        self.said: collections.Counter[str] = collections.Counter()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name not in PROTOCOL:
            shape = _shape(event.command_name, event.command)
            self.counts[shape] += 1
            self.said[shape] += _statements(event.command)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to count."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """A failed one was counted when it started."""

    def write(self, _number: int, _frame: FrameType | None) -> None:
        """Replace the file in one step."""
        fresh = COUNTS.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode({"commands": dict(self.counts), "statements": dict(self.said)}))
        fresh.replace(COUNTS)


def _shape(name: str, command: Mapping[str, Any]) -> str:
    filters: list[Any] = [command.get("filter")]
    for statement in (*command.get("updates", ()), *command.get("deletes", ())):
        filters.append(statement.get("q"))
    return f"{name} {command.get(name)} {{{', '.join(_fields(filters))}}}"


def _fields(filters: Iterable[Any]) -> list[str]:
    return sorted({field for one in filters if isinstance(one, Mapping) for field in one})


def _statements(command: Mapping[str, Any]) -> int:
    return max((len(command[name]) for name in ("documents", "updates", "deletes") if name in command), default=1)


if __name__ == "__main__":
    counter = Counter()
    monitoring.register(counter)
    signal.signal(signal.SIGUSR1, counter.write)
    sys.exit(main())
