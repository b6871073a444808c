"""Which language a message is in, by its letters and small words; needs no model and never fails.

Vietnamese without diacritics is told by its syllables: an onset, a vowel cluster and a coda from short closed lists.
"""

import re
import unicodedata
from typing import Literal

from nlp.fold import CHAT_SPELLINGS, fold

Language = Literal["vi", "en", "other"]
LANGUAGES: tuple[Language, ...] = ("vi", "en", "other")

_MOST_CHARS = 2_000
_VIETNAMESE_ONLY = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOT_WORDS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\b[a-z]*\d\w*\b", re.IGNORECASE)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x)?"
    r"(?:uye|uya|uyu|uoi|uou|ieu|yeu|oai|oay|oeo|uay|uao|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|a|e|i|o|u|y)"
    r"(?:ng|nh|ch|c|m|n|p|t)?"
)
_ENGLISH = frozenset(
    """a about account address after again agent all already also am an and any anyone appointment are aren't around as ask at
    available away back bad bank be because been before being best better big bill black blue book booking both bought box branch
    broke broken business but buy by call came can can't cancel card cash change charge charged check chat choose close closed
    code color colour come confirm confirmed contact could couldn't customer damaged day days deal delete deliver delivered
    delivery deposit did didn't different discount do does doesn't doing don't done down each early email evening ever every
    exchange expensive extra far fast fee few find first fix for found free friday friend from full get getting gift give go
    going good got great guys had has hasn't have haven't he hello help her here hey hi him his hold home hours how i i'd i'll
    i'm i've if in instead interested into invoice is isn't it it's item job just keep know large last late later leave left let
    like line list little live ll long look looking lost lot love made mail make manager many may maybe me mean medium message
    messages missing monday money month more morning much my name need never new next nice night no nobody not nothing now number
    of off offer ok okay old on once one online only open opening or order ordered orders other our out over own package paid
    parcel parking part party password pay paying payment people per perfect person phone pick picked place please point points
    price prices problem product promo put quality question quick quickly quote ready real really receipt receive received red
    refund regards remove repair reply reservation reserve return right same saturday said sale say see sell send sent service
    shipped shipping should shouldn't show size small so some someone something soon sorry speak staff still stock stop store
    such sunday sure table take talk team tell than thank thanks that that's the their them then there these they they're
    thing think this those thursday time to today tomorrow tonight too took total track tracking transfer transferred tried try
    trying tuesday twice two unsubscribe until up update us use used using very voucher wait waiting want wanted warranty was
    wasn't way we we're website wednesday week weekend well went were what what's when where which while white who wholesale why
    will with won't wonderful work working works worse worst would wouldn't wrong year yes yesterday yet you you're your yours
    delicious amazing awesome excellent friendly fake scam spam hiring vacancy resume""".split()
)
_ENGLISH_ENDING = re.compile(r"[a-z]{3,}(?:ing|tion|ment|ness|able|ful|less|ally|ed|ly|ers|ies|ous|ght|ck|ss|ll|sh|st|nd|rd|ts|ds|ve|ce|se|ge|ke|te|le|re)")
_SHARED = frozenset("a an do to me so may no the can hang in on hi ok sale shop ship size order show inbox cho bao man men sang nay am i u he as at be go us thing".split())
_SMALL_VIETNAMESE = frozenset(
    """minh khong duoc cua nay cho voi nhe nha da vang shop oi em anh chi ban gia bao nhieu con hang muon dat mua xin hoi toi
    roi chua sao vay gi nao dau khi nua luon lam nhan vien don giao ngay mai hom qua tien huy doi tra tu van a ah alo vs ko k dc
    hong hem hok chuyen khoan thanh toan dia ban o may thi ma la co va se dang bi den ve ra vao len xuong trong ngoai
    nhung cac mot hai ba nam sau bay tam chin muoi dep tot xau re mac qua lai di xem biet can giup mk ntn bn tks""".split()
)


def language(text: str) -> Language:
    """Guess one message's language; "other" when it is neither, or has no words at all."""
    found = unicodedata.normalize("NFC", text[:_MOST_CHARS]).lower()
    found = _NOT_WORDS.sub(" ", found)
    words: list[str] = _WORD.findall(found)
    letters = sum(len(word) for word in words)
    latin = sum(1 for word in words for char in word if char < "\u0250" or "\u1e00" <= char <= "\u1eff" or char in "'’")
    if not letters or latin * 2 < letters:
        return "other"
    return _weigh(words)


def _weigh(words: list[str]) -> Language:
    vietnamese = sum(_as_vietnamese(word) for word in words)
    english = sum(_as_english(word) for word in words)
    if max(vietnamese, english) < 0.34 * len(words):
        return "other"
    return "vi" if vietnamese >= english else "en"


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
