"""Who a customer is taken for, and what is refused: what is forged, foreign, too large or too fast leaves nothing."""

import hashlib
import hmac
from typing import Any

import msgspec
import pytest

from hub.clock import utc_now
from hub.safety.keys import KeyRing
from hub.safety.tokens import Visitor, visitor_token
from tests.inbox_web.conftest import SHOP, SITE
from tests.inbox_web.fallback import frames


async def test_a_signed_user_is_identified_and_a_badly_signed_one_stays_a_stranger(hub: Any, worker: None) -> None:
    data = '{"id":"u1","name":"Huyền","email":"huyen@example.com"}'
    good = hmac.new(b"the shop knows this", data.encode(), hashlib.sha256).hexdigest()

    known = await hub.chat(user={"data": data, "signature": good})
    stranger = await hub.chat(user={"data": data, "signature": "0" * 64})
    refused = await stranger.hear("nack")

    assert known.welcome["identified"] is True
    assert stranger.welcome["identified"] is False
    assert (refused["slug"], refused["retry"]) == ("forged", False)


async def test_a_signature_that_no_machine_writes_is_refused_like_any_other(hub: Any) -> None:
    wire = await hub.chat(user={"data": "{}", "signature": "đây là chữ ký"})

    assert (await wire.hear("nack"))["slug"] == "forged"


async def test_what_agents_call_a_customer_stays_inside(hub: Any, worker: None) -> None:
    await hub.sign_in()
    wire = await hub.chat()
    await wire.send("Xin chào", "message-1")
    live = (await wire.hear("messages"))["messages"]
    contact = (await (await hub.get("/api/v1/conversations")).json())["items"][0]["contact"]
    await hub.patch(f"/api/v1/contacts/{contact}", {"name": "Chị khó tính"})
    await wire.send("Shop ơi", "message-2")
    live += (await wire.hear("messages"))["messages"]
    back = await hub.chat(token=wire.welcome["token"])

    assert [one["author"] for one in live + back.welcome["messages"]] == [{"kind": "contact", "name": ""}] * 4


def signed(user: str, **more: Any) -> dict[str, str]:
    data = msgspec.json.encode({"id": user, **more}).decode()
    return {"data": data, "signature": hmac.new(b"the shop knows this", data.encode(), hashlib.sha256).hexdigest()}


async def test_an_identity_from_the_future_is_refused_but_clocks_may_differ_a_little(hub: Any) -> None:
    now = int(utc_now().timestamp())
    a_little = await hub.chat(user=signed("u1", iat=now + 200))
    future = await hub.chat(user=signed("u1", iat=now + 1000))

    assert (await future.hear("nack"))["slug"] == "forged"
    assert (a_little.welcome["identified"], future.welcome["identified"]) == (True, False)


async def test_the_second_user_of_a_browser_does_not_get_the_first_ones_chat(hub: Any, worker: None) -> None:
    first = await hub.chat(user=signed("u1"))
    token = first.welcome["token"]
    await first.send("chuyện riêng", "message-1")
    await first.hear("messages")

    second = await hub.chat(token=token, since=0, user=signed("u2"))
    again = await hub.chat(token=token, since=0, user=signed("u1"))
    await second.send("người khác", "message-2")
    own = await second.hear("messages")

    assert second.welcome["messages"] == []
    assert second.welcome["token"] not in ("", token)
    assert (again.welcome["token"], [one["text"] for one in again.welcome["messages"]]) == (token, ["chuyện riêng"])
    assert [one["text"] for one in own["messages"]] == ["người khác"]
    assert first.passed == []


async def test_a_second_user_on_an_open_socket_hears_nothing_more_of_the_first(hub: Any, worker: None) -> None:
    wire = await hub.chat(user=signed("u1"))
    token = wire.welcome["token"]
    await wire.send("chuyện riêng", "message-1")
    await wire.hear("messages")
    await wire.say({"t": "hello", "token": token, "since": 1, "language": "vi", "user": signed("u2")})
    welcome = await wire.hear("welcome")
    first = await hub.chat(token=token)
    await first.send("chuyện riêng nữa", "message-2")
    await first.hear("messages")
    await wire.send("người khác", "message-3")

    assert (welcome["messages"], welcome["cursor"]) == ([], 0)
    assert [one["text"] for one in (await wire.hear("messages"))["messages"]] == ["người khác"]


