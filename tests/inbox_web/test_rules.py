"""Rules and roster through the API, and a walk: an owner writes a rule, and the next customer meets it."""

import asyncio
from typing import Any

import pytest

from tests.inbox_web.conftest import Hub

V1 = "/api/v1"
SPANS = [{"opens": "08:00", "closes": "12:00"}, {"opens": "13:30", "closes": "17:30"}]
LABEL = {"do": "label", "add": ["hoá đơn"]}
INVOICE = {"what": "words", "any": ["hoá đơn"]}


def wish(name: str = "Hoá đơn", **more: Any) -> dict[str, Any]:
    return {"name": name, "when": "arrived", "if": [INVOICE], "then": [LABEL]} | more


@pytest.fixture
async def shop(hub: Hub) -> Hub:
    await hub.sign_in()
    return hub


async def added(shop: Hub, **more: Any) -> dict[str, Any]:
    answer = await shop.post(f"{V1}/rules", wish(**more))
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def names(shop: Hub) -> list[str]:
    return [one["name"] for one in (await (await shop.get(f"{V1}/rules")).json())["items"]]


async def test_a_rule_comes_changes_and_goes(shop: Hub) -> None:
    rule = await added(shop)
    answer = await shop.put(f"{V1}/rules/{rule['id']}", wish("Hoá đơn VAT", version=rule["version"]))
    changed = await answer.json()
    off = await (await shop.patch(f"{V1}/rules/{rule['id']}", {"on": False})).json()
    gone = await shop.delete(f"{V1}/rules/{rule['id']}")
    assert (rule["if"], rule["then"], rule["by"]) == ([INVOICE], [LABEL], "Lan")
    assert (changed["name"], changed["version"], off["on"], gone.status) == ("Hoá đơn VAT", 2, False, 204)
    assert await names(shop) == []


async def test_the_same_wish_twice_is_one_rule(shop: Hub) -> None:
    for _ in range(2):
        await shop.post(f"{V1}/rules", wish(), key="the-same-key")
    assert await names(shop) == ["Hoá đơn"]


async def test_a_change_of_an_older_version_is_refused(shop: Hub) -> None:
    rule = await added(shop)
    first = await shop.put(f"{V1}/rules/{rule['id']}", wish("một", version=1))
    second = await shop.put(f"{V1}/rules/{rule['id']}", wish("hai", version=1))
    assert (first.status, second.status, await names(shop)) == (200, 409, ["một"])


async def test_rules_are_put_in_order(shop: Hub) -> None:
    ids = [(await added(shop, name=name))["id"] for name in ("một", "hai", "ba")]
    answer = await shop.put(f"{V1}/rules/order", {"ids": [ids[2], ids[0], ids[1]]})
    stale = await shop.put(f"{V1}/rules/order", {"ids": ids[:2]})
    assert (answer.status, stale.status, await names(shop)) == (200, 409, ["ba", "một", "hai"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"when": "sometimes"}, "when"),
        ({"then": [{"do": "team", "to": "nobody"}]}, "then[0].to"),
        ({"if": [{"what": "channel"}]}, "if[0].is"),
        ({"if": [{"what": "weather"}]}, "if[0].what"),
        ({"then": []}, "then"),
    ],
)
async def test_what_is_wrong_names_its_place(shop: Hub, wrong: dict[str, Any], field: str) -> None:
    answer = await shop.post(f"{V1}/rules", wish() | wrong)
    assert (answer.status, (await answer.json())["field"]) == (400, field)


async def test_only_administrators_write_rules(hub: Hub) -> None:
    await hub.sign_in("agent")
    answers = [await hub.get(f"{V1}/rules"), await hub.post(f"{V1}/rules", wish()), await hub.get(f"{V1}/roster")]
    assert [one.status for one in answers] == [403, 403, 403]


async def test_the_secret_of_webhooks_is_shown_and_stays(shop: Hub) -> None:
    secrets = [(await (await shop.get(f"{V1}/rules/secret")).json())["secret"] for _ in range(2)]
    assert (len(secrets[0]), secrets[0]) == (64, secrets[1])


