"""Connecting over the API: the channel's questions, its live check, and what is left to click."""

import datetime as dt
from typing import Any

from hub.clock import utc_now


async def test_each_channel_says_what_it_asks(hub: Any) -> None:
    await hub.sign_in()
    channels = {one["kind"]: one for one in (await (await hub.get("/api/v1/channels")).json())["items"]}

    assert [one["name"] for one in channels["webchat"]["fields"]] == ["site"]
    assert channels["webchat"]["fields"][0]["label"]["vi"] == "Địa chỉ trang web"


async def test_an_answered_channel_is_connected_once(hub: Any) -> None:
    await hub.sign_in()
    body = {"answers": {"site": "https://moc-an.example"}, "name": "Mộc An"}
    answers = [await hub.post("/api/v1/accounts/connect/webchat", body, key="connect-1") for _ in range(2)]
    made = [await one.json() for one in answers]

    assert [one.status for one in answers] == [201, 201]
    assert made[0] == made[1]
    assert (made[0]["account"]["name"], made[0]["account"]["health"]) == ("Mộc An", None)
    assert "widget.js" in made[0]["steps"]["en"][0]
    accounts = (await (await hub.get("/api/v1/accounts")).json())["items"]
    assert [one["name"] for one in accounts].count("Mộc An") == 2


async def test_what_is_missing_is_said_with_its_field(hub: Any) -> None:
    await hub.sign_in()
    answer = await hub.post("/api/v1/accounts/connect/webchat", {"answers": {}})

    assert (answer.status, (await answer.json())["field"]) == (400, "site")


async def test_only_administrators_connect(hub: Any) -> None:
    await hub.sign_in(role="agent")

    assert (await hub.post("/api/v1/accounts/connect/webchat", {"answers": {"site": "x.example"}})).status == 403


async def test_an_unknown_channel_or_account_is_not_found(hub: Any) -> None:
    await hub.sign_in()
    body = {"answers": {"site": "https://x.example"}}
    unknown = await hub.post("/api/v1/accounts/connect/fax", body)
    nobody = await hub.post("/api/v1/accounts/connect/webchat", body | {"account": "acc_none"})

    assert [unknown.status, nobody.status] == [404, 404]


async def test_an_account_is_tried_on_demand(hub: Any) -> None:
    await hub.sign_in()
    answer = await hub.post("/api/v1/accounts/site/check", None)

    assert await answer.json() == {"health": None}


async def test_an_account_says_what_its_platform_has_and_what_is_stored_of_it(hub: Any) -> None:
    await hub.sign_in()
    now = utc_now().replace(microsecond=0)
    await hub.parts.store.cursors.advance("site", None, "7", now, 11, 12)
    (account,) = (await (await hub.get("/api/v1/accounts")).json())["items"]

    assert (account["found"], account["stored"]) == (12, 11)
    assert dt.datetime.fromisoformat(account["heard"]) == now


async def test_where_an_accounts_secrets_go_is_changed_by_connecting_it_alone(hub: Any) -> None:
    await hub.sign_in()
    answer = await hub.patch("/api/v1/accounts/site", {"settings": {"api_url": "https://elsewhere.example"}})

    assert (answer.status, (await answer.json())["field"]) == (400, "settings")


async def test_a_mirror_shows_conversations_of_accounts_that_are_here(hub: Any) -> None:
    await hub.sign_in()
    slack = await (await hub.post("/api/v1/accounts", {"kind": "slack", "name": "Đội"})).json()
    known = await hub.patch(f"/api/v1/accounts/{slack['id']}", {"settings": {"mirror_accounts": ["site"]}})
    unknown = await hub.patch(f"/api/v1/accounts/{slack['id']}", {"settings": {"mirror_accounts": ["nobody"]}})

    assert (await known.json())["settings"]["mirror_accounts"] == ["site"]
    assert (unknown.status, (await unknown.json())["field"]) == (400, "settings.mirror_accounts")


async def test_an_account_says_whether_its_app_can_be_added_elsewhere(hub: Any) -> None:
    await hub.sign_in()
    made = []
    for name, app in (("knows", b'{"client_id":"1.2","client_secret":"s"}'), ("does not", b"{}")):
        slack = await (await hub.post("/api/v1/accounts", {"kind": "slack", "name": name})).json()
        sealed = hub.parts.ring.seal(f"account:{slack['id']}", app)
        await hub.parts.store.accounts.change(slack["id"], {"secrets": sealed})
        hub.parts.accounts.forget()
        made.append((slack["id"], await (await hub.get(f"/api/v1/accounts/{slack['id']}/further")).json()))

    assert made[0][1] == {"url": f"/oauth/{made[0][0]}", "why": None}
    assert "client id" in made[1][1]["why"]
    assert (await hub.get("/api/v1/accounts/site/further")).status == 404
