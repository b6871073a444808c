"""What rules judge of a message: the tagger's signs among it."""

import pytest

from hub.model import Band, Tag, Wish
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


@pytest.mark.parametrize(
    ("band", "wishes"), [("route", ("complaint", "refund")), ("suggest", ("refund",)), ("default", ("refund",))]
)
async def test_what_is_certainly_wanted_are_wishes_the_second_ones_too(
    core: Core, band: Band, wishes: tuple[str, ...]
) -> None:
    await core.keep(said("Giao sai màu rồi, trả tiền lại cho em", "1", at=core.clock()))
    await core.take_in()
    others = (Wish(intent="refund", confidence=0.9),)
    tag = Tag(intent="complaint", confidence=0.9, band=band, language="vi", model="m", others=others)

    assert gather("tagged", await core.talk(), message=(await core.log())[0], tag=tag).wishes == wishes
