"""A rule is tried on the newest thousand messages: "would have matched 37 of the last 1,000"."""

import datetime as dt

from tests.inbox_web.conftest import Hub
from tests.inbox_web.rows import BEGAN, NEWEST, add_words

INVOICE = {"what": "words", "any": ["hoa don"]}
RULE = {"name": "Hoá đơn", "when": "arrived", "if": [INVOICE], "then": [{"do": "label", "add": ["hoá đơn"]}]}


async def test_a_preview_looks_at_the_last_thousand_messages(shop: Hub) -> None:
    texts = [f"{'Cho em hoá đơn' if number % 27 == 0 else 'Giá sao shop'} {number}" for number in range(1_020)]
    await add_words(shop, NEWEST, *texts)
    await shop.parts.store.conversations.change(NEWEST, {"last": BEGAN + dt.timedelta(minutes=len(texts))})
    found = await (await shop.post("/api/v1/rules/preview", RULE)).json()
    assert (found["matched"], found["looked"]) == (37, 1_000)
    assert [one["text"] for one in found["items"]] == [f"Cho em hoá đơn {number}" for number in range(999, 19, -27)]
