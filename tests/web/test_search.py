"""Finding words that were said once: the palette and the list show where they stand, and lead there."""

from playwright.async_api import expect

from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer

WORDS = "Cho em hỏi đơn MA1234 gửi tới đâu rồi ạ"


async def test_words_from_before_are_found_without_accents_and_lead_to_their_message(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write(WORDS)
    await huyen.write("Em còn muốn hỏi thêm về trà")
    await trang.open("Em còn muốn hỏi thêm về trà")
    entry = trang.page.get_by_role("log").locator("[data-entry]").filter(has_text="MA1234")
    await expect(entry).to_be_visible()

    await trang.page.keyboard.press("Escape")
    await trang.page.keyboard.press("Control+k")
    await trang.page.get_by_role("combobox").fill("don ma12")
    found = trang.page.get_by_role("option").filter(has_text="MA1234")
    await expect(found.locator("mark")).to_have_text("đơn MA12", timeout=SLOW_MS)
    await found.click()

    await expect(entry).to_be_focused()


async def test_the_lists_own_search_shows_the_words_it_found(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write(WORDS)
    await huyen.write("Em còn muốn hỏi thêm về trà")
    await trang.open("Em còn muốn hỏi thêm về trà")

    await trang.page.get_by_role("searchbox", name="Tìm hội thoại").fill("ma1234")

    await expect(trang.row("MA1234").locator("mark")).to_have_text("MA1234", timeout=SLOW_MS)
