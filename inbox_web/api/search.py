"""Search as people type it: without accents, without case."""

from hub.people.resolve import fold


def plain(text: str) -> str:
    """Letters without marks, đ as d, all small."""
    return fold(text).lower()
