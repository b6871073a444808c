"""`make bench` runs every question, `make bench ONLY=ingest` one; prints tables, writes RESULTS.md and results.json."""

import argparse
import asyncio
import importlib
import inspect
import os
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Protocol, cast

from tests.bench import report
from tests.bench.figures import Figure, Goal, not_run
from tests.bench.house import Grounds

PROGRAMS = (
    "weight",
    "fanout",
    "ingest",
    "commands",
    "rules",
    "search",
    "latency",
    "outbound",
    "growth",
    "start",
    "memory",
    "mails",
    "mail",
    "roads",
    "telegram_bulk",
    "tagger",
)
MOST_S = 600.0  # for one program that names no other; on a quiet machine none needs half of it


class Program(Protocol):
    """A question: its docstring, what it answers, and how."""

    GOALS: tuple[Goal, ...]

    async def run(self, grounds: Grounds) -> list[Figure]: ...


def main() -> int:
    """0 when every must holds that was measured, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="run these; without a name, all")
    names = parser.parse_args().only or list(PROGRAMS)
    every = {name: _load(name) for name in PROGRAMS}
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        figures = asyncio.run(_all(names, every, Grounds(Path(folder))))
    print("\n" + report.table(figures))
    print(f"\n{report.machine()}; load average {os.getloadavg()[0]:.1f}; commit {report.commit()}")
    return 0 if all(report.row(one).holds is not False for one in figures) else 1


async def _all(names: list[str], every: dict[str, Program], grounds: Grounds) -> list[Figure]:
    me = asyncio.current_task()
    assert me is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)  # stop what was started, then end
    order = [(goal.issue, goal.what) for program in every.values() for goal in program.GOALS]
    report.write_json([not_run(goal) for goal in _never_run(every)], order)
    figures: list[Figure] = []
    for name in names:
        print(f"{name} …", flush=True)
        began = time.perf_counter()
        found = await _one(every[name], grounds)
        took = time.perf_counter() - began
        print(report.table(found) + f"\n({took:.0f} s)\n", flush=True)
        figures += found
        report.write_json(found, order)
        report.write_section(name, inspect.getdoc(every[name]) or "", found, took, list(every))
    return figures


def _never_run(every: dict[str, Program]) -> list[Goal]:
    known = report.known()
    return [goal for program in every.values() for goal in program.GOALS if (goal.issue, goal.what) not in known]


async def _one(program: Program, grounds: Grounds) -> list[Figure]:
    """Its figures; a program that fails or takes too long says so in their place and does not stop the others."""
    try:
        async with asyncio.timeout(getattr(program, "MOST_S", MOST_S)):
            return await program.run(grounds)
    except Exception as error:
        traceback.print_exc()
        return [not_run(goal, f"it failed: {type(error).__name__}: {error}"[:200]) for goal in program.GOALS]


def _load(name: str) -> Program:
    return cast("Program", importlib.import_module(f"tests.bench.{name}"))


if __name__ == "__main__":
    sys.exit(main())
