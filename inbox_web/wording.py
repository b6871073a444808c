"""Sentences with gaps, found again by their form: "Slack refused it: {}." is said in another language with its words.

Health and refusals are stored as English sentences; who reads them in Vietnamese gets them from the tables of the
channels (`channels.base.Spoken`) and of `words.py`. `inbox/store/wording.ts` does the same in the browser.
"""

import re
from collections.abc import Mapping, Sequence

GAP = "{}"
PLACE = re.compile(r"\{(\d*)\}")


def worded(sentence: str, table: Mapping[str, str]) -> str | None:
    """The sentence by the entry that fits it best (the one with the most words of its own); None when none does.

    What stood in the gaps is worded as well, where it is a sentence of the table: refusals quote each other.
    """
    if sentence in table:
        return table[sentence]
    fits = [(template, gaps) for template in table if (gaps := _gaps(template, sentence)) is not None]
    if not fits:
        return None
    template, gaps = max(fits, key=lambda one: len(one[0]) - len(GAP) * one[0].count(GAP))
    return _filled(table[template], [worded(gap, table) or gap for gap in gaps])


def _gaps(template: str, sentence: str) -> tuple[str, ...] | None:
    pieces = template.split(GAP)
    if len(pieces) == 1 or not all(piece in sentence for piece in pieces):
        return None
    found = re.fullmatch("(.+?)".join(re.escape(piece) for piece in pieces), sentence, re.DOTALL)
    return found.groups() if found else None


def _filled(template: str, said: Sequence[str]) -> str:
    """`{}` takes what stood in the next gap, `{1}` what stood in the second one."""
    turn = iter(said)
    return PLACE.sub(lambda place: said[int(place[1])] if place[1] else next(turn, ""), template)
