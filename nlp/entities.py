"""Phone numbers, order codes, dates, sums, mail addresses and links in a message, by pattern; needs no model."""

import re
from typing import Literal, NamedTuple

import msgspec

from nlp.fold import fold

EntityKind = Literal["phone", "order", "date", "amount", "email", "link"]

MOST_CHARS = 2_000
MOST_FOUND = 50


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the message, `text == message[start:end]` in code points."""

    kind: EntityKind
    text: str
    start: int
    end: int


_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_THU = r"thứ (?:hai|ba|tư|năm|sáu|bảy)|(?:thứ|thu|t) ?[2-7]|chủ nhật|chu nhat|cn"
_NEAR = (
    r"hôm nay|hom nay|hôm qua|hom qua|hôm kia|ngày mai|ngay mai|ngày mốt|ngày kia|chiều nay|tối nay|sáng nay"
    r"|sáng mai|chiều mai|tối mai|tối qua|cuối tuần|cuoi tuan"
)
_NEAR = f"{_NEAR}|{fold(_NEAR)}|bữa nay|bua nay"
_TLD = r"(?:com|vn|net|org|me|ly|shop|info|io|xyz|top)"
_AFTER_ORDER = "|".join(
    f"(?<={said} )" for said in ("mã đơn", "mã đơn:", "ma don", "đơn số", "don so", "order", "order no", "mã vận đơn")
)


class _Pattern(NamedTuple):
    """A pattern, and what makes a text worth a look: so many digits, one of the marks, one of the words."""

    kind: EntityKind
    written: re.Pattern[str]
    digits: int
    marks: frozenset[str]
    words: frozenset[str]

    def possible(self, digits: int, marks: set[str], words: set[str]) -> bool:
        """A cheap look that spares most messages most patterns."""
        if digits < self.digits or (self.marks and self.marks.isdisjoint(marks)):
            return False
        return not self.words or not self.words.isdisjoint(words)


def _pattern(kind: EntityKind, written: str, digits: int = 0, marks: str = "", words: str = "") -> _Pattern:
    return _Pattern(kind, re.compile(written, re.IGNORECASE), digits, frozenset(marks), frozenset(words.split()))


_MONTH_WORDS = (
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov"
    " november dec december"
)
_DAY_WORDS = "monday tuesday wednesday thursday friday saturday sunday"
_NEAR_WORDS = "hôm hom ngày ngay chiều chieu tối toi sáng sang cuối cuoi bữa bua"
_THU_WORDS = "thứ thu t chủ chu cn " + " ".join(f"{said}{day}" for said in ("thứ", "thu", "t") for day in range(2, 8))

# In order of precedence: what an earlier pattern took, a later one leaves alone.
PATTERNS = (
    _pattern("email", r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b", marks="@"),
    _pattern("link", r"\b(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)\]]", marks="."),
    _pattern("link", rf"(?<![\w@.])[\w-]{{2,63}}(?:\.[\w-]{{2,63}}){{0,3}}\.{_TLD}\b(?:/[^\s<>\"]*)?", marks="."),
    _pattern("phone", r"(?<![\w.,])(?:\+|00)84[ .\-]?(?:\(0\)[ .\-]?)?[2-9](?:[ .\-]?\d){8,9}(?!\w)", digits=11),
    _pattern("phone", r"(?<![\w.,])0[235789](?:[ .\-]?\d){8,9}(?!\w)", digits=10),
    _pattern("phone", r"(?<![\w.,])1[89]00(?:[ .\-]?\d){4,6}(?!\w)", digits=8),
    _pattern("phone", r"(?<![\w.,])\+(?!84)[1-9](?:[ .\-]?\d){7,13}(?!\w)", digits=8, marks="+"),
    _pattern("order", r"(?<!\w)#[A-Z]{0,6}-?\d{2,}[A-Z0-9]*\b", digits=2, marks="#"),
    _pattern("order", rf"(?:{_AFTER_ORDER})\d{{3,}}\b", digits=3),
    _pattern("order", r"\b(?=[A-Z0-9-]{5,24}\b)[A-Z]{2,8}-?\d{3,}(?:-?[A-Z0-9]{1,8})?\b", digits=3),
    _pattern("amount", r"(?<![\w.,])\d{1,3}(?:[.,]\d{3})+ ?(?:đồng|dong|vnđ|vnd|đ|d|₫)?(?!\w)", digits=4, marks=".,"),
    _pattern(
        "amount",
        r"(?<![\w.,])\d+(?:[.,]\d+)? ?(?:triệu|trieu|tr|củ|tỷ|tỉ)(?: ?rưỡi| ?ruoi| ?\d{1,3})?(?!\w)",
        digits=1,
    ),
    _pattern("amount", r"(?<![\w.,])\d+(?:[.,]\d+)? ?(?:nghìn|nghin|ngàn|ngan|k|cành)(?: ?đồng)?(?!\w)", digits=1),
    _pattern("amount", r"(?<![\w.,])\d{3,} ?(?:đồng|dong|vnđ|vnd|đ|₫)(?!\w)", digits=3),
    _pattern(
        "amount",
        r"(?<!\w)[$€₫]\d+(?:[.,]\d+)*|(?<![\w.,])\d+(?:\.\d{1,2})? ?(?:usd|dollars?|\$|€)(?!\w)",
        digits=1,
    ),
    _pattern(
        "date",
        rf"(?<![\w/.-]){_DAY}[/.-]{_MONTH}[/.-](?:20)?\d{{2}}(?![\w/])|(?<!\d)20\d\d-{_MONTH}-{_DAY}(?!\d)",
        digits=4,
        marks="/.-",
    ),
    _pattern(
        "date",
        rf"\b(?:ngày|ngay) {_DAY}(?:(?: ?[/-] ?| tháng | thang ){_MONTH})?(?!\w)",
        digits=1,
        words="ngày ngay",
    ),
    _pattern(
        "date",
        rf"\b(?:mùng|mung|mồng|mong) {_DAY}(?: tết| tet| tháng {_MONTH}| âm| am)?(?!\w)",
        digits=1,
        words="mùng mung mồng mong",
    ),
    _pattern("date", rf"(?<![\w/.-]){_DAY}/{_MONTH}(?![\w/])", digits=2, marks="/"),
    _pattern("date", rf"\b{_DAY} (?:tháng|thang) {_MONTH}\b", digits=2, words="tháng thang"),
    _pattern(
        "date",
        rf"\b{_MONTH_NAME}\.? {_DAY}(?:st|nd|rd|th)?\b|\b{_DAY}(?:st|nd|rd|th)? (?:of )?{_MONTH_NAME}\b",
        digits=1,
        words=_MONTH_WORDS,
    ),
    _pattern("date", rf"\b(?:{_NEAR})\b", words=_NEAR_WORDS),
    _pattern("date", rf"\b(?:{_THU})(?: (?:tuần sau|tuan sau|này|nay|tới|toi|sau))?(?!\w)", words=_THU_WORDS),
    _pattern(
        "date",
        rf"\b(?:today|tomorrow|yesterday|tonight|(?:next |this |last )?{_WEEKDAY}|this weekend)\b",
        words=f"today tomorrow yesterday tonight next this last {_DAY_WORDS}",
    ),
    _pattern(
        "date",
        r"\b(?:tuần|tuan|tháng|thang) (?:sau|này|nay|tới|toi|trước|truoc)\b|\b(?:next|this|last) (?:week|month)\b",
        words="tuần tuan tháng thang next this last",
    ),
)
_DIGIT, _SAID = re.compile(r"\d"), re.compile(r"\w+")


def clues(text: str) -> tuple[int, set[str], set[str]]:
    """What tells cheaply which patterns may find something: how many digits, which characters, which words."""
    return len(_DIGIT.findall(text)), set(text), set(_SAID.findall(text.casefold()))


def entities(text: str) -> list[Entity]:
    """Every entity in order of place; no two overlap; only the first 2,000 characters and 50 finds count."""
    text = text[:MOST_CHARS]
    taken = bytearray(len(text))
    found: list[Entity] = []
    seen = clues(text)
    for pattern in PATTERNS:
        if not pattern.possible(*seen):
            continue
        for match in pattern.written.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Entity(kind=pattern.kind, text=text[start:end], start=start, end=end))
    return sorted(found, key=lambda entity: entity.start)[:MOST_FOUND]
