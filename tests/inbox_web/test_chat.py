"""The customers' socket and its fallback: what is acknowledged is kept, what is forged leaves nothing."""

import asyncio
import hashlib
import hmac
from typing import Any

import msgspec
import pytest

from hub.arrivals.amending import Amender
from hub.arrivals.understanding import Understood
from hub.clock import utc_now
from hub.events import message_added
from hub.ids import conversation_id
from hub.inbound import InboundEdit
from hub.model import AccountId, Author, ContactId, Conversation, ConversationId, Message, MessageId
from hub.safety.keys import KeyRing
from hub.safety.tokens import Visitor, visitor_token

SITE, SHOP = "site", "https://shop.example"


async def frames(hub: Any, *said: Any, token: str | None = None, origin: str = SHOP) -> Any:
    headers = {"Origin": origin} | ({"Authorization": f"Bearer {token}"} if token else {})
    return await hub.client.post(f"/chat/{SITE}/frames", json={"frames": said}, headers=headers)


async def poll(hub: Any, token: str, since: int = 0, seen: int = 0, wait: float = 0) -> Any:
    headers = {"Origin": SHOP, "Authorization": f"Bearer {token}"}
    body = {"since": since, "seen": seen, "wait": wait}
    answer = await hub.client.post(f"/chat/{SITE}/poll", json=body, headers=headers)
    return (await answer.json())["frames"]


async def test_a_stranger_is_welcomed_with_a_token_and_the_look_of_the_shop(hub: Any) -> None:
    wire = await hub.chat()

    assert wire.welcome["account"]["name"] == "Mộc An"
    assert wire.welcome["messages"] == []
    assert wire.welcome["token"]
    assert "origins" not in wire.welcome["account"]


async def test_an_acknowledged_message_is_in_the_ledger(hub: Any) -> None:
    wire = await hub.chat()

    await wire.send("Trà ô long còn không ạ?", "message-1")

    assert await hub.arrivals() == 1


async def test_the_same_message_sent_twice_is_kept_once_and_acknowledged_twice(hub: Any) -> None:
    wire = await hub.chat()

    await wire.send("Trà ô long còn không ạ?", "message-1")
    await wire.send("Trà ô long còn không ạ?", "message-1")

    assert await hub.arrivals() == 1


async def test_a_message_sent_again_from_another_page_is_still_the_same(hub: Any) -> None:
    wire = await hub.chat()
    await wire.send("Trà ô long còn không ạ?", "message-1")

    again = await hub.chat(token=wire.welcome["token"], language="en", page=f"{SHOP}/cart")
    await again.send("Trà ô long còn không ạ?", "message-1")

    assert await hub.arrivals() == 1


async def test_a_reply_reaches_the_customer_once_it_has_left(hub: Any, worker: None) -> None:
    agent, wire = await hub.sign_in(), await hub.chat()
    await wire.send("Trà ô long còn không ạ?", "message-1")
    own = (await wire.hear("messages"))["messages"][0]
    conversation = (await (await hub.get("/api/v1/conversations")).json())["items"][0]

    wish = {"kind": "reply", "text": "Dạ còn ạ", "seen": conversation["head"]}
    written = await hub.post(f"/api/v1/conversations/{conversation['id']}/messages", wish)
    reply = (await wire.hear("messages"))["messages"][0]

    assert (own["mine"], own["client"], own["text"]) == (True, "message-1", "Trà ô long còn không ạ?")
    assert written.status == 201
    assert (reply["mine"], reply["text"], reply["author"]["name"]) == (False, "Dạ còn ạ", agent.name)


async def test_a_note_never_reaches_the_customer(hub: Any, worker: None) -> None:
    await hub.sign_in()
    wire = await hub.chat()
    await wire.send("Xin chào", "message-1")
    await wire.hear("messages")
    conversation = (await (await hub.get("/api/v1/conversations")).json())["items"][0]

    path = f"/api/v1/conversations/{conversation['id']}/messages"
    await hub.post(path, {"kind": "note", "text": "khách quen"})
    await hub.post(path, {"kind": "reply", "text": "Dạ em chào chị", "seen": 2})
    heard = (await wire.hear("messages"))["messages"]
    back = await hub.chat(token=wire.welcome["token"])

    assert [one["text"] for one in heard] == ["Dạ em chào chị"]
    assert [one["text"] for one in back.welcome["messages"]] == ["Xin chào", "Dạ em chào chị"]


