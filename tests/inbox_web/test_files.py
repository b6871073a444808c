"""Files: stored for their uploader, opened by right, never run by a browser."""

import asyncio
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientPayloadError, FormData

from inbox_web import sniff, uploads
from inbox_web.uploads import safe_name
from tests.query_shapes import FROM_A_TEST

V1 = "/api/v1"
SHOP = "https://shop.example"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + b"\x08\x06\x00\x00\x00" + b"\x00" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def form(content: bytes, name: str, mime: str = "image/png") -> FormData:
    made = FormData()
    made.add_field("file", content, filename=name, content_type=mime)
    return made


async def upload(hub: Any, token: str, content: bytes, name: str, id_: str = "file-0001", mime: str = "x/y") -> Any:
    headers = {"Origin": SHOP, "Authorization": f"Bearer {token}", "X-File-Id": id_}
    return await hub.client.post("/chat/site/files", data=form(content, name, mime), headers=headers)


async def sent_by_customer(hub: Any, content: bytes, name: str) -> tuple[Any, Any]:
    """A customer's message with a file: their own view of it, and the agents'."""
    agent, wire = await hub.live(), await hub.chat()
    await agent.hear("hello")
    stored = await (await upload(hub, wire.welcome["token"], content, name)).json()
    await wire.send("", "message-1", files=(stored["id"],))
    mine = (await wire.hear("messages"))["messages"][0]
    theirs = (await agent.item("message.added"))["message"]
    return mine, theirs


async def test_a_customers_picture_is_shown_to_both_sides(hub: Any, worker: None) -> None:
    await hub.sign_in()

    mine, theirs = await sent_by_customer(hub, PNG, "trà.png")
    to_customer = await hub.get(mine["files"][0]["url"])
    to_agent = await hub.get(theirs["attachments"][0]["url"])

    assert (mine["files"][0]["width"], mine["files"][0]["height"]) == (640, 480)
    assert (await to_customer.read(), await to_agent.read()) == (PNG, PNG)
    assert to_agent.content_type == "image/png"
    assert to_agent.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_download_that_breaks_ends_too_early_and_brings_no_second_answer(hub: Any, worker: None) -> None:
    await hub.sign_in()
    mine, _ = await sent_by_customer(hub, PNG + b"x" * 600_000, "trà.png")
    await hub.parts.store.ledger.durable("files.chunks").delete_many({"n": {"$gte": 1}}, comment=FROM_A_TEST)

    answer = await hub.get(mine["files"][0]["url"])

    assert answer.status == 200
    with pytest.raises(ClientPayloadError):
        await answer.read()


async def test_a_drawing_that_could_run_is_only_ever_downloaded(hub: Any, worker: None) -> None:
    await hub.sign_in()

    mine, theirs = await sent_by_customer(hub, SVG, "logo.svg")
    answer = await hub.get(mine["files"][0]["url"])

    assert theirs["attachments"][0]["mime"] == "application/octet-stream"
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_an_agents_file_goes_out_with_the_reply(hub: Any, worker: None) -> None:
    await hub.sign_in()
    wire = await hub.chat()
    await wire.send("gửi em bảng giá", "message-1")
    await wire.hear("messages")
    conversation = (await (await hub.get(f"{V1}/conversations")).json())["items"][0]
    uploaded = await hub.client.post(f"{V1}/files", data=form(PNG, "giá.png"), headers={"Origin": hub.origin})
    stored = await uploaded.json()

    wish = {"kind": "reply", "text": "", "files": [stored["id"]], "seen": conversation["head"]}
    await hub.post(f"{V1}/conversations/{conversation['id']}/messages", wish)
    heard = (await wire.hear("messages"))["messages"][0]

    assert uploaded.status == 201
    assert await (await hub.get(heard["files"][0]["url"])).read() == PNG


async def test_the_same_upload_twice_is_one_file(hub: Any) -> None:
    token = (await hub.chat()).welcome["token"]

    first = await (await upload(hub, token, PNG, "a.png")).json()
    again = await (await upload(hub, token, PNG, "a.png")).json()

    assert first == again


