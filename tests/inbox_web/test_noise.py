"""Whatever a customer's chat sends comes through: logged once, tagged, shown; what is too long is refused in words."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channels.email import wire as mail_wire
from channels.email.webhooks import sign
from channels.webchat.wire import MOST_TEXT
from hub.arrivals.tagging import Tagger
from hub.clock import utc_now
from hub.commands.rooms import new_worker
from hub.model import Account, AccountId
from nlp.examples import Row
from nlp.intents import UNKNOWN
from nlp.train import train_to

pytestmark = pytest.mark.timeout(180)
ROWS = {
    "ask_price": ("giá bao nhiêu", "bao nhiêu tiền", "giá sao shop", "cho hỏi giá", "báo giá giúp em"),
    "greeting": ("chào shop", "xin chào", "hello shop", "alo shop ơi", "chào buổi sáng"),
}
NOISE = (
    "🎉🎂🥳👨‍👩‍👧‍👦🇻🇳",
    "\x00\x01\x02\x7f\x80\xff\x00",
    "%PDF-1.7 \ufffd\ufffd\x00\x1b[31m\ufffd",
    "Привет 你好 مرحبا שלום สวัสดี नमस्ते ជំរាបសួរ",
    "z\u0335\u0336a\u0337l\u0338g\u0335o",
    "\u202e\u2066oếuhn oab\u2069\u202c\u200b\ufeff",
    "!" * MOST_TEXT,
)
LAST = "cho hỏi giá bao nhiêu tiền"


@pytest.fixture
async def tagging(hub: Any, tmp_path: Path) -> AsyncIterator[None]:
    """Intake, triage and a real tagger run beside the test."""
    rows = [Row(text=text, intent=name) for name, texts in ROWS.items() for text in texts]
    await asyncio.to_thread(train_to, tmp_path / "models", rows, heads=1)
    tagger = Tagger(tmp_path / "models")
    tasks = [asyncio.create_task(one) for one in (tagger.run(), new_worker(hub.rooms, tagger).run())]
    yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def shown(hub: Any, count: int) -> list[Any]:
    """The conversation's messages in the inbox, once so many of them have a tag."""
    async with asyncio.timeout(60):
        while True:
            items = (await (await hub.get("/api/v1/conversations")).json())["items"]
            if items:
                page = await (await hub.get(f"/api/v1/conversations/{items[0]['id']}/messages")).json()
                if sum(bool(one["tag"]) for one in page["items"]) == count:
                    return list(page["items"])
            await asyncio.sleep(0.1)


async def test_noise_is_logged_once_tagged_and_shown_and_the_next_message_is_understood(
    hub: Any, tagging: None
) -> None:
    await hub.sign_in()
    wire = await hub.chat()
    for number, text in enumerate(NOISE):
        await wire.send(text, f"noise-{number:04}")
        await wire.send(text, f"noise-{number:04}")  # the line broke, and the chat sends again
    await wire.send(LAST, "message-1")
    told = await shown(hub, len(NOISE) + 1)

    assert [one["text"] for one in told] == [*NOISE, LAST]
    assert [one["tag"]["intent"] for one in told] == [*[UNKNOWN] * len(NOISE), "ask_price"]
    assert await hub.arrivals() == len(NOISE) + 1


async def test_a_hundred_thousand_characters_are_refused_and_the_chat_goes_on(hub: Any, tagging: None) -> None:
    await hub.sign_in()
    wire = await hub.chat()
    await wire.say({"t": "send", "id": "too-long-1", "text": "giá " * 25_000, "files": []})
    assert await wire.closed() == 1009
    again = await hub.chat(token=wire.welcome["token"])
    await again.send(LAST, "message-1")

    assert [one["text"] for one in await shown(hub, 1)] == [LAST]


HOOK_SECRET = "what the mail server signs with"
MAILS = {
    "nothing": b"",
    "spaces": b" \r\n\r\n\t",
    "emoji": "🎉🎂🥳👨‍👩‍👧‍👦🇻🇳".encode(),
    "control": b"\x00\x01\x02\x7f\x80\xff\x00",
    "binary": bytes(range(256)) * 40,
    "mixed": "Привет 你好 مرحبا שלום สวัสดี नमस्ते ជំរាបសួរ".encode(),
    "turned round": "\u202e\u2066oếuhn oab\u2069\u202c\u200b\ufeff".encode(),
    "100,000 marks": b"\r\n".join([b"!" * 900] * 112),
    "words": LAST.encode(),
}


async def posted(hub: Any, name: str, body: bytes) -> int:
    """A mail server hands over a mail of this body, each from somebody else; the answer's status."""
    head = f'From: "{name}" <{len(body)}@khach.example>\r\nTo: cskh@mocan.example\r\n'
    kind = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    mail = f"{head}Message-ID: <{len(body)}@khach.example>\r\n{kind}\r\n".encode() + body
    signed = {"Content-Type": "message/rfc822", "X-Hub-Signature": sign(HOOK_SECRET, mail, int(time.time()))}
    answer = await hub.client.post("/in/box", data=mail, headers=signed)
    return int(answer.status)


async def test_mails_of_noise_are_logged_once_tagged_and_shown(hub: Any, tagging: None) -> None:
    await hub.sign_in()
    secrets = mail_wire.Secrets(token_secret="signs our own addresses", hook_secret=HOOK_SECRET)
    sealed = hub.parts.ring.seal("account:box", msgspec.json.encode(secrets))
    settings = {"address": "cskh@mocan.example", "name": "Mộc An"}
    box = Account(id=AccountId("box"), kind="email", name="Mộc An", at=utc_now(), settings=settings, secrets=sealed)
    await hub.parts.store.accounts.add(box)
    for name, body in MAILS.items():
        assert [await posted(hub, name, body) for _ in range(2)] == [200, 200]  # the mail server tries again

    async with asyncio.timeout(60):
        while True:
            rows = (await (await hub.get("/api/v1/conversations")).json())["items"]
            if len(rows) == len(MAILS) and sum(bool(one["tag"]) for one in rows) >= len(MAILS) - 2:
                break
            await asyncio.sleep(0.1)
    tags = {one["name"]: one["tag"]["intent"] if one["tag"] else UNKNOWN for one in rows}
    assert tags.pop("words") == "ask_price"
    assert set(tags.values()) == {UNKNOWN}
    assert {one["head"] for one in rows} == {1}
    assert (await (await hub.get("/api/v1/quarantine")).json())["items"] == []
