"""The agents' socket: in order, without gaps, resumed by `since`, closed with a reason."""

import asyncio
from typing import Any

import pytest
from aiohttp import WSMsgType

from hub.clock import utc_now
from hub.events import settings_changed
from inbox_web import frames, live
from inbox_web.live import LIVE
from tests.query_shapes import FROM_A_TEST

PASSWORD = "mot-mat-khau-dai"


async def announce(hub: Any, times: int = 1) -> None:
    """Something that every browser is told; each announcement is one event."""
    for _ in range(times):
        await hub.parts.announcer.announce([settings_changed()], utc_now())


async def test_a_customers_message_is_on_the_agents_screen(hub: Any, worker: None) -> None:
    await hub.sign_in()
    agent, customer = await hub.live(), await hub.chat()
    await agent.hear("hello")

    await customer.send("Trà ô long còn không ạ?", "message-1")
    told = await agent.item("message.added")

    assert told["message"]["text"] == "Trà ô long còn không ạ?"
    assert told["message"]["author"]["kind"] == "contact"


async def test_a_browser_that_comes_back_gets_every_event_it_missed_in_order(hub: Any) -> None:
    await hub.sign_in()
    first = await hub.live()
    n = (await first.hear("hello"))["n"]
    await first.ws.close()
    await announce(hub, 5)

    again = await hub.live(since=n)
    missed = [(await again.hear("events"))["n"] for _ in range(5)]

    assert missed == [n + 1, n + 2, n + 3, n + 4, n + 5]
    assert (await again.hear("hello"))["n"] == n + 5


async def test_events_go_on_behind_a_replay_without_a_gap(hub: Any) -> None:
    await hub.sign_in()
    await announce(hub, 3)
    wire = await hub.live(since=0)
    await announce(hub, 3)

    numbers = [(await wire.hear("events"))["n"] for _ in range(6)]

    assert numbers == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("since", [10_000, 2])
async def test_a_number_that_is_not_kept_any_more_is_answered_by_a_reset(hub: Any, since: int) -> None:
    """10,000 was never given; 2 is older than what is kept."""
    await hub.sign_in()
    await announce(hub, 6)
    wire = await hub.live(since=0)
    for _ in range(6):
        await wire.hear("events")
    await hub.parts.store.ledger.durable("events").delete_many({"_id": {"$in": [1, 2, 3, 4]}})

    late = await hub.live(since=since)

    assert (await late.hear("reset"))["n"] == 6
    assert (await late.hear("hello"))["n"] == 6


async def test_a_lost_doorbell_delays_events_and_loses_none(hub: Any) -> None:
    await hub.sign_in()
    wire = await hub.live()
    n = (await wire.hear("hello"))["n"]

    await hub.parts.announcer.append([settings_changed()], utc_now())  # journaled, and nobody rings
    await hub.parts.announcer.append([settings_changed()], utc_now())
    numbers = [(await wire.hear("events"))["n"] for _ in range(2)]

    assert numbers == [n + 1, n + 2]


async def flushes(hub: Any) -> int:
    row = await hub.parts.store.ledger.light("cursors").find_one({"_id": "flush"})
    return row["n"] if row else 0


async def test_an_event_that_nobody_told_of_is_brought_to_the_disk_before_it_is_shown(hub: Any) -> None:
    await hub.sign_in()
    wire = await hub.live()
    n = (await wire.hear("hello"))["n"]
    before = await flushes(hub)

    await hub.parts.announcer.append([settings_changed()], utc_now(), journaled=False)
    told = await wire.hear("events")

    assert told["n"] == n + 1
    assert await flushes(hub) > before


async def test_a_second_process_follows_the_same_log(hub: Any, make_hub: Any) -> None:
    other = await make_hub()
    await hub.sign_in()
    await other.post("/api/v1/session", {"email": "lan@shop.example", "password": "mot-mat-khau-dai"})
    wire = await other.live()
    n = (await wire.hear("hello"))["n"]

    await announce(hub, 2)

    assert [(await wire.hear("events"))["n"] for _ in range(2)] == [n + 1, n + 2]


async def test_without_a_session_the_socket_closes_and_says_why(hub: Any) -> None:
    wire = await hub.live()

    assert await wire.closed() == frames.NOT_SIGNED_IN


async def test_a_page_of_another_origin_is_closed_out(hub: Any) -> None:
    await hub.sign_in()
    ws = await hub.client.ws_connect("/live", origin="https://elsewhere.example")
    await ws.receive()

    assert ws.close_code == frames.WRONG_ORIGIN


async def test_an_agent_who_is_switched_off_is_closed_out(hub: Any) -> None:
    await hub.sign_in()
    lan = await hub.parts.store.agents.by_email("lan@shop.example")
    wire = await hub.live()
    await wire.hear("hello")

    await hub.parts.store.agents.change(lan.id, {"on": False})
    await announce(hub)

    assert await wire.closed() == frames.NOT_SIGNED_IN


