"""Words as they are put in, asked for and shown: blind to marks and case, and never a command of the search."""

import re
import unicodedata

from nlp.fold import fold

MOST_TYPED = 200
MOST_PHRASES = 16
SHORTEST_PREFIX = 2  # a single letter begins half of all words
SNIPPET = 160
BEFORE = 50  # characters of a snippet that stand before the hit

_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """Letters without marks, đ as d, all small."""
    return fold(unicodedata.normalize("NFC", text)).lower()


def wanted(typed: str) -> list[list[str]]:
    """What a person looks for: for each typed word its parts, which stand side by side ("MA-12" is ma, 12)."""
    words = folded(typed[:MOST_TYPED]).split()
    return [parts for word in words if (parts := _WORD.findall(word))][:MOST_PHRASES]


def phrases(typed: str) -> str:
    """The same as the search wants it: each word quoted, the last one a prefix; "" when there is none."""
    words = wanted(typed)
    if not words:
        return ""
    quoted = [f'"{" ".join(parts)}"' for parts in words]
    return " ".join(quoted) + ("*" if len(words[-1][-1]) >= SHORTEST_PREFIX else "")


def snippet(text: str, typed: str) -> str | None:
    """Some words of the text around the first hit, as they were written; None when none of the words is in it."""
    shown = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    where = _first(shown, typed)
    if where is None:
        return None
    start = max(0, where - BEFORE)
    if start:
        start = shown.find(" ", start, where) + 1 or start
    room = SNIPPET - (1 if start else 0)
    end = start + room if len(shown) - start > room else len(shown)
    cut = end < len(shown)
    return f"{'…' if start else ''}{shown[start : end - 1] if cut else shown[start:]}{'…' if cut else ''}"


def _first(shown: str, typed: str) -> int | None:
    """Where the first of the words begins. Marks that no letter takes up vanish in folding: letters are counted."""
    plain, places = [], list[int]()
    for place, letter in enumerate(shown):
        for one in fold(letter).lower():
            plain.append(one)
            places.append(place)
    text = "".join(plain)
    starts = [
        found.start()
        for parts in wanted(typed)
        if (found := re.search(r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, parts)), text))
    ]
    return places[min(starts)] if starts else None
