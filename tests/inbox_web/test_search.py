"""Search over the API: conversations by the words of their messages and by name; a hit says where they stand."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from hub.clock import utc_now
from hub.events import message_added
from hub.ids import conversation_id
from hub.model import AccountId, Amended, Author, ContactId, Message, MessageId
from tests.inbox_web.rows import BEGAN, row

V1 = "/api/v1"


def words(number: int, text: str, *, seq: int = 1, kind: Any = "in", **more: Any) -> Message:
    return Message(
        id=MessageId(f"m_{number}_{seq}"),
        conversation=conversation_id(f"site:v{number}", 0),
        seq=seq,
        kind=kind,
        author=Author(kind="contact", id=f"c_{number}", name="Khách"),
        account=AccountId("site"),
        channel="webchat",
        contact=ContactId(f"c_{number}"),
        at=BEGAN + dt.timedelta(minutes=number, seconds=seq),
        order=seq,
        text=text,
        **more,
    )


async def log(hub: Any, *messages: Message) -> None:
    await hub.parts.store.messages.append(list(messages), journaled=True)
    await hub.parts.announcer.announce([message_added(one) for one in messages], utc_now())


async def search(hub: Any, query: str) -> Any:
    return (await (await hub.get(f"{V1}/conversations?view=all&{query}")).json())["items"]


async def finds(hub: Any, query: str, *names: str) -> Any:
    """Wait until exactly these are found, in this order; their rows."""
    async with asyncio.timeout(15):
        while [one["name"] for one in await search(hub, query)] != list(names):
            await asyncio.sleep(0.02)
    return await search(hub, query)


@pytest.fixture
async def shop(hub: Any) -> Any:
    """Signed in; Huyền's, Minh's and Lan's conversations, each a minute after the other."""
    await hub.sign_in()
    rows = [row(1, "Đặng Thị Huyền"), row(2, "Minh"), row(3, "Lan", state="resolved")]
    await hub.parts.store.conversations.open(rows)
    return hub


async def test_old_words_find_their_conversation_and_say_where_they_stand(shop: Any) -> None:
    await log(shop, words(1, "Còn Áo Dài lụa không ạ?"), words(1, "Dạ còn", seq=2, kind="out"))

    [row] = await finds(shop, "q=ao dai", "Đặng Thị Huyền")

    assert row["hit"]["message"] == "m_1_1"
    assert row["hit"]["seq"] == 1
    assert row["hit"]["text"] == "Còn Áo Dài lụa không ạ?"
    assert row["hit"]["at"].startswith(f"{words(1, '').at:%Y-%m-%dT%H:%M:%S}")


async def test_notes_subjects_and_history_are_found_newest_first_beside_names(shop: Any) -> None:
    await log(
        shop,
        words(2, "Minh nhắn chị Huyền gọi lại", kind="note"),
        words(3, "", subject="Gửi chị Huyền", history=True),
    )

    rows = await finds(shop, "q=huyen", "Lan", "Minh", "Đặng Thị Huyền")

    assert [one["hit"]["text"] for one in rows[:2]] == ["Gửi chị Huyền", "Minh nhắn chị Huyền gọi lại"]
    assert "hit" not in rows[2]


async def test_a_filter_narrows_what_messages_find(shop: Any) -> None:
    await log(shop, words(2, "khăn lụa"), words(3, "khăn len"))
    await finds(shop, "q=khan", "Lan", "Minh")

    open_ones = (await (await shop.get(f"{V1}/conversations?view=open&q=khan")).json())["items"]

    assert [one["name"] for one in open_ones] == ["Minh"]


async def test_words_that_are_gone_are_not_shown_even_before_the_index_knows(shop: Any) -> None:
    await log(shop, words(2, "số thẻ 4111"))
    await finds(shop, "q=4111", "Minh")
    gone = Amended(text="", at=utc_now(), order=9, gone=True)
    await shop.parts.store.messages.amend(MessageId("m_2_1"), gone)  # and no event told of it

    assert await search(shop, "q=4111") == []


async def test_names_and_messages_share_the_page_and_every_name_is_reached(shop: Any) -> None:
    await shop.parts.store.conversations.open([row(number, f"Hoa {number}") for number in range(10, 16)])
    await log(shop, *(words(number, "hoa sen") for number in (1, 2, 3)))
    await finds(shop, "q=sen", "Lan", "Minh", "Đặng Thị Huyền")

    seen, cursor = list[str](), ""
    for _ in range(2):
        page = await (await shop.get(f"{V1}/conversations?view=all&limit=4&q=hoa{cursor}")).json()
        seen += [one["name"] for one in page["items"]]
        cursor = f"&cursor={page['next']}"

    assert seen[:4] == ["Hoa 15", "Hoa 14", "Lan", "Minh"]
    assert sorted(seen[4:]) == ["Hoa 10", "Hoa 11", "Hoa 12", "Hoa 13"]


async def test_a_list_without_a_search_has_no_hits(shop: Any) -> None:
    assert ["hit" in one for one in await search(shop, "")] == [False, False, False]


async def test_the_metrics_say_how_much_is_indexed(shop: Any) -> None:
    await log(shop, words(1, "áo dài"))
    await finds(shop, "q=ao dai", "Đặng Thị Huyền")

    assert "hub_search_built 1.0" in await (await shop.get("/metrics")).text()
