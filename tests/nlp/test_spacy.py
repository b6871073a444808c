"""spaCy's own ways work on the component: initialize, train with a config file, evaluate, to disk and back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example

from nlp.examples import Row, shipped
from nlp.tagger import Tagger, blank

ROOT = Path(__file__).resolve().parents[2]
ROWS = [row for row in shipped() if row.intent in ("ask_price", "refund", "ask_hours")]


def _examples(rows: list[Row]) -> list[Example]:
    pipeline = spacy.blank("xx")
    return [Example.from_dict(pipeline.make_doc(row.text), {"cats": {row.intent: 1.0}}) for row in rows]


def _corpus(path: Path, rows: list[Row]) -> Path:
    DocBin(docs=[example.reference for example in _examples(rows)]).to_disk(path)
    return path


@pytest.mark.timeout(180)
def test_initialize_learns_and_evaluate_scores_messages_it_did_not_see() -> None:
    pipeline = blank()
    pipeline.initialize(lambda: _examples(ROWS[::2]))
    scores = pipeline.evaluate(_examples(ROWS[1::2]))
    assert scores["cats_macro_f"] > 0.9
    assert pipeline.get_pipe("intent_linear").labels == ("ask_hours", "ask_price", "refund")


@pytest.mark.timeout(120)
def test_spacy_train_makes_a_pipeline_that_spacy_loads(tmp_path: Path) -> None:
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "spacy", "train", "nlp/spacy.cfg", "--code", "nlp/tagger.py"),
            *("--output", str(tmp_path / "out")),
            *("--paths.train", str(_corpus(tmp_path / "train.spacy", ROWS[::2]))),
            *("--paths.dev", str(_corpus(tmp_path / "dev.spacy", ROWS[1::2]))),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    learnt = spacy.load(tmp_path / "out" / "model-best")
    assert learnt.evaluate(_examples(ROWS[1::2]))["cats_macro_f"] > 0.9
    assert Tagger(learnt, "spacy").tag(["bao giờ hoàn tiền cho mình"])[0].intent == "refund"


def test_bytes_of_a_folder_are_the_whole_model(tagger: Tagger, tmp_path: Path) -> None:
    tagger.pipeline.to_disk(tmp_path / "first")
    again = spacy.load(tmp_path / "first")
    again.to_disk(tmp_path / "second")
    names = ("intent_linear/linear.json", "meta.json", "config.cfg")
    assert [(tmp_path / "first" / name).read_bytes() for name in names] == [
        (tmp_path / "second" / name).read_bytes() for name in names
    ]
    texts = [row.text for row in ROWS[::10]]
    assert Tagger(again, tagger.version).tag(texts) == tagger.tag(texts)
