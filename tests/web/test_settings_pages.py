"""An administrator sets the hub up without a command line: people, teams, routes, a website, what got stuck."""

import re

from playwright.async_api import Page, expect

from hub.clock import utc_now
from hub.ids import random_id
from hub.model import AccountId, Arrival, ArrivalId
from tests.hub.core import until
from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer
from tests.web.running import SHOP, RunningHub
from tests.web.shop_pages import shop_before


async def _administrator(browsing: Browsing, section: str) -> Page:
    """This section of the settings, open before an administrator."""
    return (await agent(browsing, "Minh Quân", f"/settings/{section}", role="administrator")).page


async def test_a_colleague_is_added_and_signs_in_with_the_password_shown_once(browsing: Browsing) -> None:
    page, email = await _administrator(browsing, "agents"), f"{random_id('p').lower()}@shop.example"
    await page.get_by_role("button", name="Thêm đồng nghiệp").click()
    form = page.get_by_role("dialog", name="Thêm đồng nghiệp")
    await form.get_by_label("Tên").fill("Đỗ Bảo Ngọc")
    await form.get_by_label("Email", exact=True).fill(email)
    await form.get_by_label("Bán hàng").check()
    await form.get_by_role("button", name="Thêm").click()
    once = page.get_by_role("dialog", name="Mật khẩu của Đỗ Bảo Ngọc")
    password = await once.locator("code").inner_text()
    await once.get_by_role("button", name="Tôi đã ghi lại").click()
    await expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("Bán hàng")

    theirs = await browsing.page()
    await theirs.goto("/")
    await theirs.get_by_label("Email").fill(email)
    await theirs.get_by_label("Mật khẩu", exact=True).fill(password)
    await theirs.get_by_role("button", name="Đăng nhập").click()
    await expect(theirs.get_by_label("Đang đăng nhập: Đỗ Bảo Ngọc")).to_be_visible()
    await theirs.goto("/settings/agents")
    await expect(theirs.get_by_text("Chỉ quản trị viên đổi được mục này")).to_be_visible()


async def test_a_colleague_who_left_is_signed_out_everywhere(browsing: Browsing) -> None:
    leaving = await agent(browsing, "Người sắp nghỉ")
    page = await _administrator(browsing, "agents")
    await page.get_by_role("row").filter(has_text=leaving.login.email).get_by_role("button").click()
    form = page.get_by_role("dialog", name="Sửa Người sắp nghỉ")
    await form.get_by_label("Được đăng nhập").uncheck()
    await form.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("row").filter(has_text=leaving.login.email)).to_contain_text("Đã tắt")
    await leaving.page.reload()
    await expect(leaving.page.get_by_role("button", name="Đăng nhập")).to_be_visible()


async def test_a_team_is_made_and_an_intent_is_routed_to_it(browsing: Browsing) -> None:
    page = await _administrator(browsing, "teams")
    await page.get_by_role("button", name="Đội mới").click()
    form = page.get_by_role("dialog", name="Đội mới")
    await form.get_by_label("Tên").fill("Tuyển dụng và đối tác")
    await form.get_by_role("button", name="Tạo đội").click()
    await expect(page.get_by_role("row").filter(has_text="Tuyển dụng và đối tác")).to_be_visible()

    await expect(form).to_have_count(0)  # it has a box of the same name
    await page.get_by_label("Khen").select_option("Tuyển dụng và đối tác")
    row = page.get_by_role("row").filter(has_text="Tuyển dụng và đối tác")
    await expect(row.get_by_text("Khen")).to_be_visible()
    await page.reload()
    await expect(row.get_by_text("Khen")).to_be_visible()

    await row.get_by_role("button").click()
    await page.get_by_role("button", name="Xoá đội").click()
    await page.get_by_role("button", name="Xoá Tuyển dụng và đối tác").click()
    await expect(row).to_have_count(0)