async def test_an_upload_that_finds_no_place_is_asked_to_come_again(hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAIT_S", 0.05)
    token, places = (await hub.chat()).welcome["token"], hub.client.app[uploads.PLACES]
    for _ in range(uploads.AT_ONCE):
        await places.acquire()
    refused = await upload(hub, token, PNG, "a.png")
    places.release()
    taken = [(await upload(hub, token, PNG, "a.png")).status for _ in range(2)]

    assert (refused.status, refused.headers["Retry-After"]) == (429, "5")
    assert taken == [201, 201]


async def test_an_upload_that_takes_for_ever_gives_its_place_back(hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LONGEST_S", 0.05)
    headers = {
        "Origin": SHOP,
        "Authorization": f"Bearer {(await hub.chat()).welcome['token']}",
        "Content-Type": "multipart/form-data; boundary=b",
    }

    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx'
        await asyncio.Event().wait()

    answer = await hub.client.post("/chat/site/files", data=endless(), headers=headers)

    assert answer.status == 400
    assert hub.client.app[uploads.PLACES]._value == uploads.AT_ONCE


async def test_nobody_sends_another_visitors_upload(hub: Any) -> None:
    mine, other = await hub.chat(), await hub.chat()
    await upload(hub, mine.welcome["token"], PNG, "a.png", id_="file-mine")

    taken = await upload(hub, other.welcome["token"], PNG, "a.png", id_="file-mine")
    await other.say({"t": "send", "id": "message-1", "text": "", "files": ["file-mine"]})
    refused = await other.hear("nack")

    assert taken.status == 409
    assert refused["slug"] == "not-found"
    assert await hub.arrivals() == 0


async def test_a_file_over_the_limit_is_refused_and_nothing_is_kept(make_hub: Any, hub: Any) -> None:
    small = await make_hub(max_file_mb=1)
    token = (await small.chat()).welcome["token"]

    answer = await upload(small, token, b"x" * 1_000_001, "a.bin")
    kept = await small.parts.store.files.uploads(["file-0001"], "visitor:site:x")

    assert answer.status == 413
    assert kept == []


async def test_an_expired_or_forged_link_opens_nothing(hub: Any) -> None:
    forged = await hub.get("/chat/site/files/bm9wZQ.bm9wZQ")

    assert forged.status == 401


async def test_a_file_of_a_message_needs_a_session(hub: Any) -> None:
    assert (await hub.get(f"{V1}/files/m_1/0")).status == 401


async def test_a_body_without_a_file_says_what_is_missing(hub: Any) -> None:
    await hub.sign_in()
    other = FormData()
    other.add_field("picture", PNG, filename="a.png")

    wrong = await hub.client.post(f"{V1}/files", data=other, headers={"Origin": hub.origin})
    json = await hub.client.post(f"{V1}/files", json={}, headers={"Origin": hub.origin})

    assert ((await wrong.json())["field"], (await json.json())["field"]) == ("file", "file")
    assert (wrong.status, json.status) == (400, 400)


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (PNG, "a.txt", "image/png"),
        (b"\xff\xd8\xff\xe0", "a", "image/jpeg"),
        (b"GIF89a", "a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a", "image/webp"),
        (b"%PDF-1.7", "a", "application/pdf"),
        (b"PK\x03\x04", "a.docx", sniff.OFFICE[".docx"]),
        (b"PK\x03\x04", "a.exe", "application/zip"),
        ("Đơn hàng số 12".encode(), "a.txt", "text/plain"),
        (b"<html><script>", "a.png", sniff.UNKNOWN),
        (b"<?xml version='1.0'?>", "a.xml", sniff.UNKNOWN),
        (SVG, "a.svg", sniff.UNKNOWN),
        (b"\x00\x01\x02", "a.png", sniff.UNKNOWN),
        (b"MZ\x90\x00", "a.png", sniff.UNKNOWN),
    ],
)
def test_what_a_file_is_is_told_by_its_bytes(head: bytes, name: str, kind: str) -> None:
    assert sniff.kind(head, name) == kind


@pytest.mark.parametrize(
    ("head", "mime", "sides"),
    [
        (PNG, "image/png", (640, 480)),
        (b"GIF89a" + struct.pack("<HH", 3, 5), "image/gif", (3, 5)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x01\x02\x03\x04" + b"\x00" * 8, "image/jpeg", (0x304, 0x102)),
        (b"RIFF____WEBPVP8X" + b"\x00" * 8 + b"\x0f\x00\x00\x1f\x00\x00", "image/webp", (16, 32)),
        (b"\xff\xd8\xff", "image/jpeg", None),
        (PNG[:18], "image/png", None),
        (b"%PDF", "application/pdf", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_header(head: bytes, mime: str, sides: Any) -> None:
    assert sniff.size(head, mime) == sides


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\ảnh\\trà.png", "trà.png"),
        ("a\x00b\r\n.png", "ab.png"),
        ("giá\u202egnp.exe", "giágnp.exe"),
        ("..", "file"),
        ("x" * 300 + ".png", "x" * 108 + ".png"),
    ],
)
def test_a_files_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe
