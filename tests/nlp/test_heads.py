from pathlib import Path

import msgspec
import numpy as np
import pytest

from nlp import heads
from nlp.calibrate import Unseen, loss
from nlp.errors import BrokenModel
from nlp.evaluate import heads_of
from nlp.heads import Heads, fused, tempered
from nlp.second import FILE, Second, Shape
from nlp.tagger import Tagger, blank
from nlp.words import words

TEXTS = ["giá bao nhiêu vậy shop", "hoan tien cho minh", "quầy lạ zzz", ""]


@pytest.fixture
def both(tagger: Tagger) -> Heads:
    """The shipped linear head beside a network that has learnt nothing: what matters here is how they are joined."""
    one = heads_of(tagger).linear
    settings = msgspec.structs.replace(one.settings, weight=0.3)
    second = Second(one.settings.labels, Shape(width=32, rows=200))
    return Heads(linear=msgspec.structs.replace(one, settings=settings), second=second)


def test_a_model_with_both_heads_is_written_and_read_whole(both: Heads, tmp_path: Path) -> None:
    heads.write(both, tmp_path)
    batch, spoken = [words(text) for text in TEXTS], ["vi"] * len(TEXTS)
    assert heads.read(tmp_path).judge(batch, spoken).confidence == pytest.approx(
        both.judge(batch, spoken).confidence, abs=0.01
    )


def test_a_model_whose_second_head_is_gone_is_one_clear_line(both: Heads, tmp_path: Path) -> None:
    heads.write(both, tmp_path)
    (tmp_path / FILE).unlink()
    with pytest.raises(BrokenModel, match="does not fit together; train again"):
        heads.read(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\x00garbage\xff"])
def test_a_damaged_second_head_is_one_clear_line(both: Heads, tmp_path: Path, content: bytes) -> None:
    heads.write(both, tmp_path)
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(BrokenModel, match="train again"):
        heads.read(tmp_path)


def test_what_a_customer_can_type_gets_a_tag_from_both(both: Heads) -> None:
    tagger = Tagger(blank(), "both")
    tagger.component.heads = both
    tags = tagger.tag([*TEXTS, "giá " * 25_000, "\ud800", "😀" * 3_000, "日本語のみ", "\x00\x01"])
    assert len(tags) == 9
    assert [tag.intent for tag in tags[-3:]] == ["unknown"] * 3


def test_a_log_average_leans_to_the_surer_head() -> None:
    sure, unsure = np.array([[0.98, 0.01, 0.01]], dtype=np.float32), np.array([[0.3, 0.4, 0.3]], dtype=np.float32)
    assert fused(sure, unsure, 0.3).argmax() == 0
    assert fused(unsure, sure, 0.3).argmax() == 0
    assert tempered(sure, np.array([2.0], dtype=np.float32)).max() < 0.98


def test_calibration_finds_how_far_to_believe_each_language() -> None:
    chance = np.random.default_rng(7)
    said = np.tile(np.array([[0.95, 0.05]], dtype=np.float32), (400, 1))
    truth = np.where(np.arange(400) < 200, chance.random(400) < 0.3, chance.random(400) < 0.05).astype(np.int64)
    spoken = ["vi"] * 200 + ["en"] * 200
    found = Unseen(np.ones(400, dtype=np.float32), spoken, np.arange(400), said, truth).thresholds()
    assert found["vi"].temperature > found["en"].temperature
    warmed = tempered(said[:200], np.full(200, found["vi"].temperature, dtype=np.float32))
    assert loss(warmed, truth[:200]) < loss(said[:200], truth[:200])
    assert found["vi"].route > 1
