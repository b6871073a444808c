"""The JSON API of the settings: agents, teams, accounts, the quarantine; whoever may not is refused."""

from typing import Any

import msgspec
import pytest

V1 = "/api/v1"


async def test_an_agent_without_the_right_changes_no_settings(hub: Any) -> None:
    await hub.sign_in(role="agent")

    answers = [
        await hub.get(f"{V1}/agents"),
        await hub.post(f"{V1}/teams", {"name": "Kho"}),
        await hub.post(f"{V1}/accounts", {"kind": "webchat", "name": "x"}),
        await hub.get(f"{V1}/accounts/site/install"),
        await hub.get(f"{V1}/quarantine"),
    ]

    assert [one.status for one in answers] == [403] * 5


async def test_an_added_agent_signs_in_with_the_password_that_was_shown(shop: Any) -> None:
    wish = {"name": "Mai", "email": "Mai@shop.example", "role": "agent"}
    added = await (await shop.post(f"{V1}/agents", wish, key="add-mai-1")).json()
    again = await (await shop.post(f"{V1}/agents", wish, key="add-mai-1")).json()
    taken = await shop.post(f"{V1}/agents", wish, key="add-mai-2")
    me = (await (await shop.get(f"{V1}/session")).json())["agent"]["id"]
    kept = await shop.parts.store.answers.get(f"{me}:add-mai-1")

    entered = await shop.post(f"{V1}/session", {"email": "mai@shop.example", "password": added["password"]})

    assert entered.status == 200
    assert again == added
    assert taken.status == 409
    assert added["password"].encode() not in kept.answer


async def test_the_last_administrator_stays(shop: Any) -> None:
    me = (await (await shop.get(f"{V1}/session")).json())["agent"]["id"]

    off = await shop.patch(f"{V1}/agents/{me}", {"on": False})
    down = await shop.patch(f"{V1}/agents/{me}", {"role": "agent"})

    assert (off.status, down.status) == (409, 409)


async def test_a_team_comes_changes_and_goes(shop: Any) -> None:
    team = await (await shop.post(f"{V1}/teams", {"name": "Kho", "intents": ["order_status"]})).json()
    changed = await (await shop.patch(f"{V1}/teams/{team['id']}", {"name": "Kho & giao vận"})).json()
    await shop.patch(f"{V1}/accounts/site", {"team": team["id"]})
    gone = await shop.delete(f"{V1}/teams/{team['id']}")
    account = (await (await shop.get(f"{V1}/accounts")).json())["items"][0]

    assert changed == {"id": team["id"], "name": "Kho & giao vận", "intents": ["order_status"]}
    assert gone.status == 204
    assert account["team"] is None


async def test_a_website_is_connected_and_its_secret_can_be_changed(shop: Any) -> None:
    wish = {"kind": "webchat", "name": "Tiệm", "settings": {"origins": ["https://tiem.example"], "color": "#112233"}}
    account = await (await shop.post(f"{V1}/accounts", wish)).json()
    install = await (await shop.get(f"{V1}/accounts/{account['id']}/install")).json()
    renewed = await (await shop.post(f"{V1}/accounts/{account['id']}/identity_secret", {})).json()
    after = await (await shop.get(f"{V1}/accounts/{account['id']}/install")).json()
    welcome = await shop.client.options(f"/chat/{account['id']}/frames", headers={"Origin": "https://tiem.example"})

    assert account["settings"]["color"] == "#112233"
    assert f'data-account="{account["id"]}"' in install["snippet"]
    assert install["identity_secret"] != renewed["identity_secret"] == after["identity_secret"]
    assert welcome.status == 204


@pytest.mark.parametrize(
    "settings", [{"color": "red"}, {"origins": ["https://x.example/path"]}, {"origins": "https://x.example"}]
)
async def test_settings_that_cannot_work_are_refused(shop: Any, settings: Any) -> None:
    answer = await shop.patch(f"{V1}/accounts/site", {"settings": settings})

    assert answer.status == 400
    assert (await answer.json())["field"].startswith("settings")


async def test_the_bootstrap_names_everything_an_inbox_needs(shop: Any) -> None:
    boot = await (await shop.get(f"{V1}/bootstrap")).json()

    assert boot["agent"]["name"] == "Lan"
    assert boot["accounts"][0]["settings"]["origins"] == ["https://shop.example"]
    assert {"vi": "Chat trên web", "en": "Web chat"} in [one["name"] for one in boot["channels"]]
    assert {"name": "ask_price", "vi": "Giá", "en": "Price", "tone": "plain"} in boot["intents"]
    assert (boot["quarantined"], boot["shop"]) == (0, "Mộc An")
    assert "secrets" not in msgspec.json.encode(boot).decode()


async def test_where_programs_listen_is_for_administrators(hub: Any) -> None:
    await hub.sign_in("agent")
    boot = await (await hub.get(f"{V1}/bootstrap")).json()

    assert [(one["name"], one["settings"]) for one in boot["accounts"]] == [("Mộc An", {})]


async def test_an_arrival_in_quarantine_is_tried_again_or_set_aside(shop: Any) -> None:
    wire = await shop.chat()
    await wire.send("một", "message-1")
    (found,) = [one.id for one in await shop.kept()]
    await shop.parts.store.arrivals.quarantine(found, "no such frame")

    listed_ = (await (await shop.get(f"{V1}/quarantine")).json())["items"]
    retried = await shop.post(f"{V1}/quarantine/{found}/retry", {})
    after = (await (await shop.get(f"{V1}/quarantine")).json())["items"]
    await shop.parts.store.arrivals.quarantine(found, "no such frame")
    aside = await shop.delete(f"{V1}/quarantine/{found}")

    assert [(one["why"], one["id"]) for one in listed_] == [("no such frame", found)]
    assert "một" not in msgspec.json.encode(listed_).decode()
    assert (retried.status, after, aside.status) == (202, [], 204)
