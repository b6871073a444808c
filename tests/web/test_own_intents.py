"""An owner adds an intent, gives examples and lets the hub learn: the next message gets the new tag, for everybody."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer
from tests.web.running import RunningHub
from tests.web.test_correcting import ASKED, LEARNT_MS, NEXT, small_hub, tag_of

__all__ = ["small_hub"]
PASTED = "\n".join([*(f"- {words}" for words in ASKED), "gói quà giúp mình với", "do you gift wrap", "goi qua giup em"])
PRICE, PRICE_LATER = "cái này giá bao nhiêu shop ơi", "bộ kia giá bao nhiêu tiền vậy shop"
LATER = "cho em hỏi shop có gói quà sinh nhật không"


@pytest.mark.timeout(600)
async def test_an_own_intent_is_added_taught_and_found_in_the_next_message(
    chromium: Browser, small_hub: RunningHub
) -> None:
    browsing = Browsing(chromium, small_hub)
    browsing.forgive("400 (Bad Request)")  # a name that is taken
    await small_hub.tags((await small_hub.call("GET", "/learning"))["model"])
    huyen, trang = await customer(browsing), await agent(browsing, "Thu Trang", language="en")
    await huyen.write(NEXT)
    await trang.row(NEXT).click(timeout=SLOW_MS)

    owner = await agent(browsing, "Minh Quân", "/settings/intents", role="administrator")
    quan = owner.page
    await quan.get_by_role("button", name="Ý định mới").click()
    form = quan.get_by_role("dialog", name="Ý định mới")
    await form.get_by_label("Tên tiếng Việt").fill("Còn hàng")
    await form.get_by_role("button", name="Thêm ý định").click()
    await expect(form.get_by_role("alert")).to_have_text("Đã có ý định tên “Còn hàng”.")
    await form.get_by_label("Tên tiếng Việt").fill("Gói quà")
    await form.get_by_label("Tên tiếng Anh").fill("Gift wrap")
    await form.get_by_role("button", name="Thêm ý định").click()

    main = quan.get_by_role("main")
    await expect(main.get_by_role("heading", name="Gói quà")).to_be_visible()
    await expect(main.get_by_text("cần thêm 8 ví dụ")).to_be_visible()
    await main.get_by_label("Mỗi dòng một câu").fill(PASTED)
    await main.get_by_role("button", name="Thêm ví dụ").click()
    await expect(quan.get_by_text("Đã thêm 8 ví dụ")).to_be_visible()
    given = main.get_by_role("list", name="Ví dụ của bạn").get_by_role("listitem")
    await expect(given).to_have_count(8)
    await given.filter(has_text="do you gift wrap").get_by_role("button").click()
    await expect(main.get_by_text("cần thêm 1 ví dụ")).to_be_visible()
    await owner.undo.click()
    await expect(main.get_by_text("chưa học", exact=True)).to_be_visible()

    await main.get_by_role("button", name="Học ngay").click()
    await expect(quan.get_by_text("Đạt: mô hình mới đang được dùng.")).to_be_visible(timeout=LEARNT_MS)
    await expect(quan.get_by_role("row", name=re.compile("Gói quà mới"))).to_be_visible()
    await small_hub.tags((await small_hub.call("GET", "/learning"))["model"])
    await huyen.write(LATER)
    entry = trang.log.get_by_role("article").filter(has_text=LATER)
    await expect(entry.get_by_text(re.compile("Gift wrap"))).to_be_visible(timeout=SLOW_MS)

    await quan.goto("/settings/intents")
    await quan.get_by_role("link", name=re.compile("^Gói quà")).click()
    await main.get_by_label("Gộp vào").select_option("Giá")
    await main.get_by_role("button", name="Gộp", exact=True).click()
    await expect(main.get_by_text("“Gói quà” giờ tính là “Giá”")).to_be_visible()
    await owner.rest_on_undo()
    await expect(entry.get_by_text(re.compile("Price"))).to_be_visible(timeout=SLOW_MS)
    await owner.undo.click()
    await expect(entry.get_by_text(re.compile("Gift wrap"))).to_be_visible(timeout=SLOW_MS)
    await browsing.close()


@pytest.mark.timeout(180)
async def test_an_intent_is_renamed_and_switched_off_and_every_page_follows(
    chromium: Browser, small_hub: RunningHub
) -> None:
    browsing = Browsing(chromium, small_hub)
    await small_hub.tags((await small_hub.call("GET", "/learning"))["model"])
    huyen, trang = await customer(browsing), await agent(browsing, "Thu Trang")
    await huyen.write(PRICE)
    await trang.row(PRICE).click(timeout=SLOW_MS)
    await expect(tag_of(trang, PRICE)).to_have_text(re.compile("^Giá "), timeout=SLOW_MS)

    quan = await agent(browsing, "Minh Quân", "/settings/intents", role="administrator")
    page = quan.page
    main = page.get_by_role("main")
    await page.get_by_role("link", name=re.compile("^Giá ")).click()
    await main.get_by_label("Tên tiếng Việt").fill("Báo giá")
    await main.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_text("Giờ gọi là “Báo giá”")).to_be_visible()
    await expect(tag_of(trang, PRICE)).to_have_text(re.compile("^Báo giá "), timeout=SLOW_MS)

    use = main.get_by_role("switch", name=re.compile("^Đang dùng"))
    await use.click()
    await expect(page.get_by_text("Đã tắt “Báo giá”")).to_be_visible()
    await quan.rest_on_undo()
    await expect(use).not_to_be_checked()
    await huyen.write(PRICE_LATER)
    await expect(tag_of(trang, PRICE_LATER)).not_to_have_text(re.compile("Báo giá"), timeout=SLOW_MS)
    await expect(tag_of(trang, PRICE)).to_have_text(re.compile("^Báo giá "))
    await tag_of(trang, PRICE).click()
    offered = trang.page.get_by_role("dialog", name="Sửa nhãn ý định").get_by_role("option")
    await expect(offered.filter(has_text="Đơn")).not_to_have_count(0)
    await expect(offered.filter(has_text="Báo giá")).to_have_count(0)

    await quan.undo.click()
    await expect(use).to_be_checked()
    await main.get_by_label("Tên tiếng Việt").fill("")
    await main.get_by_role("button", name="Lưu").click()
    await expect(main.get_by_role("heading", name="Giá", exact=True)).to_be_visible()
    await browsing.close()
