"""A damaged model: a running process keeps the old one, a starting one takes the one before, and it is learnt again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlp.desk import Desk
from nlp.errors import BrokenModel
from nlp.examples import Row
from nlp.train import lessons, train_to
from nlp.versions import current_version, damage

pytestmark = pytest.mark.timeout(180)
PRICE = ("giá bao nhiêu", "bao nhiêu tiền", "giá sao shop", "cho hỏi giá", "báo giá giúp em", "nhiêu tiền một cái")
GREETING = ("chào shop", "xin chào", "hello shop", "alo shop ơi", "chào buổi sáng", "shop ơi cho hỏi")
ROWS = [Row(text=text, intent="price") for text in PRICE] + [Row(text=text, intent="greeting") for text in GREETING]
MORE = [*ROWS, Row(text="một cái nhiêu vậy", intent="price")]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, str, str]:
    """A folder of two models, the former and the current one."""
    return tmp_path, train_to(tmp_path, ROWS), train_to(tmp_path, MORE)


def cut(models: Path, version: str) -> None:
    """The model's numbers end in their midst, as after a full disk."""
    file = models / version / "intent_linear" / "weights.npz"
    file.write_bytes(file.read_bytes()[:2_000])


def stir(models: Path, version: str) -> None:
    """Some of the model's bytes are others; its length stays."""
    file = models / version / "intent_linear" / "weights.npz"
    whole = bytearray(file.read_bytes())
    whole[1_000:1_400] = bytes(400)
    file.write_bytes(whole)


@pytest.mark.parametrize("harm", [cut, stir])
def test_a_start_on_a_damaged_model_takes_the_former_one_and_says_so(two: tuple[Path, str, str], harm: object) -> None:
    models, former, current = two
    assert callable(harm)
    harm(models, current)
    ended = subprocess.run(
        [sys.executable, "-m", "nlp.serve", str(models)],
        input=json.dumps({"id": "m1", "text": "cho hỏi giá bao nhiêu tiền"}) + "\n",
        capture_output=True,
        text=True,
        timeout=50,
    )
    ready, tag = map(json.loads, ended.stdout.splitlines())
    assert (ended.returncode, ready["ready"], tag["model"], tag["intent"]) == (0, former, former, "price")
    assert str(models / current) in ready["instead"] and ready["instead"].endswith(f"{former} serves instead")
    assert current_version(models) == current


@pytest.mark.parametrize("harm", [cut, stir])
def test_a_model_that_becomes_current_and_is_damaged_leaves_the_old_one(
    two: tuple[Path, str, str], harm: object
) -> None:
    models, former, current = two
    (models / "current").write_text(former)
    desk = Desk(models)
    assert callable(harm)
    harm(models, current)
    (models / "current").write_text(current)
    desk.answer([b'{"reload": true}'])
    assert desk._reading is not None
    desk._reading.join()
    said = json.loads(desk.idle()[0])
    assert (said["kept"], "train again" in said["error"]) == (former, True)
    assert json.loads(desk.answer([b'{"id": "m1", "text": "xin ch\xc3\xa0o shop"}'])[0])["model"] == former


def test_without_any_sound_model_it_ends_with_the_current_ones_fault(two: tuple[Path, str, str]) -> None:
    models, former, current = two
    for version in (former, current):
        cut(models, version)
    with pytest.raises(BrokenModel, match=current):
        Desk(models)


def test_damage_is_told_without_loading_and_what_was_learnt_is_learnt_again(two: tuple[Path, str, str]) -> None:
    models, former, current = two
    assert (damage(models / current), damage(models / former)) == (None, None)
    cut(models, current)
    stir(models, former)
    assert str(models / current) in str(damage(models / current))
    assert str(models / former) in str(damage(models / former))
    assert train_to(models, *lessons(models)[:1]) == current
    assert damage(models / current) is None
