"""Training: liblinear over the hashed n-grams, then temperature and thresholds from scores out of fold.

Runs in its own process (`python -m nlp.train MODELS_DIR`), because it takes seconds of CPU and is the only place that
imports scikit-learn. Every row goes in twice when it has diacritics: as written and without them.
"""

import hashlib
import os
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
from nlp.heads import Heads, fused, others
from nlp.language import language
from nlp.linear import FORMAT, Linear, Settings, softmax
from nlp.plan import PLAIN, Plan, applied, known
from nlp.second import Second
from nlp.versions import learnt, make_current, planned, put
from nlp.words import words

Progress = Callable[[float, str], None]
Fitted = tuple[Keys, Floats, Floats, Floats]  # columns, their inverse frequency, weights (columns, labels), bias

FOLDS = 5
LEAST_PER_INTENT = 2
LEAST_FOR_HASH = 30  # messages of an intent below which a hash may leave a fold without any
COST = 1.0  # liblinear's C; 0.3 to 2 differ by less than half a point
LEAST_HELD = 50  # messages without which nothing can be said about how sure the two heads are
WRONGLY_TWO = 0.03  # share of messages with one wish in which a second may be found
WHOLE = -1  # among a table's linear heads, the one of all rows
HELD = 0  # the fold that the second head does not learn
LEAST_FOR_SECOND = 1_000  # rows below which the network only repeats them


def quiet(_: float, __: str) -> None:
    """Nobody watches."""


def fit(rows: Sequence[Row], progress: Progress = quiet, heads: int = 2) -> Heads:
    """Learn a model from rows. Deterministic. Raises TooFewExamples."""
    progress(0.02, "reading")
    table = table_of(rows)
    return fit_table(table, table.names, progress, heads)[0]


def table_of(rows: Sequence[Row]) -> "Table":
    """The table of what can be learnt from rows. Raises TooFewExamples."""
    taught = known(rows)
    return Table(taught, labels_of(taught))


def fit_table(table: "Table", labels: tuple[str, ...], progress: Progress, heads: int) -> tuple[Heads, Floats]:
    """Learn a model from a table, and return also the linear head's scores of every line out of fold.

    The second head is learnt from all folds but the first, on which the two are calibrated together; with few rows, or
    `heads=1`, there is only the linear one, calibrated on every fold.
    """
    scores = out_of_fold(table, progress)
    progress(0.45, "fitting")
    keys, idf, weights, bias = fit_whole(table)
    progress(0.50, "second head")
    many = table.count >= LEAST_FOR_SECOND and int((table.fold == HELD).sum()) >= LEAST_HELD
    learnt = second_head(table, labels) if heads > 1 and many else None
    progress(0.97, "calibrating")
    settings = _calibrated(table, scores[: table.count], learnt, labels)
    model = Linear(settings=settings, keys=keys, idf=idf, weights=weights.astype(np.float16), bias=bias)
    return Heads(linear=model, second=learnt), scores


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
        weight = calibrate.WEIGHT
        confidence = fused(confidence, other, weight)
    unseen = calibrate.Unseen(scores.max(axis=1), table.languages, judged, confidence, truth[judged])
    found = Settings(labels=labels, temperature=heat, weight=weight, thresholds=unseen.thresholds())
    return msgspec.structs.replace(found, other=_other(table, found, scores))


def _other(table: "Table", settings: Settings, scores: Floats) -> float:
    """The confidence that a second wish is seldom found with in messages that have but one."""
    fitted = fit_fold(table, HELD)
    if fitted is None:
        return settings.other
    keys, idf, weights, bias = fitted
    model = Linear(settings=settings, keys=keys, idf=idf, weights=weights.astype(np.float16), bias=bias)
    held = np.flatnonzero(table.fold == HELD)
    found = others(model, [table.texts[row] for row in held], scores[held].argmax(axis=1).tolist(), 0.0)
    sure = [wishes[0].confidence if wishes else 0.0 for wishes in found]
    return round(float(np.quantile(sure, 1 - WRONGLY_TWO)), 4) or 1.01


