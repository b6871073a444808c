"""The chat stays as its visitor left it while they walk through the shop, and takes nothing from the page for that."""

from playwright.async_api import Page, expect

from tests.web.browsing import PHONE, Browsing
from tests.web.people import Customer, customer
from tests.web.shop_pages import Shop, shop_before

FOCUS = "document.activeElement === document.body"


async def test_an_open_chat_is_open_again_on_the_next_page_and_leaves_the_focus_there(browsing: Browsing) -> None:
    huyen = await customer(browsing)
    await huyen.write("Em xem thêm trang khác")
    await huyen.all_sent("Em xem thêm trang khác")
    await huyen.box.fill("còn đang viết")
    await huyen.page.goto("/demo?lang=en")
    await huyen.sees("Em xem thêm trang khác")
    await expect(huyen.box).to_have_value("còn đang viết")
    assert await huyen.page.evaluate(FOCUS)


async def test_a_chat_that_was_closed_stays_closed_on_the_next_page(browsing: Browsing) -> None:
    huyen = await customer(browsing)
    await huyen.page.keyboard.press("Escape")
    await expect(huyen.panel).to_be_hidden()
    await _next_page(huyen.page)
    await expect(huyen.page.get_by_role("button", name="Mở trò chuyện")).to_have_attribute("aria-expanded", "false")
    await expect(huyen.panel).to_be_hidden()


async def test_a_chat_that_covers_a_phone_does_not_cover_the_next_page(browsing: Browsing) -> None:
    huyen = await customer(browsing, size=PHONE)
    await _next_page(huyen.page)
    await expect(huyen.page.get_by_role("button", name="Mở trò chuyện")).to_be_visible()
    await expect(huyen.panel).to_be_hidden()


async def test_the_form_before_the_chat_comes_back_without_taking_the_focus(browsing: Browsing) -> None:
    async with shop_before(browsing.hub.url) as shop:
        nam = await _before_the_form(browsing, shop)
        await expect(nam.panel.get_by_label("Tên của anh/chị")).to_be_focused()
        await _next_page(nam.page)
        await expect(nam.panel.get_by_label("Tên của anh/chị")).to_be_visible()
        assert await nam.page.evaluate(FOCUS)


async def _before_the_form(browsing: Browsing, shop: Shop) -> Customer:
    browsing.allow(shop.url)
    prechat = {"on": True, "fields": [{"name": "name", "required": True}]}
    account = await browsing.hub.add_shop(origins=[shop.url], prechat=prechat)
    nam = Customer(await browsing.page())
    await nam.open_chat(f"{shop.url}/?account={account}")
    return nam


async def _next_page(page: Page) -> None:
    """The same shop's next page, in the same tab; its chat is there."""
    async with page.expect_response("**/look"):
        await page.reload()
