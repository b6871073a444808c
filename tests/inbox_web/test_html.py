"""A mail's HTML: shown in a page that can do nothing; remote pictures only when they are asked for."""

import base64
import datetime as dt
from typing import Any

import pytest

from hub.ids import conversation_id
from hub.model import AccountId, Attachment, Author, ContactId, Message, MessageId

HTML = '<p>Chào <b>shop</b></p><img src="cid:pic"><img alt="t" data-remote-src="https://tracker.example/x.gif">'
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


@pytest.fixture
async def mail(hub: Any) -> str:
    """A message with HTML and a picture in it; where it is shown."""
    store = hub.parts.store
    picture = Attachment(
        file=await store.files.put_bytes(PNG), name="p.png", mime="image/png", bytes=len(PNG), inline="pic"
    )
    message = Message(
        id=MessageId("m_mail"),
        conversation=conversation_id("site:x", 0),
        seq=1,
        kind="in",
        author=Author(kind="contact", id="c_1", name="Hoa"),
        account=AccountId("site"),
        channel="webchat",
        contact=ContactId("c_1"),
        at=AT,
        order=1,
        attachments=(picture,),
        html=await store.files.put_bytes(HTML.encode()),
    )
    await store.messages.append([message])
    return f"/api/v1/messages/{message.id}/html"


async def test_the_page_may_do_nothing_and_load_nothing(hub: Any, mail: str) -> None:
    await hub.sign_in()
    answer = await hub.get(mail)
    policy = answer.headers["Content-Security-Policy"]

    assert answer.content_type == "text/html"
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "img-src data:;" in policy and "frame-ancestors 'self'" in policy
    assert "<b>shop</b>" in await answer.text()


async def test_pictures_that_came_along_stand_in_the_page(hub: Any, mail: str) -> None:
    await hub.sign_in()

    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in await (await hub.get(mail)).text()


async def test_pictures_of_other_servers_have_no_source_until_then(hub: Any, mail: str) -> None:
    await hub.sign_in()

    assert ' src="https:' not in await (await hub.get(mail)).text()
    assert '<img alt="t" src="https://tracker.example/x.gif">' in await (await hub.get(f"{mail}?images=1")).text()


async def test_pictures_of_other_servers_load_when_the_agent_asks_for_them(hub: Any, mail: str) -> None:
    await hub.sign_in()
    policy = (await hub.get(f"{mail}?images=1")).headers["Content-Security-Policy"]

    assert "img-src data: https: http:;" in policy


async def test_nobody_who_is_not_signed_in_sees_it(hub: Any, mail: str) -> None:
    assert (await hub.get(mail)).status == 401


async def test_a_message_without_html_has_no_page(hub: Any) -> None:
    await hub.sign_in()

    assert (await hub.get("/api/v1/messages/m_none/html")).status == 404
