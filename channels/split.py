"""Cut a text at a platform's limit, at the last paragraph, line, sentence or word that fits, never in a character."""

import unicodedata

from channels.base import Limits

_JOINER = "\u200d"
_BREAKS = ("\n\n", "\n", ". ", "! ", "? ", " ")


def length(text: str, unit: str) -> int:
    """How long the platform finds this text."""
    if unit == "utf16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    if unit == "utf8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text)


def split(text: str, limits: Limits) -> list[str]:
    """The pieces of a text, each within the limit; [""] for no text."""
    if length(text, limits.text_unit) <= limits.text:
        return [text]
    pieces = []
    while length(text, limits.text_unit) > limits.text:
        at = _cut(text, limits)
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [piece for piece in (*pieces, text) if piece] or [""]


def _cut(text: str, limits: Limits) -> int:
    """Where the first piece ends: at the best break in its second half, else at the limit."""
    fits = _fitting(text, limits)
    for mark in _BREAKS:
        at = text.rfind(mark, fits // 2, fits)
        if at > 0:
            return at + len(mark)
    return _before_a_character(text, fits)


def _before_a_character(text: str, at: int) -> int:
    """Back to where no mark, joined sign or skin tone is torn from its letter; unless it is all one character."""
    back = at
    while back > 0 and (_joins(text[back]) or text[back - 1] == _JOINER):
        back -= 1
    return back or at


def _joins(sign: str) -> bool:
    return sign == _JOINER or "\U0001f3fb" <= sign <= "\U0001f3ff" or unicodedata.category(sign) in ("Mn", "Me", "Mc")


def _fitting(text: str, limits: Limits) -> int:
    """How many code points of the text fit, at least one."""
    low, high = 1, min(len(text), limits.text)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle], limits.text_unit) <= limits.text:
            low = middle
        else:
            high = middle - 1
    return low
