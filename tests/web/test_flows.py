"""An owner writes a bot's flow and the rule that starts it; a customer talks with it until an agent takes over."""

import pytest
from playwright.async_api import Locator, expect

from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer

NAME = "Hỏi nhu cầu áo khoác"
WORD = "aokhoac"  # what no other test's customer says


async def _step(form: Locator, kind: str) -> Locator:
    steps = form.get_by_role("list", name="Các bước").get_by_role("listitem")
    before = await steps.count()
    await form.get_by_label("Thêm bước").select_option(kind)
    await expect(steps).to_have_count(before + 1)
    return steps.nth(before)


@pytest.mark.timeout(120)
async def test_a_flow_is_written_started_by_a_rule_and_left_to_an_agent(browsing: Browsing) -> None:
    browsing.forgive("400 (Bad Request)")  # a question without words
    browsing.forgive("409 (Conflict)")  # a flow that a rule starts
    page = (await agent(browsing, "Minh Quân", "/settings/flows", role="administrator")).page
    await page.get_by_role("button", name="Kịch bản mới").click()
    form = page.get_by_role("dialog", name="Kịch bản mới")
    await form.get_by_label("Tên", exact=True).fill(NAME)
    ask = await _step(form, "Hỏi và chờ trả lời")
    await form.get_by_role("button", name="Lưu").click()
    await expect(ask.get_by_role("alert")).to_contain_text("Viết từ 1 đến 2000 ký tự")
    await ask.get_by_label("Tiếng Việt").fill("Anh/chị cần áo gì ạ?")
    for number, words in ((1, "Áo mưa"), (2, "Áo gió")):
        await ask.get_by_role("button", name="Thêm nút chọn").click()
        await ask.get_by_role("group", name=f"Nút chọn {number}").get_by_label("Tiếng Việt").fill(words)
    await ask.get_by_role("group", name="Nút chọn 2").get_by_label("Nhãn").fill("áo gió")
    phone = await _step(form, "Hỏi và chờ trả lời")
    await phone.get_by_label("Tiếng Việt").fill("Cho em xin số điện thoại ạ.")
    await phone.get_by_label("Ghi câu trả lời").select_option("số điện thoại")
    over = await _step(form, "Chuyển cho đội")
    await over.get_by_label("Đội", exact=True).select_option("Bán hàng")
    await form.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("button", name=NAME).first).to_contain_text("chuyển Bán hàng")

    await page.goto("/settings/rules")
    await page.get_by_role("button", name="Quy tắc mới").click()
    rule = page.get_by_role("dialog", name="Quy tắc mới")
    await rule.get_by_label("Tên").fill("Hỏi áo khoác")
    await rule.get_by_label("Khi", exact=True).select_option("Có tin nhắn tới")
    await rule.get_by_label("Thêm điều kiện").select_option("Từ ngữ")
    await rule.get_by_label("Có một trong các từ").fill(WORD)
    await rule.get_by_label("Thêm việc").select_option("Chạy kịch bản bot")
    await rule.get_by_label("Chạy kịch bản bot", exact=True).select_option(NAME)
    await rule.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("button", name="Hỏi áo khoác").first).to_contain_text(f"Chạy kịch bản bot: {NAME}")

    huyen = await customer(browsing)
    await huyen.write(f"alo {WORD}")
    await huyen.sees("Anh/chị cần áo gì ạ?")
    await huyen.panel.get_by_role("button", name="Áo gió").click()
    await huyen.sees("Cho em xin số điện thoại ạ.")
    trang = await agent(browsing, "Thu Trang")
    await trang.row("Cho em xin số điện thoại").first.click(timeout=SLOW_MS)
    await expect(trang.log.get_by_text(f"Bắt đầu kịch bản bot “{NAME}”")).to_be_visible()
    await expect(trang.page.get_by_text("áo gió").first).to_be_visible()
    await trang.reply("Dạ em Trang đây, em hỗ trợ mình nhé")
    await huyen.sees("Dạ em Trang đây, em hỗ trợ mình nhé")
    await expect(trang.log.get_by_text(f"Kịch bản bot “{NAME}” dừng: đã có người trả lời")).to_be_visible()

    await page.goto("/settings/flows")
    await page.get_by_role("button", name=NAME).first.click()
    await page.get_by_role("button", name="Xoá").click()
    await page.get_by_role("button", name=f"Xoá {NAME}").click()
    await expect(page.get_by_role("alert")).to_contain_text("Quy tắc “Hỏi áo khoác” đang dùng kịch bản này")
