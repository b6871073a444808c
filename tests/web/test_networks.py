"""Bad networks: what was written waits, goes once, and everybody is told the truth meanwhile."""

from playwright.async_api import expect

from tests.web.browsing import NO_NETWORK, Browsing
from tests.web.people import SLOW_MS, Customer, agent, customer, png


async def test_an_agents_reply_waits_for_the_network_and_goes_once(browsing: Browsing) -> None:
    browsing.forgive(*NO_NETWORK)
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Cuối tuần shop có mở không ạ?")
    await trang.open("Cuối tuần shop có mở không ạ?")

    await trang.page.context.set_offline(True)
    await trang.reply("Dạ mở cả Chủ nhật ạ")
    await trang.reply("Từ 8 giờ đến 21 giờ ạ")
    await expect(trang.log.get_by_text("Chờ gửi").first).to_be_visible(timeout=SLOW_MS)
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