class Validated(msgspec.Struct, frozen=True, kw_only=True):
    """What cross-validation by groups of twins found; both shares are of the rows that have diacritics to lose."""

    accuracy: float  # of all rows as written
    with_diacritics: float
    without_diacritics: float


def validate(table: "Table") -> Validated:
    """Judge the training itself on rows that each model did not see."""
    right = out_of_fold(table).argmax(axis=1) == table.label
    return Validated(
        accuracy=float(right[: table.count].mean()),
        with_diacritics=float(right[table.own[table.count :]].mean()),
        without_diacritics=float(right[table.count :].mean()),
    )


def labels_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """The intents of rows, in the order of every array. Raises TooFewExamples."""
    counts = Counter(row.intent for row in rows)
    few = [name for name, count in counts.items() if count < LEAST_PER_INTENT]
    if few:
        raise TooFewExamples(f"Each intent needs at least {LEAST_PER_INTENT} examples; too few for: {', '.join(few)}")
    if len(counts) < 2:
        raise TooFewExamples("Training needs examples of at least two intents")
    return tuple(sorted(counts))


class Table:
    """All rows and, behind them, their copies without diacritics, counted once for every fold.

    It keeps the linear heads that were learnt from it: two trainings over one table learn them once.
    """

    def __init__(self, rows: Sequence[Row], labels: tuple[str, ...], fold_of: Keys | None = None) -> None:
        self.rows = list(rows)
        copies = [index for index, row in enumerate(rows) if fold(row.text) != row.text]
        self.own = np.array([*range(len(rows)), *copies])  # the row that each line of the table stands for
        texts = [row.text for row in rows] + [fold(rows[index].text) for index in copies]
        place = {name: index for index, name in enumerate(labels)}
        self.label = np.array([place[rows[index].intent] for index in self.own])
        self.names = labels
        self.labels = len(labels)
        self.fold = folds(rows, self.label[: len(rows)]) if fold_of is None else fold_of
        self.count = len(rows)
        found = [words(text) for text in texts]
        self.words = found[: self.count]
        self.languages = [language(row.text) for row in rows]
        self.texts = texts[: self.count]
        self.fitted: dict[int, Fitted] = {}  # the linear head without each fold; of all rows as WHOLE
        parts = [features.counted(features.grams(found[i : i + 256])) for i in range(0, len(found), 256)]
        self.message = np.concatenate([part.message + 256 * index for index, part in enumerate(parts)])
        self.key = np.concatenate([part.key for part in parts])
        self.weight = np.concatenate([part.weight for part in parts])


def folds(rows: Sequence[Row], label: Keys, salt: str = "") -> Keys:
    """A fold for each row, twins together, by hash, so that a new row moves no other; few are taken in turn.

    Another `salt` gives other folds.
    """
    names = [row.twin or row.text for row in rows]
    groups = {number: {names[place] for place in np.flatnonzero(label == number)} for number in np.unique(label)}
    fold_of: dict[str, int] = {}
    for mine in groups.values():
        ordered = sorted(mine, key=lambda name: _hash(salt + name))
        few = len(ordered) < LEAST_FOR_HASH
        for turn, name in enumerate(ordered):
            fold_of.setdefault(name, turn % FOLDS if few else int(_hash(salt + name), 16) % FOLDS)
    return np.array([fold_of[name] for name in names])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def out_of_fold(table: Table, progress: Progress = quiet) -> Floats:
    """Score each line of the table by a model that saw neither its row, nor the row's twins, nor any copy of them."""
    scores = np.zeros((len(table.own), table.labels), dtype=np.float32)
    for number in range(FOLDS):
        progress(0.04 + 0.08 * number, f"fold {number + 1} of {FOLDS}")
        held = table.fold == number
        fitted = fit_fold(table, number)
        if fitted is not None:
            lines = np.flatnonzero(held[table.own])
            scores[lines] = score(table, lines, fitted)
    return scores


