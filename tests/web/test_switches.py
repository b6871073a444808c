"""A switch of the settings stands where it was put before the hub answers, and goes back with a sentence if refused."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, Route, expect

from tests.web.browsing import Browsing
from tests.web.people import agent
from tests.web.running import RunningHub

ONE, TWO = "Công tắc một", "Công tắc hai"


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def two_rules(hub: RunningHub) -> AsyncIterator[list[str]]:
    """Rules that match nothing, and go again: the hub is every test's."""
    asked = [{"what": "words", "any": ["khongaiviettunay"]}]
    wish = {"when": "arrived", "if": asked, "then": [{"do": "stop"}]}
    made = [(await hub.call("POST", "/rules", {"name": name, **wish}))["id"] for name in (ONE, TWO)]
    yield made
    for one in (await hub.call("GET", "/rules"))["items"]:
        if one["id"] in made:
            await hub.call("DELETE", f"/rules/{one['id']}")


async def held(page: Page, path: str) -> asyncio.Event:
    """What the page writes to this path waits until the event is set."""
    go = asyncio.Event()

    async def wait(route: Route) -> None:
        if route.request.method != "GET":
            await go.wait()
        await route.continue_()

    await page.route(re.compile(path), wait)
    return go


async def on_record(hub: RunningHub, name: str) -> bool:
    return next(bool(one["on"]) for one in (await hub.call("GET", "/rules"))["items"] if one["name"] == name)


async def test_a_rules_switch_and_place_stand_before_the_hub_answers_and_the_last_word_is_kept(
    browsing: Browsing,
) -> None:
    page = (await agent(browsing, "Minh Quân", "/settings/rules", role="administrator")).page
    go = await held(page, "/api/v1/rules/")
    kept: list[str] = []
    page.on("requestfinished", lambda one: kept.append(one.method) if one.method != "GET" else None)
    switches = [page.get_by_role("switch", name=f"“{name}” đang bật") for name in (ONE, TWO)]
    for one in (*switches, switches[0], switches[0]):  # the first one off, on and off again
        await one.click()
    await page.get_by_role("button", name=f"Đưa “{TWO}” lên").click()
    await expect(switches[0]).not_to_be_checked()
    await expect(switches[1]).not_to_be_checked()
    mine = page.get_by_role("main").get_by_role("listitem").filter(has_text="Công tắc")
    await expect(mine).to_have_text([re.compile(TWO), re.compile(ONE)])
    assert [await on_record(browsing.hub, name) for name in (ONE, TWO)] == [True, True]

    go.set()
    async with asyncio.timeout(20):
        while kept.count("PATCH") < 4 or kept.count("PUT") < 1:
            await asyncio.sleep(0.05)
    assert [await on_record(browsing.hub, name) for name in (ONE, TWO)] == [False, False]
    await page.reload()
    await expect(switches[0]).not_to_be_checked()
    await expect(mine).to_have_text([re.compile(TWO), re.compile(ONE)])


async def test_a_switch_that_is_refused_goes_back_and_says_why(browsing: Browsing, two_rules: list[str]) -> None:
    browsing.forgive("404 (Not Found)")  # somebody else deleted the rule
    page = (await agent(browsing, "Minh Quân", "/settings/rules", role="administrator")).page
    on = page.get_by_role("switch", name=f"“{ONE}” đang bật")
    go = await held(page, "/api/v1/rules/")
    await expect(on).to_be_checked()
    await browsing.hub.call("DELETE", f"/rules/{two_rules[0]}")
    await on.click()
    await expect(on).not_to_be_checked()
    go.set()
    row = page.get_by_role("main").get_by_role("listitem").filter(has=on)
    await expect(row.get_by_role("alert")).to_have_text(re.compile(r"\w+.*\."))
    await expect(on).to_be_checked()


async def test_away_stands_at_once_and_comes_back_when_the_network_is_gone(browsing: Browsing) -> None:
    browsing.forgive("ERR_INTERNET_DISCONNECTED")
    page = (await agent(browsing, "Thu Trang", "/settings/profile")).page
    away = page.get_by_role("switch", name=re.compile("^Vắng"))
    go = await held(page, "/api/v1/roster/me/away")
    await away.click()
    await expect(away).to_be_checked()
    go.set()
    await expect(page.get_by_text("Đã lưu")).to_be_visible()
    await expect(away).to_be_checked()

    await page.unroute_all()
    await page.context.set_offline(True)
    await away.click()
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    await expect(away).to_be_checked()
    await page.context.set_offline(False)
    await away.click()
    await expect(away).not_to_be_checked()
    await page.reload()
    await expect(away).not_to_be_checked()
