"""A message as weighted n-grams: what the linear model sees. No labels and no weights live here.

Two views of each message stand side by side: the words as typed (lower-cased), and the words without diacritics and
with chat spellings resolved. In each view words 1-2 and characters 2-5 within a word are hashed. Hashing works on
whole batches in numpy, because a Python loop over n-grams costs ten times the rest of the tagging.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp import concepts
from nlp.words import Words

Keys = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]

GROUPS = 5  # words and characters as typed, words and characters folded, concepts
_CONCEPTS = 4
_HASH_BITS = 22
_KEY_BITS = _HASH_BITS + 3


class Grams(NamedTuple):
    """Every n-gram of a batch: whose it is, its hashed key (group in the top bits), and the word it stands in."""

    message: Keys
    key: Keys
    word: Keys


# A substring's hash is (P[end] - P[start]) / B^start mod 2^64, where P sums char * B^position: one pass serves every n.
_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)


def _powers(base: int, count: int) -> Hashes:
    found = np.full(count, base, dtype=np.uint64)
    found[0] = 1
    return np.multiply.accumulate(found)


_POWERS = _powers(_BASE, 4096)
_INVERSES = _powers(_BASE_INVERSE, 4096)


def _reach(count: int) -> None:
    """Make the tables of powers at least `count` long; they are only ever replaced by longer equal ones."""
    global _POWERS, _INVERSES
    if count > len(_POWERS):
        longer = 1 << count.bit_length()
        _POWERS, _INVERSES = _powers(_BASE, longer), _powers(_BASE_INVERSE, longer)


def grams(batch: Sequence[Words]) -> Grams:
    """Hash every n-gram of a batch; messages without words have none."""
    counts = np.array([len(message.typed) for message in batch], dtype=np.int64)
    total = int(counts.sum())
    if not total:
        none = np.zeros(0, dtype=np.int64)
        return Grams(none, none, none)
    line = " ".join([word for message in batch for word in message.typed] + [w for m in batch for w in m.folded])
    chars = _chars(f" {line} ")
    owner = np.tile(np.repeat(np.arange(len(batch), dtype=np.int64), counts), 2)
    place = np.tile(_places(counts), 2)
    return _joined([_of_concepts(batch), _hashed(chars, owner, place, total)])


def _joined(parts: Sequence[Grams]) -> Grams:
    return Grams(*(np.concatenate([part[field] for part in parts]) for field in range(3)))


def _of_concepts(batch: Sequence[Words]) -> Grams:
    found = [(index, key, place) for index, message in enumerate(batch) for place, key in concepts.keys(message)]
    message, key, place = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return Grams(message, of_concept(key), place)


def of_concept(key: Keys) -> Keys:
    """The keys of concepts and pairs of them by their 32-bit ones."""
    return (key >> (32 - _HASH_BITS)) | (_CONCEPTS << _HASH_BITS)


def _places(counts: Keys) -> Keys:
    """The number of each word within its message."""
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)


def _hashed(chars: npt.NDArray[np.uint32], owner: Keys, place: Keys, typed: int) -> Grams:
    """Hash words, pairs of words and characters of one line in which the typed words stand before the folded ones."""
    start, end, word, kind = _spans(chars == 32, owner, typed)
    _reach(len(chars) + 1)
    prefix = np.zeros(len(chars) + 1, dtype=np.uint64)
    np.cumsum(chars * _POWERS[: len(chars)], out=prefix[1:])
    hashed = _mixed((prefix[end] - prefix[start]) * _INVERSES[start], kind)
    view = (word >= typed) * 2 + (kind > _PAIR)
    return Grams(owner[word], hashed | (view << _HASH_BITS), place[word])


def _mixed(spread: Hashes, kind: Keys | int) -> Keys:
    """The bits of a hash that make a key; the same text is another key as another kind of n-gram."""
    spread = spread + _SEEDS[kind]
    spread ^= spread >> np.uint64(29)
    spread *= np.uint64(0xBF58476D1CE4E5B9)
    return (spread >> np.uint64(64 - _HASH_BITS)).astype(np.int64)


# Kinds of n-gram: a word, a pair of words, and 2 to 5 characters. The seeds keep equal texts of different kinds apart.
_WORD, _PAIR = 0, 1
_LENGTHS = range(2, 6)
_SEEDS = np.array([(kind + 1) * 0x632BE59BD9B4E019 % (1 << 64) for kind in range(6)], dtype=np.uint64)


def _spans(space: npt.NDArray[np.bool_], owner: Keys, typed: int) -> tuple[Keys, Keys, Keys, Keys]:
    """Start, end, word and kind of each n-gram in a line of words with one space before and after each."""
    size = len(space)
    gaps = np.flatnonzero(space)
    starts, ends = gaps[:-1] + 1, gaps[1:]
    every = np.arange(len(starts))
    pair = every[:-1][(owner[1:] == owner[:-1]) & (every[1:] != typed)]
    before = np.zeros(size + 1, dtype=np.int64)  # spaces before each place
    np.cumsum(space, out=before[1:])
    # Characters may begin or end with the space round their word, but hold none inside.
    first = [np.flatnonzero(before[n - 1 : size] == before[1 : size - n + 2]) for n in _LENGTHS]
    firsts = np.concatenate(first)
    lengths = np.repeat(np.array(_LENGTHS), [len(found) for found in first])
    kind = np.concatenate([np.zeros(len(every), np.int64), np.ones(len(pair), np.int64), lengths])
    word_of = np.minimum(before[firsts + 1] - 1, len(every) - 1)
    return (
        np.concatenate([starts, starts[pair], firsts]),
        np.concatenate([ends, ends[pair + 1], firsts + lengths]),
        np.concatenate([every, pair, word_of]),
        kind,
    )


# -- word by word: the same keys, for whoever keeps them --------------------------------------------------------------


def of_word(typed: str, folded: str) -> tuple[Keys, Hashes]:
    """The keys of the n-grams within a word, in both views, and its joints: what `of_pairs` hashes pairs from."""
    chars = _chars(f" {typed}  {folded} ")
    start, end, kind, view, powers = _template(len(typed), len(folded))
    prefix = np.zeros(len(chars) + 1, dtype=np.uint64)
    np.cumsum(chars * _POWERS[: len(chars)], out=prefix[1:])
    spread = (prefix[end] - prefix[start]) * _INVERSES[start]
    joints = np.empty((2, 3), dtype=np.uint64)  # of each view the hash, that with a space behind it, what comes next
    joints[:, 0] = spread[:2]
    joints[:, 1] = spread[:2] + 32 * powers
    joints[:, 2] = _BASE * powers
    return _mixed(spread, kind) | view, joints


@lru_cache(maxsize=1024)  # words end at 40 characters, and the two views are seldom of different length
def _template(typed: int, folded: int) -> tuple[Keys, Keys, Keys, Keys, Hashes]:
    """Start, end, kind and view of a word's n-grams, the words themselves first, and the power behind each view."""
    views = ((1, typed, 0), (typed + 3, folded, _FOLDED))
    alone = [(begin, begin + size, _WORD, view) for begin, size, view in views]
    within = [
        (start, start + length, length, view | (1 << _HASH_BITS))
        for begin, size, view in views
        for length in _LENGTHS
        for start in range(begin - 1, begin + size + 2 - length)
    ]
    start, end, kind, view = np.array(alone + within, dtype=np.int64).T.copy()
    return start, end, kind, view, _POWERS[[typed, folded]]


