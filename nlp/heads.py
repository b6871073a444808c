"""Both heads of the tagger together: the linear model's scores, the network's, and the confidence of the two.

A model may have the linear head only; then its calibrated scores are the confidence. No text is decided on here.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from nlp import linear, second
from nlp.features import Floats
from nlp.linear import Linear, Rows, Threshold, softmax
from nlp.parts import MOST_PARTS, parts
from nlp.second import Second
from nlp.words import Words, words

SMALLEST = 1e-9  # a probability below is one, so that its logarithm stays a number


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A batch as the model sees it: raw scores of the linear head and confidences of both, (messages, labels).

    `parts` are the linear head's confidences of what was cut out of the messages; `rows` has them behind the messages.
    """

    rows: Rows
    raw: Floats
    confidence: Floats
    parts: Floats


class Heads(msgspec.Struct, frozen=True, kw_only=True):
    """What training made and a tagger holds."""

    linear: Linear
    second: Second | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents that were taught, in the order of every array."""
        return self.linear.settings.labels

    def threshold(self, spoken: str) -> Threshold:
        """The bands of a language; one that training hardly saw shares those of all."""
        thresholds = self.linear.settings.thresholds
        return thresholds.get(spoken, thresholds["other"])

    def judge(self, batch: Sequence[Words], spoken: Sequence[str], cut: Sequence[Words] = ()) -> Judgement:
        """Score a batch; each message's confidence is calibrated for its language. `cut` are parts of the messages."""
        rows = self.linear.rows([*batch, *cut])
        scores = self.linear.scores(rows)
        sure, raw = self.linear.confidences(scores), scores[: len(batch)]
        known, parts = sure[: len(batch)], sure[len(batch) :]
        found = fused(known, self.second.probabilities(batch), self.linear.settings.weight) if self.second else known
        heat = np.array([self.threshold(name).temperature for name in spoken], dtype=np.float32)
        return Judgement(rows=rows, raw=raw, confidence=tempered(found, heat), parts=parts)


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """A further wish of a message."""

    intent: str
    confidence: float


class Cut(NamedTuple):
    """The parts of all messages in one row, and where each message's begin; behind them where the last end."""

    words: list[Words]
    start: list[int]


def cut(texts: Sequence[str]) -> Cut:
    """Cut messages into the parts that may hold wishes of their own."""
    found = [parts(text) for text in texts]
    return Cut([words(part) for some in found for part in some], [0, *accumulate(map(len, found))])


def others(model: Linear, texts: Sequence[str], best: Sequence[int], sure: float) -> list[list[Other]]:
    """For each message the wishes that its parts say beside its first one (`best`), surest first, from `sure` on.

    The linear head alone judges the parts: it is three times as fast, and the threshold was learnt with it.
    """
    pieces = cut(texts)
    return further(model.settings.labels, model.confidences(model.scores(model.rows(pieces.words))), pieces, best, sure)


def further(labels: Sequence[str], found: Floats, pieces: Cut, best: Sequence[int], sure: float) -> list[list[Other]]:
    """The same from the parts' confidences."""
    spans = pairwise(pieces.start)
    return [_further(labels, found[a:b], first, sure) for (a, b), first in zip(spans, best, strict=True)]


def _further(labels: Sequence[str], found: Floats, best: int, sure: float) -> list[Other]:
    if not len(found):
        return []
    most = found.max(axis=0)
    most[best] = 0
    order = [place for place in np.argsort(-most)[:MOST_PARTS].tolist() if most[place] >= sure]
    return [Other(intent=labels[place], confidence=round(float(most[place]), 4)) for place in order]


def fused(first: Floats, other: Floats, weight: float) -> Floats:
    """The log-average of two heads' probabilities; `weight` is the second's share."""
    return softmax((1 - weight) * np.log(first + SMALLEST) + weight * np.log(other + SMALLEST))


def tempered(probabilities: Floats, heat: Floats) -> Floats:
    """Flatten (heat over 1) or sharpen each row of probabilities."""
    return softmax(np.log(probabilities + SMALLEST) / heat[:, None])


def write(heads: Heads, folder: Path) -> None:
    """Write a model's files into an existing folder."""
    heads.linear.write(folder)
    if heads.second is not None:
        second.write(heads.second, folder)


def read(folder: Path) -> Heads:
    """Load what `write` left. Raises BrokenModel."""
    known = linear.read(folder)
    other = second.read(folder)
    if (known.settings.weight > 0) != (other is not None) or (other and other.labels != known.settings.labels):
        raise linear.misfit(folder)
    return Heads(linear=known, second=other)
