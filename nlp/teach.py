"""Teaching by correcting: what a model learnt, with what agents corrected, makes a candidate and its verdict.

`python -m nlp.teach MODELS_DIR CORRECTIONS.jsonl` runs in its own niced process: progress as JSON lines on standard
output, at last {"version", "passed", "verdict"}. The candidate becomes current only when the gate holds.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from nlp.errors import NlpError
from nlp.examples import Row, read_rows
from nlp.gate import Judged, Verdict, judge
from nlp.heads import Heads
from nlp.train import (
    FOLDS,
    Progress,
    Table,
    fit_fold,
    fit_table,
    known,
    labels_of,
    quiet,
    score,
    version_of,
    write_line,
)
from nlp.versions import learnt, make_current, put


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was learnt and not put into use: what it learnt from, and how it compares with the one before."""

    version: str
    rows: list[Row]
    heads: Heads
    verdict: Verdict


def train(examples: Sequence[Row], corrections: Iterable[Row], progress: Progress = quiet, heads: int = 2) -> Candidate:
    """Learn `examples` with `corrections`, and judge that against learning `examples` alone.

    Both are judged by their linear heads on every row out of fold, as written and without diacritics; the second head
    is learnt the same way in both. Raises TooFewExamples.
    """
    rows = merged(known(examples), known(list(corrections)))
    labels = labels_of(rows)
    table = Table(rows, labels)
    model, scores = fit_table(table, labels, lambda share, what: progress(share * 0.8, what), heads)
    progress(0.8, "judging")
    before = _before(table, {_name(row): row.intent for row in known(examples)})
    after = scores.argmax(axis=1) == table.label
    truth = [row.intent for row in rows]
    verdict = judge(truth, _judged(table, before), _judged(table, after))
    return Candidate(version=version_of(rows, heads), rows=rows, heads=model, verdict=verdict)


def merged(examples: Sequence[Row], corrections: Sequence[Row]) -> list[Row]:
    """The examples, then the corrections; of one text the latest word counts."""
    latest = {_name(row): row for row in corrections}
    return [row for row in examples if _name(row) not in latest] + list(latest.values())


def _name(row: Row) -> str:
    return " ".join(row.text.lower().split())


def _before(table: Table, taught: dict[str, str]) -> npt.NDArray[np.bool_]:
    """Which lines of the table the old teaching gets right, each by a model that saw neither it nor its twins."""
    mine = np.array([_name(row) in taught for row in table.rows])
    old = [Row(text=row.text, intent=taught[_name(row)], twin=row.twin) for row in table.rows if _name(row) in taught]
    labels = labels_of(old)
    past = Table(old, labels, table.fold[mine])
    right = np.zeros(len(table.own), dtype=bool)
    for number in range(FOLDS):
        fitted = fit_fold(past, number)
        lines = np.flatnonzero((table.fold == number)[table.own])
        if fitted is None or not len(lines):
            continue
        given = score(table, lines, fitted).argmax(axis=1)
        truth = [table.rows[row].intent for row in table.own[lines]]
        right[lines] = [labels[place] == name for place, name in zip(given, truth, strict=True)]
    return right


def _judged(table: Table, right: npt.NDArray[np.bool_]) -> Judged:
    """As written, and without diacritics: a row that has none to lose is its own copy."""
    bare = right[: table.count].copy()
    bare[table.own[table.count :]] = right[table.count :]
    return Judged(right=right[: table.count], bare=bare)


def teach(models: Path, corrections: Iterable[Row], progress: Progress = quiet, heads: int = 2) -> Candidate:
    """Train on what the current model learnt and the corrections; the candidate serves when its gate holds.

    It is kept beside the others in either case. Raises BrokenModel without a current model, TooFewExamples, OSError.
    """
    candidate = train(learnt(models), corrections, progress, heads)
    put(models, candidate.version, candidate.heads, candidate.rows)
    told = msgspec.json.format(msgspec.json.encode(candidate.verdict))
    (models / candidate.version / "verdict.json").write_bytes(told + b"\n")
    if candidate.verdict.passed:
        make_current(models, candidate.version)
    return candidate


def main(arguments: Sequence[str]) -> int:
    """0 when the candidate serves, 3 when its gate did not hold, 1 for what could not be read, 2 for wrong usage."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m nlp.teach MODELS_DIR CORRECTIONS.jsonl\n")
        return 2
    try:
        found = teach(Path(arguments[0]), read_rows(Path(arguments[1])), _say)
    except (NlpError, OSError) as why:
        sys.stderr.write(f"{why}\n")
        return 1
    write_line({"version": found.version, "passed": found.verdict.passed, "verdict": found.verdict})
    return 0 if found.verdict.passed else 3


def _say(share: float, what: str) -> None:
    write_line({"progress": round(share, 3), "what": what})


if __name__ == "__main__":
    os.nice(10)
    sys.exit(main(sys.argv[1:]))
