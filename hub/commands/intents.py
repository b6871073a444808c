"""`hub intents`: teach the tagger, measure it on a file of messages with known intents, go back to an earlier one."""

import argparse
import asyncio
import difflib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hub.commands.verbs import verb
from hub.embedded import join_or_start
from hub.intents import IntentList, rows_of
from hub.learning.lesson import Lesson, read_lesson
from hub.settings import Settings
from hub.store import open_store
from nlp.errors import BadExamples
from nlp.evaluate import Report, evaluate
from nlp.examples import Row, numbered, of_split, read_rows, shipped
from nlp.fold import fold
from nlp.intents import NAMES
from nlp.plan import PLAIN
from nlp.tagger import CURRENT, IntentLinear, Tagger, blank, load
from nlp.teach import teach
from nlp.train import Progress, fit, train_to
from nlp.versions import history, learnt, planned, rollback

HELP = "Teach the tagger, measure it on messages with known intents, or go back to an earlier model."
_FILES = "JSONL files to learn from instead of the shipped messages (the hub's data folder goes before the verb)"
_BAR = 24
_MISTAKES = 8
_SHOWN = 60  # characters of a name that nobody knows


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train|evaluate|export|import|rollback")
    train = verb(verbs, "train", "learn from messages and make the new model the current one")
    train.add_argument("--data", dest="files", type=Path, nargs="+", metavar="FILE", help=_FILES)
    _with_models(train)
    measure = verb(verbs, "evaluate", "print accuracy, macro-F1 and latency on a JSONL file")
    measure.add_argument("file", type=Path, metavar="FILE", help='lines of {"text", "intent"} or {"text", "label"}')
    measure.add_argument(
        "--train", type=Path, metavar="FILE", help="learn from this file first, without keeping the model"
    )
    measure.add_argument("--data", metavar="FOLDER", default=argparse.SUPPRESS, help="the hub's data folder")
    _with_models(measure)
    export = verb(verbs, "export", "write what the current model learnt from, as JSONL")
    export.add_argument("file", type=Path, nargs="?", metavar="FILE", help="where to (default: standard output)")
    _with_models(export)
    take = verb(verbs, "import", "learn messages beside the known ones; the new model serves if none is lost")
    take.add_argument("file", type=Path, metavar="FILE", help='lines of {"text", "intent"} or {"text", "label"}')
    _with_models(take)
    _with_models(verb(verbs, "rollback", "go back to the model that was current before"))


def _with_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--models", type=Path, metavar="DIR", help="where models are kept (default: models/ in the data)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    models: Path = args.models or settings.data / "models"
    match args.verb:
        case "train":
            return _train(args.files, models, None if args.files or args.models else said(settings))
        case "export":
            return _export(args.file, models)
        case "import":
            return _import(args.file, models, None if args.models else said(settings))
        case "rollback":
            print(f"{rollback(models)} is the current model in {models} again")
            return 0
        case _:
            return _evaluate(args.file, args.train, models)


def said(settings: Settings) -> Lesson | None:
    """What people said in the settings, from the ledger; None where no hub ran yet. Raises StoreDown."""
    if settings.mongo_url is None and not (settings.data / "run.json").exists():
        return None
    return asyncio.run(_said(settings))


async def _said(settings: Settings) -> Lesson:
    async with join_or_start(settings) as stores, open_store(stores.urls.mongo) as store:
        return await read_lesson(store)


def _train(files: Sequence[Path] | None, models: Path, lesson: Lesson | None) -> int:
    rows = [row for path in files for row in read_rows(path)] if files else shipped()
    own, plan = (rows_of(lesson.examples), lesson.plan) if lesson else ([], PLAIN)
    began = time.monotonic()
    rows = [*rows, *own]
    version = train_to(models, of_split(rows, "train"), progress(), plan=plan)
    print(f"{version} is the current model in {models} ({len(rows):,} messages, {time.monotonic() - began:.1f} s)")
    return 0


def _export(file: Path | None, models: Path) -> int:
    text = b"".join(msgspec.json.encode(row) + b"\n" for row in (learnt(models) if history(models) else shipped()))
    if file is None:
        sys.stdout.buffer.write(text)
    else:
        try:
            file.write_bytes(text)
        except OSError as why:
            raise BadExamples(f"{file} cannot be written: {why}") from why
        print(f"{len(text.splitlines()):,} messages in {file}")
    return 0


