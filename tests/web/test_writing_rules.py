"""An owner writes rules on their page: when, if, then; tries one on past messages, switches, orders, edits, deletes."""

import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.hub.core import until
from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer
from tests.web.running import RunningHub
from tests.web.test_correcting import small_hub

__all__ = ["small_hub"]
ASKED = "cho em một hộp bánh đậu xanh Bảo Hiên"
OTHER = "shop mở cửa mấy giờ vậy ạ"


async def new_rule(page: Page, name: str, when: str) -> Locator:
    """The dialog for another rule, with its name and what it waits for."""
    await page.get_by_role("button", name="Quy tắc mới").click()
    form = page.get_by_role("dialog", name="Quy tắc mới")
    await form.get_by_label("Tên", exact=True).fill(name)
    await form.get_by_label("Khi", exact=True).select_option(when)
    return form


async def kept(hub: RunningHub, *rules: tuple[str, bool]) -> None:
    """The hub has these rules in this order, on or off: a page that is left sooner takes its wish with it."""

    async def is_so() -> bool:
        return [(one["name"], one["on"]) for one in (await hub.call("GET", "/rules"))["items"]] == [*rules]

    await until(is_so, within_s=SLOW_MS / 1000)


async def adds_label(form: Locator, label: str) -> None:
    """One more thing to do: a label."""
    await form.get_by_label("Thêm việc").select_option("Gắn nhãn")
    await form.get_by_label("Gắn nhãn", exact=True).fill(label)
    await form.get_by_label("Gắn nhãn", exact=True).press("Tab")


@pytest.mark.timeout(180)
async def test_a_rule_is_written_tried_switched_ordered_edited_and_deleted(
    chromium: Browser, small_hub: RunningHub
) -> None:
    browsing = Browsing(chromium, small_hub)
    huyen, quan = await customer(browsing), await agent(browsing, "Minh Quân", role="administrator")
    await huyen.write(ASKED)
    await quan.row(ASKED).click(timeout=SLOW_MS)
    await huyen.write(OTHER)
    await quan.sees(OTHER)

    page = quan.page
    await page.goto("/settings/rules")
    form = await new_rule(page, "Bánh đậu", "Có tin nhắn tới")
    await form.get_by_label("Thêm điều kiện").select_option("Từ ngữ")
    await form.get_by_label("Có một trong các từ").fill("banh dau xanh, bánh cốm")
    await expect(form.get_by_role("button", name="Lưu, áp dụng ngay")).to_be_disabled()  # nothing to do yet
    await adds_label(form, "đặc sản")
    await form.get_by_role("button", name="Thử trên 1.000 tin gần nhất").click()
    await expect(form.get_by_text("Đã khớp 1 trong 2 tin gần nhất")).to_be_visible()
    await expect(form.get_by_role("listitem").filter(has_text=ASKED)).to_be_visible()
    await form.get_by_role("button", name="Lưu, áp dụng ngay").click()

    rules = page.get_by_role("main").get_by_role("list").get_by_role("listitem")
    await expect(rules).to_have_text(
        [re.compile("Bánh đậu.*Có tin nhắn tới.*“banh dau xanh” / “bánh cốm”.*Gắn nhãn: đặc sản")]
    )
    form = await new_rule(page, "Xong thì dừng", "Được đánh dấu xong")
    await adds_label(form, "đã xong")
    await form.get_by_role("button", name="Thử trên 1.000 tin gần nhất").click()
    await expect(form.get_by_text("quy tắc chờ một việc khác")).to_be_visible()
    await form.get_by_role("button", name="Lưu, áp dụng ngay").click()
    await expect(rules).to_have_text([re.compile("Bánh đậu"), re.compile("Xong thì dừng")])

    await page.get_by_role("button", name="Đưa “Xong thì dừng” lên").click()
    await expect(rules).to_have_text([re.compile("Xong thì dừng"), re.compile("Bánh đậu")])
    on = page.get_by_role("switch", name="“Bánh đậu” đang bật")
    await on.click()
    await expect(on).not_to_be_checked()
    await kept(small_hub, ("Xong thì dừng", True), ("Bánh đậu", False))
    await page.reload()
    await expect(on).not_to_be_checked()
    await expect(rules).to_have_text([re.compile("Xong thì dừng"), re.compile("Bánh đậu")])
    await on.click()
    await expect(on).to_be_checked()
    await kept(small_hub, ("Xong thì dừng", True), ("Bánh đậu", True))
    await page.reload()
    await expect(on).to_be_checked()

    await rules.get_by_role("button", name=re.compile("^Bánh đậu")).click()
    form = page.get_by_role("dialog", name="Sửa quy tắc")
    await expect(form.get_by_text(re.compile("Sửa lần cuối bởi Minh Quân"))).to_be_visible()
    await form.get_by_label("Tên", exact=True).fill("Bánh các loại")
    await form.get_by_role("button", name="Lưu, áp dụng ngay").click()
    await expect(rules.nth(1)).to_have_text(re.compile("Bánh các loại"))
    another = await customer(browsing)
    await another.write("còn bánh cốm không shop")
    await page.goto("/inbox")
    await quan.row("còn bánh cốm không shop").click(timeout=SLOW_MS)
    await expect(quan.log.get_by_text("Bánh các loại gắn nhãn “đặc sản”")).to_be_visible()

    await page.goto("/settings/rules")
    await rules.get_by_role("button", name=re.compile("^Xong thì dừng")).click()
    await page.get_by_role("button", name="Xoá", exact=True).click()
    await page.get_by_role("button", name="Xoá Xong thì dừng").click()
    await expect(rules).to_have_text([re.compile("Bánh các loại")])
    await browsing.close()
