"""`hub intents`: train the tagger, or measure one on a file of messages with known intents."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hub.settings import Settings
from nlp.errors import BadExamples
from nlp.evaluate import Report, evaluate
from nlp.examples import Row, of_split, read_rows, shipped
from nlp.tagger import CURRENT, IntentLinear, Tagger, blank, load
from nlp.train import Progress, fit, train_to

HELP = "Train the tagger, or measure it on a JSONL file of messages with known intents."
_FILES = "JSONL files to learn from instead of the shipped messages (the hub's data folder goes before the verb)"
_BAR = 24
_MISTAKES = 8


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="train|evaluate")
    train = verbs.add_parser("train", help="learn from messages and make the new model the current one")
    train.add_argument("--data", dest="files", type=Path, nargs="+", metavar="FILE", help=_FILES)
    _with_models(train)
    measure = verbs.add_parser("evaluate", help="print accuracy, macro-F1 and latency on a JSONL file")
    measure.add_argument("file", type=Path, metavar="FILE", help='lines of {"text", "intent"} or {"text", "label"}')
    measure.add_argument(
        "--train", type=Path, metavar="FILE", help="learn from this file first, without keeping the model"
    )
    measure.add_argument("--data", metavar="FOLDER", default=argparse.SUPPRESS, help="the hub's data folder")
    _with_models(measure)


def _with_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--models", type=Path, metavar="DIR", help="where models are kept (default: models/ in the data)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    models: Path = args.models or settings.data / "models"
    if args.verb == "train":
        return _train(args.files, models)
    return _evaluate(args.file, args.train, models)


def _train(files: Sequence[Path] | None, models: Path) -> int:
    rows = [row for path in files for row in read_rows(path)] if files else shipped()
    began = time.monotonic()
    version = train_to(models, of_split(rows, "train"), progress())
    print(f"{version} is the current model in {models} ({len(rows):,} messages, {time.monotonic() - began:.1f} s)")
    return 0


def _evaluate(file: Path, learn_from: Path | None, models: Path) -> int:
    rows = of_split(read_rows(file), "test")
    if not rows:
        raise BadExamples(f"{file} has no messages to measure on")
    tagger = _throwaway(of_split(read_rows(learn_from), "train")) if learn_from else current(models)
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
