"""Which language a message is in, by its letters and small words; needs no model and never fails.

Vietnamese without diacritics is told by its syllables: an onset, a vowel cluster and a coda from short closed lists.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal

from nlp.fold import CHAT_SPELLINGS, fold

Language = Literal["vi", "en", "other"]

_MOST_CHARS = 2_000
_VIETNAMESE_ONLY = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOT_WORDS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\b[a-z]*\d\w*\b", re.IGNORECASE)
_HINT = re.compile(r"[\d/.@]")  # what is no word has one of these
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x)?"
    r"(?:uye|uya|uyu|uoi|uou|ieu|yeu|oai|oay|oeo|uay|uao|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye"
    r"|a|e|i|o|u|y)"
    r"(?:ng|nh|ch|c|m|n|p|t)?"
)


def _listed(name: str) -> frozenset[str]:
    lines = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_ENGLISH = _listed("english.txt")
_SMALL_VIETNAMESE = _listed("vietnamese.txt")
_SHARED = _listed("shared.txt")
_ENGLISH_ENDING = re.compile(
    r"[a-z]{3,}(?:ing|tion|ment|ness|able|ful|less|ally|ed|ly|ers|ies|ous|ght"
    r"|ck|ss|ll|sh|st|nd|rd|ts|ds|ve|ce|se|ge|ke|te|le|re)"
)


def language(text: str) -> Language:
    """Guess one message's language; "other" when it is neither, or has no words at all."""
    found = unicodedata.normalize("NFC", text[:_MOST_CHARS]).lower()
    if _HINT.search(found):
        found = _NOT_WORDS.sub(" ", found)
    seen = [_weighed(word) for word in _WORD.findall(found)]
    if not seen:
        return "other"
    letters, latin, vietnamese, english = map(sum, zip(*seen, strict=True))
    if latin * 2 < letters or max(vietnamese, english) < 0.34 * len(seen):
        return "other"
    return "vi" if vietnamese >= english else "en"


@lru_cache(maxsize=4096)  # most words of a message were seen before
def _weighed(word: str) -> tuple[int, int, float, float]:
    """How many letters a word has and how many Latin ones, and how Vietnamese and how English it is."""
    latin = sum(char < "\u0250" or "\u1e00" <= char <= "\u1eff" or char in "'’" for char in word)
    return len(word), latin, _as_vietnamese(word), _as_english(word)


def _as_vietnamese(word: str) -> float:
    if _VIETNAMESE_ONLY.search(word):
        return 1.5
    bare = fold(word)
    if bare in _SMALL_VIETNAMESE or bare in CHAT_SPELLINGS:
        return 0.5 if bare in _SHARED else 1.0
    if _SYLLABLE.fullmatch(bare):
        return 0.25 if bare in _ENGLISH else 0.6
    return 0.0


def _as_english(word: str) -> float:
    bare = word.replace("’", "'")
    if bare in _ENGLISH:
        return 0.5 if bare in _SHARED else 1.0
    if bare.isascii() and _ENGLISH_ENDING.fullmatch(bare) and not _SYLLABLE.fullmatch(bare):
        return 0.6
    return 0.0