_FOLDED = 2 << _HASH_BITS
_VIEWS = np.array([0, _FOLDED], dtype=np.int64)


def of_pairs(joints: Hashes) -> Keys:
    """The keys of each word with its next one, (words - 1, views), by the joints of all, (words, views, 3)."""
    return _mixed(joints[:-1, :, 1] + joints[1:, :, 0] * joints[:-1, :, 2], _PAIR) | _VIEWS


def _chars(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class Counted(NamedTuple):
    """The n-grams of a batch counted per message, in order of message and key; `entry` leads each gram to its row."""

    message: Keys
    key: Keys
    weight: Floats  # 1 + log(count)
    entry: Keys


def counted(found: Grams) -> Counted:
    """Count equal n-grams of a message, sublinearly."""
    joined = (found.message << _KEY_BITS) | found.key
    unique, entry, counts = np.unique(joined, return_inverse=True, return_counts=True)
    weight = (1.0 + np.log(counts)).astype(np.float32)
    return Counted(unique >> _KEY_BITS, unique & ((1 << _KEY_BITS) - 1), weight, entry)


def tally(values: Keys) -> tuple[Keys, Keys, Keys]:
    """Different values in order, which of them each value is, and how often it came: np.unique in half its time."""
    order = values.argsort(kind="stable")
    ordered = values[order]
    fresh = np.ones(len(values), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    start = fresh.nonzero()[0]
    which = np.empty(len(values), dtype=np.int64)
    which[order] = fresh.cumsum() - 1
    return ordered[start], which, np.append(start[1:], len(values)) - start


def scaled(message: Keys, key: Keys, weight: Floats) -> Floats:
    """Bring each view's words and characters of each message to length one, so that none drowns another."""
    slot = message * GROUPS + (key >> _HASH_BITS)
    squares = np.bincount(slot, weights=weight * weight)
    return (weight / np.sqrt(squares[slot])).astype(np.float32)
