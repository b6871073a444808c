"""What two models say as they serve, both heads and thresholds, of the messages that no part of either learnt.

Every row has a linear head that did not see it, but only one second head is ever learnt, and it leaves out one fold: so
what serves can be judged on that fold, less what the other model's second head learnt of it. No head is learnt for it.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from nlp.examples import Row, same
from nlp.features import Floats, Keys
from nlp.fold import fold
from nlp.gate import Judged, Right, Verdict, with_served
from nlp.heads import Heads, fused
from nlp.language import language
from nlp.linear import softmax
from nlp.plan import Plan, applied
from nlp.second import Second
from nlp.train import HELD, Table, folds, labels_of


class Scored(NamedTuple):
    """A model's linear scores of the held lines of a table, by a fit that saw none of them."""

    heads: Heads
    labels: tuple[str, ...]  # of the columns; a model may know more
    raw: Floats


def held(table: Table) -> Keys:
    """The lines of the fold that the second head does not learn."""
    return np.flatnonzero((table.fold == HELD)[table.own])


def compared(
    verdict: Verdict,
    table: Table,
    before: Scored,
    after: Scored,
    *,
    examples: Sequence[Row],
    former: Plan,
    plan: Plan,
    both: Collection[str],
    back: Collection[str],
) -> Verdict:
    """The verdict, with both models as they serve; lines of `both` intents only, what goes to `back` ones apart."""
    lines = held(table)
    truth = np.array([table.rows[row].intent for row in table.own[lines]])
    seen = _seen(examples, former)
    fit = np.array([table.rows[row].intent in both and not _keys(table.rows[row]) & seen for row in table.own[lines]])
    if not fit.any() or not {*before.labels} <= {*before.heads.labels}:
        return verdict
    old = np.array([plan.now(name) for name in _tags(table, lines, before, ())]) == truth
    new = np.array(_tags(table, lines, after, back)) == truth
    chosen = lines[fit]
    named = [name for name, line in zip(truth[fit].tolist(), chosen, strict=True) if line < table.count]
    return with_served(verdict, named, _judged(table, chosen, old[fit]), _judged(table, chosen, new[fit]))


def _seen(examples: Sequence[Row], former: Plan) -> set[str]:
    """The texts and twins that the former model's second head learnt."""
    rows = applied(examples, former)
    place = {name: number for number, name in enumerate(labels_of(rows))}
    fold_of = folds(rows, np.array([place[row.intent] for row in rows]))
    return {key for row, number in zip(rows, fold_of, strict=True) if number != HELD for key in _keys(row)}


def _keys(row: Row) -> set[str]:
    return {same(row.text), f"twin {row.twin}"} if row.twin else {same(row.text)}


def _tags(table: Table, lines: Keys, scored: Scored, but: Collection[str]) -> list[str]:
    """The tag of each line: "" where the model abstains; `but` are labels that are not chosen.

    A language's temperature is left out: it says how sure, never which.
    """
    heads, labels = scored.heads, scored.labels
    texts = [table.texts[row] if line < table.count else fold(table.texts[row]) for line, row in _both(table, lines)]
    spoken = [language(text) for text in texts]
    found = softmax(scored.raw / heads.linear.settings.temperature)
    if heads.second is not None:
        found = fused(found, _probabilities(heads.second, labels, table, lines), heads.linear.settings.weight)
    found[:, [place for place, name in enumerate(labels) if name in but]] = -1
    least = np.array([heads.threshold(name).known for name in spoken])
    best = np.where(scored.raw.max(axis=1) < least, -1, found.argmax(axis=1))
    return ["" if place < 0 else labels[place] for place in best]


def _probabilities(second: Second, labels: tuple[str, ...], table: Table, lines: Keys) -> Floats:
    """The second head's probabilities, of these labels alone: its view is folded, so a copy has its row's."""
    found = second.probabilities([table.words[row] for row in table.own[lines]])
    columns = found[:, [second.labels.index(name) for name in labels]]
    return np.asarray(columns / columns.sum(axis=1, keepdims=True), dtype=np.float32)


def _both(table: Table, lines: Keys) -> list[tuple[int, int]]:
    return list(zip(lines.tolist(), table.own[lines].tolist(), strict=True))


def _judged(table: Table, lines: Keys, right: Right) -> Judged:
    """As written, and without diacritics: a row that has none to lose is its own copy."""
    of_row = dict(zip(lines.tolist(), right.tolist(), strict=True))
    copy = {row: of_row[line] for line, row in _both(table, lines) if line >= table.count}
    rows = [line for line in lines.tolist() if line < table.count]
    return Judged(
        right=np.array([of_row[row] for row in rows]), bare=np.array([copy.get(row, of_row[row]) for row in rows])
    )
