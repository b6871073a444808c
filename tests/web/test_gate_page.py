"""A training that would lose too much: the page says so, shows before and after, and the old model goes on serving."""

import re

import msgspec
import pytest
from playwright.async_api import Browser, Locator, expect

from hub.clock import utc_now
from hub.store.corrections import Correction
from nlp.examples import shipped
from tests.web.browsing import Browsing
from tests.web.people import agent
from tests.web.running import RunningHub
from tests.web.test_correcting import LEARNT_MS, small_hub

__all__ = ["small_hub"]
MOST = 40
SHARE = re.compile(r"(\d+,\d)\s%")


async def correct_wrongly(hub: RunningHub) -> None:
    """What the model knows of prices, handed to another intent."""
    asked = [one.text for one in shipped() if one.intent == "ask_price"][:MOST]
    async with hub.store() as store:
        for number, text in enumerate(asked):
            made = {"id": f"k_{number}", "message": f"m_{number}", "conversation": "v_nowhere", "agent": "a_nobody"}
            said = {"name": "Thu Trang", "text": f"{text} ạ", "after": "order_status", "at": utc_now()}
            await store.corrections.add(msgspec.convert(made | said, Correction))


async def figures(row: Locator) -> list[float]:
    """Before and after, in percent."""
    return [float(one.replace(",", ".")) for one in SHARE.findall(await row.inner_text())]


@pytest.mark.timeout(600)
async def test_a_refused_training_shows_what_it_would_have_lost(chromium: Browser, small_hub: RunningHub) -> None:
    browsing = Browsing(chromium, small_hub)
    first = (await small_hub.call("GET", "/learning"))["model"]
    await correct_wrongly(small_hub)
    page = (await agent(browsing, "Minh Quân", "/settings/learning", role="administrator")).page
    await expect(page.get_by_text(f"{MOST} chỗ sửa mà mô hình hiện tại chưa học")).to_be_visible()
    await page.get_by_role("button", name="Học ngay").click()

    await expect(page.get_by_text("Chưa đạt: mô hình mới làm mất quá nhiều")).to_be_visible(timeout=LEARNT_MS)
    verdict = (await small_hub.call("GET", "/learning"))["training"]["verdict"]
    overall = await figures(page.get_by_role("row", name=re.compile("^Tất cả")))
    assert overall == pytest.approx([100 * verdict[side]["right"] for side in ("before", "after")], abs=0.06)
    before, after = await figures(page.get_by_role("row").filter(has_text="mất quá nhiều").first)
    assert before > after
    await expect(page.get_by_text(f"Đang dùng: {first}")).to_be_visible()
    await expect(page.get_by_text(f"{MOST} chỗ sửa mà mô hình hiện tại chưa học")).to_be_visible()
    await expect(page.get_by_role("button", name="Quay lại mô hình trước")).to_have_count(0)
    await browsing.close()
