"""The customers' socket and its fallback: what is acknowledged is kept, what is forged leaves nothing."""

import asyncio
import datetime as dt
from typing import Any

import msgspec

from hub.arrivals.amending import Amender
from hub.arrivals.understanding import Understood
from hub.clock import utc_now
from hub.events import conversation_changed, message_added, message_changed
from hub.ids import conversation_id
from hub.inbound import InboundEdit
from hub.model import AccountId, Author, ContactId, Conversation, ConversationId, EventItem, Message, MessageId
from hub.store.outbox import Claim, Settled
from tests.inbox_web.conftest import SHOP, SITE
from tests.inbox_web.fallback import frames, poll


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


async def test_a_reply_that_is_said_to_have_left_before_the_ledger_has_it_is_shown(hub: Any) -> None:
    """The event goes in first, and may be read with somebody else's."""
    wire, reply = await talk_with_a_reply(hub)
    store = hub.parts.store
    [message] = await store.messages.by_ids([reply])
    sent = tuple(msgspec.structs.replace(one, state="sent") for one in message.deliveries)
    claim = Claim(id=reply, seen=None, step="claimed", until=utc_now() + dt.timedelta(minutes=1))
    assert await store.outbox.claim([claim], "worker:1") == {reply}

    told = [left(message), conversation_changed(message.conversation, message.seq, {"read": message.seq})]
    await hub.parts.announcer.announce(told, utc_now())
    await wire.hear("seen")
    end = Settled(id=reply, claim="worker:1", deliveries=sent, delivery="sent", leave=None)
    assert await store.outbox.settle([end])

    assert [one["text"] for one in (await wire.hear("messages"))["messages"]] == ["Dạ"]


async def test_a_reply_that_is_told_of_behind_its_own_end_is_shown(hub: Any) -> None:
    wire, _ = await talk_with_a_reply(hub)
    conversation = (await (await hub.get("/api/v1/conversations")).json())["items"][0]["id"]
    reply = msgspec.structs.replace(entry(conversation, 2), kind="out", delivery="sent", text="Dạ còn ạ")
    assert await hub.parts.store.messages.insert(reply, hub.parts.store.ledger.breaks.count)

    await hub.parts.announcer.announce([left(reply)], utc_now())
    late = message_added(msgspec.structs.replace(reply, delivery="queued"))
    await hub.parts.announcer.announce([late], utc_now())

    assert [one["text"] for one in (await wire.hear("messages"))["messages"]] == ["Dạ còn ạ"]


async def talk_with_a_reply(hub: Any) -> tuple[Any, MessageId]:
    """A customer's socket, and a reply that has not left: nothing delivers here."""
    wire = await hub.chat()
    visitor = msgspec.json.decode(hub.parts.ring.verify("visitor", wire.welcome["token"]))[1]
    conversation = await opened_conversation(hub, visitor)
    await hub.sign_in()
    wish = {"kind": "reply", "text": "Dạ", "seen": 0}
    answer = await hub.post(f"/api/v1/conversations/{conversation}/messages", wish)
    return wire, MessageId((await answer.json())["id"])


def left(message: Message) -> EventItem:
    return message_changed(message.conversation, message.id, {"delivery": "sent"})


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
