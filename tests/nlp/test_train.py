from pathlib import Path

import pytest

from nlp.errors import BadExamples, TooFewExamples
from nlp.evaluate import evaluate
from nlp.examples import Row, blind, read_rows, shipped
from nlp.tagger import Tagger, load
from nlp.train import Table, fit, table_of, train_to, validate, version_of


def test_cross_validation_keeps_its_floor_and_diacritics_hardly_matter(shipped_table: Table) -> None:
    found = validate(shipped_table)
    print(
        f"5 folds by twins: {found.accuracy:.1%}; with diacritics {found.with_diacritics:.1%}, "
        f"without {found.without_diacritics:.1%}"
    )
    assert found.accuracy >= 0.80
    assert found.with_diacritics - found.without_diacritics <= 0.03


def test_the_blind_messages_keep_their_floor(tagger: Tagger) -> None:
    report = evaluate(tagger, blind())
    print(
        f"blind: {report.best_guess:.1%}, {report.accuracy:.1%} with abstaining, certain {report.routed:.1%}, "
        f"of these right {report.routed_right:.1%}, p50 {report.p50_ms:.2f} ms, p99 {report.p99_ms:.2f} ms"
    )
    assert report.best_guess >= 0.78
    assert report.routed_right >= 0.85


def test_twins_and_copies_never_stand_in_two_folds() -> None:
    rows = [
        Row(text=f"{word} {n}", intent=intent, twin=f"{intent}{n}")
        for intent in ("a", "b")
        for n in "mnopqrst"
        for word in ("giá", "gia")
    ]
    table = Table(rows, ("a", "b"))
    assert len({(row.twin, int(fold)) for row, fold in zip(rows, table.fold, strict=True)}) == 16
    assert len(set(table.fold.tolist())) == 5


@pytest.mark.timeout(60)
def test_training_twice_gives_the_same_version_and_the_same_model(tmp_path: Path) -> None:
    rows = [row for row in shipped() if row.intent in ("ask_price", "refund")]
    first, second = train_to(tmp_path / "one", rows), train_to(tmp_path / "two", rows)
    assert first == second == version_of(rows)
    texts = [row.text for row in rows]
    assert load(tmp_path / "one").tag(texts) == load(tmp_path / "two").tag(texts)


def test_a_table_that_was_learnt_from_already_gives_the_same_model(tmp_path: Path) -> None:
    rows = [row for row in shipped() if row.intent in ("ask_price", "refund")]
    table = table_of(rows)
    validate(table)
    kept = dict(table.fitted)
    versions = [train_to(tmp_path / "one", rows, table=table), train_to(tmp_path / "two", rows)]
    texts = [row.text for row in rows]
    assert versions == [version_of(rows)] * 2
    assert load(tmp_path / "one").tag(texts) == load(tmp_path / "two").tag(texts)
    assert {number: table.fitted[number] is fitted for number, fitted in kept.items()} == dict.fromkeys(range(5), True)


def test_a_training_over_an_old_model_leaves_nothing_half_done(tmp_path: Path) -> None:
    rows = [row for row in shipped() if row.intent in ("ask_price", "refund")]
    steps: list[float] = []
    version = train_to(tmp_path, rows, lambda share, _: steps.append(share))
    assert train_to(tmp_path, rows) == version
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["current", "history", version])
    assert steps == sorted(steps)
    assert steps[-1] == 1.0


@pytest.mark.parametrize(
    "rows",
    [[], [Row(text="a", intent="x")], [Row(text="a", intent="x"), Row(text="b", intent="x")]],
    ids=["none", "one", "one intent"],
)
def test_too_little_to_learn_from_is_said(rows: list[Row]) -> None:
    with pytest.raises(TooFewExamples):
        fit(rows)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not a JSON object"),
        ("[]", "not a JSON object"),
        ('{"text": "a"}', "missing"),
        ('{"text": " ", "intent": "x"}', "empty"),
        ('{"text": 3, "intent": "x"}', "not a JSON object"),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": "x"}\n\n' + line + "\n")
    with pytest.raises(BadExamples, match=rf"rows\.jsonl:3: .*{why}"):
        read_rows(path)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadExamples, match=r"rows\.jsonl:1: not UTF-8 text"):
        read_rows(tmp_path / "rows.jsonl")
