"""Very many words, or little room, leave the conversation readable."""

from playwright.async_api import expect

from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer

ORDER = [f"{n}. Hộp trà sen số {n}" for n in range(1, 61)]


async def test_of_a_very_long_message_only_the_beginning_stands_until_more_is_wanted(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("\n".join(ORDER))
    await trang.row("1. Hộp trà sen số 1").first.click(timeout=SLOW_MS)
    more = trang.log.get_by_role("button", name="Xem thêm")
    await expect(more).to_have_attribute("aria-expanded", "false")
    await expect(trang.log.get_by_text(ORDER[29])).to_be_visible()
    await expect(trang.log.get_by_text(ORDER[30])).to_have_count(0)
    await more.click()
    await expect(trang.log.get_by_text(ORDER[-1])).to_have_count(1)
    await trang.log.get_by_role("button", name="Thu gọn").click()
    await expect(trang.log.get_by_text(ORDER[-1])).to_have_count(0)
    await expect(more).to_be_in_viewport()


async def test_between_phone_and_desk_the_head_of_a_thread_names_the_customer(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing, size=(800, 900))
    await huyen.write("Em xem trên máy tính bảng ạ")
    await trang.open("Em xem trên máy tính bảng ạ")
    name = trang.page.get_by_role("heading", name="Khách #")
    await expect(name).to_be_visible()
    assert await name.evaluate("(name) => name.scrollWidth <= name.clientWidth")
    await expect(trang.button("Phân công")).to_be_visible()
