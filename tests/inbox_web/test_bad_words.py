"""Noise in what agents and owners send: previews, corrections and examples take it, or say in one sentence why not."""

from typing import Any

import pytest

from hub.model import MessageId, Tag
from tests.inbox_web.conftest import Hub
from tests.inbox_web.rows import NEWEST, add_words

V1 = "/api/v1"
pytestmark = pytest.mark.timeout(120)
GUESS = Tag(intent="ask_price", confidence=0.61, band="suggest", language="vi", model="linear-1")
NOISE = {
    "emoji": "🎉🎂🥳👨‍👩‍👧‍👦🇻🇳",
    "control": "\x00\x01\x02\x7f\x85",
    "binary": "%PDF-1.7 \ufffd\ufffd\x00\x1b[31m\ufffd",
    "mixed": "Привет 你好 مرحبا giá שלום bao nhiêu",
    "turned round": "\u202e\u2066oếuhn oab\u2069\u202c\u200b\ufeff",
    "100,000 marks": "!" * 100_000,
    "100,000 letters": "giá " * 25_000,
}
ASKED = {"empty": "", **NOISE}
NO_REQUEST = {
    "empty": b"",
    "binary": b"\xff\xfe\x00\x80",
    "deep": b"[" * 100_000,
    "half a character": b'{"intent": "\\ud83d"}',
    "emoji": "🎉".encode(),
    "a number": b'{"intent": 5}',
}
WAYS_IN = ("rules/preview", "rules", "messages/m_1/tag", "intents", "intents/ask_price/examples")


async def answered(hub: Hub, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    answer = await hub.post(f"{V1}/{path}", body)
    return answer.status, await answer.json()


def asking(words: str) -> dict[str, Any]:
    """A rule that asks for these words."""
    asked = [{"what": "words", "any": [words]}]
    return {"name": "Thử", "when": "arrived", "if": asked, "then": [{"do": "label", "add": ["x"]}]}


async def test_a_preview_finds_words_among_noise_and_answers_whatever_it_is_asked_for(shop: Hub) -> None:
    await add_words(shop, NEWEST, *NOISE.values(), "Cho hỏi giá bao nhiêu")
    found = {name: await answered(shop, "rules/preview", asking(words)) for name, words in ASKED.items()}
    assert {name for name, (status, _) in found.items() if status == 200} == {"binary", "mixed", "turned round"}
    refused = [(status, told["field"]) for status, told in found.values() if status != 200]
    assert refused == [(400, "if[0].any")] * (len(ASKED) - 3)
    _, told = await answered(shop, "rules/preview", asking("bao nhieu"))
    assert (told["matched"], told["looked"]) == (2, len(NOISE) + 1)


async def test_an_intent_of_noise_is_refused_and_the_tag_stays(shop: Hub) -> None:
    await add_words(shop, NEWEST, "Cho hỏi giá")
    id_ = MessageId(f"m_{NEWEST}_Cho hỏi giá")
    await shop.parts.store.messages.set_tags({id_: GUESS})
    found = [await answered(shop, f"messages/{id_}/tag", {"intent": words}) for words in ASKED.values()]
    assert {(status, told["field"]) for status, told in found} == {(400, "intent")}
    (kept,) = await shop.parts.store.messages.by_ids([id_])
    assert kept.tag == GUESS


async def test_messages_of_noise_are_corrected_and_shown_short_on_their_page(shop: Hub) -> None:
    (lan,) = await shop.parts.store.agents.all()
    await add_words(shop, NEWEST, *NOISE.values())
    for name, words in NOISE.items():
        (message,) = await shop.parts.store.messages.by_ids([MessageId(f"m_{NEWEST}_{words[:60]}")])
        await shop.parts.corrector.correct(message, "spam", lan, name)
    page = await (await shop.get(f"{V1}/learning")).json()
    assert sorted(one["text"] for one in page["items"]) == sorted(words[:280] for words in NOISE.values())


async def test_examples_of_noise_are_kept_or_refused_with_their_line(shop: Hub) -> None:
    found = {
        name: await answered(shop, "intents/ask_price/examples", {"texts": [words]}) for name, words in ASKED.items()
    }
    refused = {name: told["field"] for name, (status, told) in found.items() if status == 400}
    assert {"empty", "100,000 marks", "100,000 letters"} <= refused.keys()
    assert set(refused.values()) == {"texts"}
    assert {status for status, _ in found.values()} == {201, 400}


async def test_what_is_no_request_is_one_sentence(shop: Hub) -> None:
    headers = {"Origin": shop.origin, "Content-Type": "application/json"}
    found = {}
    for path in WAYS_IN:
        for name, body in NO_REQUEST.items():
            key = {"Idempotency-Key": f"{path}-{name}-key".replace("/", "-").replace(" ", "-")}
            answer = await shop.client.post(f"{V1}/{path}", data=body, headers=headers | key)
            found[path, name] = answer.status, answer.content_type, bool((await answer.json())["detail"])
    assert set(found.values()) == {(400, "application/problem+json", True)}
