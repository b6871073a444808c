"""Cut a text at a platform's limit, at the last paragraph, line, sentence or word that fits, never in a character."""

from channels.base import Limits

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
    pieces = []
    while length(text, limits.text_unit) > limits.text:
        at = _cut(text, limits)
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*pieces, text]


def _cut(text: str, limits: Limits) -> int:
    """Where the first piece ends: at the best break in its second half, else at the limit."""
    fits = _fitting(text, limits)
    for mark in _BREAKS:
        at = text.rfind(mark, fits // 2, fits)
        if at > 0:
            return at + len(mark)
    return fits


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
