"""Every core job of an agent without a mouse; and an input method's letters never act as keys."""

import asyncio
import re

from playwright.async_api import FileChooser, Locator, Route, expect

from channels.fakes.smtp import FakeSmtp
from tests.web.browsing import Browsing
from tests.web.channel_scenes import a_mail, mailbox
from tests.web.people import SLOW_MS, Agent, Customer, agent, customer, png

# Presses j in the very turn in which these words appear in the first row.
PRESS_J_ON_TOP_OF = """(words) => new MutationObserver((_, watcher) => {
  if (!document.querySelector('[role=option][aria-posinset="1"]')?.textContent.includes(words)) return;
  watcher.disconnect();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", code: "KeyJ", bubbles: true }));
}).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })"""


async def _two_rows(browsing: Browsing, first: str, second: str) -> tuple[Customer, Agent]:
    """A customer, and an agent whose list begins with `second` above `first`; nothing is open."""
    huyen, other = await customer(browsing), await customer(browsing)
    trang = await agent(browsing)
    await huyen.write(first)
    await expect(trang.row(first)).to_be_visible(timeout=SLOW_MS)
    await other.write(second)
    await expect(trang.page.get_by_role("option").first).to_contain_text(second, timeout=SLOW_MS)
    return huyen, trang


async def test_a_key_walks_along_the_rows_as_they_were_just_drawn(browsing: Browsing) -> None:
    huyen, other = await customer(browsing), await customer(browsing)
    trang = await agent(browsing)
    await huyen.write("Hàng đầu khi chưa ai bấm")
    await expect(trang.row("Hàng đầu khi chưa ai bấm")).to_be_visible(timeout=SLOW_MS)
    await trang.page.evaluate(PRESS_J_ON_TOP_OF, "Hàng đầu ngay khi bấm")
    await other.write("Hàng đầu ngay khi bấm")
    await trang.sees("Hàng đầu ngay khi bấm")


async def test_reading_and_answering_by_keyboard(browsing: Browsing) -> None:
    huyen, trang = await _two_rows(browsing, "Câu hỏi ở hàng dưới", "Câu hỏi ở hàng trên")
    await trang.press("j")
    await trang.sees("Câu hỏi ở hàng trên")
    await trang.press("j")
    await trang.sees("Câu hỏi ở hàng dưới")
    await trang.press("k")
    await trang.sees("Câu hỏi ở hàng trên")
    await trang.press("j")
    await trang.press("r")
    await expect(trang.box).to_be_focused()
    await trang.page.keyboard.type("Dạ em trả lời bằng phím ạ, jkeaz")
    await trang.press("Control+Enter")
    await huyen.sees("Dạ em trả lời bằng phím ạ, jkeaz")

    await trang.press("Escape")
    await trang.press("i")
    await expect(trang.page.get_by_role("textbox", name="Ghi chú nội bộ")).to_be_focused()
    await trang.page.keyboard.type("Chỉ đồng nghiệp đọc")
    await trang.press("Control+Enter")
    await trang.sees("Chỉ đồng nghiệp đọc")


async def _tab_to(trang: Agent, wanted: Locator, key: str = "Tab") -> None:
    """Go there from one stop to the next; the test's timeout is the limit."""
    await expect(wanted).to_be_visible(timeout=SLOW_MS)
    while not await wanted.evaluate("(node) => node === document.activeElement"):
        await trang.press(key)


