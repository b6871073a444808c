"""A damaged model at the start of a hub: doctor says so, and it is learnt again where no other can serve."""

from pathlib import Path

import pytest

from hub.commands.doctor import look_at_model
from hub.commands.serving import first_model
from hub.settings import Settings
from nlp.versions import current_version, damage
from tests.nlp.test_damaged import MORE, ROWS, cut, train_to

pytestmark = pytest.mark.timeout(180)


async def test_it_is_learnt_again_only_where_no_other_one_can_serve(tmp_path: Path) -> None:
    former, current = train_to(tmp_path, ROWS), train_to(tmp_path, MORE)
    cut(tmp_path, current)
    await first_model(tmp_path)
    assert (current_version(tmp_path), damage(tmp_path / current) is None) == (current, False)
    cut(tmp_path, former)
    await first_model(tmp_path)
    assert (current_version(tmp_path), damage(tmp_path / current)) == (current, None)


def test_doctor_names_the_damaged_model_and_what_to_do(tmp_path: Path) -> None:
    current = train_to(tmp_path / "models", ROWS)
    (sound,) = look_at_model(Settings(data=tmp_path))
    cut(tmp_path / "models", current)
    (harmed,) = look_at_model(Settings(data=tmp_path))
    assert (sound.good, harmed.good) == (True, False)
    assert current in harmed.what and "hub intents train" in harmed.todo
