"""Telegram's formatting as light marks in the text, and back: **bold**, _italic_, ~~struck~~, `code`, [words](link).

Telegram counts in UTF-16 code units, Python in code points; marks never change the words between them.
"""

import itertools
import re
from collections.abc import Iterable, Sequence

import msgspec
from telegram import MessageEntity

MARKS = {"bold": "**", "italic": "_", "strikethrough": "~~", "code": "`"}
LINKS = ("http://", "https://", "tel:", "mailto:")

# A mark opens before and closes after a sign that is no space, and stands at the edge of a word: 2*3*4, snake_case and
# 5 ** 2 stay what they are.
_MARKED = re.compile(
    r"```(?:[A-Za-z0-9+#-]*\n)?(?P<pre>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<words>[^\[\]\n]+)\]\((?P<url>[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)"
    r"|(?<![\w*])\*\*(?P<bold>[^\s*](?:[^\n]*?[^\s*])?)\*\*(?![\w*])"
    r"|(?<![\w~])~~(?P<strikethrough>[^\s~](?:[^\n]*?[^\s~])?)~~(?![\w~])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^\n]*?[^\s_])?)_(?![\w_])",
    re.DOTALL,
)


class Span(msgspec.Struct, frozen=True):
    """A stretch of the text in code points, and what it is."""

    start: int
    end: int
    kind: str
    url: str | None = None


def marked(text: str, entities: Iterable[MessageEntity]) -> str:
    """What an agent reads: Telegram's text with our marks. Entities that fit nowhere are left out."""
    spans = [span for one in entities if (span := _span(text, one)) is not None]
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        before, after = _signs(span, text)
        opens.setdefault(span.start, []).append(before)
        closes.setdefault(span.end, []).insert(0, after)
    places = sorted({0, len(text), *opens, *closes})
    pieces = ["".join(closes.get(0, ())) + "".join(opens.get(0, ()))]
    for start, end in itertools.pairwise(places):
        pieces += [text[start:end], *closes.get(end, ()), *opens.get(end, ())]
    return "".join(pieces)


def _span(text: str, entity: MessageEntity) -> Span | None:
    """The entity in code points, without the spaces at its edges; None when it shows nothing."""
    start, end = _code_point(text, entity.offset), _code_point(text, entity.offset + entity.length)
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    shown = entity.type in MARKS or entity.type == "pre" or (entity.type == "text_link" and entity.url)
    if start >= end or not shown or (entity.url or "").rstrip("/") == text[start:end].rstrip("/"):
        return None
    if entity.type in MARKS and "\n" in text[start:end]:
        return None  # our marks end with the line
    return Span(start, end, entity.type, entity.url)


def _signs(span: Span, text: str) -> tuple[str, str]:
    if span.kind == "text_link":
        return "[", f"]({span.url})"
    if span.kind == "pre":
        return "```\n" if "\n" in text[span.start : span.end] else "```", "```"
    return MARKS[span.kind], MARKS[span.kind]


def _code_point(text: str, units: int) -> int:
    """The place in code points of one in UTF-16 code units; within the text, whatever was asked."""
    if units <= 0:
        return 0
    before = text.encode("utf-16-le", "surrogatepass")[: units * 2]
    return len(before.decode("utf-16-le", "replace"))


# -- out --------------------------------------------------------------------------------------------------------------


def unmarked(text: str) -> tuple[str, list[MessageEntity]]:
    """What Telegram is sent: the words without our marks, and its entities for them."""
    words, spans = _taken(text)
    return words, [_entity(words, one) for one in spans]


def _taken(text: str) -> tuple[str, list[Span]]:
    """The text with its marks taken out, also those within others; the spans are in code points of what is left."""
    words, spans, done = "", list[Span](), 0
    for found in _MARKED.finditer(text):
        kind, inner, url = _found(found)
        if kind == "text_link" and not (url or "").startswith(LINKS):
            continue
        words += text[done : found.start()]
        plain, nested = (inner, list[Span]()) if kind in ("pre", "code") else _taken(inner)
        start = len(words)
        spans.append(Span(start, start + len(plain), kind, url))
        spans += [Span(one.start + start, one.end + start, one.kind, one.url) for one in nested]
        words, done = words + plain, found.end()
    return words + text[done:], spans


def _found(found: "re.Match[str]") -> tuple[str, str, str | None]:
    """Kind, inner text and link of a match."""
    if found["words"] is not None:
        return "text_link", found["words"], found["url"]
    kind = next(name for name in ("pre", *MARKS) if found[name] is not None)
    return kind, found[kind].rstrip("\n") if kind == "pre" else found[kind], None


def _entity(words: str, span: Span) -> MessageEntity:
    offset = units(words[: span.start])
    return MessageEntity(span.kind, offset, units(words[span.start : span.end]), url=span.url)


def units(text: str) -> int:
    """How long Telegram finds it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(entities: Sequence[MessageEntity], most: int = 100) -> list[MessageEntity]:
    """Telegram reads the first hundred entities and ignores the others."""
    return list(entities[:most])
