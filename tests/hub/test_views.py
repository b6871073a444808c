"""What browsers are shown of a tag: the ledger leaves out what is as usual, a browser is told all of it."""

import msgspec

from hub.model import Tag, Wish
from hub.views import tag_view

PLAIN = Tag(intent="ask_price", confidence=0.9, band="route", language="vi", model="m1")


def test_a_plain_tag_is_shown_with_every_field() -> None:
    assert msgspec.to_builtins(tag_view(PLAIN)) == {
        "intent": "ask_price",
        "confidence": 0.9,
        "band": "route",
        "language": "vi",
        "words": (),
        "others": (),
        "urgent": False,
        "mood": "plain",
        "by": "",
    }


def test_further_wishes_hurry_and_mood_are_shown() -> None:
    told = msgspec.structs.replace(PLAIN, others=(Wish(intent="ask_stock", confidence=0.6),), urgent=True, mood="bad")
    shown = msgspec.to_builtins(tag_view(told))
    assert (shown["others"], shown["urgent"], shown["mood"]) == (
        ({"intent": "ask_stock", "confidence": 0.6},),
        True,
        "bad",
    )
