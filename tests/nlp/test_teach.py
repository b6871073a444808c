import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlp.errors import BrokenModel
from nlp.examples import Row, shipped
from nlp.gate import Judged, judge, with_served
from nlp.plan import merged
from nlp.tagger import current_version, load
from nlp.teach import teach, train
from nlp.train import train_to
from nlp.versions import history, learnt, make_current, rollback

NAMES = ("ask_price", "refund", "ask_hours", "spam")
FEW = [row for row in shipped() if row.intent in NAMES]


def _judged(right: list[bool], bare: list[bool] | None = None) -> Judged:
    return Judged(right=np.array(right), bare=np.array(right if bare is None else bare))


def test_a_model_that_loses_nothing_passes() -> None:
    truth = ["a"] * 100 + ["b"] * 100
    verdict = judge(truth, _judged([True] * 200), _judged([True] * 199 + [False]))
    assert verdict.passed
    assert (verdict.rows, verdict.before.right, verdict.after.right) == (200, 1.0, 0.995)


def test_more_than_half_a_point_lost_overall_fails() -> None:
    verdict = judge(["a"] * 200, _judged([True] * 200), _judged([True] * 198 + [False] * 2))
    assert verdict.against[0] == "overall: 100.0% before, 99.0% after; at most 0.5 points may be lost"


def test_more_than_three_points_lost_in_one_intent_fails_though_others_gain() -> None:
    truth = ["a"] * 50 + ["b"] * 50
    before, after = [True] * 50 + [False] * 50, [True] * 48 + [False] * 2 + [True] * 50
    verdict = judge(truth, _judged(before), _judged(after))
    assert [line.split(":")[0] for line in verdict.against] == ["a", "a without diacritics"]


def test_an_intent_with_few_messages_does_not_decide() -> None:
    truth = ["a"] * 1_000 + ["b"] * 29
    assert judge(truth, _judged([True] * 1_029), _judged([True] * 1_024 + [False] * 5)).passed


def test_what_is_lost_without_diacritics_only_fails_too() -> None:
    verdict = judge(["a"] * 100, _judged([True] * 100), _judged([True] * 100, [True] * 90 + [False] * 10))
    assert [line.split(":")[0] for line in verdict.against] == ["without diacritics", "a without diacritics"]


def test_what_serves_is_judged_too_and_chance_alone_fails_nobody() -> None:
    truth = ["a"] * 400 + ["b"] * 40
    whole = _judged([True] * 440)
    some, many, few = (_judged([False] * count + [True] * (440 - count)) for count in (4, 15, 60))
    stands = judge(truth, whole, whole)
    assert with_served(stands, truth, whole, some).passed
    assert [line.split(":")[0] for line in with_served(stands, truth, whole, many).against] == [
        "as served",
        "as served without diacritics",
    ]
    told = with_served(stands, truth, whole, few)
    assert {"as served, a", "as served, a without diacritics"} <= {line.split(":")[0] for line in told.against}
    assert told.served is not None
    assert (told.served.rows, told.served.before.right, told.served.after.intents["a"]) == (440, 1.0, 0.85)
    assert (told.before, told.after) == (stands.before, stands.after)


def test_of_one_text_the_latest_word_counts() -> None:
    rows = merged(
        [Row(text="Giá sao", intent="a"), Row(text="ok", intent="b")],
        [Row(text="giá  SAO", intent="c"), Row(text="giá sao", intent="d")],
    )
    assert [(row.text, row.intent) for row in rows] == [("ok", "b"), ("giá sao", "d")]


@pytest.mark.timeout(180)
def test_corrections_change_the_next_tag_and_one_step_goes_back(tmp_path: Path) -> None:
    first = train_to(tmp_path, FEW, heads=1)
    said = "bên mình có dịch vụ gói quà sinh nhật không"
    corrections = [
        Row(text=text, intent="gift_wrap")
        for text in (said, "gói quà giúp mình", "có gói quà không shop", "gói quà đẹp chút nha", "can you gift wrap it")
    ]
    found = teach(tmp_path, corrections, heads=1)
    assert found.verdict.passed, found.verdict.against
    assert load(tmp_path).tag([said])[0].intent == "gift_wrap"
    assert len(learnt(tmp_path)) == len(FEW) + 5
    assert json.loads((tmp_path / found.version / "verdict.json").read_text())["against"] == []
    assert rollback(tmp_path) == first == current_version(tmp_path)
    assert load(tmp_path).tag([said])[0].intent != "gift_wrap"
    with pytest.raises(BrokenModel, match="no earlier model"):
        rollback(tmp_path)


@pytest.mark.timeout(180)
def test_wrong_corrections_do_not_reach_the_customers(tmp_path: Path) -> None:
    first = train_to(tmp_path, FEW, heads=1)
    wrong = [Row(text=row.text + " ạ", intent="spam") for row in FEW if row.intent == "refund"]
    found = teach(tmp_path, wrong, heads=1)
    assert not found.verdict.passed
    assert any(line.startswith("refund:") for line in found.verdict.against)
    assert current_version(tmp_path) == first
    assert (tmp_path / found.version / "verdict.json").exists()


@pytest.mark.timeout(180)
def test_learning_the_same_again_loses_nothing() -> None:
    found = train(FEW, [], heads=1)
    assert found.verdict.before == found.verdict.after
    assert found.verdict.passed


def test_only_the_latest_versions_are_kept(models: Path, tmp_path: Path) -> None:
    for number in range(8):
        folder = tmp_path / f"v{number}"
        folder.mkdir()
        (folder / "meta.json").write_text("{}")
        make_current(tmp_path, folder.name)
    assert history(tmp_path) == ["v3", "v4", "v5", "v6", "v7"]
    assert sorted(path.name for path in tmp_path.glob("v*")) == ["v3", "v4", "v5", "v6", "v7"]


def test_a_bad_line_of_corrections_is_named_and_the_old_model_stays(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text('{"text": "a", "intent": "refund"}\n{"text": \n')
    before = current_version(models)
    ended = subprocess.run(
        [sys.executable, "-m", "nlp.teach", str(models), str(path)], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert f"{path}:2" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert current_version(models) == before


@pytest.mark.timeout(180)
def test_the_process_that_trains_stands_back_for_the_others(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    os.mkfifo(path)  # whoever opens it waits for the process to read it
    process = subprocess.Popen([sys.executable, "-m", "nlp.teach", str(tmp_path), str(path)], stderr=subprocess.PIPE)
    with path.open("wb"):
        nice = os.getpriority(os.PRIO_PROCESS, process.pid)
    said = process.communicate(timeout=50)[1].decode()
    assert nice == min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)
    assert (process.returncode, said.startswith("There is no model")) == (1, True)
