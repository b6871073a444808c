"""A switch of the settings stands where it was put before the hub answers, and goes back with a sentence if refused."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, Route, expect

from tests.hub.core import until
from tests.web.browsing import NO_NETWORK, Browsing
from tests.web.people import SLOW_MS, agent
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


async def held(page: Page, path: str) -> tuple[asyncio.Event, list[str]]:
    """What the page writes to this path waits until the event is set; the methods of what the hub has answered."""
    go, answered = asyncio.Event(), list[str]()

    async def wait(route: Route) -> None:
        if route.request.method == "GET":
            await route.continue_()
            return
        await go.wait()
        await route.fulfill(response=await route.fetch())
        answered.append(route.request.method)

    await page.route(re.compile(path), wait)
    return go, answered


async def on_record(hub: RunningHub) -> list[tuple[str, bool]]:
    """The two rules in their order."""
    rules = (await hub.call("GET", "/rules"))["items"]
    return [(one["name"], one["on"]) for one in rules if one["name"] in (ONE, TWO)]


async def test_a_rules_switch_and_place_stand_before_the_hub_answers_and_the_last_word_is_kept(
    browsing: Browsing,
) -> None:
    page = (await agent(browsing, "Minh Quân", "/settings/rules", role="administrator")).page
    go, answered = await held(page, "/api/v1/rules/")
    switches = [page.get_by_role("switch", name=f"“{name}” đang bật") for name in (ONE, TWO)]
    for one in (*switches, switches[0], switches[0]):  # the first one off, on and off again
        await one.click()
    await page.get_by_role("button", name=f"Đưa “{TWO}” lên").click()
    await expect(switches[0]).not_to_be_checked()
    await expect(switches[1]).not_to_be_checked()
    mine = page.get_by_role("main").get_by_role("listitem").filter(has_text="Công tắc")
    await expect(mine).to_have_text([re.compile(TWO), re.compile(ONE)])
    assert await on_record(browsing.hub) == [(ONE, True), (TWO, True)]

    async def is_kept() -> bool:
        return len(answered) == 5

    go.set()
    await until(is_kept, within_s=SLOW_MS / 1000)  # a page that is left sooner takes its wishes with it
    assert await on_record(browsing.hub) == [(TWO, False), (ONE, False)]
    await page.reload()
    await expect(switches[0]).not_to_be_checked()
    await expect(mine).to_have_text([re.compile(TWO), re.compile(ONE)])


async def test_a_switch_that_is_refused_goes_back_and_says_why(browsing: Browsing, two_rules: list[str]) -> None:
    browsing.forgive("404 (Not Found)")  # somebody else deleted the rule
    page = (await agent(browsing, "Minh Quân", "/settings/rules", role="administrator")).page
    on = page.get_by_role("switch", name=f"“{ONE}” đang bật")
    go, _ = await held(page, "/api/v1/rules/")
    await expect(on).to_be_checked()  # the list is there
    await browsing.hub.call("DELETE", f"/rules/{two_rules[0]}")
    await on.click()
    await expect(on).not_to_be_checked()
    go.set()
    row = page.get_by_role("main").get_by_role("listitem").filter(has=on)
    await expect(row.get_by_role("alert")).to_have_text(re.compile(r"\w+.*\."))
    await expect(on).to_be_checked()


async def test_away_stands_at_once_and_comes_back_when_the_network_is_gone(browsing: Browsing) -> None:
    browsing.forgive(*NO_NETWORK)
    page = (await agent(browsing, "Thu Trang", "/settings/profile")).page
    away = page.get_by_role("switch", name=re.compile("^Vắng"))
    go, _ = await held(page, "/api/v1/roster/me/away")
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

    async def is_kept() -> bool:
        answer = await page.request.get("/api/v1/roster/me")
        return not (await answer.json())["away"]

    await until(is_kept, within_s=SLOW_MS / 1000)
    await page.reload()
    await expect(away).not_to_be_checked()
