"""A message as words in two views: as typed, and without diacritics and with chat spellings resolved."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from nlp.fold import CHAT_SPELLINGS, fold

MOST_CHARS = 2_000  # what follows in a longer message is quoted mail or noise
MOST_WORD_CHARS = 40  # longer "words" are encoded data

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|vn|net|org|me|ly|shop|info|io|xyz|top|gl)\b\S*"
)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\w.])(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\w)")
_CODE = re.compile(r"#[a-z]{0,4}-?\d{2,}\w*|\b[a-z]{2,6}[-_]?\d{4,}[a-z0-9]*\b")
# Marks that joined no letter, and halves of surrogate pairs, which are no text and which spaCy refuses.
_LOOSE_MARKS = re.compile("[\u0300-\u036f\u200b-\u200f\ufe0f\ud800-\udfff]+")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}|([^\w\s])\2+")
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s.,;:…\-–—()\[\]\"“”'’/\\|*_~`^<>={}+&]")
_DIGIT = re.compile(r"\d")
_DIGITS = str.maketrans("123456789", "000000000")


class Words(NamedTuple):
    """The words of one message in both views, word for word."""

    typed: list[str]
    folded: list[str]


def normalise(text: str) -> str:
    """Bring a text to one form: NFKC, lower case, letters repeated three times or more once, ids and links masked."""
    text = unicodedata.normalize("NFKC", text[:MOST_CHARS]).lower()[:MOST_CHARS]
    text = _LOOSE_MARKS.sub("", text)
    if "." in text or "/" in text:
        text = _LINK.sub(" xlink ", _MAIL.sub(" xmail ", text))
    if _DIGIT.search(text):
        text = _CODE.sub(" xcode ", _PHONE.sub(" xphone ", text))
    return _REPEATED.sub(lambda found: found[1] or found[2], text)


def words(text: str) -> Words:
    """Split a raw message into its words in both views; digits become 0, so that sizes and sums share their shape."""
    seen = [_views(word[:MOST_WORD_CHARS]) for word in _WORD.findall(normalise(text))]
    return Words([typed for typed, _ in seen], [folded for _, folded in seen])


@lru_cache(maxsize=8192)  # most words of a message were seen before
def _views(word: str) -> tuple[str, str]:
    typed = word.translate(_DIGITS)
    folded = fold(typed)
    return typed, CHAT_SPELLINGS.get(folded, folded)
