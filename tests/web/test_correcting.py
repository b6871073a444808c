"""Agents correct tags, an administrator lets the hub learn, the gate speaks, the next tag differs; one click back."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from nlp.examples import shipped
from nlp.train import train_to
from tests.hub.core import until
from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, Agent, agent, customer
from tests.web.running import RunningHub, running_hub

LEARNT = ("ask_price", "ask_stock", "order_status")
ASKED = (
    "shop có dịch vụ gói quà không ạ",
    "gói quà sinh nhật giúp em nhé",
    "em muốn gói quà kèm thiệp",
    "có gói quà đẹp không shop",
    "gói quà tặng mẹ được không",
)
NEXT, LAST = "bên mình gói quà sinh nhật được không", "bên mình gói quà tặng bạn được không"
LEARNT_MS = 400_000  # a training, in a process that lets all others go first
NAME = "Tư vấn sản phẩm"  # of ask_product, which the small model does not know


@pytest_asyncio.fixture(loop_scope="session")
async def small_hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningHub]:
    """A hub whose tagger knows three intents, so that it learns in seconds."""
    data = tmp_path_factory.mktemp("small")
    few = [row for name in LEARNT for row in [one for one in shipped() if one.intent == name][:40]]
    await asyncio.to_thread(train_to, data / "models", few, heads=1)
    async with running_hub(data) as running:
        yield running


def tag_of(who: Agent, words: str) -> Locator:
    """The tag under these words, as a button."""
    entry = who.log.get_by_role("article").filter(has_text=words)
    return entry.get_by_role("button", name=re.compile("Bấm để sửa"))


async def waits(hub: RunningHub, corrections: int) -> bool:
    return bool((await hub.call("GET", "/learning"))["waiting"] == corrections)


@pytest.mark.timeout(600)
async def test_what_agents_correct_is_learnt_behind_the_gate_and_one_click_goes_back(
    chromium: Browser, small_hub: RunningHub
) -> None:
    browsing = Browsing(chromium, small_hub)
    first = (await small_hub.call("GET", "/learning"))["model"]
    await small_hub.tags(first)
    huyen, trang = await customer(browsing), await agent(browsing, "Thu Trang")
    await huyen.write(ASKED[0])
    await trang.row(ASKED[0]).click(timeout=SLOW_MS)
    for words in ASKED[1:]:
        await huyen.write(words)

    for words in ASKED:  # by the keyboard alone
        await expect(tag_of(trang, words)).not_to_have_text(re.compile(NAME))
        await tag_of(trang, words).press("Enter")
        find = trang.page.get_by_role("dialog", name="Sửa nhãn ý định").get_by_role("combobox")
        await expect(find).to_be_focused()
        await find.fill("tu van")
        await find.press("Enter")
        await expect(tag_of(trang, words)).to_have_text(f"{NAME} Thu Trang sửa")
        await expect(tag_of(trang, words)).to_be_focused()

    await trang.undo.click()
    await expect(tag_of(trang, ASKED[-1])).not_to_have_text(re.compile(NAME))
    await tag_of(trang, ASKED[-1]).click()
    await trang.choose("Sửa nhãn ý định", NAME)
    await expect(trang.page.get_by_role("option").filter(has_text=ASKED[-1])).to_contain_text(NAME)
    await until(
        lambda: waits(small_hub, len(ASKED)), within_s=SLOW_MS / 1000
    )  # the page shows a tag before the hub has it

    quan = (await agent(browsing, "Minh Quân", "/settings/learning", role="administrator")).page
    await expect(quan.get_by_text("5 chỗ sửa mà mô hình hiện tại chưa học")).to_be_visible()
    await expect(quan.get_by_role("listitem").filter(has_text=ASKED[0])).to_contain_text("Thu Trang")
    await quan.get_by_role("button", name="Học ngay").click()
    await expect(quan.get_by_role("progressbar", name="Đang học 5 chỗ sửa, Minh Quân bắt đầu")).to_be_visible()
    await quan.reload()
    await expect(quan.get_by_text("Đạt: mô hình mới đang được dùng.")).to_be_visible(timeout=LEARNT_MS)
    await expect(quan.get_by_role("row", name=re.compile("Tất cả"))).to_have_count(1)
    await expect(quan.get_by_role("button", name="Học ngay")).to_be_disabled()

    taught = await small_hub.call("GET", "/learning")
    assert (taught["former"], taught["waiting"], taught["training"]["verdict"]["against"]) == (first, 0, [])
    await small_hub.tags(taught["model"])
    await huyen.write(NEXT)
    await expect(tag_of(trang, NEXT)).to_have_text(re.compile(NAME), timeout=SLOW_MS)
    await tag_of(trang, NEXT).hover()
    await expect(trang.page.locator(".tip")).to_have_text(re.compile(f"^{NAME} \\d,\\d\\d vì: .*quà.*Bấm để sửa"))

    await quan.get_by_role("button", name="Quay lại mô hình trước").click()
    await expect(quan.get_by_text("5 chỗ sửa mà mô hình hiện tại chưa học")).to_be_visible()
    await small_hub.tags(first, times=2)
    await huyen.write(LAST)
    await expect(tag_of(trang, LAST)).to_be_visible(timeout=SLOW_MS)
    await expect(tag_of(trang, LAST)).not_to_have_text(re.compile(NAME))
    await browsing.close()