async def test_a_file_is_attached_taken_out_again_and_sent_by_keyboard(browsing: Browsing) -> None:
    huyen, trang = await _two_rows(browsing, "Hàng dưới để kèm tệp", "Hàng trên để kèm tệp")
    choosers: asyncio.Queue[FileChooser] = asyncio.Queue()
    trang.page.on("filechooser", choosers.put_nowait)  # from the start: put in just before the key, it may come late
    await trang.press("j")
    await trang.press("j")
    await trang.sees("Hàng dưới để kèm tệp")
    await trang.press("r")
    await expect(trang.box).to_be_focused()
    await trang.page.keyboard.type("Dạ ảnh hộp đây ạ")
    for name in ("nham.png", "dung.png"):
        await _tab_to(trang, trang.button("Đính kèm tệp"))
        await trang.press("Enter")
        chooser = await choosers.get()
        await chooser.set_files({"name": name, "mimeType": "image/png", "buffer": png()})  # type: ignore[arg-type]
        await expect(trang.button(f"Bỏ {name}")).to_be_visible()
    await _tab_to(trang, trang.button("Bỏ nham.png"), "Shift+Tab")
    await trang.press("Enter")
    await expect(trang.button("Bỏ nham.png")).to_have_count(0)
    await _tab_to(trang, trang.page.get_by_role("button", name="Gửi", exact=True))
    await trang.press("Enter")

    await huyen.sees("Dạ ảnh hộp đây ạ")
    await expect(huyen.log.get_by_role("img", name="dung.png")).to_be_visible(timeout=SLOW_MS)
    await expect(huyen.log.get_by_role("img")).to_have_count(1)
    await expect(trang.box).to_be_focused()


async def test_what_was_refused_is_sent_again_by_keyboard(browsing: Browsing) -> None:
    async with FakeSmtp() as smtp:
        server = {"host": "127.0.0.1", "port": smtp.port, "security": "none", "user": ""}
        box, trang = await mailbox(browsing.hub, smtp=server), await agent(browsing)
        smtp.refused["phim@khach.example"] = "550 5.2.2 mailbox full"
        await box.gets(a_mail("Đơn MA-1090", "Gửi lại giúp em", From="phim@khach.example"))
        await expect(trang.page.get_by_role("option").first).to_contain_text("MA-1090", timeout=SLOW_MS)
        await trang.press("j")
        await expect(trang.log.get_by_text("Gửi lại giúp em").first).to_be_visible()
        await trang.press("r")
        await expect(trang.box).to_be_focused()
        await trang.page.keyboard.type("Dạ em gửi lại ạ")
        await trang.press("Control+Enter")
        again = trang.log.get_by_role("button", name="Thử lại")
        await expect(again).to_be_visible(timeout=SLOW_MS)

        smtp.refused.clear()
        await _tab_to(trang, again, "Shift+Tab")
        await trang.press("Enter")

        await expect(again).to_have_count(0, timeout=SLOW_MS)
        await trang.sees("Dạ em gửi lại ạ")
        async with asyncio.timeout(SLOW_MS / 1000):
            while not smtp.taken:
                await asyncio.sleep(0.05)
        assert [one.to for one in smtp.taken] == [("phim@khach.example",)]


async def test_a_team_is_made_by_keyboard(browsing: Browsing) -> None:
    trang = await agent(browsing, "Minh Quân", role="administrator")
    await trang.press_both("g", "s")
    await _tab_to(trang, trang.page.get_by_role("link", name="Đội", exact=True))
    await trang.press("Enter")
    add = trang.button("Đội mới")
    await _tab_to(trang, add)
    await trang.press("Enter")
    form = trang.page.get_by_role("dialog", name="Đội mới")
    await expect(form.get_by_label("Tên")).to_be_focused()
    await trang.page.keyboard.type("Đội bàn phím")
    await _tab_to(trang, form.get_by_label("Khen"))
    await trang.press("Space")
    await expect(form.get_by_label("Khen")).to_be_checked()
    await _tab_to(trang, form.get_by_role("button", name="Tạo đội"))
    await trang.press("Enter")

    row = trang.page.get_by_role("row").filter(has_text="Đội bàn phím")
    await expect(row.get_by_text("Khen")).to_be_visible()
    await expect(add).to_be_focused()

    await _tab_to(trang, row.get_by_role("button"))
    await trang.press("Enter")
    await _tab_to(trang, trang.button("Xoá đội"))
    await trang.press("Enter")
    await _tab_to(trang, trang.button("Xoá Đội bàn phím"))
    await trang.press("Enter")
    await expect(row).to_have_count(0)


