"""What rules judge of a message: the tagger's signs among it."""

import pytest

from hub.model import Tag
from hub.routing.facts import gather
from tests.hub.core import Core, said


@pytest.mark.parametrize(
    ("urgent", "mood", "signs"),
    [(False, "plain", ()), (True, "plain", ("urgent",)), (False, "bad", ("bad",)), (True, "good", ("urgent", "good"))],
)
async def test_a_tag_s_signs_are_facts(core: Core, urgent: bool, mood: str, signs: tuple[str, ...]) -> None:
    await core.keep(said("alo", "1", at=core.clock()))
    await core.take_in()
    tag = Tag(intent="complaint", confidence=0.9, band="route", language="vi", model="m", urgent=urgent, mood=mood)
    assert gather("tagged", await core.talk(), message=(await core.log())[0], tag=tag).signs == signs
