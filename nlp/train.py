"""Training: liblinear over the hashed n-grams, then temperature and thresholds from scores out of fold.

Runs in its own process (`python -m nlp.train MODELS_DIR`), because it takes seconds of CPU and is the only place that
imports scikit-learn. Every row goes in twice when it has diacritics: as written and without them.
"""

import hashlib
import os
import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from nlp import calibrate, concepts, features
from nlp.errors import NlpError, TooFewExamples
from nlp.examples import Row, shipped
from nlp.features import Floats, Keys
from nlp.fold import fold
from nlp.heads import Heads, fused
from nlp.intents import UNKNOWN
from nlp.language import language
from nlp.linear import FORMAT, Linear, Settings, softmax
from nlp.second import Second
from nlp.tagger import CURRENT, IntentLinear, blank
from nlp.words import words

Progress = Callable[[float, str], None]

FOLDS = 5
LEAST_PER_INTENT = 2
LEAST_FOR_HASH = 30  # messages of an intent below which a hash may leave a fold without any
COST = 1.0  # liblinear's C; 0.3 to 2 differ by less than half a point
HELD = 0  # the fold that the second head does not learn
LEAST_FOR_SECOND = 1_000  # rows below which the network only repeats them
OUTSIDE = (UNKNOWN, "oos")  # noise for judging, never taught: a class of noise would learn its own rows only


def _quiet(_: float, __: str) -> None:
    """Nobody watches."""


def fit(rows: Sequence[Row], progress: Progress = _quiet, heads: int = 2) -> Heads:
    """Learn a model from rows. Deterministic. Raises TooFewExamples.

    The second head is learnt from all folds but the first, on which the two are weighed and calibrated together; with
    few rows, or `heads=1`, there is only the linear one, calibrated on every fold.
    """
    taught = known(rows)
    labels = _labels(taught)
    progress(0.02, "reading")
    table = Table(taught, labels)
    scores = out_of_fold(table, progress)
    progress(0.45, "fitting")
    keys, idf, weights, bias = _fit_rows(table, np.ones(len(taught), dtype=bool))
    progress(0.50, "second head")
    learnt = second_head(table, labels) if heads > 1 and len(taught) >= LEAST_FOR_SECOND else None
    progress(0.97, "calibrating")
    settings = _calibrated(table, scores[: table.count], learnt, labels)
    model = Linear(settings=settings, keys=keys, idf=idf, weights=weights.astype(np.float16), bias=bias)
    return Heads(linear=model, second=learnt)


def known(rows: Sequence[Row]) -> list[Row]:
    """The rows that are taught: all but those of no known intent."""
    return [row for row in rows if row.intent not in OUTSIDE]


def second_head(table: "Table", labels: tuple[str, ...]) -> Second:
    """The network, taught all folds but the first; its view is folded, so it needs no copies."""
    chosen = np.flatnonzero(table.fold != HELD)
    learnt = Second(labels)
    learnt.learn([table.words[place] for place in chosen], table.label[chosen])
    return learnt


def _calibrated(table: "Table", scores: Floats, learnt: Second | None, labels: tuple[str, ...]) -> Settings:
    truth = table.label[: table.count]
    heat = calibrate.temperature(scores, truth)
    judged = np.arange(table.count) if learnt is None else np.flatnonzero(table.fold == HELD)
    confidence = softmax(scores[judged] / heat)
    weight = 0.0
    if learnt is not None:
        other = learnt.probabilities([table.words[place] for place in judged])
        weight = calibrate.weight(confidence, other, truth[judged])
        confidence = fused(confidence, other, weight)
    unseen = calibrate.Unseen(scores.max(axis=1), table.languages, judged, confidence, truth[judged])
    return Settings(labels=labels, temperature=heat, weight=weight, thresholds=unseen.thresholds())


class Validated(msgspec.Struct, frozen=True, kw_only=True):
    """What cross-validation by groups of twins found; both shares are of the rows that have diacritics to lose."""

    accuracy: float  # of all rows as written
    with_diacritics: float
    without_diacritics: float


def validate(rows: Sequence[Row]) -> Validated:
    """Judge the training itself on rows that each model did not see. Raises TooFewExamples."""
    taught = known(rows)
    table = Table(taught, _labels(taught))
    right = out_of_fold(table).argmax(axis=1) == table.label
    return Validated(
        accuracy=float(right[: table.count].mean()),
        with_diacritics=float(right[table.own[table.count :]].mean()),
        without_diacritics=float(right[table.count :].mean()),
    )


def _labels(rows: Sequence[Row]) -> tuple[str, ...]:
    counts = Counter(row.intent for row in rows)
    few = [name for name, count in counts.items() if count < LEAST_PER_INTENT]
    if few:
        raise TooFewExamples(f"Each intent needs at least {LEAST_PER_INTENT} examples; too few for: {', '.join(few)}")
    if len(counts) < 2:
        raise TooFewExamples("Training needs examples of at least two intents")
    return tuple(sorted(counts))


class Table:
    """All rows and, behind them, their copies without diacritics, counted once for every fold."""

    def __init__(self, rows: Sequence[Row], labels: tuple[str, ...]) -> None:
        copies = [index for index, row in enumerate(rows) if fold(row.text) != row.text]
        self.own = np.array([*range(len(rows)), *copies])  # the row that each line of the table stands for
        texts = [row.text for row in rows] + [fold(rows[index].text) for index in copies]
        place = {name: index for index, name in enumerate(labels)}
        self.label = np.array([place[rows[index].intent] for index in self.own])
        self.labels = len(labels)
        self.fold = _folds(rows, self.label[: len(rows)])
        self.count = len(rows)
        found = [words(text) for text in texts]
        self.words = found[: self.count]
        self.languages = [language(row.text) for row in rows]
        parts = [features.counted(features.grams(found[i : i + 256])) for i in range(0, len(found), 256)]
        self.message = np.concatenate([part.message + 256 * index for index, part in enumerate(parts)])
        self.key = np.concatenate([part.key for part in parts])
        self.weight = np.concatenate([part.weight for part in parts])


