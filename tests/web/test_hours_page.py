"""An owner says when the shop is open, how a team's conversations find somebody and what each person takes."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.web.browsing import Browsing
from tests.web.people import agent
from tests.web.running import RunningHub
from tests.web.test_correcting import small_hub

__all__ = ["small_hub"]
WEEK = "Thứ Hai–Thứ Sáu 08:00-12:00, 13:30-17:30 · Thứ Bảy 20:00-02:00 · Chủ nhật nghỉ"


@pytest.mark.timeout(120)
async def test_hours_giving_out_and_people_are_set_on_their_page(chromium: Browser, small_hub: RunningHub) -> None:
    browsing = Browsing(chromium, small_hub)
    trang = (await agent(browsing, "Thu Trang", "/settings/profile")).page
    page = (await agent(browsing, "Minh Quân", "/settings/hours", role="administrator")).page

    await page.get_by_role("button", name=re.compile("^Cả cửa hàng Luôn mở")).click()
    form = page.get_by_role("dialog", name="Giờ mở cửa: Cả cửa hàng")
    await form.get_by_label("Thứ Hai").fill("8 tới 12")
    await form.get_by_role("button", name="Lưu").click()
    await expect(form.get_by_role("alert")).to_have_text("Không hiểu “8 tới 12”.")
    await form.get_by_label("Thứ Hai").fill("8-12, 13:30-17:30")
    await form.get_by_label("Thứ Bảy").fill("20:00-02:00")
    await form.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("button", name=re.compile("^Cả cửa hàng"))).to_contain_text(WEEK)
    await expect(page.get_by_role("button", name=re.compile("^Bán hàng"))).to_contain_text("Như cửa hàng")

    how = page.get_by_label("Phân công: Bán hàng")
    most = page.get_by_label("Nhiều nhất mấy hội thoại mở một người: Bán hàng")
    await how.select_option("Lần lượt")
    await most.fill("3")
    await most.press("Tab")
    await expect(page.get_by_text("Đã lưu")).to_be_visible()

    row = page.get_by_role("button", name=re.compile("^Thu Trang"))
    await row.click()
    person = page.get_by_role("dialog", name="Thu Trang nhận gì")
    await person.get_by_label("Nhiều nhất mấy hội thoại").fill("5")
    await person.get_by_role("group", name="Theo từng kênh").get_by_label("Chat trên web").fill("4")
    await person.get_by_label("tiếng Anh").check()
    await person.get_by_label("Giá", exact=True).check()
    await person.get_by_role("button", name="Lưu").click()
    await expect(row).to_contain_text("Nhiều nhất: 5 · Chat trên web 4 · Giá, tiếng Anh")

    away = trang.get_by_role("switch", name=re.compile("^Vắng"))
    await away.click()
    await expect(trang.get_by_text("Đã lưu")).to_be_visible()
    await expect(away).to_be_checked()
    await page.reload()
    await expect(row).to_contain_text(re.compile("Thu Trang\\s*Vắng"))
    await expect(page.get_by_role("button", name=re.compile("^Cả cửa hàng"))).to_contain_text(WEEK)
    await expect(how).to_have_value("round_robin")
    await expect(most).to_have_value("3")
    await away.click()
    await expect(away).not_to_be_checked()
    await browsing.close()
