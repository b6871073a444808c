"""Writes down what a run found: the table on the terminal, RESULTS.md for people, results.json for programs.

Each program has its own section and its own rows, so that running one replaces what it measured and nothing else.
"""

import datetime as dt
import os
import platform
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.bench.figures import Figure, Row, asked, row

HERE = Path(__file__).resolve().parent
RESULTS_MD, RESULTS_JSON = HERE / "RESULTS.md", HERE / "results.json"
PREFACE = """# Results

Written by `make bench`; every section says when, at which commit and under which load it was measured. Values are
medians of the readings of one run; ratios were taken inside one run, beside the denominators that the same run
measured: **R** journaled single inserts a second by 32 writers through raw Motor, **P** the median of one such insert
alone, **W(n)** what bare aiohttp delivers to n sockets. Absolute figures are this machine's at that moment.
"""


class Results(msgspec.Struct, kw_only=True):
    """results.json."""

    commit: str
    machine: str
    rows: list[Row]


def commit() -> str:
    """The commit that is measured; "+" when the checkout differs from it."""
    try:
        name = _git("rev-parse", "--short=12", "HEAD")
        return name + ("+" if _git("status", "--porcelain", "--", "hub", "channels", "nlp", "inbox_web") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=HERE, check=True, capture_output=True, text=True).stdout.strip()


def machine() -> str:
    """Processor, memory, system, Python."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    return (
        f"{cpu.group(1) if cpu else platform.machine()}, {os.cpu_count()} cores, {memory_kb / 1e6:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def table(figures: Sequence[Figure]) -> str:
    """For a terminal."""
    lines = [f"{'what':<74} {'value':>9} {'unit':<10} {'must':>8} {'aim':>8}  holds"]
    for figure in figures:
        goal, value = figure.goal, figure.value
        shown = "-" if value is None else f"{value:.4g}"
        must, aim = asked(goal, goal.must) or "", asked(goal, goal.aim) or ""
        lines.append(f"{goal.what:<74} {shown:>9} {goal.unit:<10} {must:>8} {aim:>8}  {_verdict(figure)}")
        if figure.beside:
            lines.append("    " + ", ".join(f"{name} {said}" for name, said in figure.beside.items()))
        if figure.why:
            lines.append(f"    {figure.why}")
    return "\n".join(lines)


def _verdict(figure: Figure) -> str:
    judged = row(figure)
    if judged.value is None:
        return "not run"
    if judged.holds is None:
        return {True: "the aim", False: "not the aim", None: ""}[judged.aim_holds]
    if judged.aim_holds:
        return "yes, and the aim"
    return "yes" if judged.holds else "NO"


# -- the files --------------------------------------------------------------------------------------------------------


def write_json(figures: Sequence[Figure], order: Sequence[tuple[str, str]]) -> None:
    """Replace these figures' rows, keep the others' that still exist; `order` names them all (issue, what)."""
    rows = known()
    rows |= {(figure.goal.issue, figure.goal.what): row(figure) for figure in figures}
    results = Results(commit=commit(), machine=machine(), rows=[rows[key] for key in order if key in rows])
    RESULTS_JSON.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


def known() -> dict[tuple[str, str], Row]:
    """The rows that are written down, by issue and what."""
    try:
        rows = msgspec.json.decode(RESULTS_JSON.read_bytes(), type=Results).rows
    except (FileNotFoundError, msgspec.DecodeError):
        return {}
    return {(one.issue, one.what): one for one in rows}


def write_section(name: str, question: str, figures: Sequence[Figure], took_s: float, order: Sequence[str]) -> None:
    """Replace one program's section."""
    sections = _sections() | {name: _section(name, question, figures, took_s)}
    RESULTS_MD.write_text(PREFACE + "".join(f"\n{sections[one]}" for one in order if one in sections))


def _sections() -> dict[str, str]:
    if not RESULTS_MD.exists():
        return {}
    parts = re.split(r"^## ", RESULTS_MD.read_text(), flags=re.MULTILINE)[1:]
    return {part.split("\n", 1)[0].strip(): f"## {part.rstrip()}\n" for part in parts}


def _section(name: str, question: str, figures: Sequence[Figure], took_s: float) -> str:
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    lines = [
        f"## {name}",
        "",
        question,
        "",
        f"{now}, commit {commit()}, {machine()}; load average {load}; took {took_s:.0f} s.",
        "",
        "| what | value | min … max | unit | must | aim | holds | beside |",
        "|---|---|---|---|---|---|---|---|",
        *(_line(figure) for figure in figures),
    ]
    return "\n".join(lines) + "\n"


def _line(figure: Figure) -> str:
    goal, value = figure.goal, figure.value
    span = (
        f"{min(figure.readings):.4g} … {max(figure.readings):.4g} ({len(figure.readings)})" if figure.readings else ""
    )
    beside = ", ".join(f"{name} {said}" for name, said in figure.beside.items())
    cells = [
        goal.what,
        "-" if value is None else f"{value:.4g}",
        span,
        goal.unit,
        asked(goal, goal.must) or "",
        asked(goal, goal.aim) or "",
        _verdict(figure),
        figure.why or beside,
    ]
    return "| " + " | ".join(cells) + " |"
