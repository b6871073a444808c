"""The linear model: weights over hashed n-grams, calibrated scores, and the words behind them. It only reads numpy.

Fitting stands in train.py. On disk a model is one `weights.npz` without pickles and one `linear.json`.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from nlp import features
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
    """A batch seen through a model: known columns and weights of each message, and which word each gram came from."""

    start: Keys
    column: Keys
    value: Floats
    gram_entry: Keys
    gram_word: Keys
    size: int


class Linear(msgspec.Struct, frozen=True, kw_only=True):
    """A fitted model; `weights` is (columns, labels), in half precision because the scores lose nothing by it."""

    settings: Settings
    keys: Keys
    idf: Floats
    weights: npt.NDArray[np.float16]
    bias: Floats

    def rows(self, batch: Sequence[Words]) -> Rows:
        """Weigh a batch; n-grams that training never saw are left out."""
        grams = features.grams(batch)
        found = features.counted(grams)
        column = np.minimum(np.searchsorted(self.keys, found.key), len(self.keys) - 1)
        known = self.keys[column] == found.key
        column, message = column[known], found.message[known]
        value = features.scaled(message, found.key[known], found.weight[known] * self.idf[column])
        entry = np.where(known, np.cumsum(known) - 1, -1)[found.entry]
        start = np.searchsorted(message, np.arange(len(batch) + 1))
        return Rows(start=start, column=column, value=value, gram_entry=entry, gram_word=grams.word, size=len(batch))

    def scores(self, rows: Rows) -> Floats:
        """Raw decision values (messages, labels); a message without a known n-gram scores the bias alone."""
        found = np.tile(self.bias, (rows.size, 1))
        for index in range(rows.size):
            part = slice(rows.start[index], rows.start[index + 1])
            found[index] += rows.value[part] @ self.weights[rows.column[part]].astype(np.float32)
        return found

    def carriers(self, rows: Rows, labels: Keys, batch: Sequence[Words], most: int = 3) -> list[list[str]]:
        """The words of each message that spoke most for its label, strongest first; fewer when fewer spoke for it."""
        message = np.repeat(np.arange(rows.size), np.diff(rows.start))
        gain = rows.value * self.weights[rows.column, labels[message]]
        grams = np.flatnonzero(rows.gram_entry >= 0)
        entry, word = rows.gram_entry[grams], rows.gram_word[grams]
        share = gain[entry] / np.bincount(entry, minlength=len(gain))[entry]
        width = max((len(words.typed) for words in batch), default=0) or 1
        slot = message[entry] * width + word
        sums = np.bincount(slot, weights=share, minlength=rows.size * width).astype(np.float64)
        return [_strongest(sums[i * width : (i + 1) * width], words.typed, most) for i, words in enumerate(batch)]

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
    order = np.argsort(-sums[: len(typed)])[: most * 2]
    found = [typed[index] for index in order if sums[index] > 0 and typed[index][0].isalnum()]
    return list(dict.fromkeys(word for word in found if not word.startswith("x") or len(word) != 5))[:most]


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row, without overflow."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


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
