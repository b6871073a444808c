"""The second head: spaCy's small TextCatReduce network over the folded words of a message and its concepts.

It is wrong about other messages than the linear model, so the two together are right more often than either. It reads
the folded words only, so diacritics change nothing here. On disk it is one file of half-precision numbers.
"""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import spacy
from spacy.ml.models.textcat import build_reduce_text_classifier
from spacy.ml.models.tok2vec import build_hash_embed_cnn_tok2vec
from spacy.tokens import Doc
from thinc.api import Adam, Model, fix_random_seed, set_dropout_rate

from nlp import concepts
from nlp.errors import BrokenModel
from nlp.features import Floats, Keys
from nlp.linear import softmax
from nlp.swift import Swift
from nlp.words import Words

FILE = "second.npz"
MOST_WORDS = 200  # what stands behind them in a message has never decided one, and a conv over 2,000 words is slow
SEED = 7


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How large the network is and how long it learns."""

    width: int = 96
    rows: int = 4000
    batch: int = 128
    epochs: int = 8
    rate: float = 0.003
    drop: float = 0.3


SHAPE = Shape()


class Second:
    """A network that knows its labels; `probabilities` may be called by one thread at a time."""

    def __init__(self, labels: Sequence[str], shape: Shape = SHAPE) -> None:
        self.labels = tuple(labels)
        self.shape = shape
        self.vocab = spacy.blank("xx").vocab  # its own, for its own memory zones; a bare Vocab() knows no prefixes
        self._swift: Swift | None = None  # made at the first question, from the numbers of then
        self.model = _network(len(self.labels), shape)
        self.model.initialize(X=[Doc(self.vocab, words=["a"])], Y=np.zeros((1, len(self.labels)), dtype=np.float32))

    def probabilities(self, batch: Sequence[Words]) -> Floats:
        """The probability of each label for each message."""
        if not batch:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        if self._swift is None:
            self._swift = Swift(self.model, self.vocab)
        return softmax(self._swift.scores([_read(message.folded[:MOST_WORDS]) or ["_"] for message in batch]))

    def docs(self, batch: Sequence[Words]) -> list[Doc]:
        """Each message as the network reads it: before a word the concepts that begin with it."""
        return [Doc(self.vocab, words=_read(message.folded[:MOST_WORDS]) or ["_"]) for message in batch]

    def learn(self, batch: Sequence[Words], label: Keys) -> None:
        """Learn all messages `epochs` times; the same messages give the same network."""
        self._swift = None
        docs, truth = self.docs(batch), np.eye(len(self.labels), dtype=np.float32)[label]
        set_dropout_rate(self.model, self.shape.drop)
        optimizer = Adam(self.shape.rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=False)
        for share, chosen in _steps(len(docs), self.shape):
            optimizer.learn_rate = self.shape.rate * (1.0 - 0.9 * share)
            found, backwards = self.model.begin_update([docs[place] for place in chosen])
            backwards((found - truth[chosen]) / len(chosen))
            self.model.finish_update(optimizer)


def _steps(count: int, shape: Shape) -> Iterator[tuple[float, Keys]]:
    """Which messages each step learns, and the share of all steps that lies behind it."""
    chance = np.random.default_rng(SEED)
    for epoch in range(shape.epochs):
        order = chance.permutation(count)
        for start in range(0, count, shape.batch):
            yield (epoch + start / count) / shape.epochs, order[start : start + shape.batch]


def _network(labels: int, shape: Shape) -> Model[Any, Any]:
    fix_random_seed(SEED)
    embed = build_hash_embed_cnn_tok2vec(
        width=shape.width,
        depth=1,
        embed_size=shape.rows,
        window_size=1,
        maxout_pieces=3,
        subword_features=True,
        pretrained_vectors=None,
    )
    network: Model[Any, Any] = build_reduce_text_classifier(
        embed,
        exclusive_classes=True,
        use_reduce_first=False,
        use_reduce_last=False,
        use_reduce_max=True,
        use_reduce_mean=True,
        nO=labels,
    )
    return network


def _read(words: Sequence[str]) -> list[str]:
    """Words with their concepts before them; a concept's name is no word that anybody types."""
    at: dict[int, list[str]] = {}
    for place, name in concepts.concepts(words):
        at.setdefault(place, []).append(f"@{name}")
    return [part for place, word in enumerate(words) for part in (*at.get(place, ()), word)] if at else list(words)


def _numbers(model: Model[Any, Any]) -> list[tuple[Model[Any, Any], str]]:
    """Each array of the network by its node and name, always in the same order."""
    return [(node, name) for node in model.walk() for name in sorted(node.param_names) if node.has_param(name)]


def write(second: Second, folder: Path) -> None:
    """Write the network into an existing folder."""
    half: dict[str, npt.NDArray[np.float16]] = {
        f"p{place}": np.asarray(node.get_param(name), dtype=np.float16)
        for place, (node, name) in enumerate(_numbers(second.model))
    }
    head = np.frombuffer(msgspec.json.encode({"labels": second.labels, "shape": second.shape}), dtype=np.uint8)
    np.savez_compressed(folder / FILE, head=head, **half)  # type: ignore[arg-type]  # its stub takes them for options


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    labels: tuple[str, ...]
    shape: Shape


def read(folder: Path) -> Second | None:
    """Load what `write` left; None where a model has one head only. Raises BrokenModel."""
    if not (folder / FILE).exists():
        return None
    try:
        with np.load(folder / FILE, allow_pickle=False) as stored:
            head = msgspec.json.decode(stored["head"].tobytes(), type=_Head)
            second = Second(head.labels, head.shape)
            for place, (node, name) in enumerate(_numbers(second.model)):
                node.set_param(name, stored[f"p{place}"].astype(np.float32).reshape(node.get_param(name).shape))
    except (OSError, ValueError, KeyError, EOFError, msgspec.MsgspecError, zipfile.BadZipFile) as why:
        raise BrokenModel(f"The model in {folder} cannot be read ({why}); train again with: hub intents train") from why
    return second
