"""Whatever stands in a line or a file: each message gets a tag, each bad line is one clear sentence, nobody crashes."""

import io
import json
import sys
from pathlib import Path

import pytest

from hub.__main__ import main
from nlp.examples import Row
from nlp.train import train_to

pytestmark = pytest.mark.timeout(120)
ROWS = {
    "ask_price": ("giá bao nhiêu", "bao nhiêu tiền", "giá sao shop", "cho hỏi giá", "báo giá giúp em"),
    "greeting": ("chào shop", "xin chào", "hello shop", "alo shop ơi", "chào buổi sáng"),
}
NOISE = (
    " ",
    "🎉🎂🥳👨‍👩‍👧‍👦🇻🇳",
    "\x00\x01\x02\x7f\x85",
    "%PDF-1.7 \ufffd\ufffd\x00\x1b[31m\ufffd",
    "Привет 你好 مرحبا שלום สวัสดี नमस्ते ជំរាបសួរ",
    "z\u0335\u0336\u0337\u0338\u0335",
    "\u202e\u2066oếuhn oab\u2069\u202c\u200b\ufeff",
    "!" * 100_000,
    "😡" * 100_000,
)
ASKED = "cho hỏi giá bao nhiêu tiền".encode()
BINARY = b"\xff\xfe\x00\x80\xc3("
PRICE = json.dumps({"text": "giá sao ạ", "intent": "ask_price"}).encode()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's data folder with a model that knows ten messages."""
    folder = tmp_path_factory.mktemp("data")
    train_to(folder / "models", [Row(text=text, intent=name) for name in ROWS for text in ROWS[name]], heads=1)
    return folder


def file_of(folder: Path, *lines: bytes) -> str:
    path = folder / "lines.jsonl"
    path.write_bytes(b"\n".join(lines))
    return str(path)


def line(text: str, intent: str = "unknown") -> bytes:
    return json.dumps({"text": text, "intent": intent}, ensure_ascii=False).encode()


def test_each_line_of_noise_is_tagged_as_unknown_and_those_behind_it_are_understood(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = b"\n".join([b"", *(text.encode() for text in NOISE), BINARY, ASKED, ASKED])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
    assert main(["tag", "--data", str(data)]) == 0
    tags = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [one["intent"] for one in tags] == [*["unknown"] * (len(NOISE) + 2), "ask_price", "ask_price"]
    assert {one["band"] for one in tags[:-2]} == {"default"}


def test_nothing_at_all_is_tagged_as_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert main(["tag", "--data", str(data)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("beside", [(), (PRICE,)], ids=["alone", "beside a message"])
def test_a_file_of_noise_is_measured(
    data: Path, tmp_path: Path, beside: tuple[bytes, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    noise = [line(text) for text in NOISE if text.strip()]
    assert main(["intents", "evaluate", file_of(tmp_path, *noise, *beside), "--data", str(data)]) == 0
    page = capsys.readouterr().out
    assert f"({len(noise)} of no known intent)" in page
    assert "unknown    100.0% caught" in page


def test_noise_can_be_learnt_from_without_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line(f"{text}{n}", name) for n in range(3) for text in NOISE for name in ("spam", "praise")]
    path = file_of(tmp_path, *lines)
    assert main(["intents", "evaluate", path, "--train", path]) == 0
    assert f"messages   {len(lines)} " in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["evaluate", "import", "train"])
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (BINARY, "not UTF-8 text (byte 1 of the line)"),
        (b"\x00\x01\x02", "not a JSON object"),
        (b'{"text": "a', "not a JSON object"),
        (b'{"text": "a", "intent": "x", "more": ' + b"[" * 100_000, "not a JSON object"),
        (b'{"text": "\\ud83d", "intent": "x"}', "not a JSON object"),
        ("🎉🎂".encode(), "not a JSON object"),
        (b'{"text": "", "intent": "x"}', '"text" is empty'),
        (b'{"text": "a", "label": " "}', '"intent" (or "label") is missing'),
    ],
    ids=["binary", "control", "cut", "deep", "half a character", "emoji", "empty", "no intent"],
)
def test_a_bad_line_is_one_sentence_with_file_and_number_and_the_old_model_stays(
    data: Path, tmp_path: Path, verb: str, bad: bytes, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (data / "models" / "current").read_text()
    path, models = file_of(tmp_path, PRICE, b"", bad, PRICE), ["--models", str(data / "models")]
    assert main(["intents", verb, *(["--data"] if verb == "train" else []), path, *models]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"hub: {path}:3: {why}")
    assert (data / "models" / "current").read_text() == before


def test_a_file_that_an_editor_began_with_a_mark_is_read(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_of(tmp_path, b"\xef\xbb\xbf" + PRICE + b"\r", PRICE + b"\r", b"\r")
    assert main(["intents", "evaluate", path, "--data", str(data)]) == 0
    assert "messages   2 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("verb", "lines", "why"),
    [
        ("import", (), "has no messages to learn from"),
        ("import", (b" ", b""), "has no messages to learn from"),
        ("evaluate", (), "has no messages to measure on"),
        ("import", (line("a", "🎉" * 100_000),), 'there is no intent "' + "🎉" * 60 + '"'),
        ("import", (line("a", "một\nhai"),), 'there is no intent "một hai"'),
    ],
    ids=["import nothing", "import blank lines", "measure nothing", "an intent of emoji", "an intent of two lines"],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    data: Path, tmp_path: Path, verb: str, lines: tuple[bytes, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["intents", verb, file_of(tmp_path, *lines), "--models", str(data / "models")]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert why in said


@pytest.mark.parametrize("verb", ["evaluate", "import", "export"])
def test_a_place_that_is_not_there_is_one_sentence(
    data: Path, tmp_path: Path, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nowhere" / "lines.jsonl"
    assert main(["intents", verb, str(path), "--models", str(data / "models")]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"hub: {path} cannot be ")
