"""The second head's arithmetic for serving: the same numbers as thinc's, in a fraction of its time.

What the network makes of a word before it looks at the neighbours depends on the word alone, and so does what the word
adds to each of the two beside it: both are kept, because most words of a message were seen before. What is left for a
message is a sum of three rows a word and a handful of numpy calls for a whole batch.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spacy.vocab import Vocab
from thinc.api import Model

from nlp.features import Floats, Keys

MOST_KEPT = 4_000  # words, 4 kB each; then it forgets all and begins again
_TINY = 1e-8  # as in thinc's layer norm


class Swift:
    """Reads the numbers of a network once."""

    def __init__(self, model: Model[Any, Any], vocab: Vocab) -> None:
        tok2vec = model.get_ref("tok2vec")
        self._alone, self._among = _Alone(tok2vec.get_ref("embed"), vocab), _Maxout(tok2vec.get_ref("encode"))
        width = self._width = self._among.width
        # What a word adds to the next one, to itself and to the one before it, side by side.
        self._adds = np.hstack(np.split(self._among.weights, 3))
        self._parts = slice(0, width), slice(width, 4 * width), slice(4 * width, 7 * width), slice(7 * width, None)
        output = model.get_ref("output_layer")
        self._out, self._out_bias = np.ascontiguousarray(output.get_param("W").T), output.get_param("b")
        self._place: dict[str, int] = {}
        self._kept = self._empty(MOST_KEPT)

    def scores(self, batch: Sequence[Sequence[str]]) -> Floats:
        """The network's raw scores; each message has at least one word."""
        flat = [word for words in batch for word in words]
        self._learn(list(dict.fromkeys(flat)))
        rows = self._kept.take([self._place[word] for word in flat], axis=0)
        count = np.array([len(words) for words in batch], dtype=np.int64)
        start = np.cumsum(count) - count
        found = self._encoded(rows, start[1:])
        mean = np.add.reduceat(found, start) / count[:, None].astype(np.float32)
        pooled = np.concatenate([np.maximum.reduceat(found, start), mean], axis=1)
        scored: Floats = pooled @ self._out + self._out_bias
        return scored

    def _empty(self, count: int) -> Floats:
        return np.empty((count, self._width + self._adds.shape[1]), dtype=np.float32)

    def _learn(self, words: list[str]) -> None:
        fresh = [word for word in words if word not in self._place]
        if not fresh:
            return
        if len(self._place) + len(fresh) > MOST_KEPT:
            fresh = words
            self._place, self._kept = {}, self._empty(max(MOST_KEPT, len(words)))
        begin = len(self._place)
        mine = self._kept[begin : begin + len(fresh)]
        mine[:, : self._width] = self._alone.vectors(fresh)
        np.matmul(mine[:, : self._width], self._adds, out=mine[:, self._width :])
        mine[:, self._parts[2]] += self._among.shift
        self._place.update(zip(fresh, range(begin, begin + len(fresh)), strict=True))

    def _encoded(self, rows: Floats, cuts: Keys) -> Floats:
        """Each word among its neighbours; a message that begins at a cut has none before it."""
        alone, to_next, wide, to_last = (rows[:, part] for part in self._parts)
        if len(cuts):
            to_next[cuts - 1] = 0
            to_last[cuts] = 0
        wide[1:] += to_next[:-1]
        wide[:-1] += to_last[1:]
        return alone + self._among.best(wide)


class _Alone:
    """What the network makes of a word by itself: of its norm, prefix, suffix and shape."""

    def __init__(self, embed: Model[Any, Any], vocab: Vocab) -> None:
        self._vocab = vocab
        self._ops: Any = embed.ops
        self._tables = [(node.get_param("E"), node.attrs["seed"]) for node in embed.walk() if node.name == "hashembed"]
        self._mixed = _Maxout(embed)

    def vectors(self, words: Sequence[str]) -> Floats:
        with self._vocab.memory_zone():  # else every word that anybody ever types would be kept
            known = [self._vocab[word] for word in words]
            ids = np.array([[one.norm, one.prefix, one.suffix, one.shape] for one in known], dtype=np.uint64)
        seen: list[Any] = [
            self._ops.gather_add(table, self._ops.hash(np.ascontiguousarray(column), seed) % len(table))
            for column, (table, seed) in zip(ids.T, self._tables, strict=True)
        ]
        return self._mixed.best(np.concatenate(seen, axis=1) @ self._mixed.weights + self._mixed.shift)


class _Maxout:
    """A maxout layer with the norm behind it."""

    def __init__(self, model: Model[Any, Any]) -> None:
        nodes = {node.name: node for node in model.walk()}
        wide: Any = nodes["maxout"].get_param("W")
        self.width, self._pieces = wide.shape[0], wide.shape[1]
        # Pieces first, so that the maximum is one over whole blocks.
        self.weights = np.ascontiguousarray(wide.transpose(1, 0, 2).reshape(-1, wide.shape[2]).T)
        self.shift = np.ascontiguousarray(np.asarray(nodes["maxout"].get_param("b")).T.reshape(-1))
        gain: Any = nodes["layernorm"].get_param("G")
        bias: Any = nodes["layernorm"].get_param("b")
        self._gain, self._bias = gain, bias

    def best(self, wide: Floats) -> Floats:
        """From the products with `weights`, and `shift`, on."""
        best: Floats = wide.reshape(len(wide), self._pieces, self.width).max(axis=1)
        best -= np.add.reduce(best, axis=1, keepdims=True) / self.width
        spread = np.einsum("ij,ij->i", best, best) / self.width
        best /= np.sqrt(spread + _TINY)[:, None]
        best *= self._gain
        best += self._bias
        return best