async def test_deciding_by_keyboard(browsing: Browsing) -> None:
    _, trang = await _two_rows(browsing, "Hàng dưới để quyết định", "Hàng trên để quyết định")
    await trang.press("j")
    await trang.sees("Hàng trên để quyết định")
    await trang.press("a")
    await expect(trang.page.get_by_role("combobox", name="Tìm người hoặc đội")).to_be_focused()
    await trang.page.keyboard.type("thu trang")
    await trang.press("Enter")
    await expect(trang.button("Thu Trang phụ trách")).to_be_visible()
    await expect(trang.page.get_by_role("combobox", name="Tìm người hoặc đội")).to_have_count(0)
    await trang.press("l")
    await expect(trang.page.get_by_role("combobox", name="Tìm hoặc tạo nhãn")).to_be_focused()
    await trang.page.keyboard.type("ưu tiên")
    await trang.press("Enter")
    await trang.press("Escape")
    panel = trang.page.get_by_role("complementary", name="Khách")
    await expect(panel.get_by_text("ưu tiên", exact=True)).to_be_visible()
    await expect(trang.page.get_by_role("combobox", name="Tìm hoặc tạo nhãn")).to_have_count(0)  # it takes letters
    await expect(trang.page.get_by_role("dialog")).to_have_count(0)
    await trang.press("z")
    times = trang.page.get_by_role("dialog", name="Hẹn lại")
    await expect(times).to_be_focused()
    await trang.press("ArrowDown")
    await expect(times.get_by_role("option", selected=True)).to_have_id(re.compile("-1$"))
    await trang.press("ArrowUp")  # on a Sunday evening only the first is a time
    await trang.press("Enter")
    await expect(trang.page.get_by_role("main").get_by_text("Hẹn lại").first).to_be_visible()
    await trang.press("e")
    await expect(trang.button("Mở lại")).to_be_visible()


async def test_how_soon_it_must_be_looked_at_by_keyboard(browsing: Browsing) -> None:
    _, trang = await _two_rows(browsing, "Hàng dưới để ưu tiên", "Hàng trên để ưu tiên")
    await trang.press("j")
    await trang.sees("Hàng trên để ưu tiên")
    await trang.press("p")
    levels = trang.page.get_by_role("dialog", name="Mức ưu tiên")
    await expect(levels).to_be_focused()
    await trang.press("Enter")  # the first is the most urgent
    await expect(trang.row("Hàng trên để ưu tiên").get_by_label("Mức ưu tiên: Khẩn")).to_be_visible()
    await expect(trang.log.get_by_text("Bạn đặt ưu tiên khẩn")).to_be_visible()
    await trang.press("Control+k")
    await trang.page.keyboard.type("muc uu tien")
    await trang.press("Enter")
    await expect(levels).to_be_focused()
    await expect(levels.get_by_role("option", name="Khẩn")).to_have_attribute("aria-selected", "true")


