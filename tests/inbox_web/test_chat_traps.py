"""Where web chats of others failed (trap 30): storms, forged names, foreign pages, two tabs, two ways at once."""

import asyncio
import hashlib
import hmac
from typing import Any

from inbox_web.chat import CHAT
from inbox_web.frames import TOO_SLOW, WRONG_ORIGIN, text_frame

SITE, SHOP = "site", "https://shop.example"
ME = '{"id":"u1","name":"Huyền","email":"huyen@example.com"}'


async def frames(hub: Any, *said: Any, token: str) -> Any:
    headers = {"Origin": SHOP, "Authorization": f"Bearer {token}"}
    answer = await hub.client.post(f"/chat/{SITE}/frames", json={"frames": said}, headers=headers)
    return (await answer.json())["frames"]


async def heard(wire: Any, count: int) -> list[str]:
    """The first so many different messages that this tab is shown, in their order."""
    texts: dict[str, str] = {}
    while len(texts) < count:
        texts |= {one["id"]: one["text"] for one in (await wire.hear("messages"))["messages"]}
    return list(texts.values())


async def test_trap_30_a_storm_of_reconnections_that_resend_doubles_nothing(hub: Any) -> None:
    token = (await hub.chat()).welcome["token"]

    async def come_back() -> None:
        wire = await hub.chat(token=token)
        for number in range(5):
            await wire.send(f"tin {number}", f"message-{number}")

    await asyncio.gather(*(come_back() for _ in range(4)))

    assert await hub.arrivals() == 5


async def test_trap_30_a_forged_user_takes_over_nobody(hub: Any, worker: None) -> None:
    signature = hmac.new(b"the shop knows this", ME.encode(), hashlib.sha256).hexdigest()
    owner = await hub.chat(user={"data": ME, "signature": signature})
    await owner.send("Đơn của tôi đâu?", "message-1")
    await heard(owner, 1)

    thief = await hub.chat(user={"data": ME, "signature": "0" * 64})

    assert (thief.welcome["identified"], thief.welcome["messages"]) == (False, [])


async def test_trap_30_a_foreign_page_gets_no_socket(hub: Any) -> None:
    ws = await hub.client.ws_connect(f"/chat/{SITE}", origin="https://elsewhere.example")
    await ws.receive()
    await ws.receive()

    assert ws.close_code == WRONG_ORIGIN


async def test_trap_30_two_tabs_of_one_visitor_show_the_same(hub: Any, worker: None) -> None:
    first = await hub.chat()
    second = await hub.chat(token=first.welcome["token"])

    await first.send("từ thẻ một", "message-1")
    one = await heard(first, 1), await heard(second, 1)
    await second.send("từ thẻ hai", "message-2")

    assert one == (["từ thẻ một"], ["từ thẻ một"])
    assert (await heard(first, 1), await heard(second, 1)) == (["từ thẻ hai"], ["từ thẻ hai"])


async def test_trap_30_words_during_a_transfer_stay_with_their_conversation(hub: Any, worker: None) -> None:
    agent, wire = await hub.sign_in(), await hub.chat()
    await wire.send("một", "message-1")
    await heard(wire, 1)
    path = f"/api/v1/conversations/{(await (await hub.get('/api/v1/conversations')).json())['items'][0]['id']}"

    await asyncio.gather(hub.patch(path, {"agent": agent.id}), wire.send("hai", "message-2"))
    assert await heard(wire, 1) == ["hai"]
    row = (await (await hub.get(path)).json())["conversation"]
    log = (await (await hub.get(f"{path}/messages")).json())["items"]

    assert row["agent"] == agent.id
    assert [one["text"] for one in log if one["kind"] == "in"] == ["một", "hai"]


async def test_trap_30_ids_of_a_clock_that_runs_wrong_order_nothing(hub: Any, worker: None) -> None:
    wire = await hub.chat()
    await wire.send("trước", "9999-later-by-its-clock")
    await wire.send("sau", "0000-earlier-by-its-clock")

    assert await heard(wire, 2) == ["trước", "sau"]


async def test_trap_30_socket_and_fallback_at_once_give_one_copy_in_the_right_order(hub: Any, worker: None) -> None:
    wire = await hub.chat()
    token = wire.welcome["token"]
    await wire.send("một", "message-1")
    acks = await frames(
        hub,
        {"t": "send", "id": "message-1", "text": "một"},
        {"t": "send", "id": "message-2", "text": "hai"},
        token=token,
    )
    await wire.send("hai", "message-2")

    assert [one["t"] for one in acks] == ["ack", "ack"]
    assert await heard(wire, 2) == ["một", "hai"]
    assert await hub.arrivals() == 2


async def test_trap_30_a_tab_that_reads_nothing_is_let_go_before_it_fills_the_memory(hub: Any) -> None:
    slow = await hub.chat()
    (line,) = hub.client.app[CHAT]._open
    slow.ws._conn.protocol.pause_reading()

    written = 0
    while line.write(text_frame(b'{"t":"pong"}' + b" " * 60_000)):
        written += 1
        assert written < 1000
        await asyncio.sleep(0)
    slow.ws._conn.protocol.resume_reading()

    assert await slow.closed() == TOO_SLOW