async def test_hours_and_desks_are_kept(shop: Hub) -> None:
    team = await (await shop.post(f"{V1}/teams", {"name": "CSKH"})).json()
    agent = await (await shop.get(f"{V1}/session")).json()
    hours = {"zone": "Asia/Ho_Chi_Minh", "week": [SPANS] * 6 + [[]], "special": [{"day": "2027-02-05", "spans": SPANS}]}
    answers = [
        await shop.put(f"{V1}/roster/hours/shop", hours),
        await shop.put(f"{V1}/roster/hours/{team['id']}", {"zone": "Asia/Ho_Chi_Minh", "week": [SPANS] * 7}),
        await shop.put(f"{V1}/roster/teams/{team['id']}", {"how": "load", "capacity": 5}),
        await shop.put(
            f"{V1}/roster/agents/{agent['agent']['id']}",
            {"capacity": 3, "channels": {"email": 0}, "intents": ["refund"], "languages": ["vi"]},
        ),
        await shop.put(f"{V1}/roster/me/away", {"away": True}),
    ]
    roster = await (await shop.get(f"{V1}/roster")).json()
    assert [one.status for one in answers] == [200] * 5
    assert sorted(one["id"] for one in roster["hours"]) == sorted(["shop", team["id"]])
    assert roster["teams"] == [{"id": team["id"], "how": "load", "capacity": 5, "only_open": False}]
    assert (roster["agents"][0]["channels"], roster["agents"][0]["away"]) == ({"email": 0}, True)
    assert {"Tết Nguyên đán", "Giỗ Tổ Hùng Vương"} <= {one["vi"] for one in roster["holidays"]}
    assert (await shop.delete(f"{V1}/roster/hours/{team['id']}")).status == 204


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("hours/shop", {"zone": "Asia/Nowhere", "week": [[]] * 7}, "zone"),
        ("hours/shop", {"zone": "Asia/Ho_Chi_Minh", "week": [[]] * 3}, "week"),
        (
            "hours/shop",
            {"zone": "Asia/Ho_Chi_Minh", "week": [[{"opens": "8h", "closes": "9h"}]] * 7},
            "week[0][0].opens",
        ),
    ],
)
async def test_what_is_wrong_with_hours_names_its_place(shop: Hub, path: str, body: Any, field: str) -> None:
    answer = await shop.put(f"{V1}/roster/{path}", body)
    assert (answer.status, (await answer.json())["field"]) == (400, field)


@pytest.mark.timeout(180)
async def test_a_rule_is_tried_on_past_messages_and_then_meets_the_next_one(shop: Hub, worker: None) -> None:
    chat = await shop.chat()
    for number, words in enumerate(("Cho em xin hoa don do", "shop ơi", "hoá đơn VAT nhé")):
        await chat.send(words, f"00000000-0000-4000-8000-00000000000{number}")
    wire = await shop.live()
    await until(shop, 3)
    preview = await (await shop.post(f"{V1}/rules/preview", wish())).json()
    assert (preview["possible"], preview["looked"], preview["matched"]) == (True, 3, 2)
    assert [one["text"] for one in preview["items"]] == ["hoá đơn VAT nhé", "Cho em xin hoa don do"]
    rule = await added(shop)
    await asyncio.sleep(0)
    for number in range(20):  # until the worker has read the rule: within some seconds
        await chat.send(f"hoá đơn {number}", f"00000000-0000-4000-8000-0000000001{number:02}")
        try:
            told = await wire_item(wire, "labels")
            break
        except TimeoutError:
            continue
    assert told["labels"] == ["hoá đơn"]
    entries = (await (await shop.get(f"{V1}/conversations/{preview['items'][0]['conversation']}/messages")).json())[
        "items"
    ]
    changes = [one["change"] for one in entries if one["change"]]
    assert [(one["verb"], one["rule"], one["rule_name"]) for one in changes] == [("labelled", rule["id"], "Hoá đơn")]


async def wire_item(wire: Any, field: str) -> dict[str, Any]:
    async with asyncio.timeout(2):
        return dict((await wire.item("conversation.changed", lambda data: field in data["set"]))["set"])


async def until(shop: Hub, messages: int) -> None:
    """So many messages stand in the log."""
    async with asyncio.timeout(20):
        while True:
            answer = await (await shop.get(f"{V1}/conversations")).json()
            if answer["items"] and answer["items"][0]["in_head"] >= messages:
                return
            await asyncio.sleep(0.05)


async def test_a_rule_that_waits_for_something_else_than_a_message_has_no_preview(shop: Hub) -> None:
    answer = await (await shop.post(f"{V1}/rules/preview", wish(when="resolved"))).json()
    assert answer["possible"] is False
