import shutil
from pathlib import Path

import pytest
import spacy
from spacy.training import Example

from nlp.errors import BrokenModel
from nlp.examples import blind, shipped
from nlp.intents import UNKNOWN
from nlp.tagger import Tagger, blank, load
from nlp.words import MOST_CHARS


def test_a_clear_wish_is_tagged_with_confidence_language_entities_and_words(tagger: Tagger) -> None:
    (tag,) = tagger.tag(["Cho mình hỏi đơn DH12345 tới đâu rồi ạ"])
    assert (tag.intent, tag.language, tag.band, tag.model) == ("order_status", "vi", "route", tagger.version)
    assert tag.confidence > 0.9
    assert [entity.text for entity in tag.entities] == ["DH12345"]
    assert set(tag.words) <= {"đơn", "tới", "đâu", "rồi", "mình"}
    assert 1 <= len(tag.words) <= 3


def test_what_the_model_is_half_sure_of_it_suggests(tagger: Tagger) -> None:
    tags = [tag for tag in tagger.tag([row.text for row in blind()]) if tag.language == "vi"]
    sure = {band: [tag.confidence for tag in tags if tag.band == band] for band in ("route", "suggest")}
    assert len(sure["suggest"]) > 30
    assert max(sure["suggest"]) <= min(sure["route"])
    assert all(tag.intent != UNKNOWN and tag.words for tag in tags if tag.band == "suggest")
    assert all(tag.intent == UNKNOWN for tag in tags if tag.band == "default")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Còn size M không shop", "ask_stock"),
        ("con size m khong shop", "ask_stock"),
        ("huỷ đơn giúp mình nha", "cancel_order"),
        ("hủy đơn giúp mình nha", "cancel_order"),
        ("I want my money back", "refund"),
        ("đừng gửi tin quảng cáo nữa", "stop_messages"),
        ("STOP", "stop_messages"),
        ("shop oi gia bn v", "ask_price"),
        ("cho minh xin hoa don do", "ask_invoice"),
        ("Can you book a table for 4 tonight", "book_appointment"),
    ],
)
def test_everyday_messages(tagger: Tagger, text: str, intent: str) -> None:
    assert tagger.tag([text])[0].intent == intent


@pytest.mark.parametrize(
    "noise",
    [
        "",
        " \n\t ",
        "😀😀😀",
        "\x00\x01\x02\xff" * 50,
        "\ud800\udfff",
        "。。。",
        "́" * 500,
        "🏳️‍🌈",
        "日本語のみ",
        "-" * 100_000,
    ],
)
def test_what_holds_no_known_word_is_unknown(tagger: Tagger, noise: str) -> None:
    (tag,) = tagger.tag([noise])
    assert (tag.intent, tag.band, tag.words) == ("unknown", "default", [])


@pytest.mark.parametrize(
    "noise", ["a" * 100_000, "giá " * 25_000, "х" * 300 + " giá số 你好 \u202e abc", "\r\n".join("áéí")]
)
def test_no_text_makes_it_fail(tagger: Tagger, noise: str) -> None:
    (tag,) = tagger.tag([noise])
    assert 0 <= tag.confidence <= 1


def test_only_the_first_two_thousand_characters_count(tagger: Tagger) -> None:
    asked = "còn hàng không shop ".ljust(MOST_CHARS)
    first, second = tagger.tag([asked, asked + "huỷ đơn hoàn tiền 0912345678"])
    assert first == second


def test_a_batch_is_tagged_like_its_messages_alone(tagger: Tagger) -> None:
    texts = [row.text for row in shipped()[::40]] + ["", "😀"]
    assert tagger.tag(texts) == [tagger.tag([text])[0] for text in texts]


def test_a_language_can_be_given(tagger: Tagger) -> None:
    assert tagger.tag(["ok sale shop"], "en")[0].language == "en"


def test_every_intent_of_the_list_has_a_probability(tagger: Tagger) -> None:
    doc = tagger.pipeline("giá bao nhiêu")
    assert len(doc.cats) == 28
    assert sum(doc.cats.values()) == pytest.approx(1, abs=1e-3)


def test_spacy_loads_what_spacy_wrote_and_tags_the_same(tagger: Tagger, tmp_path: Path) -> None:
    tagger.pipeline.to_disk(tmp_path / "again")
    again = Tagger(spacy.load(tmp_path / "again"), tagger.version)
    texts = [row.text for row in shipped()[::60]]
    assert again.tag(texts) == tagger.tag(texts)


def test_a_model_is_small_and_holds_no_pickle(models: Path, tagger: Tagger) -> None:
    files = [path for path in (models / tagger.version).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10_000_000
    assert not [path for path in files if path.suffix in (".pkl", ".pickle", ".joblib")]


@pytest.mark.timeout(180)
def test_spacy_initializes_and_evaluates_the_component() -> None:
    pipeline = blank()
    rows = [row for row in shipped() if row.intent in ("ask_price", "refund", "ask_hours")]
    examples = [Example.from_dict(pipeline.make_doc(row.text), {"cats": {row.intent: 1.0}}) for row in rows]
    pipeline.initialize(lambda: examples)
    scores = pipeline.evaluate(examples)
    assert scores["cats_macro_f"] > 0.95
    assert pipeline.get_pipe("intent_linear").labels == ("ask_hours", "ask_price", "refund")


def test_an_untaught_pipeline_abstains() -> None:
    assert Tagger(blank(), "none").tag(["giá bao nhiêu"])[0].intent == "unknown"


def test_a_missing_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BrokenModel, match="hub intents train"):
        load(tmp_path)


@pytest.mark.parametrize("version", ["", "..", "../../etc", "nowhere"])
def test_a_name_that_is_no_model_is_one_clear_line(tmp_path: Path, version: str) -> None:
    (tmp_path / "current").write_text(version)
    with pytest.raises(BrokenModel, match="hub intents train"):
        load(tmp_path)


@pytest.mark.parametrize("damaged", ["weights.npz", "linear.json", "config.cfg", "meta.json", "tokenizer"])
@pytest.mark.parametrize("content", [b"", b"\x00garbage\xff", b"{}"])
def test_a_damaged_file_is_one_clear_line(models: Path, tmp_path: Path, damaged: str, content: bytes) -> None:
    shutil.copytree(models, tmp_path / "models")
    (path,) = (tmp_path / "models").rglob(damaged)
    path.write_bytes(content)
    with pytest.raises(BrokenModel, match="train again"):
        load(tmp_path / "models")
