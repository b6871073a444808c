"""What the words of a shop mean, in both languages: the hand-written list in data/concepts.txt, looked up in a message.

Sixty examples cannot show every word for "money back"; the list lets the model learn the meaning once for all of them.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from zlib import crc32

from nlp.words import Words, words

LIST = Path(__file__).parent / "data" / "concepts.txt"
_MOST_PAIRED = 16  # concepts of a message that are paired; longer messages have told their wish by then
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly")


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """Each phrase, written as the folded view of a message shows it, and its concepts."""
    found: dict[str, list[str]] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, _, listed = line.partition(":")
        for phrase in listed.split(","):
            known = found.setdefault(" ".join(words(phrase).folded), [])
            if name not in known:
                known.append(name)
    return {phrase: tuple(names) for phrase, names in found.items()}


def concepts(folded: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """The concepts of a message with the place of their first word; a phrase hides the shorter ones within it."""
    return _found(tuple(folded))


@lru_cache(maxsize=256)  # both heads ask for the same messages, one right after the other
def _found(folded: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    covered = 0
    for place, word in enumerate(folded):
        longest, alone = _begun(word)
        if longest == 1 and not alone:
            continue
        for length in range(min(longest, len(folded) - place), 0, -1):
            if place + length <= covered:
                break
            names = alone if length == 1 else phrases().get(" ".join(folded[place : place + length]), ())
            if names:
                found += [(place, name) for name in names]
                covered = place + length
                break
    return tuple(found)


@lru_cache(maxsize=8192)
def _begun(word: str) -> tuple[int, tuple[str, ...]]:
    """How many words the longest phrase has that begins with a word, and the concepts of the word by itself."""
    return _longest().get(word, 1), phrases().get(word) or _stemmed(word)


@cache
def _longest() -> dict[str, int]:
    """How many words the longest phrase has that begins with a word; most words begin none."""
    found: dict[str, int] = {}
    for phrase in phrases():
        first, *rest = phrase.split(" ")
        found[first] = max(found.get(first, 1), len(rest) + 1)
    return found


def _stemmed(word: str) -> tuple[str, ...]:
    if len(word) > 4 and word.isascii():
        for ending in _ENDINGS:
            if word.endswith(ending) and (names := phrases().get(word.removesuffix(ending))):
                return names
    return ()


def keys(message: Words) -> list[tuple[int, int]]:
    """The place and a 32-bit key of each concept of a message and of each pair of its concepts, in either order."""
    return [(place, key(names)) for place, names in named(message)]


Names = tuple[str] | tuple[str, str]


def named(message: Words) -> list[tuple[int, Names]]:
    """The place and the name of each concept, and the two names of each pair."""
    found = concepts(message.folded)
    first = {name: place for place, name in reversed(found)}
    chosen = sorted(list(first.items())[:_MOST_PAIRED])
    alone: list[tuple[int, Names]] = [(place, (name,)) for place, name in found]
    return alone + [(max(a, b), (one, other)) for (one, a), (other, b) in combinations(chosen, 2)]


def every() -> list[Names]:
    """All concepts, and all pairs of them as `named` writes them."""
    names = sorted({name for known in phrases().values() for name in known})
    return [*((name,) for name in names), *combinations(names, 2)]


def key(names: Names) -> int:
    """A 32-bit key."""
    return crc32("+".join(names).encode())
