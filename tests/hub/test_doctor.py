"""The doctor looks at what the hub stands on and says what to do about what is wrong."""

from pathlib import Path

import pytest

from hub.__main__ import main
from hub.embedded import StoreUrls

NOBODY = "redis://127.0.0.1:1"


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting from outside, no `.env` of the checkout."""
    monkeypatch.chdir(tmp_path)
    for name in ("HUB_HOST", "HUB_PORT", "HUB_DATA", "HUB_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def on_stores(fresh: StoreUrls, monkeypatch: pytest.MonkeyPatch) -> StoreUrls:
    monkeypatch.setenv("HUB_MONGO_URL", fresh.mongo)
    monkeypatch.setenv("HUB_REDIS_URL", fresh.redis)
    return fresh


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_stores_that_answer_are_good(on_stores: StoreUrls, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--port", "0", "--data", "here"])
    lines = said(capsys)
    assert any(line.startswith("✓ The database answers") for line in lines)
    assert "✓ Redis answers." in lines


def test_a_redis_that_is_not_there_is_wrong_and_named(
    on_stores: StoreUrls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_REDIS_URL", NOBODY)
    assert main(["doctor", "--port", "0", "--data", "here"]) == 1
    text = "\n".join(said(capsys))
    assert "✗ Redis does not answer (ConnectionError)." in text
    assert "mend HUB_REDIS_URL" in text


def test_a_folder_that_cannot_be_made_is_wrong_once(
    tmp_path: Path, on_stores: StoreUrls, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["doctor", "--port", "0", "--data", "file/data"]) == 1
    assert len([line for line in said(capsys) if "cannot be made or written" in line]) == 1


def test_a_misspelt_setting_is_noticed_but_not_wrong(
    on_stores: StoreUrls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_PROT", "9000")
    main(["doctor", "--port", "0", "--data", "here"])
    assert "! HUB_PROT is set and means nothing." in said(capsys)


def test_a_folder_that_others_can_read_gets_its_command(
    tmp_path: Path, on_stores: StoreUrls, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here").mkdir(mode=0o755)
    main(["doctor", "--port", "0", "--data", "here"])
    assert f"    → chmod 700 {tmp_path / 'here'}" in said(capsys)
