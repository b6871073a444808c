"""Two models compared as they serve: linear head and network together, on what no network learnt."""

import msgspec
import numpy as np
import pytest

from nlp.examples import Row, shipped
from nlp.gate import Verdict, judge
from nlp.heads import Heads
from nlp.plan import PLAIN
from nlp.second import Second
from nlp.served import Scored, compared, held
from nlp.train import Table, fit_table, labels_of, quiet, second_head
from tests.nlp.test_teach import _judged

pytestmark = pytest.mark.timeout(120)
NAMES = ("ask_price", "refund", "ask_hours", "spam")
ROWS = [row for name in NAMES for row in [one for one in shipped() if one.intent == name][:80]]


@pytest.fixture(scope="module")
def table() -> Table:
    return Table(ROWS, labels_of(ROWS))


@pytest.fixture(scope="module")
def scored(table: Table) -> Scored:
    """A model of both heads, in which the network's word weighs most, and its scores of the held lines."""
    labels = labels_of(ROWS)
    model, scores = fit_table(table, labels, quiet, 1)
    linear = msgspec.structs.replace(model.linear, settings=msgspec.structs.replace(model.linear.settings, weight=0.9))
    return Scored(Heads(linear=linear, second=second_head(table, labels)), labels, scores[held(table)])


def verdict(table: Table, before: Scored, after: Scored, examples: list[Row]) -> Verdict:
    stands = judge(["a"], _judged([True]), _judged([True]))
    return compared(stands, table, before, after, examples=examples, former=PLAIN, plan=PLAIN, both=set(NAMES), back=())


def test_the_same_model_twice_is_judged_on_the_whole_held_fold_and_loses_nothing(table: Table, scored: Scored) -> None:
    found = verdict(table, scored, scored, ROWS)
    assert found.passed and found.served is not None
    assert found.served.rows == int((table.fold == 0).sum())
    assert found.served.before == found.served.after
    assert found.served.after.right > 0.6


def test_a_network_that_learnt_nonsense_is_refused_though_the_linear_heads_are_alike(
    table: Table, scored: Scored
) -> None:
    bad = Second(scored.labels)
    chosen = np.flatnonzero(table.fold != 0)
    bad.learn([table.words[row] for row in chosen], (table.label[chosen] + 1) % len(NAMES))
    after = scored._replace(heads=Heads(linear=scored.heads.linear, second=bad))
    found = verdict(table, scored, after, ROWS)
    assert {"as served", "as served without diacritics"} <= {line.split(":")[0] for line in found.against}


def test_what_the_former_network_learnt_is_not_judged(table: Table, scored: Scored) -> None:
    few = [row for name in NAMES for row in [one for one in ROWS if one.intent == name][:20]]  # their folds are others
    found = verdict(table, scored, scored, few)
    assert found.served is not None
    assert 0 < found.served.rows < int((table.fold == 0).sum())
