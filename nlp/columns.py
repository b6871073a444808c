"""Which columns of the linear model a message has: `features` for serving, in a fraction of its time.

The n-grams within a word depend on the word alone, so those that the model knows are kept: most words of a message were
seen before. Pairs of words and concepts are looked up for each message. A test holds the columns to those of
`features.grams`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nlp import concepts, features
from nlp.features import Hashes, Keys
from nlp.words import Words

MOST_KEPT = 8_000  # words, a kilobyte each; then it forgets all and begins again


class Found(NamedTuple):
    """Every n-gram of a batch that the model knows; `word` counts through the whole batch."""

    message: Keys
    column: Keys
    word: Keys


class _Known(NamedTuple):
    """What is kept of a word: its columns, and the numbers from which its pairs with other words are hashed."""

    columns: Keys
    joints: Hashes  # see features.of_pairs; (views, 3)


class Columns:
    """Reads the sorted keys of a model; not to be shared between threads."""

    def __init__(self, keys: Keys) -> None:
        self._keys, self._marked = keys, np.append(keys, -1)  # what stands behind the last key equals none
        self._kept: dict[tuple[str, str], _Known] = {}
        names = concepts.every()
        columns = self._looked_up(features.of_concept(np.array([concepts.key(one) for one in names]))).tolist()
        self._concepts = {one: column for one, column in zip(names, columns, strict=True) if column >= 0}

    def of(self, batch: Sequence[Words], first: Keys) -> Found:
        """The columns of a batch; `first` is the number of each message's first word, and behind them that of all."""
        if len(self._kept) > MOST_KEPT:
            self._kept.clear()
        known = [self._known(pair) for message in batch for pair in zip(message.typed, message.folded, strict=True)]
        owner = np.arange(len(batch)).repeat(first[1:] - first[:-1])
        column, word = self._joined(known, owner)
        named, place = self._of_concepts(batch, first)
        within = np.arange(len(known)).repeat([len(one.columns) for one in known])
        word = np.concatenate([within, word, np.array(place, dtype=np.int64)])
        column = np.concatenate([*(one.columns for one in known), column, np.array(named, dtype=np.int64)])
        return Found(owner[word], column, word)

    def _known(self, pair: tuple[str, str]) -> _Known:
        found = self._kept.get(pair)
        if found is None:
            keys, joints = features.of_word(*pair)
            columns = self._looked_up(keys)
            found = self._kept[pair] = _Known(columns[columns >= 0], joints)
        return found

    def _joined(self, known: Sequence[_Known], owner: Keys) -> tuple[Keys, Keys]:
        """Column and first word of each pair of words."""
        if len(known) < 2:
            return _NONE, _NONE
        keys = features.of_pairs(np.concatenate([one.joints for one in known]).reshape(-1, 2, 3))
        columns = self._looked_up(keys)
        columns[owner[1:] != owner[:-1]] = -1
        columns = columns.ravel()
        seen = (columns >= 0).nonzero()[0]
        return columns[seen], seen >> 1  # two views

    def _of_concepts(self, batch: Sequence[Words], first: Keys) -> tuple[list[int], list[int]]:
        """Column and word of each concept and each pair of them."""
        columns, words = [], []
        for message, start in zip(batch, first.tolist(), strict=False):
            for place, names in concepts.named(message):
                column = self._concepts.get(names)
                if column is not None:
                    columns.append(column)
                    words.append(start + place)
        return columns, words

    def _looked_up(self, keys: Keys) -> Keys:
        """The column of each key, -1 where training never saw it."""
        column = self._keys.searchsorted(keys)
        column[self._marked[column] != keys] = -1
        return column


_NONE: Keys = np.zeros(0, dtype=np.int64)