def fit_fold(table: Table, number: int) -> Fitted | None:
    """The linear head taught all folds but this one; None when it is empty or holds all of an intent."""
    held = table.fold == number
    if not held.any() or len(set(table.label[: table.count][~held])) < table.labels:
        return None
    return _kept(table, number, ~held)


def fit_whole(table: Table) -> Fitted:
    """The linear head taught every row."""
    return _kept(table, WHOLE, np.ones(table.count, dtype=bool))


def _kept(table: Table, number: int, chosen: npt.NDArray[np.bool_]) -> Fitted:
    if number not in table.fitted:
        table.fitted[number] = _fit_rows(table, chosen)
    return table.fitted[number]


def score(table: Table, lines: Keys, fitted: Fitted) -> Floats:
    """Raw scores of some lines of a table by a linear head that need not have learnt from it."""
    keys, idf, weights, bias = fitted
    return np.asarray(_matrix(table, lines, keys, idf) @ weights + bias, dtype=np.float32)


def _fit_rows(table: Table, chosen: npt.NDArray[np.bool_]) -> Fitted:
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


def train_to(
    models: Path,
    rows: Sequence[Row] | None = None,
    progress: Progress | None = None,
    heads: int = 2,
    plan: Plan = PLAIN,
    table: Table | None = None,
) -> str:
    """Train on `rows` (default: the shipped messages), put the model into `models` and make it the current one.

    `table` is that of these rows under this plan, where somebody has it already.

    Returns its version, which is named by the data: the same rows give the same version. The old model stays current
    until the new one is complete on disk. Raises TooFewExamples, OSError.
    """
    rows = shipped() if rows is None else rows
    said = progress or quiet
    said(0.0, "reading")
    version = version_of(rows, heads, plan)
    learning = applied(rows, plan)
    model = fit(learning, said, heads) if table is None else fit_table(table, table.names, said, heads)[0]
    put(models, version, model, rows, plan)
    make_current(models, version)
    said(1.0, "ready")
    return version


def version_of(rows: Sequence[Row], heads: int = 2, plan: Plan = PLAIN) -> str:
    """A name for what a model learns from: its heads, the format and a hash of the rows, the plan and the concepts."""
    text = concepts.LIST.read_text(encoding="utf-8") + "\n".join(
        f"{row.intent}\t{row.twin}\t{row.text}" + ("\town" if row.own else "") for row in rows
    )
    if plan != PLAIN:
        text += msgspec.json.encode(plan, order="deterministic").decode()
    return f"{'fused' if heads > 1 else 'linear'}{FORMAT}-{_hash(text)[:12]}"


def lessons(models: Path) -> tuple[list[Row], Plan]:
    """What the current model learnt and how, though it is damaged itself; else the shipped messages."""
    try:
        return learnt(models), planned(models)
    except (NlpError, OSError):
        return shipped(), PLAIN


def main(arguments: Sequence[str]) -> int:
    """`python -m nlp.train MODELS_DIR`: train the first model, progress as JSON lines on standard output.

    It learns the shipped messages; where a model is there and damaged, what that one had learnt, as far as it is known.

    The linear head alone serves after seconds; the model with both heads takes its place when it is there.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m nlp.train MODELS_DIR\n")
        return 2
    try:
        models = Path(arguments[0])
        rows, plan = lessons(models)
        table = table_of(applied(rows, plan))
        train_to(models, rows, lambda share, what: _say(share * 0.3, what), heads=1, plan=plan, table=table)
        version = train_to(models, rows, lambda share, what: _say(0.3 + share * 0.7, what), plan=plan, table=table)
    except (NlpError, OSError) as why:
        sys.stderr.write(f"{why}\n")
        return 1
    write_line({"version": version})
    return 0


def _say(share: float, what: str) -> None:
    write_line({"progress": round(share, 3), "what": what})


def write_line(line: dict[str, object]) -> None:
    """One JSON line on standard output, at once."""
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.nice(10)
    sys.exit(main(sys.argv[1:]))