async def test_what_is_typed_while_a_menu_is_being_fetched_reaches_it(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    fetched = asyncio.Event()
    await trang.page.route("**/assets/ConversationMenus-*.js", lambda route: _pass_on(route, fetched))
    await trang.page.reload()
    await huyen.write("Khách của chi nhánh Huế")
    await trang.open("Khách của chi nhánh Huế")
    await trang.press("l")
    await trang.page.keyboard.type("hue-")
    await trang.press("Backspace")
    await trang.press("Enter")
    fetched.set()
    panel = trang.page.get_by_role("complementary", name="Khách")
    await expect(panel.get_by_text("hue", exact=True)).to_be_visible()
    await expect(trang.page.get_by_role("combobox", name="Tìm hoặc tạo nhãn")).to_have_value("")
    await trang.press("Escape")
    await expect(trang.page.get_by_role("dialog")).to_have_count(0)
    await expect(trang.page.get_by_role("button", name="Xong")).to_be_visible()


async def _pass_on(route: Route, fetched: asyncio.Event) -> None:
    await fetched.wait()
    await route.continue_()


async def test_going_places_by_keyboard(browsing: Browsing) -> None:
    _, trang = await _two_rows(browsing, "Tìm chữ đặc biệt thốt nốt", "Không liên quan gì")
    await browsing.hub.finds("thot not")
    await trang.press("/")
    await expect(trang.page.get_by_role("searchbox", name="Tìm hội thoại")).to_be_focused()
    await trang.page.keyboard.type("thot not")
    await expect(trang.row("Không liên quan gì")).to_have_count(0)
    await expect(trang.row("Tìm chữ đặc biệt thốt nốt")).to_be_visible()
    await trang.press("Escape")
    await trang.page.keyboard.press("Control+k")
    await expect(trang.page.get_by_role("combobox", name="Tìm hoặc ra lệnh")).to_be_focused()
    await trang.page.keyboard.type("cai dat")
    await trang.press("Enter")
    await expect(trang.page.get_by_role("heading", name="Hồ sơ")).to_be_visible()
    await trang.press_both("g", "c")
    await expect(trang.page.get_by_role("searchbox", name="Tìm khách")).to_be_visible()
    await trang.press_both("g", "i")
    await expect(trang.list).to_be_visible()
    await trang.press("?")
    await expect(trang.page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    await trang.press("Escape")
    await expect(trang.page.get_by_role("dialog", name="Phím tắt")).to_have_count(0)


async def test_the_list_is_walked_by_tab_and_arrows(browsing: Browsing) -> None:
    _, trang = await _two_rows(browsing, "Hàng dưới cho mũi tên", "Hàng trên cho mũi tên")
    await trang.row("Hàng trên cho mũi tên").focus()
    await trang.press("Enter")
    await trang.sees("Hàng trên cho mũi tên")
    await trang.press("ArrowDown")
    await trang.sees("Hàng dưới cho mũi tên")
    await expect(trang.row("Hàng dưới cho mũi tên")).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await trang.page.evaluate(outline) != "none"


async def test_an_input_methods_letters_never_act_as_keys(browsing: Browsing) -> None:
    huyen, trang = await _two_rows(browsing, "Bộ gõ tiếng Việt", "Hàng trên cùng để so")
    await trang.open("Bộ gõ tiếng Việt")
    body = trang.page.locator("body")
    await body.dispatch_event("compositionstart", {"data": "e"})
    for key in ("e", "j", "r", "z"):
        await body.dispatch_event("keydown", {"key": key, "isComposing": True, "bubbles": True})
    await trang.box.focus()
    await trang.page.keyboard.type("Dạ vâng")
    await trang.box.dispatch_event("keydown", {"key": "Enter", "ctrlKey": True, "isComposing": True})
    await expect(trang.box).to_have_value("Dạ vâng")
    await expect(trang.page.get_by_role("button", name="Xong")).to_be_visible()
    await trang.press("Control+Enter")
    await huyen.sees("Dạ vâng")


async def test_single_keys_can_be_switched_off(browsing: Browsing) -> None:
    _, trang = await _two_rows(browsing, "Phím tắt bị tắt", "Hàng trên khi tắt phím")
    await trang.page.goto("/settings/profile")
    await trang.page.get_by_role("switch", name="Phím tắt một phím").uncheck()
    await trang.page.goto("/inbox")
    await trang.open("Phím tắt bị tắt")
    await trang.press("e")
    await trang.press("j")
    await trang.page.keyboard.press("Control+k")
    await expect(trang.page.get_by_role("combobox")).to_be_focused()
    await trang.press("Escape")
    await expect(trang.page.get_by_role("button", name="Xong")).to_be_visible()
    await trang.sees("Phím tắt bị tắt")
