"""Finding words that were said once: the palette and the list show where they stand, and lead there."""

from playwright.async_api import expect

from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer


async def test_words_from_before_are_found_without_accents_and_lead_to_their_message(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Cho em hỏi đơn KX90417 gửi tới đâu rồi ạ")
    await huyen.write("Em còn muốn hỏi thêm về trà sen")
    await trang.open("Em còn muốn hỏi thêm về trà sen")
    entry = trang.page.get_by_role("log").locator("[data-entry]").filter(has_text="KX90417")
    await expect(entry).to_be_visible()
    await browsing.hub.finds("don kx90417")

    await trang.page.keyboard.press("Escape")
    await trang.page.keyboard.press("Control+k")
    await trang.page.get_by_role("combobox").fill("don kx90")
    found = trang.page.get_by_role("option").filter(has_text="KX90417")
    await expect(found.locator("mark")).to_have_text("đơn KX90", timeout=SLOW_MS)
    await found.click()

    await expect(entry).to_be_focused()


async def test_the_lists_own_search_shows_the_words_it_found(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Đơn KX90418 của em thiếu một hộp ạ")
    await huyen.write("Em gửi ảnh cho shop xem nhé")
    await trang.open("Em gửi ảnh cho shop xem nhé")
    await browsing.hub.finds("kx90418")

    await trang.page.get_by_role("button", name="Tìm hội thoại").first.click()
    await trang.page.get_by_role("searchbox", name="Tìm hội thoại").fill("kx90418")

    await expect(trang.row("KX90418").locator("mark")).to_have_text("KX90418", timeout=SLOW_MS)
