"""Two agents and one customer: nobody answers twice by accident, and nobody's words are lost over it."""

import asyncio

from playwright.async_api import expect

from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, Agent, Customer, agent, customer


async def _three(browsing: Browsing, words: str) -> tuple[Customer, Agent, Agent]:
    """A customer who has written, and two agents who read it."""
    huyen = await customer(browsing)
    trang, lan = await agent(browsing, "Thu Trang"), await agent(browsing, "Lan Anh")
    await huyen.write(words)
    await trang.open(words)
    await lan.open(words)
    return huyen, trang, lan


async def test_agents_see_that_a_colleague_reads_and_types(browsing: Browsing) -> None:
    _, trang, lan = await _three(browsing, "Cho hỏi giờ mở cửa Chủ nhật ạ")
    await expect(lan.page.get_by_text("Thu Trang đang xem")).to_be_visible(timeout=SLOW_MS)
    await asyncio.gather(  # it is shown for some seconds only: looked for from the first letter
        trang.box.press_sequentially("Dạ"),
        expect(lan.page.get_by_role("main").get_by_text("Thu Trang đang gõ…")).to_be_visible(),
    )


async def test_a_colleagues_answer_stops_a_reply_that_was_begun_before_it(browsing: Browsing) -> None:
    huyen, trang, lan = await _three(browsing, "Hộp quà còn màu đỏ không em?")
    await lan.box.fill("Dạ hết màu đỏ rồi ạ")
    await trang.reply("Dạ còn đúng một hộp đỏ ạ")

    await expect(lan.page.get_by_text("Thu Trang đã trả lời lúc")).to_be_visible(timeout=SLOW_MS)
    await lan.box.press("Control+Enter")
    await expect(lan.box).to_have_value("Dạ hết màu đỏ rồi ạ")
    await lan.button("Bỏ nháp").click()
    await expect(lan.box).to_have_value("")
    await lan.undo.click()
    await expect(lan.box).to_have_value("Dạ hết màu đỏ rồi ạ")
    await lan.button("Vẫn gửi").click()

    await huyen.sees("Dạ hết màu đỏ rồi ạ")
    await huyen.sees("Dạ còn đúng một hộp đỏ ạ")


async def test_the_server_stops_it_when_the_news_has_not_come_yet(browsing: Browsing) -> None:
    browsing.forgive("409 (Conflict)")
    huyen = await customer(browsing)
    trang, lan = await agent(browsing, "Thu Trang"), await agent(browsing, "Lan Anh")
    await lan.page.route_web_socket("**/live", lambda socket: None)  # opens, and never says a word
    await huyen.write("Ship hoả tốc trong quận 1 không shop?")
    await trang.open("Ship hoả tốc trong quận 1 không shop?")
    await lan.page.reload()
    await lan.open("Ship hoả tốc trong quận 1 không shop?")
    await lan.box.fill("Dạ bên em không ship hoả tốc ạ")
    await trang.reply("Dạ có ạ, trong hai giờ")
    await huyen.sees("Dạ có ạ, trong hai giờ")

    await lan.box.press("Control+Enter")
    await expect(lan.page.get_by_text("Thu Trang đã trả lời lúc")).to_be_visible(timeout=SLOW_MS)
    await expect(lan.box).to_have_value("Dạ bên em không ship hoả tốc ạ")
    await lan.button("Vẫn gửi").click()
    await huyen.sees("Dạ bên em không ship hoả tốc ạ")


async def test_a_note_reaches_colleagues_and_never_the_customer(browsing: Browsing) -> None:
    huyen = Customer(await browsing.page())
    frames: list[str] = []
    huyen.page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(str(data))))
    await huyen.open_chat()
    trang, lan = await agent(browsing, "Thu Trang"), await agent(browsing, "Lan Anh")
    await huyen.write("Em muốn đổi lại hộp trà lài hôm qua")
    await trang.open("Em muốn đổi lại hộp trà lài hôm qua")
    await lan.open("Em muốn đổi lại hộp trà lài hôm qua")

    await trang.note("Khách quen, đổi ngay không cần hỏi")
    await lan.sees("Khách quen, đổi ngay không cần hỏi")
    await trang.page.get_by_role("radio", name="Trả lời").click()
    await trang.reply("Dạ em đổi cho chị ngay ạ")
    await huyen.sees("Dạ em đổi cho chị ngay ạ")
    await huyen.page.reload()
    await expect(huyen.panel).to_be_visible()
    await huyen.sees("Dạ em đổi cho chị ngay ạ")
    await expect(huyen.log.get_by_text("Khách quen")).to_have_count(0)
    assert any("welcome" in frame for frame in frames)
    assert not any("Khách quen" in frame for frame in frames)
