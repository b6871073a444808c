"""Phone numbers, order codes, dates, sums, mail addresses and links in a message, by pattern; needs no model."""

import re
from typing import Literal

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

# In order of precedence: what an earlier pattern took, a later one leaves alone.
_WRITTEN: tuple[tuple[EntityKind, str], ...] = (
    ("email", r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b"),
    ("link", r"\b(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)\]]"),
    ("link", rf"(?<![\w@.])[\w-]{{2,63}}(?:\.[\w-]{{2,63}}){{0,3}}\.{_TLD}\b(?:/[^\s<>\"]*)?"),
    ("phone", r"(?<![\w.,])(?:\+|00)84[ .\-]?(?:\(0\)[ .\-]?)?[2-9](?:[ .\-]?\d){8,9}(?!\w)"),
    ("phone", r"(?<![\w.,])0[235789](?:[ .\-]?\d){8,9}(?!\w)"),
    ("phone", r"(?<![\w.,])1[89]00(?:[ .\-]?\d){4,6}(?!\w)"),
    ("phone", r"(?<![\w.,])\+(?!84)[1-9](?:[ .\-]?\d){7,13}(?!\w)"),
    ("order", r"(?<!\w)#[A-Z]{0,6}-?\d{2,}[A-Z0-9]*\b"),
    ("order", rf"(?:{_AFTER_ORDER})\d{{3,}}\b"),
    ("order", r"\b(?=[A-Z0-9-]{5,24}\b)[A-Z]{2,8}-?\d{3,}(?:-?[A-Z0-9]{1,8})?\b"),
    ("amount", r"(?<![\w.,])\d{1,3}(?:[.,]\d{3})+ ?(?:đồng|dong|vnđ|vnd|đ|d|₫)?(?!\w)"),
    ("amount", r"(?<![\w.,])\d+(?:[.,]\d+)? ?(?:triệu|trieu|tr|củ|tỷ|tỉ)(?: ?rưỡi| ?ruoi| ?\d{1,3})?(?!\w)"),
    ("amount", r"(?<![\w.,])\d+(?:[.,]\d+)? ?(?:nghìn|nghin|ngàn|ngan|k|cành)(?: ?đồng)?(?!\w)"),
    ("amount", r"(?<![\w.,])\d{3,} ?(?:đồng|dong|vnđ|vnd|đ|₫)(?!\w)"),
    ("amount", r"(?<!\w)[$€₫]\d+(?:[.,]\d+)*|(?<![\w.,])\d+(?:\.\d{1,2})? ?(?:usd|dollars?|\$|€)(?!\w)"),
    ("date", rf"(?<![\w/.-]){_DAY}[/.-]{_MONTH}[/.-](?:20)?\d{{2}}(?![\w/])|(?<!\d)20\d\d-{_MONTH}-{_DAY}(?!\d)"),
    ("date", rf"\b(?:ngày|ngay) {_DAY}(?:(?: ?[/-] ?| tháng | thang ){_MONTH})?(?!\w)"),
    ("date", rf"\b(?:mùng|mung|mồng|mong) {_DAY}(?: tết| tet| tháng {_MONTH}| âm| am)?(?!\w)"),
    ("date", rf"(?<![\w/.-]){_DAY}/{_MONTH}(?![\w/])"),
    ("date", rf"\b{_DAY} (?:tháng|thang) {_MONTH}\b"),
    ("date", rf"\b{_MONTH_NAME}\.? {_DAY}(?:st|nd|rd|th)?\b|\b{_DAY}(?:st|nd|rd|th)? (?:of )?{_MONTH_NAME}\b"),
    ("date", rf"\b(?:{_NEAR})\b"),
    ("date", rf"\b(?:{_THU})(?: (?:tuần sau|tuan sau|này|nay|tới|toi|sau))?(?!\w)"),
    ("date", rf"\b(?:today|tomorrow|yesterday|tonight|(?:next |this |last )?{_WEEKDAY}|this weekend)\b"),
    (
        "date",
        r"\b(?:tuần|tuan|tháng|thang) (?:sau|này|nay|tới|toi|trước|truoc)\b|\b(?:next|this|last) (?:week|month)\b",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _WRITTEN)


def entities(text: str) -> list[Entity]:
    """Every entity in order of place; no two overlap; only the first 2,000 characters and 50 finds count."""
    text = text[:MOST_CHARS]
    taken = bytearray(len(text))
    found: list[Entity] = []
    digits = any(char.isdigit() for char in text)
    for kind, pattern in _PATTERNS:
        if not _possible(kind, text, digits):
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Entity(kind=kind, text=text[start:end], start=start, end=end))
    return sorted(found, key=lambda entity: entity.start)[:MOST_FOUND]


def _possible(kind: EntityKind, text: str, digits: bool) -> bool:
    """A cheap look that spares most messages most patterns."""
    if kind == "email":
        return "@" in text
    if kind == "link":
        return "." in text
    return digits or kind == "date"
