"""What scores of unseen messages teach: how far to believe them, and where each language's bands begin."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nlp.features import Floats, Keys
from nlp.heads import tempered
from nlp.linear import Threshold, softmax

KEPT = 0.95  # share of known messages whose best raw score stays above `known`
ROUTED_RIGHT = 0.95  # share of tags above `route` that must be right
LEAST_FOR_THRESHOLD = 100  # messages of a language below which it shares the thresholds of all
WEIGHT = 0.3  # the second head's share; 0.2 to 0.4 differ by less than half a point on three sets
_ROUNDING = 1e-9


def loss(probabilities: Floats, truth: Keys) -> float:
    """How surprised the truth leaves these probabilities, on average; the lower, the more believable they are."""
    return float(-np.log(probabilities[np.arange(len(truth)), truth] + _ROUNDING).mean())


def temperature(scores: Floats, truth: Keys) -> float:
    """The divisor of raw scores that makes their softmax most believable."""
    tried = np.geomspace(0.02, 2.0, 60)
    return float(min(tried, key=lambda value: loss(softmax(scores / value), truth)))


def _heat(probabilities: Floats, truth: Keys) -> float:
    tried = np.geomspace(0.4, 2.5, 45)
    return float(min(tried, key=lambda value: loss(tempered(probabilities, np.full(len(truth), value)), truth)))


class Unseen:
    """Messages that the model did not learn from: every one's best raw score, and the confidences of the `judged`.

    `judged` are the places of the rows of `confidence` and `truth`; only a part of the messages may have both heads'.
    """

    def __init__(self, best: Floats, languages: Sequence[str], judged: Keys, confidence: Floats, truth: Keys) -> None:
        self.best, self.languages = best, np.array(languages)
        self.judged, self.confidence, self.truth = judged, confidence, truth

    def thresholds(self) -> dict[str, Threshold]:
        """The bands of each language, and of all of them under "other"."""
        every = self._threshold(np.ones(len(self.best), dtype=bool))
        found = {"other": every}
        for name in ("vi", "en"):
            mine = self.languages == name
            enough = int(mine[self.judged].sum()) >= LEAST_FOR_THRESHOLD
            found[name] = self._threshold(mine) if enough else every
        return found

    def _threshold(self, mine: npt.NDArray[np.bool_]) -> Threshold:
        chosen = mine[self.judged]
        found, truth = self.confidence[chosen], self.truth[chosen]
        heat = _heat(found, truth)
        known = float(np.quantile(self.best[mine], 1 - KEPT))
        route = _route(tempered(found, np.full(len(truth), heat, dtype=np.float32)), truth)
        return Threshold(known=round(known, 4), route=round(route, 4), temperature=round(heat, 4))


def _route(confidence: Floats, truth: Keys) -> float:
    """The confidence above which `ROUTED_RIGHT` of the tags were right."""
    sure = confidence.max(axis=1)
    order = np.argsort(-sure)
    right = (confidence.argmax(axis=1) == truth)[order]
    last = np.append(np.diff(sure[order]) < 0, True)  # of those that are equally sure: a threshold parts none of them
    good = np.flatnonzero(last & (np.cumsum(right) / np.arange(1, len(order) + 1) >= ROUTED_RIGHT))
    return float(sure[order[good[-1]]]) if len(good) else 1.01  # nothing routes by itself
