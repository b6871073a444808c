"""Bad networks: what was written waits, goes once, and everybody is told the truth meanwhile."""

import asyncio
import os
import shutil
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout
from playwright.async_api import Browser, Route, expect

from tests.web.browsing import NO_NETWORK, Browsing
from tests.web.cuttable import wire_to
from tests.web.people import SLOW_MS, Agent, Customer, agent, customer, png
from tests.web.running import RunningHub, running_hub

BROKEN, THERE = "(one) => one.complete && !one.naturalWidth", "(one) => one.naturalWidth"
MB = 1_000_000
ROOM_MB = 400  # how far the disk's floor lies under what is free; the file that fills the disk takes twice as much


async def test_until_the_hub_has_answered_the_page_says_that_it_opens(browsing: Browsing) -> None:
    context, answered = await browsing.signed_in(await browsing.hub.add_agent("Thu Trang")), asyncio.Event()

    async def held(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await context.route("**/api/v1/bootstrap", held)
    page = await context.new_page()
    await page.goto("/inbox")
    opening = page.get_by_role("status").filter(has_text="Đang mở hộp thư")
    await expect(opening).to_have_css("opacity", "1")
    answered.set()

    await expect(page.get_by_role("navigation").first).to_be_visible()
    await expect(opening).to_have_count(0)


async def test_an_agents_reply_waits_for_the_network_and_goes_once(browsing: Browsing) -> None:
    browsing.forgive(*NO_NETWORK)
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Cuối tuần shop có mở không ạ?")
    await trang.open("Cuối tuần shop có mở không ạ?")

    await trang.page.context.set_offline(True)
    await trang.reply("Dạ mở cả Chủ nhật ạ")
    await trang.reply("Từ 8 giờ đến 21 giờ ạ")
    await expect(trang.log.get_by_text("Chờ gửi").first).to_be_visible(timeout=SLOW_MS)
    await expect(trang.page.get_by_text("2 tin của bạn chờ gửi.")).to_be_visible()
    await trang.page.context.set_offline(False)

    await huyen.sees("Dạ mở cả Chủ nhật ạ")
    await huyen.sees("Từ 8 giờ đến 21 giờ ạ")
    await trang.sees("Từ 8 giờ đến 21 giờ ạ")
    assert (await huyen.texts())[-2:] == ["Dạ mở cả Chủ nhật ạ", "Từ 8 giờ đến 21 giờ ạ"]


async def test_a_reply_that_waited_survives_closing_the_page(browsing: Browsing) -> None:
    browsing.forgive(*NO_NETWORK)
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Có xuất hoá đơn công ty không?")
    await trang.open("Có xuất hoá đơn công ty không?")
    await trang.page.context.set_offline(True)
    await trang.reply("Dạ có xuất hoá đơn VAT ạ")
    await expect(trang.log.get_by_text("Dạ có xuất hoá đơn VAT ạ")).to_be_visible()
    await trang.page.close()

    await trang.page.context.set_offline(False)
    again = await trang.page.context.new_page()
    await again.goto("/inbox")
    await huyen.sees("Dạ có xuất hoá đơn VAT ạ")


async def test_a_visitors_words_wait_for_the_network_and_go_once(browsing: Browsing) -> None:
    browsing.forgive(*NO_NETWORK)
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Mạng nhà em chập chờn lắm")
    await trang.open("Mạng nhà em chập chờn lắm")

    await huyen.page.context.set_offline(True)
    await huyen.write("Câu này viết khi mất mạng")
    await huyen.write("Câu này cũng vậy")
    await expect(huyen.panel.get_by_text("Tin của anh/chị được giữ trên máy này")).to_be_visible()
    await huyen.page.context.set_offline(False)

    await trang.sees("Câu này viết khi mất mạng")
    await trang.sees("Câu này cũng vậy")
    await huyen.all_sent("Câu này cũng vậy")
    assert (await trang.texts())[-2:] == ["Câu này viết khi mất mạng", "Câu này cũng vậy"]


async def test_pictures_that_could_not_be_loaded_are_there_when_the_hub_is_back(browsing: Browsing) -> None:
    browsing.forgive(*NO_NETWORK)
    async with wire_to(browsing.hub.port) as wire:
        browsing.allow(wire.url)
        huyen, trang = await customer(browsing, base=wire.url), await agent(browsing, base=wire.url)
        await huyen.write("Em gửi ảnh lúc mạng đang rớt")
        await trang.open("Em gửi ảnh lúc mạng đang rớt")
        for side in (huyen, trang):
            await side.page.route("**/files/**", lambda route: route.abort())
        await huyen.attach("khach.png", png())
        await huyen.write("Ảnh của khách đây")
        await trang.sees("Ảnh của khách đây")
        await trang.attach("shop.png", png())
        await trang.reply("Ảnh của shop đây")
        for side in (huyen, trang):
            await _pictures(side, BROKEN)
            await side.page.unroute_all()

        assert wire.cut() >= 2

        for side in (huyen, trang):
            await _pictures(side, THERE)


async def _pictures(side: Customer | Agent, state: str) -> None:
    """Until both pictures of the log are in this state."""
    log = await side.log.element_handle()
    both = f"(log) => [...log.querySelectorAll('img')].filter({state}).length === 2"
    await side.page.wait_for_function(both, arg=log, timeout=SLOW_MS)


async def test_a_chat_without_web_sockets_works_over_http(browsing: Browsing) -> None:
    browsing.forgive(*NO_NETWORK)
    huyen = Customer(await browsing.page())
    await huyen.page.route_web_socket("**/chat/**", lambda socket: socket.close())
    await huyen.open_chat()
    trang = await agent(browsing)

    await huyen.write("Em nhắn qua mạng công ty chặn đủ thứ")
    await trang.open("Em nhắn qua mạng công ty chặn đủ thứ")
    await trang.reply("Dạ em vẫn nhận được ạ")
    await huyen.sees("Dạ em vẫn nhận được ạ")
    await huyen.attach("don-hang.png", png())
    await huyen.write("Ảnh đơn hàng đây ạ")
    await trang.sees("Ảnh đơn hàng đây ạ")
    await expect(trang.log.get_by_role("img", name="don-hang.png")).to_be_visible()


async def test_what_the_shop_cannot_keep_just_now_is_kept_by_the_chat_which_says_so_and_sends_it_once(
    chromium: Browser, trained: Path, tmp_path: Path
) -> None:
    """The hub's disk is nearly full: it answers that it cannot take the message, on a line that stays open."""
    floor_mb = shutil.disk_usage(tmp_path).free // MB - ROOM_MB
    async with running_hub(tmp_path / "data", trained, disk_floor_mb=floor_mb) as tight:
        browsing = Browsing(chromium, tight)
        browsing.forgive(*NO_NETWORK)
        huyen = await customer(browsing)
        await huyen.write("Câu này khi còn chỗ")
        await huyen.all_sent("Câu này khi còn chỗ")
        with (tmp_path / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, 2 * ROOM_MB * MB)
        await until_ready(tight, 503)
        await huyen.write("Câu này khi đĩa đầy")
        told = huyen.panel.get_by_text("Cửa hàng chưa nhận được tin lúc này. Tin của anh/chị được giữ trên máy này")
        await expect(told).to_be_visible()
        (tmp_path / "filler").unlink()
        await until_ready(tight, 200)

        await huyen.all_sent("Câu này khi đĩa đầy")
        await expect(told).to_have_count(0)
        trang = await agent(browsing)
        await trang.open("Câu này khi đĩa đầy")
        assert await trang.texts() == ["Câu này khi còn chỗ", "Câu này khi đĩa đầy"]
        await browsing.close()


async def until_ready(hub: RunningHub, status: int) -> None:
    """Ask until the hub's readiness is this; the test's timeout is the limit."""
    async with ClientSession(timeout=ClientTimeout(total=5)) as http:
        found = 0
        while found != status:
            async with http.get(f"{hub.url}/readyz") as answer:
                found = answer.status
