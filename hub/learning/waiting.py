"""Which corrections the current model has not learnt. Pure."""

from collections.abc import Iterable, Sequence

from hub.store.corrections import Correction
from nlp.examples import Row, same
from nlp.intents import UNKNOWN


def waiting(corrections: Sequence[Correction], learnt: Iterable[Row]) -> list[Correction]:
    """The latest word on each text that the model did not learn; "unknown" is never taught."""
    taught = {(same(row.text), row.intent) for row in learnt}
    return [one for one in latest(corrections) if one.after != UNKNOWN and (same(one.text), one.after) not in taught]


def latest(corrections: Sequence[Correction]) -> list[Correction]:
    """Of each text the last of them, in their order."""
    found = {same(one.text): one for one in corrections}
    return [one for one in corrections if found[same(one.text)] is one]
