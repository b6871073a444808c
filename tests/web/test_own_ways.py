"""What each agent may have their own way: notices, taking an answer back, and leaving nothing on a shared machine."""

from playwright.async_api import BrowserContext, expect

from tests.hub.core import until
from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, agent_in, customer

NOTED = """
window.noted = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, more) { document.documentElement.dataset.noted = window.noted.push([title, more.body]); }
  close() {}
};
Object.defineProperty(document, "visibilityState", { get: () => window.hiddenNow ? "hidden" : "visible" });
"""


async def _is_wanted(context: BrowserContext) -> bool:
    answer = await context.request.get("/api/v1/bootstrap")
    return bool((await answer.json())["preferences"].get("notify"))


async def test_a_notice_comes_while_the_page_is_out_of_sight_once_the_agent_wants_it(browsing: Browsing) -> None:
    huyen, before = await customer(browsing), await agent(browsing, "Thu Trang")
    await huyen.write("Alo trước khi trang mở MA-3999")
    await expect(before.row("MA-3999")).to_be_visible(timeout=SLOW_MS)
    login = before.login
    context = await browsing.signed_in(login)
    await context.add_init_script(NOTED)
    trang = await agent_in(context, login, "/settings/profile")
    wanted = trang.page.get_by_label("Báo khi có tin mới")
    await expect(wanted).not_to_be_checked()
    await wanted.check()
    await expect(wanted).to_be_checked()
    await until(lambda: _is_wanted(context), within_s=SLOW_MS / 1000)  # the box shows it before the hub has it
    await trang.page.get_by_role("link", name="Hộp thư").first.click()  # a page that is loaded anew would ask anew

    await expect(trang.row("MA-3999")).to_be_visible(timeout=SLOW_MS)  # the list is there: all that follows is told
    await huyen.write("Alo lần một MA-4000")
    await expect(trang.row("MA-4000")).to_be_visible(timeout=SLOW_MS)
    await trang.page.evaluate("window.hiddenNow = true")
    await huyen.write("Trà sen còn không ạ MA-4001")
    await expect(trang.page.locator("html")).to_have_attribute("data-noted", "1")

    assert [one[1] for one in await trang.page.evaluate("window.noted")] == ["Trà sen còn không ạ MA-4001"]


async def test_an_answer_that_is_held_can_be_taken_back_into_the_composer(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing, "Thu Trang", "/settings/profile")
    await trang.page.get_by_role("radio", name="10 giây").click()
    await expect(trang.page.get_by_role("radio", name="10 giây")).to_be_checked()
    await trang.page.goto("/inbox")
    await huyen.write("Bánh còn không ạ MA-4002")
    await trang.row("MA-4002").first.click(timeout=SLOW_MS)
    await trang.reply("Dạ hết rồi ạ")
    await trang.page.get_by_role("button", name="Hoàn tác gửi").click()

    await expect(trang.page.get_by_role("textbox", name="Trả lời")).to_have_value("Dạ hết rồi ạ")
    await expect(trang.log.get_by_text("Dạ hết rồi ạ")).to_have_count(0)
    await expect(huyen.log.get_by_text("Dạ hết rồi ạ")).to_have_count(0)


async def test_how_somebody_likes_to_work_is_the_same_in_their_next_browser(browsing: Browsing) -> None:
    trang = await agent(browsing, "Thu Trang", "/settings/profile")
    await expect(trang.page.get_by_role("radio", name="Gửi ngay")).to_be_checked()
    await trang.page.get_by_role("radio", name="5 giây").click()
    await expect(trang.page.get_by_role("radio", name="5 giây")).to_be_checked()
    elsewhere = await agent_in(await browsing.signed_in(trang.login), trang.login, "/settings/profile")

    await expect(elsewhere.page.get_by_role("radio", name="5 giây")).to_be_checked()


async def test_who_signs_out_on_a_shared_machine_leaves_no_words_behind(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing, "Thu Trang")
    await huyen.write("Đổi áo được không ạ MA-4003")
    await trang.row("MA-4003").first.click(timeout=SLOW_MS)
    await trang.page.get_by_role("textbox", name="Trả lời").fill("Dạ lời chưa gửi")
    await expect(trang.page.get_by_text("Đã lưu nháp")).to_be_visible()
    await trang.page.goto("/settings/profile")
    await trang.page.get_by_role("button", name="Đăng xuất trên máy này").click()
    await trang.page.get_by_role("button", name="Xoá và đăng xuất").click()
    await expect(trang.page.get_by_role("button", name="Đăng nhập")).to_be_visible()

    kept = await trang.page.evaluate("Object.keys(localStorage).filter((one) => /drafts|outbox/.test(one))")
    assert kept == []
