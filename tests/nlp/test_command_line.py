"""`hub intents` and `hub tag`, as a person or a script calls them."""

import io
import json
import sys
from pathlib import Path

import pytest

from hub.__main__ import main
from nlp.examples import BLIND

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def data(models: Path, tmp_path: Path) -> Path:
    (tmp_path / "models").symlink_to(models)
    return tmp_path


def _typed(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def test_tag_answers_each_line_with_one_json(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _typed(monkeypatch, "còn size M không shop\n\nmy order DH12345?\n\xff\n".encode() + b"\xff\xfe\n")
    assert main(["tag", "--data", str(data)]) == 0
    tags = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [tag["intent"] for tag in tags[:2]] == ["ask_stock", "unknown"]
    assert tags[2]["language"] == "en"
    assert tags[2]["entities"][0]["text"] == "DH12345"
    assert len(tags) == 5


@pytest.mark.parametrize("option", [["--lang"], ["--lang", "vi"]])
def test_tag_takes_a_language(
    data: Path, option: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _typed(monkeypatch, b"gia bao nhieu\n")
    assert main(["tag", "--data", str(data), *option]) == 0
    assert json.loads(capsys.readouterr().out)["language"] == "vi"


def test_evaluate_prints_accuracy_macro_f1_and_latency(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["intents", "evaluate", str(BLIND), "--data", str(data)]) == 0
    page = capsys.readouterr().out
    assert [word for word in ("accuracy", "macro_f1", "latency", "unknown") if f"\n{word} " not in page] == []


def test_evaluate_can_learn_from_a_file_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"text": f"{word} {n}", "label": word, "split": split}
        for word in ("red", "blue")
        for n, split in enumerate(["train"] * 12 + ["test"] * 4)
    ]
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    path = str(tmp_path / "set.jsonl")
    assert main(["intents", "evaluate", path, "--train", path]) == 0
    page = capsys.readouterr().out
    assert "messages   8 " in page
    assert "best guess without abstaining 100.0%" in page


def test_train_makes_a_model_of_the_given_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"text": f"{word} thing {n}", "intent": word} for word in ("red", "blue") for n in range(6)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["intents", "train", "--data", str(tmp_path / "rows.jsonl"), "--models", str(tmp_path / "m")]) == 0
    said = capsys.readouterr()
    assert (tmp_path / "m" / "current").read_text().strip() in said.out
    assert "100% ready" in said.err


def test_a_bad_line_ends_in_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "a"}\n')
    assert main(["intents", "train", "--data", str(tmp_path / "rows.jsonl"), "--models", str(tmp_path / "m")]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == [f'hub: {tmp_path}/rows.jsonl:1: "intent" (or "label") is missing']
    assert not (tmp_path / "m").exists()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A models folder that learnt two intents."""
    lines = [{"text": f"{word} thing {n}", "intent": word} for word in ("red", "blue") for n in range(40)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert main(["intents", "train", "--data", str(tmp_path / "rows.jsonl"), "--models", str(tmp_path / "m")]) == 0
    return tmp_path / "m"


def test_what_was_imported_is_exported_and_one_step_goes_back(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = (small / "current").read_text()
    new = tmp_path / "new.jsonl"
    new.write_text("".join(json.dumps({"text": f"green grass {n}", "intent": "spam"}) + "\n" for n in range(6)))
    assert main(["intents", "import", str(new), "--models", str(small)]) == 0
    assert "right out of fold: " in capsys.readouterr().out
    assert (small / "current").read_text() != first
    assert main(["intents", "export", str(tmp_path / "out.jsonl"), "--models", str(small)]) == 0
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 86
    assert main(["intents", "rollback", "--models", str(small)]) == 0
    assert (small / "current").read_text() == first
    assert main(["intents", "rollback", "--models", str(small)]) == 1
    assert "the current one stays" in capsys.readouterr().err


def test_an_import_that_would_lose_leaves_the_old_model(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = (small / "current").read_text()
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("".join(json.dumps({"text": f"red thing {n}", "intent": "blue"}) + "\n" for n in range(40, 100)))
    assert main(["intents", "import", str(wrong), "--models", str(small)]) == 1
    assert "The old model stays" in capsys.readouterr().out
    assert (small / "current").read_text() == first


def test_an_import_of_an_intent_that_nobody_has_ends_in_one_clear_line(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.jsonl"
    new.write_text('{"text": "grass", "intent": "red"}\n{"text": "grass", "intent": "green"}\n')
    assert main(["intents", "import", str(new), "--models", str(small)]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith(f'hub: {new}:2: there is no intent "green".')