async def test_edited_words_reach_the_customer_and_deleted_ones_leave(hub: Any, worker: None) -> None:
    await hub.sign_in()
    wire = await hub.chat()
    await wire.send("Cho em hộp 100 g", "message-1")
    first = (await wire.hear("messages"))["messages"][0]
    message = (await hub.parts.store.messages.by_ids([first["id"]]))[0]

    await _amend(hub, message, "Cho em hộp 200 g", 1)
    edited = (await wire.hear("messages"))["messages"][0]
    away = await hub.chat(token=wire.welcome["token"], since=1)
    await _amend(hub, message, "", 2, gone=True)
    deleted = (await wire.hear("messages"))["messages"][0]

    assert [(one["id"], one["text"], one["edited"], one["gone"]) for one in (edited, deleted)] == [
        (message.id, "Cho em hộp 200 g", True, False),
        (message.id, "", True, True),
    ]
    assert [one["text"] for one in away.welcome["messages"]] == ["Cho em hộp 200 g"]


async def _amend(hub: Any, message: Message, text: str, order: int, gone: bool = False) -> None:
    """Its platform says that the message was edited or deleted."""
    parts = hub.parts
    account = await parts.accounts.get(message.account)
    arrival = (await hub.kept())[0]
    edit = InboundEdit(target=arrival.external, at=utc_now(), order=order, text=text, gone=gone)
    amender = Amender(parts.store, parts.announcer, utc_now)
    told = await amender.fold([Understood(account=account, arrival=arrival, inbounds=(edit,))])
    await parts.announcer.announce(told, utc_now())


async def test_coming_back_with_since_brings_only_what_is_new(hub: Any, worker: None) -> None:
    wire = await hub.chat()
    await wire.send("một", "message-1")
    await wire.send("hai", "message-2")
    cursor = 0
    while cursor < 2:
        cursor = (await wire.hear("messages"))["cursor"]
    await wire.ws.close()
    other = await hub.chat(token=wire.welcome["token"], since=1)

    assert [one["text"] for one in other.welcome["messages"]] == ["hai"]
    assert other.welcome["cursor"] == 2


async def test_the_cursor_waits_for_a_reply_that_has_not_left_yet(hub: Any) -> None:
    """Nothing delivers here: whoever comes back with the cursor must still be shown the reply when it leaves."""
    wire = await hub.chat()
    visitor = msgspec.json.decode(hub.parts.ring.verify("visitor", wire.welcome["token"]))[1]
    conversation = await opened_conversation(hub, visitor)
    await hub.sign_in()
    await hub.post(f"/api/v1/conversations/{conversation}/messages", {"kind": "reply", "text": "Dạ", "seen": 0})

    back = await hub.chat(token=wire.welcome["token"])

    assert back.welcome["messages"] == []
    assert back.welcome["cursor"] == 0


async def test_the_cursor_waits_for_an_entry_that_is_told_behind_a_later_one(hub: Any) -> None:
    """A reply's event may be faster than that of the words before it; a widget that goes in between must get these."""
    wire = await hub.chat()
    visitor = msgspec.json.decode(hub.parts.ring.verify("visitor", wire.welcome["token"]))[1]
    conversation = await opened_conversation(hub, visitor)
    words = [entry(conversation, seq) for seq in (1, 2)]

    await hub.parts.announcer.announce([message_added(words[1])], utc_now())
    early = await wire.hear("messages")
    await hub.parts.announcer.announce([message_added(words[0])], utc_now())
    late = await wire.hear("messages")

    assert [(one["messages"][0]["seq"], one["cursor"]) for one in (early, late)] == [(2, 0), (1, 2)]


def entry(conversation: str, seq: int) -> Message:
    return Message(
        id=MessageId(f"m_{seq}"),
        conversation=ConversationId(conversation),
        seq=seq,
        kind="in",
        author=Author(kind="contact", id="c_1", name="Khách"),
        account=AccountId(SITE),
        channel="webchat",
        contact=ContactId("c_1"),
        at=utc_now(),
        order=seq,
        text=f"câu {seq}",
    )


