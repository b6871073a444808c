"""The second head's arithmetic for serving: the same numbers as thinc's, in a quarter of its time.

What the network makes of a word before it looks at the neighbours depends on the word alone, so it is kept: most words
of a message were seen before. The rest is a handful of numpy calls for a whole batch.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from thinc.api import Model

from nlp.features import Floats

MOST_KEPT = 8_000  # words, 400 bytes each; then it forgets all and begins again
_TINY = 1e-8  # as in thinc's layer norm


class Swift:
    """Reads the numbers of a network once; `embed` gives the vectors of words that are not kept."""

    def __init__(self, model: Model[Any, Any], embed: Callable[[list[str]], Floats]) -> None:
        encode = model.get_ref("tok2vec").get_ref("encode")
        nodes = {node.name: node for node in encode.walk()}
        self._embed = embed
        wide: Any = nodes["maxout"].get_param("W")
        self._width, self._pieces = wide.shape[0], wide.shape[1]
        # Pieces first, so that the maximum is one over whole blocks.
        self._wide = np.ascontiguousarray(wide.transpose(1, 0, 2).reshape(-1, wide.shape[2]).T)
        self._shift = np.ascontiguousarray(np.asarray(nodes["maxout"].get_param("b")).T.reshape(-1))
        self._gain, self._bias = nodes["layernorm"].get_param("G"), nodes["layernorm"].get_param("b")
        output = model.get_ref("output_layer")
        self._out, self._out_bias = np.ascontiguousarray(output.get_param("W").T), output.get_param("b")
        self._kept: dict[str, Floats] = {}

    def scores(self, batch: Sequence[Sequence[str]]) -> Floats:
        """The network's raw scores; each message has at least one word."""
        self._learn({word for words in batch for word in words})
        rows = np.zeros((sum(map(len, batch)) + len(batch) + 1, self._width), dtype=np.float32)
        starts, at = [], 1  # a row of zeros stands before, between and behind the messages
        for words in batch:
            rows[at : at + len(words)] = [self._kept[word] for word in words]
            starts.append(at)
            at += len(words) + 1
        found: Floats = self._pooled(self._encoded(rows), batch, starts) @ self._out + self._out_bias
        return found

    def _learn(self, words: set[str]) -> None:
        fresh = [word for word in words if word not in self._kept]
        if not fresh:
            return
        if len(self._kept) + len(fresh) > MOST_KEPT:
            self._kept.clear()
            fresh = sorted(words)
        self._kept.update(zip(fresh, self._embed(fresh), strict=True))

    def _encoded(self, rows: Floats) -> Floats:
        seen = np.concatenate([rows[:-2], rows[1:-1], rows[2:]], axis=1)
        wide = seen @ self._wide + self._shift
        best = wide.reshape(len(wide), self._pieces, self._width).max(axis=1)
        best -= best.mean(axis=1, keepdims=True)
        best /= np.sqrt((best * best).mean(axis=1, keepdims=True) + _TINY)
        found: Floats = rows[1:-1] + best * self._gain + self._bias
        return found

    def _pooled(self, found: Floats, batch: Sequence[Sequence[str]], starts: list[int]) -> Floats:
        pooled = np.empty((len(batch), 2 * self._width), dtype=np.float32)
        for place, (words, start) in enumerate(zip(batch, starts, strict=True)):
            mine = found[start - 1 : start - 1 + len(words)]
            mine.max(axis=0, out=pooled[place, : self._width])
            mine.mean(axis=0, out=pooled[place, self._width :])
        return pooled
