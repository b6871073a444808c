"""What an agent does all day: drafts, states, labels, what is unread, two languages, a phone."""

import re

from playwright.async_api import expect

from tests.web.browsing import PHONE, Browsing
from tests.web.people import SLOW_MS, Agent, Customer, agent, customer

# Where each of these words stand, all in one moment: a log that still grows moves between two looks.
TOPS = """(log, words) => words.map((one) =>
  [...log.querySelectorAll("*")].findLast((node) => node.textContent === one).getBoundingClientRect().top)"""


async def _talking(browsing: Browsing, words: str, **more: object) -> tuple[Customer, Agent]:
    """A customer who has written these words, and an agent who has them open."""
    huyen = await customer(browsing)
    trang = await agent(browsing, **more)  # type: ignore[arg-type]  # name, path and role are among them
    await huyen.write(words)
    await trang.open(words)
    return huyen, trang


async def test_a_draft_survives_the_reload_and_shows_in_the_list(browsing: Browsing) -> None:
    huyen, trang = await _talking(browsing, "Trà shan tuyết có mùi khói không ạ?")
    await trang.box.press_sequentially("Dạ không, trà sao")
    await trang.page.reload()
    await expect(trang.box).to_have_value("Dạ không, trà sao")

    other = await customer(browsing)
    await other.write("Khách khác hỏi chen ngang")
    await trang.open("Khách khác hỏi chen ngang")
    await expect(trang.row("Dạ không, trà sao").get_by_text("Nháp")).to_be_visible()
    await trang.row("Dạ không, trà sao").click()
    await trang.box.press("Control+Enter")
    await huyen.sees("Dạ không, trà sao")


async def test_resolving_snoozing_and_assigning_can_be_undone(browsing: Browsing) -> None:
    _, trang = await _talking(browsing, "Cho em đặt lịch thử trà thứ Bảy")

    await trang.page.get_by_role("button", name="Xong").click()
    await trang.rest_on_undo()
    await expect(trang.button("Mở lại")).to_be_visible()
    await trang.undo.click()
    await expect(trang.page.get_by_role("button", name="Xong")).to_be_visible()

    await trang.page.get_by_role("main").get_by_role("button", name="Hẹn lại").click()
    await trang.choose("Hẹn lại", "Sáng mai")
    await trang.rest_on_undo()
    await expect(trang.page.get_by_role("main").get_by_text(re.compile("Hẹn lại .*")).first).to_be_visible()
    await trang.undo.click()
    await expect(trang.row("Cho em đặt lịch thử trà thứ Bảy")).to_be_visible()

    await trang.button("Phân công").click()
    await trang.choose("Phân công", "Thu Trang bạn")
    await trang.rest_on_undo()
    await expect(trang.button("Thu Trang phụ trách")).to_be_visible()
    await trang.undo.click()
    await expect(trang.button("Phân công")).to_be_visible()


async def test_a_resolved_conversation_is_opened_again_by_hand_and_by_the_customer(browsing: Browsing) -> None:
    huyen, trang = await _talking(browsing, "Em nhận được hàng rồi, cảm ơn shop")
    await trang.page.get_by_role("button", name="Xong").click()
    await trang.button("Mở lại").click()
    await expect(trang.page.get_by_role("button", name="Xong")).to_be_visible()
    await trang.page.get_by_role("button", name="Xong").click()
    await expect(trang.button("Mở lại")).to_be_visible()
    # The page shows it before the hub has it; words that come sooner would rightly stop it.
    await expect(trang.log.get_by_text("Bạn đánh dấu xong")).to_have_count(2)
    await huyen.write("À mà thiếu mất một gói")
    await trang.sees("À mà thiếu mất một gói")
    await expect(trang.page.get_by_role("button", name="Xong")).to_be_visible(timeout=SLOW_MS)


async def test_a_label_is_made_shown_and_taken_off_again(browsing: Browsing) -> None:
    _, trang = await _talking(browsing, "Bên em lấy sỉ hai trăm hộp")
    panel = trang.page.get_by_role("complementary", name="Khách")
    await panel.get_by_role("button", name="Sửa", exact=True).click()
    await trang.page.get_by_role("combobox").fill("khách sỉ")
    await trang.choose("Nhãn", "Nhãn mới “khách sỉ”")
    await expect(panel.get_by_text("khách sỉ", exact=True)).to_be_visible()
    await trang.press("Escape")
    await trang.undo.click()
    await expect(panel.get_by_text("khách sỉ", exact=True)).to_have_count(0)