async def opened_conversation(hub: Any, visitor: str) -> str:
    thread = f"{SITE}:{visitor}"
    one = Conversation(
        id=conversation_id(thread, 0),
        account=AccountId(SITE),
        channel="webchat",
        thread=thread,
        turn=0,
        contact=ContactId("c_1"),
        name="Khách",
        to=visitor,
        opened=utc_now(),
        last=utc_now(),
    )
    await hub.parts.store.conversations.open([one])
    return one.id


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


async def test_the_fallback_speaks_the_same_frames(hub: Any, worker: None) -> None:
    welcome = (await (await frames(hub, {"t": "hello", "language": "vi"})).json())["frames"][0]
    token = welcome["token"]
    answered = await frames(hub, {"t": "send", "id": "message-1", "text": "chào shop"}, token=token)
    came = await poll(hub, token, wait=5)

    assert (await answered.json())["frames"] == [{"t": "ack", "id": "message-1"}]
    assert answered.headers["Access-Control-Allow-Origin"] == SHOP
    assert came[0]["t"] == "messages"
    assert [one["text"] for one in came[0]["messages"]] == ["chào shop"]


async def test_a_poll_is_held_until_a_reply_leaves(hub: Any, worker: None) -> None:
    await hub.sign_in()
    token = (await (await frames(hub, {"t": "hello"})).json())["frames"][0]["token"]
    await frames(hub, {"t": "send", "id": "message-1", "text": "chào shop"}, token=token)
    first = await poll(hub, token, wait=5)
    conversation = (await (await hub.get("/api/v1/conversations")).json())["items"][0]

    held = asyncio.create_task(poll(hub, token, since=first[0]["cursor"], seen=99, wait=5))
    wish = {"kind": "reply", "text": "Dạ em nghe", "seen": conversation["head"]}
    await hub.post(f"/api/v1/conversations/{conversation['id']}/messages", wish)
    came = await held

    assert [one["text"] for one in came[0]["messages"]] == ["Dạ em nghe"]


async def test_an_empty_poll_answers_when_its_time_is_over(hub: Any) -> None:
    token = (await (await frames(hub, {"t": "hello"})).json())["frames"][0]["token"]

    assert await poll(hub, token, wait=0.05) == []


async def test_a_preflight_names_the_shops_page_and_no_other(hub: Any) -> None:
    allowed = await hub.client.options(f"/chat/{SITE}/frames", headers={"Origin": SHOP})
    refused = await hub.client.options(f"/chat/{SITE}/frames", headers={"Origin": "https://elsewhere.example"})

    assert allowed.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    assert refused.status == 403


async def test_agents_and_customers_see_each_other_type_and_read(hub: Any, worker: None) -> None:
    await hub.sign_in()
    wire = await hub.chat()
    await wire.send("alo", "message-1")
    await wire.hear("messages")
    conversation = (await (await hub.get("/api/v1/conversations")).json())["items"][0]
    agent = await hub.live()
    await agent.hear("hello")

    await agent.say({"t": "viewing", "conversation": conversation["id"], "typing": True})
    typing = await wire.hear("typing")
    await wire.say({"t": "typing"})
    visitor = await agent.hear("visitor_typing")
    await hub.put(f"/api/v1/conversations/{conversation['id']}/read", {"seq": 1})
    seen = await wire.hear("seen")

    assert typing["name"] == "Lan"
    assert visitor["conversation"] == conversation["id"]
    assert seen["seq"] == 1


async def test_a_chat_that_is_switched_off_or_unknown_is_not_there(hub: Any) -> None:
    await hub.parts.store.accounts.change(SITE, {"on": False})
    hub.parts.accounts.forget()

    look = await hub.get(f"/chat/{SITE}/look")
    unknown = await hub.get("/chat/nobody/look")

    assert (look.status, unknown.status) == (404, 404)


async def test_the_look_may_be_read_and_cached_by_any_page(hub: Any) -> None:
    look = await hub.get(f"/chat/{SITE}/look")

    assert await look.json() == {"name": "Mộc An", "color": "#3b4fb8", "language": "auto"}
    assert look.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age=300" in look.headers["Cache-Control"]
