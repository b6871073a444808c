"""Bots' flows through the API, and a walk: an owner writes a flow, a rule starts it, a customer talks with it."""

import asyncio
import contextlib
from typing import Any

import pytest

from tests.inbox_web.conftest import Hub

V1 = "/api/v1"
ASK = {"do": "ask", "id": "a", "text": {"vi": "Size nào ạ?"}, "choices": [{"text": {"vi": "M"}, "label": "size M"}]}
BYE = {"do": "say", "id": "b", "text": {"vi": "Dạ em ghi nhận."}}


def wish(name: str = "Hỏi size", **more: Any) -> dict[str, Any]:
    return {"name": name, "steps": [ASK, BYE]} | more


@pytest.fixture
async def shop(hub: Hub) -> Hub:
    await hub.sign_in()
    return hub


async def added(shop: Hub, **more: Any) -> dict[str, Any]:
    answer = await shop.post(f"{V1}/flows", wish(**more))
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def names(shop: Hub) -> list[str]:
    return [one["name"] for one in (await (await shop.get(f"{V1}/flows")).json())["items"]]


async def rule(shop: Hub, flow: str) -> Any:
    starts = {"name": "Khách mới", "when": "arrived", "then": [{"do": "flow", "name": flow}]}
    return await shop.post(f"{V1}/rules", starts)


async def test_a_flow_comes_changes_and_goes(shop: Hub) -> None:
    flow = await added(shop)
    changed = await (await shop.put(f"{V1}/flows/{flow['id']}", wish("Cỡ", version=1))).json()
    off = await (await shop.patch(f"{V1}/flows/{flow['id']}", {"on": False})).json()
    gone = await shop.delete(f"{V1}/flows/{flow['id']}")
    assert (flow["steps"], flow["by"]) == ([ASK, BYE], "Lan")
    assert (changed["name"], changed["version"], off["on"], gone.status) == ("Cỡ", 2, False, 204)
    assert await names(shop) == []


async def test_the_same_wish_twice_is_one_flow(shop: Hub) -> None:
    answers = [await shop.post(f"{V1}/flows", wish(), key="the-same-key") for _ in range(2)]
    assert ([one.status for one in answers], await names(shop)) == ([201, 201], ["Hỏi size"])


async def test_two_flows_of_one_name_and_an_older_version_are_refused(shop: Hub) -> None:
    flow = await added(shop)
    twin = await shop.post(f"{V1}/flows", wish("HỎI SIZE"))
    old = await shop.put(f"{V1}/flows/{flow['id']}", wish(version=7))
    assert (twin.status, (await twin.json())["field"], old.status) == (400, "name", 409)


async def test_what_is_wrong_with_a_step_is_said_by_its_place(shop: Hub) -> None:
    answer = await shop.post(f"{V1}/flows", wish(steps=[ASK, {"do": "hand_over", "id": "c", "to": "t_none"}]))
    assert (answer.status, (await answer.json())["field"]) == (400, "steps[1].to")


async def test_a_flow_that_a_rule_starts_cannot_be_removed_and_a_rule_names_one_that_is_there(shop: Hub) -> None:
    flow = await added(shop)
    missing = await rule(shop, "f_none")
    named = await rule(shop, flow["id"])
    gone = await shop.delete(f"{V1}/flows/{flow['id']}")
    assert (missing.status, (await missing.json())["field"]) == (400, "then[0].name")
    assert (named.status, gone.status, await names(shop)) == (201, 409, ["Hỏi size"])
    assert "Khách mới" in (await gone.json())["detail"]


async def test_an_agent_writes_no_flows(hub: Hub) -> None:
    await hub.sign_in("agent")
    assert [one.status for one in (await hub.get(f"{V1}/flows"), await hub.post(f"{V1}/flows", wish()))] == [403, 403]


@pytest.mark.timeout(180)
async def test_a_customer_taps_a_choice_and_the_flow_goes_on(shop: Hub, worker: None) -> None:
    flow = await added(shop)
    assert (await rule(shop, flow["id"])).status == 201
    chat, wire = await shop.chat(), await shop.live()
    for number in range(20):  # until the worker has read the rule: within some seconds
        await chat.send("alo", f"00000000-0000-4000-8000-0000000001{number:02}")
        with contextlib.suppress(TimeoutError):
            question = await bots(wire)
            break
    assert (question["text"], question["options"]) == ("Size nào ạ?", ["M"])
    await chat.send("M", "00000000-0000-4000-8000-000000000200")
    bye = await bots(wire)
    row = (await (await shop.get(f"{V1}/conversations/{bye['conversation']}")).json())["conversation"]
    assert (bye["text"], bye["author"]["kind"], row["labels"]) == ("Dạ em ghi nhận.", "bot", ["size M"])


async def bots(wire: Any) -> dict[str, Any]:
    """What a bot says next."""
    async with asyncio.timeout(20):
        data = await wire.item("message.added", lambda data: data["message"]["author"]["kind"] == "bot")
        return dict(data["message"]) if data["message"]["kind"] == "out" else await bots(wire)