def _folds(rows: Sequence[Row], label: Keys) -> Keys:
    """A fold for each row, twins together, by hash, so that a new row moves no other (few are taken in turn)."""
    names = [row.twin or row.text for row in rows]
    groups = {number: {names[place] for place in np.flatnonzero(label == number)} for number in np.unique(label)}
    fold_of: dict[str, int] = {}
    for mine in groups.values():
        ordered = sorted(mine, key=_hash)
        few = len(ordered) < LEAST_FOR_HASH
        for turn, name in enumerate(ordered):
            fold_of.setdefault(name, turn % FOLDS if few else int(_hash(name), 16) % FOLDS)
    return np.array([fold_of[name] for name in names])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def out_of_fold(table: Table, progress: Progress = _quiet) -> Floats:
    """Score each line of the table by a model that saw neither its row, nor the row's twins, nor any copy of them."""
    scores = np.zeros((len(table.own), table.labels), dtype=np.float32)
    for number in range(FOLDS):
        progress(0.04 + 0.08 * number, f"fold {number + 1} of {FOLDS}")
        held = table.fold == number
        if not held.any() or len(set(table.label[: table.count][~held])) < table.labels:
            continue
        keys, idf, weights, bias = _fit_rows(table, ~held)
        lines = np.flatnonzero(held[table.own])
        scores[lines] = _matrix(table, lines, keys, idf) @ weights + bias
    return scores


def _fit_rows(table: Table, chosen: npt.NDArray[np.bool_]) -> tuple[Keys, Floats, Floats, Floats]:
    """Fit on the chosen rows and their copies: columns, their inverse frequency, weights (columns, labels), bias."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    lines = np.flatnonzero(chosen[table.own])
    inside = np.isin(table.message, lines)
    keys, frequency = np.unique(table.key[inside], return_counts=True)
    idf = (np.log((1 + len(lines)) / (1 + frequency)) + 1).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LinearSVC(C=COST, random_state=7).fit(_matrix(table, lines, keys, idf), table.label[lines])
    weights, bias = model.coef_.T, model.intercept_
    if table.labels == 2:  # liblinear keeps one row of weights for two classes
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return keys, idf, weights.astype(np.float32), bias.astype(np.float32)


def _matrix(table: Table, lines: Keys, keys: Keys, idf: Floats) -> Any:
    """The chosen lines as a sparse matrix over `keys`, weighed the way Linear.rows does."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types

    place = np.full(len(table.own), -1)
    place[lines] = np.arange(len(lines))
    column = np.minimum(np.searchsorted(keys, table.key), len(keys) - 1)
    taken = (place[table.message] >= 0) & (keys[column] == table.key)
    message, column = place[table.message[taken]], column[taken]
    value = features.scaled(message, table.key[taken], table.weight[taken] * idf[column])
    return csr_matrix((value, (message, column)), shape=(len(lines), len(keys)))


def train_to(models: Path, rows: Sequence[Row] | None = None, progress: Progress | None = None) -> str:
    """Train on `rows` (default: the shipped messages), put the model into `models` and make it the current one.

    Returns its version, which is named by the data: the same rows give the same version. The old model stays current
    until the new one is complete on disk. Raises TooFewExamples, OSError.
    """
    rows = shipped() if rows is None else rows
    said = progress or _quiet
    said(0.0, "reading")
    pipeline = blank()
    component = pipeline.get_pipe("intent_linear")
    assert isinstance(component, IntentLinear)
    component.heads = fit(rows, said)
    version = version_of(rows)
    pipeline.meta["version"] = version
    _put(models, version, pipeline)
    said(1.0, "ready")
    return version


def version_of(rows: Sequence[Row]) -> str:
    """A name for what a model learns from: the format and a hash of the rows and of the concepts."""
    text = concepts.LIST.read_text(encoding="utf-8") + "\n".join(
        f"{row.intent}\t{row.twin}\t{row.text}" for row in rows
    )
    return f"linear{FORMAT}-{_hash(text)[:12]}"


def _put(models: Path, version: str, pipeline: Any) -> None:
    models.mkdir(parents=True, exist_ok=True)
    fresh = models / f".{version}.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    pipeline.to_disk(fresh)
    stale = models / f".{version}.{os.getpid()}.old"
    if (models / version).exists():
        (models / version).rename(stale)
    fresh.rename(models / version)
    shutil.rmtree(stale, ignore_errors=True)
    make_current(models, version)


def make_current(models: Path, version: str) -> None:
    """Name the model to use, in one step: a reader sees the old name or the new one."""
    named = models / f".{CURRENT}.{os.getpid()}"
    named.write_text(version + "\n", encoding="utf-8")
    named.replace(models / CURRENT)


def main(arguments: Sequence[str]) -> int:
    """`python -m nlp.train MODELS_DIR`: train on the shipped messages, progress as JSON lines on standard output."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m nlp.train MODELS_DIR\n")
        return 2
    try:
        version = train_to(Path(arguments[0]), progress=_say)
    except (NlpError, OSError) as why:
        sys.stderr.write(f"{why}\n")
        return 1
    _write({"version": version})
    return 0


def _say(share: float, what: str) -> None:
    _write({"progress": round(share, 3), "what": what})


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.nice(10)
    sys.exit(main(sys.argv[1:]))