async def test_a_website_is_connected_and_its_chat_reaches_the_inbox(browsing: Browsing) -> None:
    page = await _administrator(browsing, "accounts")
    async with shop_before(browsing.hub.url) as shop:
        browsing.allow(shop.url)
        await page.get_by_role("button", name="Nối kênh").click()
        await page.get_by_role("link", name=re.compile("^Chat trên web")).click()
        form = page.get_by_role("main")
        await form.get_by_label("Tên").fill("mocan.vn")
        await form.get_by_label("Website").fill("không phải địa chỉ")
        await form.get_by_role("button", name="Nối", exact=True).click()
        await expect(form.get_by_role("alert")).to_contain_text("“không phải địa chỉ” không phải địa chỉ như")
        await form.get_by_label("Website").fill(shop.url)
        await form.get_by_role("button", name="Nối", exact=True).click()

        await page.get_by_label("Lời chào tiếng Việt").fill("Mộc An nghe đây ạ")
        await page.get_by_role("button", name="Lưu").click()
        await expect(page.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()
        snippet = await page.get_by_label("Đặt lên website").inner_text()
        account = snippet.split('data-account="')[1].split('"')[0]
        assert f'src="{browsing.hub.url}/widget.js"' in snippet
        huyen = await customer(browsing, f"{shop.url}/?account={account}")
        await expect(huyen.log.get_by_text("Mộc An nghe đây ạ")).to_be_visible()
        await huyen.write("Website mới nối chạy chưa shop?")
        await page.goto("/inbox")
        await expect(page.get_by_role("option").filter(has_text="Website mới nối chạy chưa shop?")).to_be_visible()


async def test_what_could_not_be_read_is_shown_and_set_aside(browsing: Browsing) -> None:
    external = random_id("stuck")
    arrival = Arrival(
        id=ArrivalId(f"{SHOP}:{external}"), account=AccountId(SHOP), channel="webchat", external=external,
        lane=f"{SHOP}:{external}", order=1, at=utc_now(), body=b"{not json", digest="0" * 64,
    )  # fmt: skip
    async with browsing.hub.store() as store:
        await store.arrivals.keep(arrival)
        await store.arrivals.quarantine(arrival.id, "Tin này không đọc được")
    page = await _administrator(browsing, "quarantine")
    row = page.get_by_role("row").filter(has_text="Tin này không đọc được")
    await expect(row).to_be_visible(timeout=SLOW_MS)
    await row.get_by_role("button", name="Gác lại").click()
    await page.get_by_role("button", name="Gác hẳn").click()
    await expect(row).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("heading", name="Cách ly", exact=True)).to_be_visible()
    await expect(row).to_have_count(0)


async def test_on_a_phone_the_strip_of_sections_shows_where_one_is(browsing: Browsing) -> None:
    page = await _administrator(browsing, "profile")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto("/settings/quarantine")

    here = page.get_by_role("navigation").get_by_role("link", name="Cách ly")
    await expect(here).to_be_in_viewport()


async def _nobody_gets(hub: RunningHub, called: str) -> bool:
    [name] = [one["name"] for one in (await hub.call("GET", "/intents"))["items"] if one["vi"] == called]
    return not any(name in team["intents"] for team in (await hub.call("GET", "/teams"))["items"])


async def test_an_own_intent_is_removed_and_taken_back(browsing: Browsing) -> None:
    browsing.forgive("400 (Bad Request)")  # a team still gets it
    page = await _administrator(browsing, "intents")
    await page.get_by_role("button", name="Ý định mới").click()
    form = page.get_by_role("dialog", name="Ý định mới")
    await form.get_by_label("Tên tiếng Việt").fill("Thuê xe điện")
    await form.get_by_role("button", name="Thêm ý định").click()
    main = page.get_by_role("main")
    await main.get_by_label("Đội nhận").select_option("Bán hàng")
    await expect(page.get_by_text("Đã lưu")).to_be_visible()
    await main.get_by_role("button", name="Xoá", exact=True).click()
    await expect(main.get_by_role("alert")).to_have_text("Đội “Bán hàng” đang nhận ý định này. Bỏ đội nhận trước.")
    await main.get_by_label("Đội nhận").select_option("Không đội nào")
    await expect(main.get_by_label("Đội nhận")).to_have_value("")
    await until(lambda: _nobody_gets(browsing.hub, "Thuê xe điện"), within_s=SLOW_MS / 1000)  # the page shows it sooner
    await main.get_by_role("button", name="Xoá", exact=True).click()
    await expect(page.get_by_text("Đã xoá “Thuê xe điện”")).to_be_visible()
    await page.goto("/settings/intents")
    await page.get_by_role("list", name="Đã xoá").get_by_role("link", name=re.compile("Thuê xe điện")).click()
    await main.get_by_role("button", name="Lấy lại").click()
    await expect(main.get_by_label("Đội nhận")).to_be_visible()
