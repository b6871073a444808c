"""Signing in, staying signed in, and being slowed down."""

import asyncio
from typing import Any

from tests.query_shapes import FROM_A_TEST

PASSWORD = "mot-mat-khau-dai"


async def test_the_cookie_of_a_sign_in_opens_the_session_and_cannot_be_read_by_scripts(hub: Any) -> None:
    agent = await hub.add_agent()

    answer = await hub.post("/api/v1/session", {"email": "LAN@shop.example ", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    session = await (await hub.get("/api/v1/session")).json()

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert session["agent"]["id"] == agent.id
    assert "password" not in session["agent"]


async def test_a_wrong_password_and_an_unknown_email_are_answered_the_same(hub: Any) -> None:
    await hub.add_agent()

    wrong = await hub.post("/api/v1/session", {"email": "lan@shop.example", "password": "wrong password"})
    unknown = await hub.post("/api/v1/session", {"email": "nobody@shop.example", "password": "wrong password"})

    assert (wrong.status, await wrong.json()) == (unknown.status, await unknown.json())
    assert wrong.status == 401
    assert wrong.content_type == "application/problem+json"
    assert (await wrong.json())["type"] == "about:blank#not-signed-in"


async def test_after_five_failures_even_the_right_password_waits(hub: Any) -> None:
    await hub.add_agent()
    for _ in range(5):
        await hub.post("/api/v1/session", {"email": "lan@shop.example", "password": "wrong password"})

    answer = await hub.post("/api/v1/session", {"email": "lan@shop.example", "password": PASSWORD})

    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert (await answer.json())["type"] == "about:blank#too-many"


async def test_tries_of_one_moment_are_slowed_down_like_any_others(hub: Any) -> None:
    await hub.add_agent()
    wrong = {"email": "lan@shop.example", "password": "not the password"}

    answers = await asyncio.gather(*(hub.post("/api/v1/session", wrong) for _ in range(12)))

    assert sorted(one.status for one in answers) == [401] * 5 + [429] * 7


async def test_signing_out_closes_the_session_for_good(hub: Any) -> None:
    await hub.sign_in()
    cookies = {cookie.key: cookie.value for cookie in hub.client.session.cookie_jar}

    answer = await hub.delete("/api/v1/session")
    again = await hub.client.get("/api/v1/session", cookies=cookies)

    assert answer.status == 204
    assert again.status == 401


async def test_how_an_agent_likes_to_work_is_remembered_bit_by_bit_and_told_to_nobody_else(hub: Any) -> None:
    await hub.sign_in()
    path = "/api/v1/session/preferences"

    at_first = (await (await hub.get("/api/v1/bootstrap")).json())["preferences"]
    await hub.post(path, {"undo_s": 5})
    answer = await hub.post(path, {"notify": True})
    wrong = await hub.post(path, {"undo_s": 3600})
    boot = await (await hub.get("/api/v1/bootstrap")).json()
    await hub.sign_in(email="mai@shop.example")
    another = await (await hub.get("/api/v1/bootstrap")).json()

    assert (at_first, await answer.json(), boot["preferences"]) == ({}, *[{"undo_s": 5, "notify": True}] * 2)
    assert (wrong.status, (await wrong.json())["field"]) == (400, "undo_s")
    assert another["preferences"] == {}
    assert "undo_s" not in str(another["agents"])


async def test_a_write_without_the_hubs_own_origin_is_refused(hub: Any) -> None:
    await hub.sign_in()
    body = {"language": "en"}

    foreign = await hub.client.post(
        "/api/v1/session/language", json=body, headers={"Origin": "https://elsewhere.example"}
    )
    silent = await hub.client.post("/api/v1/session/language", json=body)
    own = await hub.post("/api/v1/session/language", body)

    assert (foreign.status, silent.status, own.status) == (403, 403, 200)
    assert (await own.json())["agent"]["language"] == "en"


async def test_an_expired_session_is_no_session(make_hub: Any) -> None:
    hub = await make_hub()
    await hub.sign_in()
    rows = hub.parts.store.ledger.durable("sessions")
    async for row in rows.find({}, comment=FROM_A_TEST):
        await rows.update_one({"_id": row["_id"]}, {"$set": {"until": row["at"]}})

    assert (await hub.get("/api/v1/session")).status == 401


async def test_changing_the_password_asks_for_the_old_one_and_signs_out_elsewhere(hub: Any) -> None:
    agent = await hub.sign_in()
    await hub.post("/api/v1/session", {"email": agent.email, "password": PASSWORD})  # a second browser

    wrong = await hub.post("/api/v1/session/password", {"old": "not this one", "new": "mot-mat-khau-moi"})
    short = await hub.post("/api/v1/session/password", {"old": PASSWORD, "new": "ngan"})
    right = await hub.post("/api/v1/session/password", {"old": PASSWORD, "new": "mot-mat-khau-moi"})
    left = [
        row async for row in hub.parts.store.ledger.light("sessions").find({"agent": agent.id}, comment=FROM_A_TEST)
    ]

    assert (wrong.status, short.status, right.status) == (400, 400, 204)
    assert len(left) == 1
    assert (await hub.get("/api/v1/session")).status == 200


async def test_errors_speak_the_language_of_the_browser(hub: Any) -> None:
    answer = await hub.get("/api/v1/session", **{"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.5"})

    assert (await answer.json())["detail"] == "Bạn cần đăng nhập."