def _import(file: Path, models: Path, lesson: Lesson | None) -> int:
    """0 when the new model serves, 1 when it lost too much and the old one stays."""
    lines = numbered(file)
    if not lines:
        raise BadExamples(f"{file} has no messages to learn from")
    current(models)
    known = {*NAMES, *(row.intent for row in learnt(models))}
    rows = _named(file, lines, known, lesson.intents if lesson else IntentList())
    own, plan = (rows_of(lesson.examples), lesson.plan) if lesson else ([], None)
    found = teach(models, [*rows, *own], progress(), plan=plan)
    before, after = found.verdict.before, found.verdict.after
    print(f"{len(rows):,} messages; right out of fold: {before.right:.1%} before, {after.right:.1%} after")
    print(f"without diacritics: {before.bare:.1%} before, {after.bare:.1%} after")
    for name, fresh in found.verdict.fresh.items():
        print(f"new   {name}: {fresh.right:.1%} of {fresh.rows} messages, {fresh.bare:.1%} without diacritics")
    for line in found.verdict.against:
        print(f"lost  {line}")
    if not found.verdict.passed:
        print("The old model stays. The new one is kept beside it; correct the messages and import again.")
        return 1
    print(f"{found.version} is the current model in {models}; back again with: hub intents rollback")
    return 0


def _named(file: Path, lines: dict[int, Row], known: set[str], shop: IntentList) -> list[Row]:
    """The rows under the names of intents; one may be called as it is shown. Raises BadExamples for a stranger."""
    shown = {fold(words).lower(): one.name for one in shop.all if one.stands for words in (one.vi, one.en)}
    rows = []
    for number, row in lines.items():
        name = row.intent if row.intent in known | shop.by_name.keys() else shown.get(fold(row.intent).lower())
        if name is None:
            near = difflib.get_close_matches(row.intent, [*sorted(known), *shown], 1)
            meant = f' Is "{near[0]}" meant?' if near else ""
            called = " ".join(row.intent.split())[:_SHOWN]
            raise BadExamples(
                f'{file}:{number}: there is no intent "{called}".{meant} '
                "Add it in the settings under Intents first, or name another one; nothing was learnt."
            )
        rows.append(msgspec.structs.replace(row, intent=name, own=False))
    return rows


def _evaluate(file: Path, learn_from: Path | None, models: Path) -> int:
    rows = of_split(read_rows(file), "test")
    if not rows:
        raise BadExamples(f"{file} has no messages to measure on")
    tagger = _throwaway(of_split(read_rows(learn_from), "train")) if learn_from else current(models)
    plan = PLAIN if learn_from else planned(models)
    rows = [msgspec.structs.replace(row, intent=plan.now(row.intent)) for row in rows]
    print(page(evaluate(tagger, rows), tagger.version))
    return 0


def _throwaway(rows: Sequence[Row]) -> Tagger:
    pipeline = blank()
    component = pipeline.get_pipe("intent_linear")
    assert isinstance(component, IntentLinear)
    component.heads = fit(rows, progress())
    return Tagger(pipeline, "throwaway")


def current(models: Path) -> Tagger:
    """The current model; on a machine that has none yet, the shipped messages are learnt first (a few seconds)."""
    if not (models / CURRENT).exists():
        print(f"There is no model in {models} yet: learning the shipped messages.", file=sys.stderr)
        train_to(models, progress=progress())
    return load(models)


def progress() -> Progress:
    """A bar that moves on a terminal; elsewhere a line for each step, both on standard error."""
    return _bar if sys.stderr.isatty() else _line


def _bar(share: float, what: str) -> None:
    filled = round(share * _BAR)
    end = "\n" if share >= 1 else ""
    print(f"\r{'█' * filled}{'·' * (_BAR - filled)} {share:4.0%} {what:<20}", end=end, file=sys.stderr, flush=True)


def _line(share: float, what: str) -> None:
    print(f"{share:4.0%} {what}", file=sys.stderr, flush=True)


def page(report: Report, version: str) -> str:
    """The figures for people, one a line; `accuracy`, `macro_f1` and `latency` are the words scripts look for."""
    lines = [
        f"model      {version}",
        f"messages   {report.rows:,} ({report.outside:,} of no known intent)",
        f"accuracy   {report.accuracy:.1%} (best guess without abstaining {report.best_guess:.1%})",
        f"macro_f1   {report.macro_f1:.3f}",
        f"calibration error {report.calibration_error:.3f}",
        f"certain    {report.routed:.1%} of messages, {report.routed_right:.1%} of them right",
        f"latency    p50 {report.p50_ms:.2f} ms, p99 {report.p99_ms:.2f} ms of CPU",
        f"batches    {report.per_second:,.0f} messages a second of CPU",
        *_outside(report),
    ]
    most = list(report.mistakes.items())[:_MISTAKES]
    return "\n".join(lines + (["most often wrong"] if most else []) + [f"  {times:3}  {pair}" for pair, times in most])


def _outside(report: Report) -> list[str]:
    if report.outside_caught is None:
        return []
    scores = ""
    if report.outside_auroc is not None and report.outside_recall is not None:
        scores = f", AUROC {report.outside_auroc:.3f}, recall at 95 % kept {report.outside_recall:.3f}"
    return [f"unknown    {report.outside_caught:.1%} caught{scores}"]
