"""Stage, score, region and source of a customer: agents and the shop's own site say them, rules ask for them."""

import asyncio
import hashlib
import hmac
from typing import Any

import msgspec
import pytest

from tests.inbox_web.conftest import Hub

V1 = "/api/v1"
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def shop(hub: Hub) -> Hub:
    await hub.sign_in()
    return hub


def signed(**claims: Any) -> dict[str, str]:
    data = msgspec.json.encode({"id": "u42", **claims}).decode()
    return {"data": data, "signature": hmac.new(b"the shop knows this", data.encode(), hashlib.sha256).hexdigest()}


async def row(shop: Hub) -> dict[str, Any]:
    """The only conversation, once it is there."""
    async with asyncio.timeout(20):
        while not (items := (await (await shop.get(f"{V1}/conversations")).json())["items"]):
            await asyncio.sleep(0.05)
    return dict(items[0])


async def rule(shop: Hub, *conditions: dict[str, Any], then: str) -> None:
    """What an owner wants when something of a customer changes; the worker follows by the time that it is there."""
    wish = {"name": then, "when": "contact_changed", "if": conditions, "then": [{"do": "label", "add": [then]}]}
    answer = await shop.post(f"{V1}/rules", wish)
    assert answer.status == 201, await answer.text()
    async with asyncio.timeout(20):
        while await shop.parts.store.cursors.get("routing-events") is None:
            await asyncio.sleep(0.05)


async def labelled(shop: Hub, label: str) -> dict[str, Any]:
    """The row when it has this label."""
    async with asyncio.timeout(20):
        while label not in (found := await row(shop))["labels"]:
            await asyncio.sleep(0.05)
    return found


async def said(shop: Hub, contact: str, **facts: str) -> Any:
    answer = await shop.patch(f"{V1}/contacts/{contact}", {"facts": facts})
    return answer.status, await answer.json()


async def test_a_stage_that_an_agent_sets_is_told_and_has_its_rules(shop: Hub, worker: None) -> None:
    await (await shop.chat()).send("chào shop", "message-1")
    contact = (await row(shop))["contact"]
    changed = {"what": "changed", "is": ["stage"]}
    await rule(shop, changed, {"what": "stage", "is": ["lead"]}, {"what": "score", "at_least": 50}, then="tiềm năng")
    wire = await shop.live()
    status, view = await said(shop, contact, stage=" Lead ", score="80,5", region="Huế", source="Hội chợ")
    told = await wire.item("contact.changed")
    assert status == 200
    assert view["facts"] | {"stage": "lead", "score": "80.5", "region": "Huế", "source": "Hội chợ"} == view["facts"]
    assert (told["set"]["facts"]["stage"], {"stage", "score", "region", "source"} <= set(told["changed"])) == (
        "lead",
        True,
    )
    assert (await labelled(shop, "tiềm năng"))["contact"] == contact


async def test_a_rule_for_the_stage_is_not_called_by_another_detail(shop: Hub, worker: None) -> None:
    await (await shop.chat()).send("chào shop", "message-1")
    contact = (await row(shop))["contact"]
    await said(shop, contact, stage="lead")
    await rule(shop, {"what": "changed", "is": ["stage"]}, then="giai đoạn")
    await rule(shop, {"what": "changed", "is": ["phone"]}, then="số máy")
    async with asyncio.timeout(20):
        number = 0
        while "số máy" not in (found := await row(shop))["labels"]:  # until the worker has read the second rule
            number += 1
            await said(shop, contact, stage="lead", phone=f"09012{number:05}")
            await asyncio.sleep(0.2)
    assert found["labels"] == ["số máy"]


async def test_the_shops_own_site_says_where_its_user_stands(shop: Hub, worker: None) -> None:
    user = signed(name="Hoa", stage="regular", score=12, region="Đà Nẵng", source="app")
    await (await shop.chat(user=user)).send("chào shop", "message-1")
    found = await row(shop)
    facts = (await (await shop.get(f"{V1}/contacts/{found['contact']}")).json())["facts"]
    assert facts | {"stage": "regular", "score": "12", "region": "Đà Nẵng", "source": "app"} == facts


async def test_what_the_site_says_of_its_user_has_its_rules(shop: Hub, worker: None) -> None:
    chat = await shop.chat()
    await chat.send("chào shop", "message-1")
    await row(shop)
    await rule(shop, {"what": "stage", "is": ["vip"]}, then="vip")
    await shop.chat(token=chat.welcome["token"], user=signed(stage="VIP", score="nhiều"))
    found = await labelled(shop, "vip")
    facts = (await (await shop.get(f"{V1}/contacts/{found['contact']}")).json())["facts"]
    assert "score" not in facts


async def test_a_stage_that_an_agent_set_stays_when_the_site_says_its_own_again(shop: Hub, worker: None) -> None:
    chat = await shop.chat(user=signed(stage="regular"))
    await chat.send("chào shop", "message-1")
    contact = (await row(shop))["contact"]
    await said(shop, contact, stage="lost")
    await rule(shop, {"what": "changed", "is": ["source"]}, then="có nguồn")
    await shop.chat(token=chat.welcome["token"], user=signed(stage="regular", source="app"))
    assert (await labelled(shop, "có nguồn"))["contact"] == contact
    assert (await (await shop.get(f"{V1}/contacts/{contact}")).json())["facts"]["stage"] == "lost"

    await rule(shop, {"what": "stage", "is": ["vip"]}, then="vip")
    await shop.chat(token=chat.welcome["token"], user=signed(stage="vip", source="app"))
    assert (await labelled(shop, "vip"))["contact"] == contact


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"score": "101"}, "score"),
        ({"score": "-1"}, "score"),
        ({"score": "nan"}, "score"),
        ({"score": "cao"}, "score"),
        ({"stage": "x" * 41}, "stage"),
        ({"shoe": "42"}, "facts"),
    ],
)
async def test_what_a_detail_cannot_say_is_refused(shop: Hub, worker: None, facts: dict[str, str], field: str) -> None:
    await (await shop.chat()).send("chào shop", "message-1")
    status, problem = await said(shop, (await row(shop))["contact"], **facts)
    assert (status, problem["field"]) == (400, field)


async def test_an_empty_detail_is_taken_away(shop: Hub, worker: None) -> None:
    await (await shop.chat()).send("chào shop", "message-1")
    contact = (await row(shop))["contact"]
    await said(shop, contact, stage="lead", region="Huế")
    _, view = await said(shop, contact, stage="")
    assert (view["facts"].get("stage"), view["facts"]["region"]) == (None, "Huế")
