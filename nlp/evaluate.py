"""How good a tagger is on messages with known intents: accuracy, macro-F1, calibration, what it abstains on, speed."""

import time
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from nlp.examples import Row
from nlp.heads import Heads
from nlp.intents import UNKNOWN
from nlp.language import language
from nlp.plan import OUTSIDE
from nlp.tagger import Tagger
from nlp.words import words

BINS = 15


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Figures over one set. Shares are 0 to 1, times milliseconds of CPU for one message at a time."""

    rows: int
    accuracy: float  # the tag as given: abstaining on a known intent is an error
    best_guess: float  # the same without abstaining
    macro_f1: float
    calibration_error: float
    routed: float  # share of messages certain enough to route by themselves
    routed_right: float  # and the share of those that are right
    outside: int  # rows of no known intent
    outside_caught: float | None  # share of them tagged unknown; None without such rows
    outside_auroc: float | None
    outside_recall: float | None  # share caught by the score that keeps 95 % of the known ones
    p50_ms: float
    p99_ms: float
    per_second: float  # in batches of 64
    mistakes: dict[str, int]  # "expected → given": how often


def evaluate(tagger: Tagger, rows: Sequence[Row], clock: Callable[[], float] = time.thread_time) -> Report:
    """Tag every row and compare; `clock` counts seconds (default: CPU time of this thread). Needs at least one row."""
    texts = [row.text for row in rows]
    truth = [UNKNOWN if row.intent in OUTSIDE else row.intent for row in rows]
    began = clock()
    tags = tagger.tag(texts)
    spent = clock() - began
    given = [tag.intent for tag in tags]
    inside = np.array([name != UNKNOWN for name in truth])
    right = np.array([a == b for a, b in zip(truth, given, strict=True)])
    routed = np.array([tag.band == "route" for tag in tags])
    raw, confidence, guess = _raw(tagger, texts)
    guessed = np.array([a == b for a, b in zip(truth, guess, strict=True)])
    times = _times(tagger, texts, clock)
    scored = raw[inside], raw[~inside]
    both = bool(inside.any() and (~inside).any())
    return Report(
        rows=len(rows),
        accuracy=_share(right[inside]),
        best_guess=_share(guessed[inside]),
        macro_f1=_macro_f1(truth, given),
        calibration_error=calibration_error(confidence[inside], guessed[inside]),
        routed=_share(routed),
        routed_right=_share(right[routed]),
        outside=int((~inside).sum()),
        outside_caught=_share(right[~inside]) if (~inside).any() else None,
        outside_auroc=_auroc(*scored) if both else None,
        outside_recall=float((scored[1] < np.quantile(scored[0], 0.05)).mean()) if both else None,
        p50_ms=float(np.quantile(times, 0.5)),
        p99_ms=float(np.quantile(times, 0.99)),
        per_second=len(rows) / max(spent, 1e-9),
        mistakes=_mistakes(truth, given),
    )


def _share(found: npt.NDArray[np.bool_]) -> float:
    return float(found.mean()) if len(found) else 0.0


def heads_of(tagger: Tagger) -> Heads:
    """The model inside a tagger."""
    assert tagger.component.heads is not None
    return tagger.component.heads


def _raw(tagger: Tagger, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], list[str]]:
    """Best raw score, calibrated confidence and best guess for each text, without abstaining."""
    model = heads_of(tagger)
    parts = [
        model.judge([words(text) for text in part], [language(text) for text in part])
        for part in (texts[i : i + 64] for i in range(0, len(texts), 64))
    ]
    confidence = np.concatenate([part.confidence for part in parts])
    guess = [model.labels[index] for index in confidence.argmax(axis=1)]
    return np.concatenate([part.raw.max(axis=1) for part in parts]), confidence.max(axis=1), guess


def _times(tagger: Tagger, texts: Sequence[str], clock: Callable[[], float], most: int = 1_000) -> list[float]:
    times = []
    for text in texts[:most]:
        began = clock()
        tagger.tag([text])
        times.append((clock() - began) * 1000)
    return times


def _macro_f1(truth: Sequence[str], given: Sequence[str]) -> float:
    found = []
    for name in sorted(set(truth)):
        hits = sum(1 for a, b in zip(truth, given, strict=True) if a == b == name)
        found.append(2 * hits / (truth.count(name) + given.count(name)) if hits else 0.0)
    return sum(found) / len(found)


def calibration_error(confidence: npt.NDArray[np.float32], right: npt.NDArray[np.bool_]) -> float:
    if not len(right):
        return 0.0
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == place].mean() - right[bins == place].mean()) * (bins == place).mean()
        for place in np.unique(bins)
    ]
    return float(sum(gaps))


def _auroc(inside: npt.NDArray[np.float32], outside: npt.NDArray[np.float32]) -> float:
    """The chance that a known message scores above a foreign one."""
    ranked = np.sort(outside)
    below = np.searchsorted(ranked, inside, side="left") + np.searchsorted(ranked, inside, side="right")
    return float(below.mean() / 2 / len(outside))


def _mistakes(truth: Sequence[str], given: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for expected, got in zip(truth, given, strict=True):
        if expected != got:
            found[f"{expected} → {got}"] = found.get(f"{expected} → {got}", 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))