async def test_what_nobody_read_is_counted_and_begins_below_a_line(browsing: Browsing) -> None:
    huyen, trang = await _talking(browsing, "Tin thứ nhất của chị Huyền")
    await expect(huyen.log.get_by_text("Đã xem")).to_be_visible(timeout=SLOW_MS)
    other = await customer(browsing)
    await other.write("Một khách khác đứng giữa")
    await trang.open("Một khách khác đứng giữa")
    await huyen.write("Tin thứ hai chưa ai đọc")
    await huyen.write("Tin thứ ba chưa ai đọc")
    await expect(trang.row("Tin thứ ba chưa ai đọc").get_by_label("2 tin chưa đọc")).to_be_visible(timeout=SLOW_MS)

    await trang.open("Tin thứ ba chưa ai đọc")
    await expect(trang.log.get_by_text("Tin mới", exact=True)).to_be_visible()
    lines = ["Tin thứ nhất của chị Huyền", "Tin mới", "Tin thứ hai chưa ai đọc"]
    before, line, after = await trang.log.evaluate(TOPS, lines)
    assert before < line < after
    await expect(trang.row("Tin thứ ba chưa ai đọc").get_by_label("2 tin chưa đọc")).to_have_count(0)


async def test_an_agent_changes_the_language_and_it_stays(browsing: Browsing) -> None:
    trang = await agent(browsing, path="/settings/profile")
    await expect(trang.page.get_by_role("heading", name="Hồ sơ")).to_be_visible()
    await trang.page.get_by_role("radio", name="English").click()
    await expect(trang.page.get_by_role("heading", name="Profile")).to_be_visible()
    await trang.page.reload()
    await expect(trang.page.get_by_role("heading", name="Profile")).to_be_visible()
    assert await trang.page.locator("html").get_attribute("lang") == "en"


async def test_an_agent_chooses_the_dark_theme_and_it_stays(browsing: Browsing) -> None:
    trang = await agent(browsing, path="/settings/profile")
    await trang.page.get_by_role("radio", name="Tối").click()
    colour = "getComputedStyle(document.body).colorScheme"
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = await trang.page.evaluate(paper)
    await trang.page.reload()
    await expect(trang.page.get_by_role("radio", name="Tối")).to_be_checked()
    assert (await trang.page.evaluate(colour), await trang.page.evaluate(paper)) == ("dark", dark)

    await trang.page.get_by_role("radio", name="Sáng").click()
    assert await trang.page.evaluate(colour) == "light"
    assert await trang.page.evaluate(paper) != dark


async def test_signing_in_says_what_is_wrong_and_speaks_both_languages(browsing: Browsing) -> None:
    login = await browsing.hub.add_agent("Lan Anh")
    page = await browsing.page()
    await page.goto("/")
    await page.get_by_role("button", name="English").click()
    await page.get_by_label("Email").fill(login.email)
    await page.get_by_label("Password", exact=True).fill("không phải mật khẩu này")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("Email or password is not right")
    await page.get_by_role("button", name="Tiếng Việt").click()
    await page.get_by_label("Mật khẩu", exact=True).fill(login.password)
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("navigation").first).to_be_visible(timeout=SLOW_MS)


async def test_an_address_that_leads_nowhere_says_so_and_where_to_go(browsing: Browsing) -> None:
    browsing.forgive("404 (Not Found)")
    trang = await agent(browsing, path="/contacts/c_nobody")
    await expect(trang.page.get_by_role("heading", name="Không có khách này")).to_be_visible()
    await trang.button("Xem mọi khách").click()
    await expect(trang.page).to_have_url(re.compile("/contacts$"))


async def test_a_phone_shows_one_pane_at_a_time(browsing: Browsing) -> None:
    huyen, trang = await _talking(browsing, "Tôi nhắn từ trang cửa hàng", size=PHONE)
    await expect(trang.list).to_have_count(0)
    await trang.box.fill("Dạ em đây ạ")
    await trang.button("Gửi").click()
    await huyen.sees("Dạ em đây ạ")
    await trang.button("Quay lại").click()
    await expect(trang.row("Dạ em đây ạ")).to_be_visible()
    await expect(trang.log).to_have_count(0)
    assert await trang.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


async def test_a_refusal_on_the_phone_is_written_down_beside_the_thread(browsing: Browsing) -> None:
    trang, huyen = await agent(browsing), await customer(browsing)
    await huyen.write("Chị có gọi cho shop lúc sáng rồi đấy")
    await trang.open("Chị có gọi cho shop lúc sáng rồi đấy")
    panel = trang.page.get_by_role("complementary", name="Khách")
    await panel.get_by_role("button", name="Khách từ chối").click()
    await panel.get_by_label("Khách nói thế nào?").fill("Gọi tới sáng nay, xin đừng gửi quảng cáo")
    await panel.get_by_role("button", name="Ghi lại").click()
    await expect(panel.get_by_text("Không muốn nhận tin quảng cáo")).to_be_visible()
    await expect(panel.get_by_text(re.compile("Thu Trang ghi lại.*Gọi tới sáng nay"))).to_be_visible()
    await panel.get_by_role("button", name="Cho nhận lại").click()
    await panel.get_by_label("Vì sao cho nhận lại?").fill("Chị đổi ý")
    await panel.get_by_role("button", name="Cho nhận lại").last.click()
    await expect(panel.get_by_role("button", name="Khách từ chối")).to_be_visible()
