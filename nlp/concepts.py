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
    known, longest = phrases(), _longest()
    found: list[tuple[int, str]] = []
    covered = 0
    for place in range(len(folded)):
        for length in range(min(longest.get(folded[place], 1), len(folded) - place), 0, -1):
            if place + length <= covered:
                break
            names = known.get(" ".join(folded[place : place + length]), ())
            if length == 1 and not names:
                names = _stemmed(folded[place])
            if names:
                found += [(place, name) for name in names]
                covered = place + length
                break
    return tuple(found)


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
    found = concepts(message.folded)
    first = list(dict(reversed([(name, place) for place, name in found])).items())
    pairs = combinations(sorted(first[:_MOST_PAIRED]), 2)
    return [(place, _key(name)) for place, name in found] + [
        (max(a[1], b[1]), _key(f"{a[0]}+{b[0]}")) for a, b in pairs
    ]


@cache
def _key(name: str) -> int:
    return crc32(name.encode())
