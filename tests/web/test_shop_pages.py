"""The chat on a shop's own pages: another origin, a strict policy, signed customers, a form before, quick replies."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest_asyncio
from playwright.async_api import expect

from tests.web.browsing import PHONE, Browsing
from tests.web.people import SLOW_MS, Customer, agent, customer, png
from tests.web.running import SHOP
from tests.web.shop_pages import Shop, shop_before


@pytest_asyncio.fixture(loop_scope="session")
async def shop(browsing: Browsing) -> AsyncIterator[Shop]:
    async with shop_before(browsing.hub.url) as made:
        browsing.allow(made.url)
        yield made


async def test_the_chat_works_on_another_origin_under_a_strict_policy(browsing: Browsing, shop: Shop) -> None:
    account = await browsing.hub.add_shop(origins=[shop.url])
    huyen = await customer(browsing, f"{shop.url}/?account={account}")
    trang = await agent(browsing)
    await huyen.attach("hoa-don.png", png())
    await huyen.write("Em hỏi từ website của shop")
    await trang.open("Em hỏi từ website của shop")
    await trang.reply("Dạ em nghe ạ")
    await huyen.sees("Dạ em nghe ạ")
    picture = huyen.log.get_by_role("img", name="hoa-don.png")
    await picture.evaluate("async (image) => { await image.decode(); if (!image.naturalWidth) throw 'blank'; }")
    colour = "getComputedStyle(document.querySelector('h1')).color"
    assert await huyen.page.evaluate(colour) == "rgb(0, 128, 0)"


async def test_a_page_that_was_not_named_gets_no_chat_and_keeps_the_words(browsing: Browsing, shop: Shop) -> None:
    browsing.forgive("In the hub under Settings", "WebSocket connection to", "403 (")
    account = await browsing.hub.add_shop(origins=["https://somebody-else.example"])
    stranger = await customer(browsing, f"{shop.url}/?account={account}")
    await stranger.write("Có ai ở đó không?")
    await expect(stranger.panel.get_by_text("Khung chat trên trang này chưa mở.")).to_be_visible(timeout=SLOW_MS)
    await stranger.sees("Có ai ở đó không?")


async def test_a_signed_customer_is_one_person_on_two_devices(browsing: Browsing, shop: Shop) -> None:
    await browsing.hub.call("PATCH", f"/accounts/{SHOP}", {"settings": await _settings(browsing, shop)})
    secret = (await browsing.hub.call("GET", f"/accounts/{SHOP}/install"))["identity_secret"]
    data = json.dumps({"id": "u-77", "name": "Nguyễn Thị Huyền", "email": "huyen.77@khach.example"})
    signature = hmac.new(secret.encode(), data.encode(), hashlib.sha256).hexdigest()
    page = f"{shop.url}/?{urlencode({'account': SHOP, 'user': data, 'signature': signature})}"

    at_home, on_the_way = await customer(browsing, page), await customer(browsing, page)
    trang = await agent(browsing)
    await at_home.write("Nhắn từ máy ở nhà")
    await expect(trang.row("Nhắn từ máy ở nhà")).to_contain_text("Nguyễn Thị Huyền", timeout=SLOW_MS)
    await on_the_way.write("Nhắn từ điện thoại")
    await trang.open("Nhắn từ điện thoại")
    await trang.sees("Nhắn từ máy ở nhà")
    panel = trang.page.get_by_role("complementary", name="Khách")
    await expect(panel.get_by_role("listitem").filter(has_text="huyen.77@khach.example")).to_be_visible()


async def test_a_forged_signature_leaves_a_stranger(browsing: Browsing, shop: Shop) -> None:
    browsing.forgive("OmniHub: identity refused")
    await browsing.hub.call("PATCH", f"/accounts/{SHOP}", {"settings": await _settings(browsing, shop)})
    data = json.dumps({"id": "u-77", "name": "Nguyễn Thị Huyền"})
    forged = urlencode({"account": SHOP, "user": data, "signature": "0" * 64})
    stranger, trang = await customer(browsing, f"{shop.url}/?{forged}"), await agent(browsing)
    await stranger.write("Tôi là chị Huyền đây mà")
    await expect(trang.row("Tôi là chị Huyền đây mà")).to_be_visible(timeout=SLOW_MS)
    await expect(trang.row("Tôi là chị Huyền đây mà")).not_to_contain_text("Nguyễn Thị Huyền")


async def test_the_form_before_the_chat_explains_mistakes_and_names_the_customer(
    browsing: Browsing, shop: Shop
) -> None:
    fields = [{"name": "name", "required": True}, {"name": "phone", "required": False}]
    account = await browsing.hub.add_shop(origins=[shop.url], prechat={"on": True, "fields": fields})
    nam = Customer(await browsing.page())
    await nam.open_chat(f"{shop.url}/?account={account}")
    trang = await agent(browsing)

    await nam.panel.get_by_label("Số điện thoại").fill("09123")
    await nam.panel.get_by_role("button", name="Bắt đầu trò chuyện").click()
    await expect(nam.panel.get_by_text("Anh/chị cho em xin tên nhé.")).to_be_visible()
    await expect(nam.panel.get_by_text("Số này thiếu 5 chữ số.")).to_be_visible()
    await nam.panel.get_by_label("Tên của anh/chị").fill("Lê Hoàng Nam")
    await nam.panel.get_by_label("Số điện thoại").fill("0912345678")
    await nam.panel.get_by_role("button", name="Bắt đầu trò chuyện").click()
    await nam.write("Đặt hai mươi hộp thì bao giờ có ạ?")
    await expect(trang.row("Đặt hai mươi hộp thì bao giờ có ạ?")).to_contain_text("Lê Hoàng Nam", timeout=SLOW_MS)


async def test_a_quick_reply_is_sent_by_one_press_and_leaves_the_draft_alone(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.box.fill("đang viết dở")
    choices = huyen.panel.get_by_role("group", name="Trả lời nhanh")
    await choices.get_by_role("button", name="Phí giao hàng?").click()
    await huyen.sees("Phí giao hàng?")
    await expect(choices).to_have_count(0)
    await expect(huyen.box).to_have_value("đang viết dở")
    await trang.open("Phí giao hàng?")


async def test_the_chat_follows_the_language_of_the_page(browsing: Browsing) -> None:
    huyen = await customer(browsing, "/demo?lang=en")
    await expect(huyen.panel.get_by_placeholder("Write a message")).to_be_visible()
    await expect(huyen.panel.get_by_text("How can we help?")).to_be_visible()
    await expect(huyen.panel.get_by_role("button", name="Delivery fee?")).to_be_visible()


async def test_a_customer_does_everything_by_keyboard(browsing: Browsing) -> None:
    page = await browsing.page()
    await page.goto("/demo")
    huyen = Customer(page)
    bubble = page.get_by_role("button", name="Mở trò chuyện")
    await bubble.focus()
    await page.keyboard.press("Enter")
    await expect(huyen.box).to_be_focused()
    await page.keyboard.type("Em gõ bằng bàn phím")
    await huyen.box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await expect(huyen.box).to_have_value("Em gõ bằng bàn phím")
    await page.keyboard.press("Enter")
    await huyen.sees("Em gõ bằng bàn phím")
    await page.keyboard.press("Escape")
    await expect(huyen.panel).to_be_hidden()
    await expect(bubble).to_be_focused()


async def test_on_a_phone_the_chat_is_all_that_is_seen(browsing: Browsing) -> None:
    huyen = await customer(browsing, size=PHONE)
    width, height = PHONE
    assert await huyen.panel.bounding_box() == {"x": 0, "y": 0, "width": width, "height": height}
    await expect(huyen.page.get_by_role("button", name="Mở trò chuyện")).to_be_hidden()

    await huyen.page.set_viewport_size({"width": 481, "height": height})
    assert await huyen.panel.evaluate("(panel) => panel.offsetWidth") < 481


async def _settings(browsing: Browsing, shop: Shop) -> dict[str, object]:
    """The demo account's settings, with the shop's pages added."""
    accounts = (await browsing.hub.call("GET", "/bootstrap"))["accounts"]
    before = next(one for one in accounts if one["id"] == SHOP)["settings"]
    return {**before, "origins": [shop.url]}
