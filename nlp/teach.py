"""Teaching by correcting: what a model learnt, with what agents corrected, makes a candidate and its verdict.

`python -m nlp.teach MODELS_DIR CORRECTIONS.jsonl [PLAN.json]` runs in its own niced process: progress as JSON lines on
standard output, at last {"version", "passed", "verdict"}. The candidate becomes current only when the gate holds. With
a plan, the lines with `"own": true` are the owner's examples, all of them; without, plan and examples stay as they are.
"""

import os
import sys
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from nlp.errors import BadExamples, BrokenModel, NlpError
from nlp.examples import Row, read_rows, same
from nlp.features import Floats
from nlp.gate import Judged, Right, Verdict, judge
from nlp.heads import Heads
from nlp.heads import read as read_heads
from nlp.plan import OUTSIDE, PLAIN, Plan, applied, pooled, taught
from nlp.served import Scored, compared, held
from nlp.train import (
    FOLDS,
    HELD,
    LEAST_PER_INTENT,
    Progress,
    Table,
    fit_fold,
    fit_table,
    labels_of,
    quiet,
    score,
    version_of,
    write_line,
)
from nlp.versions import COMPONENT, current_version, learnt, make_current, planned, put


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was learnt and not put into use: what it learnt from, and how it compares with the one before.

    `rows` have the names that they came with; `plan` says what each counts for.
    """

    version: str
    rows: list[Row]
    heads: Heads
    verdict: Verdict
    plan: Plan = PLAIN


def train(
    examples: Sequence[Row],
    corrections: Iterable[Row],
    progress: Progress = quiet,
    heads: int = 2,
    *,
    former: Plan = PLAIN,
    plan: Plan | None = None,
    serving: Heads | None = None,
) -> Candidate:
    """Learn `examples` with `corrections` by `plan`, and judge that against learning `examples` alone by the `former`.

    Both are judged by their linear heads on every row out of fold, as written and without diacritics; where one has
    both heads also as they serve, on what neither learnt. `serving` is the model of the former. Raises TooFewExamples.
    """
    pool = pooled(examples, list(corrections), anew=plan is not None)
    plan = former if plan is None else plan
    rows = applied(pool, plan)
    labels = labels_of(rows)
    table = Table(rows, labels)
    model, scores = fit_table(table, labels, lambda share, what: progress(share * 0.8, what), heads)
    progress(0.8, "judging")
    old = taught(examples, former)
    both = {plan.now(name) for name in old.values()} & set(labels)
    back = _back(examples, former, plan) - both
    past = _before(table, {text: name for text, name in old.items() if plan.now(name) in both}, plan)
    after = _after(table, scores, np.isin(labels, list(both)), np.isin(labels, list(back)))
    verdict = judge(
        [row.intent for row in rows],
        _judged(table, past.right),
        _judged(table, after.right),
        both,
        _judged(table, after.taken),
        _judged(table, after.back),
    )
    verdict = msgspec.structs.replace(verdict, gone=_gone(old, plan, both))
    if serving is not None and past.held is not None and (serving.second or model.second):
        verdict = compared(
            verdict,
            table,
            Scored(serving, past.labels, past.held),
            Scored(model, labels, scores[held(table)]),
            examples=examples,
            former=former,
            plan=plan,
            both=both,
            back=back,
        )
    return Candidate(version=version_of(pool, heads, plan), rows=pool, heads=model, verdict=verdict, plan=plan)


class _After(NamedTuple):
    """Which lines the new teaching gets right; which of them it would, did they not go to a fresh intent, or back."""

    right: Right
    taken: Right
    back: Right


def _after(table: Table, scores: Floats, is_old: Right, is_back: Right) -> _After:
    """Judge a line of an intent that the old one knows as if nothing came back: that has limits of its own."""
    best = scores.argmax(axis=1)
    among = np.where(is_back, -np.inf, scores).argmax(axis=1)
    old = np.where(is_old, scores, -np.inf).argmax(axis=1)
    known = is_old[table.label]
    right = np.where(known, among, best) == table.label
    return _After(right=right, taken=known & (old == table.label) & ~is_old[best], back=known & right & is_back[best])


def _back(examples: Sequence[Row], former: Plan, plan: Plan) -> set[str]:
    """The intents whose messages the former model kept and did not teach as such: merged ones and those off."""
    kept = {row.intent for row in examples if row.intent not in OUTSIDE}
    return {plan.now(name) for name in kept if former.now(name) != name}


def _gone(old: Mapping[str, str], plan: Plan, both: Collection[str]) -> dict[str, int]:
    """How many messages the old model was taught of each intent that is taught no more."""
    return dict(sorted(Counter(name for name in old.values() if plan.now(name) not in both).items()))


class _Past(NamedTuple):
    """Which lines of a table the old teaching gets right; its scores of the held ones, None where it has none."""

    right: Right
    labels: tuple[str, ...] = ()
    held: Floats | None = None


def _before(table: Table, old: Mapping[str, str], plan: Plan) -> _Past:
    """Which lines of the table the old teaching gets right, each by a model that saw neither it nor its twins.

    What it says counts as what that counts for by `plan`. An intent with one message left could not be taught.
    """
    counts = Counter(old[same(row.text)] for row in table.rows if same(row.text) in old)
    mine = np.array([counts[old.get(same(row.text), "")] >= LEAST_PER_INTENT for row in table.rows])
    rows = [row for row, is_old in zip(table.rows, mine, strict=True) if is_old]
    right = np.zeros(len(table.own), dtype=bool)
    if len({old[same(row.text)] for row in rows}) < 2:
        return _Past(right)
    past_rows = [Row(text=row.text, intent=old[same(row.text)], twin=row.twin) for row in rows]
    labels = labels_of(past_rows)
    past = Table(past_rows, labels, table.fold[mine])
    unseen: Floats | None = None
    for number in range(FOLDS):
        fitted = fit_fold(past, number)
        lines = np.flatnonzero((table.fold == number)[table.own])
        if fitted is None or not len(lines):
            continue
        scores = score(table, lines, fitted)
        unseen = scores if number == HELD else unseen
        given = scores.argmax(axis=1)
        truth = [table.rows[row].intent for row in table.own[lines]]
        right[lines] = [plan.now(labels[place]) == name for place, name in zip(given, truth, strict=True)]
    return _Past(right, labels, unseen)


def _judged(table: Table, right: Right) -> Judged:
    """As written, and without diacritics: a row that has none to lose is its own copy."""
    bare = right[: table.count].copy()
    bare[table.own[table.count :]] = right[table.count :]
    return Judged(right=right[: table.count], bare=bare)


def teach(
    models: Path,
    corrections: Iterable[Row],
    progress: Progress = quiet,
    heads: int = 2,
    plan: Plan | None = None,
) -> Candidate:
    """Train on what the current model learnt and the corrections; the candidate serves when its gate holds.

    It is kept beside the others in either case. Without a `plan` the former one holds on, and the owner's examples are
    those that were taught. Raises BrokenModel without a current model, TooFewExamples, OSError.
    """
    former, serving = planned(models), _serving(models)
    candidate = train(learnt(models), corrections, progress, heads, former=former, plan=plan, serving=serving)
    put(models, candidate.version, candidate.heads, candidate.rows, candidate.plan)
    told = msgspec.json.format(msgspec.json.encode(candidate.verdict))
    (models / candidate.version / "verdict.json").write_bytes(told + b"\n")
    if candidate.verdict.passed:
        make_current(models, candidate.version)
    return candidate


def _serving(models: Path) -> Heads | None:
    """The current model; None when it is damaged: then only what it was taught can be compared."""
    try:
        return read_heads(models / current_version(models) / COMPONENT)
    except (BrokenModel, zlib.error):
        return None


def main(arguments: Sequence[str]) -> int:
    """0 when the candidate serves, 3 when its gate did not hold, 1 for what could not be read, 2 for wrong usage."""
    if len(arguments) not in (2, 3):
        sys.stderr.write("usage: python -m nlp.teach MODELS_DIR CORRECTIONS.jsonl [PLAN.json]\n")
        return 2
    models, corrections, *plans = (Path(one) for one in arguments)
    try:
        plan = read_plan(plans[0]) if plans else None
        found = teach(models, read_rows(corrections), _say, plan=plan)
    except (NlpError, OSError) as why:
        sys.stderr.write(f"{why}\n")
        return 1
    write_line({"version": found.version, "passed": found.verdict.passed, "verdict": found.verdict})
    return 0 if found.verdict.passed else 3


def read_plan(path: Path) -> Plan:
    """The plan of a file. Raises BadExamples."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Plan)
    except (OSError, msgspec.MsgspecError) as why:
        raise BadExamples(f"{path} is no plan of intents: {why}") from why


def _say(share: float, what: str) -> None:
    write_line({"progress": round(share, 3), "what": what})


if __name__ == "__main__":
    os.nice(10)
    sys.exit(main(sys.argv[1:]))