async def test_a_page_that_the_account_does_not_name_is_turned_away_on_both_transports(hub: Any) -> None:
    ws = await hub.client.ws_connect(f"/chat/{SITE}", origin="https://elsewhere.example")
    told = msgspec.json.decode((await ws.receive()).data)
    await ws.receive()
    answer = await frames(hub, {"t": "hello"}, origin="https://elsewhere.example")

    assert (told["t"], told["slug"], ws.close_code) == ("error", "denied", 4403)
    assert answer.status == 403
    assert await hub.arrivals() == 0


OTHERS_TOKEN = visitor_token(KeyRing(b"x" * 32), Visitor(account=SITE, id="v1"))


@pytest.mark.parametrize("token", ["nonsense", "bm9wZQ.bm9wZQ", OTHERS_TOKEN])
async def test_a_forged_token_opens_nothing_on_both_transports(hub: Any, token: str) -> None:
    ws = await hub.client.ws_connect(f"/chat/{SITE}", origin=SHOP)
    await ws.send_json({"t": "hello", "token": token})
    told = msgspec.json.decode((await ws.receive()).data)
    answer = await frames(hub, {"t": "send", "id": "message-1", "text": "x"}, token=token)

    assert told["slug"] == "forged"
    assert answer.status == 401
    assert (await answer.json())["type"] == "about:blank#forged"
    assert await hub.arrivals() == 0


async def test_a_token_of_another_site_is_forged_here(hub: Any) -> None:
    token = visitor_token(hub.parts.ring, Visitor(account="another", id="v1"))

    answer = await frames(hub, {"t": "send", "id": "message-1", "text": "x"}, token=token)

    assert answer.status == 401
    assert await hub.arrivals() == 0


@pytest.mark.parametrize(
    "frame", ["{", '{"t":"nothing"}', '{"t":"send","id":5}', "[]", '{"t":"read","seq":9223372036854775807}']
)
async def test_a_malformed_frame_ends_the_talk_and_leaves_nothing(hub: Any, frame: str) -> None:
    wire = await hub.chat()

    await wire.say(frame)
    told = await wire.hear("error")

    assert told["slug"] == "bad-input"
    assert await wire.closed() == 1008
    assert await hub.arrivals() == 0


async def test_an_oversized_frame_is_refused_on_both_transports(hub: Any) -> None:
    wire = await hub.chat()
    await wire.say({"t": "send", "id": "message-1", "text": "x" * 70_000})
    closed = await wire.closed()
    answer = await frames(hub, {"t": "send", "id": "message-1", "text": "x" * 70_000}, token=wire.welcome["token"])

    assert closed == 1009
    assert answer.status == 413
    assert await hub.arrivals() == 0


async def test_a_message_over_the_limit_is_refused_by_name_and_the_talk_goes_on(hub: Any) -> None:
    wire = await hub.chat()
    await wire.say({"t": "send", "id": "message-1", "text": "x" * 12_000})
    refused = await wire.hear("nack")
    await wire.send("ngắn hơn", "message-2")

    assert (refused["id"], refused["slug"], refused["retry"]) == ("message-1", "too-large", False)
    assert await hub.arrivals() == 1


async def test_whoever_writes_too_fast_is_asked_to_send_again_later(hub: Any) -> None:
    wire = await hub.chat()
    for number in range(20):
        await wire.send("x", f"message-{number}")
    await wire.say({"t": "send", "id": "message-20", "text": "x"})
    refused = await wire.hear("nack")

    assert (refused["slug"], refused["retry"]) == ("too-many", True)
    assert await hub.arrivals() == 20


async def test_typing_too_fast_is_passed_over_and_hellos_too_fast_end_the_talk(hub: Any) -> None:
    await hub.sign_in()
    agent, wire = await hub.live(), await hub.chat()
    await agent.hear("hello")
    for _ in range(60):
        await wire.say({"t": "typing"})
    await wire.say({"t": "ping"})
    await wire.hear("pong")
    await wire.say({"t": "hello", "since": 0})
    refused = await wire.hear("error")
    await agent.say({"t": "ping"})
    await agent.hear("pong")

    assert refused["slug"] == "too-many"
    assert [one["t"] for one in agent.passed].count("typing") <= 25


async def test_while_the_disk_is_full_the_widget_keeps_its_words(make_hub: Any, hub: Any) -> None:
    full = await make_hub(disk_floor_mb=1_000_000)
    wire = await full.chat()
    await wire.say({"t": "send", "id": "message-1", "text": "x"})
    refused = await wire.hear("nack")

    assert (refused["slug"], refused["retry"]) == ("unavailable", True)
    assert await full.arrivals() == 0