async def test_signing_out_closes_the_socket(hub: Any) -> None:
    await hub.sign_in()
    wire = await hub.live()
    await wire.hear("hello")

    await hub.delete("/api/v1/session")

    assert await wire.closed() == frames.NOT_SIGNED_IN


async def test_a_changed_password_closes_every_other_socket(hub: Any) -> None:
    agent = await hub.sign_in()
    elsewhere = await hub.live()
    await elsewhere.hear("hello")
    await hub.post("/api/v1/session", {"email": agent.email, "password": PASSWORD})
    here = await hub.live()
    await here.hear("hello")

    await hub.post("/api/v1/session/password", {"old": PASSWORD, "new": "mot-mat-khau-moi"})

    assert await elsewhere.closed() == frames.NOT_SIGNED_IN
    await here.say({"t": "ping"})
    assert await here.hear("pong") == {"t": "pong"}


async def test_a_session_that_is_over_closes_its_socket_though_nobody_says_so(
    make_hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHECK_EVERY_S", 0.05)
    hub = await make_hub()
    await hub.sign_in()
    wire = await hub.live()
    await wire.hear("hello")

    rows = hub.parts.store.ledger.durable("sessions")
    await rows.update_many({}, {"$set": {"until": utc_now()}}, comment=FROM_A_TEST)

    assert await wire.closed() == frames.NOT_SIGNED_IN


async def test_a_socket_that_reads_nothing_is_closed_as_too_slow_and_can_resume(hub: Any) -> None:
    await hub.sign_in()
    slow = await hub.live()
    await slow.hear("hello")
    live = hub.client.app[LIVE]
    (socket,) = live._following
    slow.ws._conn.protocol.pause_reading()

    written = 0
    while socket.write(frames.text_frame(b'{"t":"pong"}' + b" " * 60_000)):
        written += 1
        assert written < 1000
        await asyncio.sleep(0)
    slow.ws._conn.protocol.resume_reading()

    assert await slow.closed() == frames.TOO_SLOW


async def test_a_process_that_goes_says_so_to_every_browser(hub: Any) -> None:
    await hub.sign_in()
    agent, customer = await hub.live(), await hub.chat()
    await agent.hear("hello")

    going = asyncio.create_task(hub.client.server.runner.shutdown())
    codes = [await agent.closed(), await customer.closed()]
    await going

    assert codes == [frames.SHUTTING_DOWN, frames.SHUTTING_DOWN]


async def test_colleagues_see_who_views_and_types_and_who_has_gone(hub: Any, make_hub: Any) -> None:
    other = await make_hub()
    await hub.sign_in()
    await other.add_agent("mai@shop.example")
    await other.post("/api/v1/session", {"email": "mai@shop.example", "password": "mot-mat-khau-dai"})
    mai, lan = await other.live(), await hub.live()
    await mai.hear("here")
    await lan.hear("here")

    await lan.say({"t": "viewing", "conversation": "v_1", "typing": False})
    viewing = await mai.hear("presence")
    await lan.say({"t": "viewing", "conversation": "v_1", "typing": True})
    typing = await mai.hear("presence")
    await lan.ws.close()
    gone = await mai.hear("presence")

    assert [one["state"] for one in (viewing, typing, gone)] == ["viewing", "typing", "gone"]
    assert (viewing["conversation"], viewing["name"]) == ("v_1", "Lan")


async def test_whoever_opens_a_conversation_is_told_who_looks_at_it(hub: Any) -> None:
    await hub.sign_in()
    lan = await hub.live()
    await lan.hear("hello")
    await lan.say({"t": "viewing", "conversation": "v_1", "typing": False})
    await hub.post(
        "/api/v1/session", {"email": (await hub.add_agent("mai@shop.example")).email, "password": "mot-mat-khau-dai"}
    )
    mai = await hub.live()
    await mai.hear("hello")

    await mai.say({"t": "viewing", "conversation": "v_1", "typing": False})
    presence = await mai.hear("presence")

    assert (presence["state"], presence["name"]) == ("viewing", "Lan")


async def test_everyone_is_told_who_is_here(hub: Any) -> None:
    lan = await hub.sign_in()
    wire = await hub.live()
    await wire.hear("hello")

    here = await wire.hear("here")
    listed = (await (await hub.get("/api/v1/bootstrap")).json())["here"]

    assert here["agents"] == [lan.id]
    assert listed == [lan.id]


async def test_words_that_the_hub_does_not_know_are_passed_over(hub: Any) -> None:
    await hub.sign_in()
    wire = await hub.live()
    await wire.hear("hello")

    await wire.say({"t": "from the future"})
    await wire.say("{")
    await wire.say({"t": "ping"})

    assert await wire.hear("pong") == {"t": "pong"}


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
async def test_a_frame_of_every_length_class_is_read_as_it_was_written(hub: Any, length: int) -> None:
    await hub.sign_in()
    wire = await hub.live()
    await wire.hear("hello")
    await wire.hear("here")
    (socket,) = hub.client.app[LIVE]._following

    socket.send(b"x" * length)
    message = await wire.ws.receive()

    assert (message.type, len(message.data)) == (WSMsgType.TEXT, length)
