"""The linear model: weights over hashed n-grams, calibrated scores, and the words behind them. It only reads numpy.

Fitting stands in train.py. On disk a model is one `weights.npz` without pickles and one `linear.json`.
"""

import zipfile
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from nlp import features
from nlp.columns import Columns
from nlp.errors import BrokenModel
from nlp.features import Floats, Keys
from nlp.words import Words

FORMAT = 1


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """Where a language's bands begin: below `known` (best raw score) unknown, from `route` (confidence) certain.

    `temperature` flattens or sharpens the heads' common confidence, so that it says how often it is right.
    """

    known: float
    route: float
    temperature: float = 1.0


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a fit learnt beside its weights; `thresholds` has a row for each language and one named "other".

    `weight` is the second head's share of the confidence, 0 where there is none; `other` is the confidence from which
    a part of a message says a wish of its own.
    """

    labels: tuple[str, ...]
    temperature: float
    weight: float = 0.0
    other: float = 1.01
    thresholds: dict[str, Threshold]
    format: int = FORMAT


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A batch seen through a model: known columns with their values, and the n-grams that they come from.

    Message i has the rows from `start[i]` and the words from `first[i]` on; `entry` and `word` are an n-gram's own.
    """

    start: Keys
    column: Keys
    value: Floats
    count: Keys
    entry: Keys
    word: Keys
    first: Keys


class Linear(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A fitted model; `weights` is (columns, labels), in half precision because the scores lose nothing by it."""

    settings: Settings
    keys: Keys
    idf: Floats
    weights: npt.NDArray[np.float16]
    bias: Floats

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self.keys)

    @cached_property
    def _ready(self) -> Floats:
        """The weights as they are multiplied: numpy takes rows of these in a seventh of the time of widening halves."""
        return self.weights.astype(np.float32)

    def rows(self, batch: Sequence[Words]) -> Rows:
        """Weigh a batch; n-grams that training never saw are left out."""
        first = np.zeros(len(batch) + 1, dtype=np.int64)
        np.cumsum([len(message.typed) for message in batch], out=first[1:])
        found = self._columns.of(batch, first)
        joined, entry, count = features.tally(found.message * len(self.keys) + found.column)
        message, column = np.divmod(joined, len(self.keys))
        weight = (1.0 + np.log(count)).astype(np.float32) * self.idf[column]
        value = features.scaled(message, self.keys[column], weight)
        start = message.searchsorted(np.arange(len(batch) + 1))
        return Rows(start=start, column=column, value=value, count=count, entry=entry, word=found.word, first=first)

    def scores(self, rows: Rows) -> Floats:
        """Raw decision values (messages, labels); a message without a known n-gram scores the bias alone."""
        found = np.repeat(self.bias[None], len(rows.start) - 1, axis=0)
        for place, (start, end) in enumerate(pairwise(rows.start.tolist())):
            found[place] += rows.value[start:end] @ self._ready.take(rows.column[start:end], axis=0)
        return found

    def carriers(self, rows: Rows, labels: Keys, batch: Sequence[Words], most: int = 3) -> list[list[str]]:
        """The words of each message that spoke most for its label, strongest first; fewer when fewer spoke for it.

        `batch` may be the first messages of the rows only.
        """
        first, end = rows.first.tolist(), rows.start[len(batch)]
        label = labels.repeat(rows.start[1 : len(batch) + 1] - rows.start[: len(batch)])
        share = np.zeros(len(rows.value), dtype=np.float32)
        share[:end] = rows.value[:end] * self._ready[rows.column[:end], label] / rows.count[:end]
        sums = np.bincount(rows.word, weights=share[rows.entry], minlength=first[-1]).astype(np.float64)
        return [_strongest(sums[first[i] : first[i + 1]], words.typed, most) for i, words in enumerate(batch)]

    def confidences(self, scores: Floats) -> Floats:
        """Turn raw scores into probabilities by the temperature that training found."""
        return softmax(scores / self.settings.temperature)

    def write(self, folder: Path) -> None:
        """Write the two files of a model into an existing folder."""
        np.savez_compressed(
            folder / "weights.npz", keys=self.keys.astype(np.uint32), idf=self.idf, weights=self.weights, bias=self.bias
        )
        (folder / "linear.json").write_bytes(msgspec.json.format(msgspec.json.encode(self.settings)) + b"\n")


def _strongest(sums: npt.NDArray[np.float64], typed: list[str], most: int) -> list[str]:
    order = np.argsort(-sums)[: most * 2].tolist()
    found = [typed[index] for index in order if sums[index] > 0 and typed[index][0].isalnum()]
    return list(dict.fromkeys(word for word in found if not word.startswith("x") or len(word) != 5))[:most]


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row, without overflow."""
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True), dtype=np.float32)
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


def read(folder: Path) -> Linear:
    """Load what `write` left. Raises BrokenModel with the folder's name when anything is missing or does not fit."""
    try:
        settings = msgspec.json.decode((folder / "linear.json").read_bytes(), type=Settings)
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            linear = Linear(
                settings=settings,
                keys=stored["keys"].astype(np.int64),
                idf=stored["idf"].astype(np.float32),
                weights=stored["weights"].astype(np.float16),
                bias=stored["bias"].astype(np.float32),
            )
    except (OSError, ValueError, KeyError, EOFError, msgspec.MsgspecError, zipfile.BadZipFile) as why:
        raise BrokenModel(f"The model in {folder} cannot be read ({why}); train again with: hub intents train") from why
    _check(linear, folder)
    return linear


def _check(linear: Linear, folder: Path) -> None:
    columns, labels = len(linear.keys), len(linear.settings.labels)
    shapes = linear.weights.shape, linear.idf.shape, linear.bias.shape
    sound = (
        shapes == ((columns, labels), (columns,), (labels,))
        and columns > 0
        and labels > 1
        and "other" in linear.settings.thresholds
    )
    hot = [linear.settings.temperature, *(one.temperature for one in linear.settings.thresholds.values())]
    if not sound or linear.settings.format != FORMAT or min(hot) <= 0 or not 0 <= linear.settings.weight < 1:
        raise misfit(folder)


def misfit(folder: Path) -> BrokenModel:
    """The line for files that are sound by themselves but not of one model."""
    return BrokenModel(f"The model in {folder} does not fit together; train again with: hub intents train")
