"""Mails, bots and workspaces before an agent: read as their senders meant them, answered, and connected from a page."""

import asyncio
import re
from typing import Any

from playwright.async_api import Page, Route, expect

from channels.fakes.smtp import FakeSmtp
from channels.fakes.telegram import Bot, person
from hub.clock import utc_now
from tests.web.browsing import Browsing
from tests.web.channel_scenes import (
    LAID_OUT,
    QUOTED,
    SHARED,
    TOKEN,
    a_mail,
    account_at,
    connected_bot,
    mail_servers,
    mailbox,
    switch_off,
    telegram_bot,
    workspace,
)
from tests.web.people import SLOW_MS, Agent, agent, png

LAN, HUY, NAM = (
    person(5120034417, "Lan", "Phạm", "lanpham"),
    person(5120034418, "Huy"),
    person(5120034419, "Nam"),
)
PICTURES = "https://pictures.example"


async def _reads(browsing: Browsing, words: str) -> Agent:
    """An agent before the conversation whose row shows these words."""
    trang = await agent(browsing)
    await trang.row(words).first.click(timeout=SLOW_MS)
    return trang


async def test_a_mail_shows_its_new_words_and_its_quote_is_one_button_away(browsing: Browsing) -> None:
    box = await mailbox(browsing.hub)
    await box.gets(a_mail("Đơn MA-1001 – thiếu 1 hộp", QUOTED))
    trang = await _reads(browsing, "MA-1001")
    mail = trang.log.get_by_role("article").filter(has_text="Đơn MA-1001 – thiếu 1 hộp")
    await expect(mail.get_by_text("em cần 3 hộp")).to_be_visible()
    await expect(mail.get_by_text("Dạ chị muốn lấy mấy hộp trà sen ạ?")).to_have_count(0)

    fold = mail.get_by_role("button", name=re.compile("Thư trích dẫn"))
    await fold.focus()
    await trang.press("Enter")
    await expect(mail.get_by_text("Dạ chị muốn lấy mấy hộp trà sen ạ?")).to_be_visible()
    await expect(mail.get_by_role("button", name="Ẩn thư trích dẫn")).to_be_focused()
    await trang.press("Enter")
    await expect(mail.get_by_text("Dạ chị muốn lấy mấy hộp trà sen ạ?")).to_have_count(0)


async def test_a_mail_is_seen_as_sent_and_its_pictures_only_when_asked_for(browsing: Browsing) -> None:
    box = await mailbox(browsing.hub)
    await box.gets(a_mail("Đơn MA-1002 có chữ ký", QUOTED, LAID_OUT))
    browsing.allow(PICTURES)
    trang = await _reads(browsing, "MA-1002")
    asked: asyncio.Queue[str] = asyncio.Queue()

    async def picture(route: Route) -> None:
        asked.put_nowait(route.request.url)
        await route.fulfill(body=png(), content_type="image/png")

    await trang.page.route(f"{PICTURES}/**", picture)
    await trang.button("Xem như đã gửi").click()
    frame = trang.page.locator("iframe")
    await expect(frame.content_frame.get_by_text("giao giúp em trước thứ Sáu")).to_be_visible()
    assert "allow-same-origin" not in (await frame.get_attribute("sandbox") or "")
    assert "allow-scripts" not in (await frame.get_attribute("sandbox") or "")
    assert asked.empty()

    await trang.button("Hiện ảnh").click()
    assert await asked.get() == f"{PICTURES}/signature.png"
    await trang.button("Xem dạng chữ").click()
    await expect(frame).to_have_count(0)
    await expect(trang.log.get_by_text("em cần 3 hộp")).to_be_visible()


async def test_what_a_machine_wrote_is_marked(browsing: Browsing) -> None:
    box = await mailbox(browsing.hub)
    await box.gets(a_mail("MA-1003 Trả lời tự động", "Em nghỉ phép tới 30/11.", Auto_Submitted="auto-replied"))
    trang = await agent(browsing, path="/inbox/all")
    await trang.row("MA-1003").first.click(timeout=SLOW_MS)
    await expect(
        trang.log.get_by_role("article").filter(has_text="MA-1003").get_by_text("Tự động", exact=True)
    ).to_be_visible()


async def test_an_answer_to_all_names_who_gets_it_and_who_did_not(browsing: Browsing) -> None:
    async with FakeSmtp() as smtp:
        server = {"host": "127.0.0.1", "port": smtp.port, "security": "none", "user": ""}
        box = await mailbox(browsing.hub, smtp=server)
        smtp.refused["minh@khach.example"] = "550 5.1.1 no such mailbox"
        await box.gets(
            a_mail("Đơn MA-1004", "Shop gửi cả cho anh Minh nhé.", From="huyen@khach.example", Cc="minh@khach.example")
        )
        trang = await _reads(browsing, "MA-1004")
        await expect(trang.page.get_by_text("Trả lời tất cả: huyen@khach.example, minh@khach.example")).to_be_visible()

        await trang.reply("Dạ em gửi cả hai ạ.")
        await expect(trang.log.get_by_text("Không gửi được tới minh@khach.example:")).to_be_visible(timeout=SLOW_MS)
        await expect(trang.log.get_by_text("Đã gửi tới huyen@khach.example.")).to_be_visible(timeout=SLOW_MS)
        assert [one.to for one in smtp.taken] == [("huyen@khach.example",)]


async def _hears(bot: Bot, trang: Agent) -> None:
    """The first words are there: from now on the bot is asked for everything."""
    bot.hears(LAN, "Chào shop MA-2001")
    await trang.row("MA-2001").first.click(timeout=SLOW_MS)
    await trang.sees("Chào shop MA-2001")


async def test_edits_reactions_albums_and_lost_files_stand_where_they_belong(browsing: Browsing) -> None:
    async with connected_bot(browsing.hub, "mocan_bot") as bot:
        trang = await agent(browsing)
        await _hears(bot, trang)

        wanted = bot.hears(LAN, "Cho em áo size M")
        await trang.sees("Cho em áo size M")
        bot.edits(wanted, "Cho em áo size L")
        await trang.sees("Cho em áo size L")
        await expect(trang.log.get_by_text("Cho em áo size M", exact=True)).to_have_count(0)
        await trang.button("Lời trước đó").click()
        await trang.sees("Cho em áo size M")

        bot.reacts(LAN, wanted, [], ["❤"])
        await expect(trang.log.get_by_role("listitem", name=re.compile("❤ của Lan"))).to_be_visible(timeout=SLOW_MS)

        for at in range(3):
            more: dict[str, Any] = {"caption": "Ba mẫu này ạ"} if at == 0 else {}
            bot.hears_file(LAN, "photo", png(), f"{at}.jpg", media_group_id="139000001", **more)
        album = trang.log.get_by_role("article").filter(has_text="Ba mẫu này ạ")
        await expect(album).to_have_count(1, timeout=SLOW_MS)
        await expect(album.get_by_role("img")).to_have_count(3, timeout=SLOW_MS)

        bot.hears_file(LAN, "document", b"x", "phim.mkv", size=30_000_000)
        lost = trang.log.get_by_role("article").filter(has_text="phim.mkv")
        await expect(lost.get_by_text("20 MB")).to_be_visible(timeout=SLOW_MS)
        await expect(lost.get_by_role("link")).to_have_count(0)
        await lost.get_by_role("button", name="Thử lại: phim.mkv").click()
        await expect(lost.get_by_text("Telegram chỉ đưa cho bot tệp tới 20 MB")).to_be_visible(timeout=SLOW_MS)


async def test_a_rating_is_asked_for_by_the_menu_and_stands_beside_the_thread(browsing: Browsing) -> None:
    async with connected_bot(browsing.hub, "mocan_sao_bot") as bot:
        trang = await agent(browsing)
        bot.hears(NAM, "Shop giao nhanh quá MA-2002")
        await trang.row("MA-2002").first.click(timeout=SLOW_MS)
        await trang.sees("Shop giao nhanh quá MA-2002")
        await trang.page.get_by_role("button", name="Thêm", exact=True).click()
        await trang.page.get_by_role("option", name="Xin đánh giá").click()
        await expect(trang.log.get_by_text("chạm vào số sao")).to_be_visible()
        async with asyncio.timeout(SLOW_MS / 1000):
            while not bot.sent:
                await asyncio.sleep(0.05)

        bot.presses(NAM, bot.sent[-1], "★★★★")

        await expect(trang.log.get_by_text("chấm ★★★★")).to_be_visible(timeout=SLOW_MS)
        await expect(trang.page.get_by_role("img", name="4 trên 5 sao")).to_be_visible()


async def test_a_conversation_is_marked_as_unread_by_a_key_and_left(browsing: Browsing) -> None:
    box = await mailbox(browsing.hub)
    await box.gets(a_mail("Đơn MA-1077 để mai xem", "Mai em trả lời ạ"))
    trang = await _reads(browsing, "MA-1077")
    await trang.sees("Mai em trả lời ạ")
    row = trang.row("MA-1077").first
    await expect(row.get_by_label("tin chưa đọc")).to_have_count(0)
    await trang.press("u")
    await expect(row.get_by_label("1 tin chưa đọc")).to_be_visible()
    await expect(trang.page.get_by_text("Chọn một hội thoại")).to_be_visible()


async def _page_of(browsing: Browsing, section: str) -> Page:
    return (await agent(browsing, "Minh Quân", f"/settings/{section}", role="administrator")).page


async def test_a_bot_is_connected_from_a_page_and_its_words_arrive(browsing: Browsing) -> None:
    browsing.forgive("400 (Bad Request)")
    async with telegram_bot("mocan_vip_bot") as (telegram, bot):
        account = await account_at(browsing.hub, telegram, "Bot khách quen")
        page = await _page_of(browsing, f"accounts:{account}")
        await page.get_by_role("button", name="Nối lại").click()
        token = page.get_by_role("textbox", name="Token của bot")

        await page.get_by_role("button", name="Thử và nối").click()
        await expect(page.get_by_role("alert")).to_contain_text("Cần có mục này.")
        await expect(token).to_be_focused()
        await token.fill("7000000001:not_the_token_of_this_bot")
        await token.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("Telegram không biết token này.", timeout=SLOW_MS)
        await expect(token).to_be_focused()

        await token.fill(TOKEN)
        await token.press("Enter")
        await expect(page.get_by_role("heading", name="Việc còn lại ở Telegram")).to_be_visible(timeout=SLOW_MS)
        await expect(page.get_by_role("listitem").filter(has_text="t.me/mocan_vip_bot")).to_be_visible()

        bot.hears(HUY, "Bot mới nối MA-3001")
        await page.goto("/inbox")
        await expect(page.get_by_role("option").filter(has_text="MA-3001")).to_be_visible(timeout=SLOW_MS)
        await switch_off(browsing.hub, account)


async def test_a_mailbox_that_cannot_be_reached_says_so_where_accounts_are_listed(browsing: Browsing) -> None:
    nobody = {"host": "127.0.0.1", "port": 1, "security": "tls", "user": "don"}
    await mailbox(browsing.hub, "don@mocan.example", imap=nobody, smtp=nobody)
    page = await _page_of(browsing, "accounts")
    row = page.get_by_role("listitem").filter(has_text="don@mocan.example")
    await expect(row.get_by_text("Không có gì trả lời ở 127.0.0.1:1").first).to_be_visible(timeout=SLOW_MS)
    await row.get_by_role("switch").uncheck()
    await expect(row.get_by_text("Đã tắt")).to_be_visible()
    await expect(row.get_by_role("button", name="Kiểm tra")).to_be_disabled()


async def test_a_mailbox_says_how_many_mails_it_has_and_how_many_are_kept(browsing: Browsing) -> None:
    async with mail_servers(browsing.hub, "dem@mocan.example") as (imap, _):
        for words in ("Thư thứ nhất MA-3101", "Thư thứ hai MA-3102"):
            imap.put(a_mail(words, words, To="dem@mocan.example").as_bytes(), at=utc_now())
        page = await _page_of(browsing, "accounts")
        row = page.get_by_role("listitem").filter(has_text="dem@mocan.example")

        await expect(row.get_by_text("tìm thấy 2, đã lưu 2")).to_be_visible(timeout=SLOW_MS)


async def test_a_working_account_is_checked_on_demand(browsing: Browsing) -> None:
    async with connected_bot(browsing.hub, "mocan_check_bot") as bot:
        page = await _page_of(browsing, "accounts")
        row = page.get_by_role("listitem").filter(has_text="@mocan_check_bot")
        await row.get_by_role("button", name="Kiểm tra").click()
        await expect(page.get_by_role("status").filter(has_text="@mocan_check_bot: Chạy tốt")).to_be_visible()

        bot.revoked = True
        await row.get_by_role("button", name="Kiểm tra").click()
        await expect(row.get_by_text("token").first).to_be_visible(timeout=SLOW_MS)


async def test_a_mirror_of_a_workspace_shows_the_conversations_that_are_chosen_for_it(browsing: Browsing) -> None:
    async with workspace(browsing.hub, "Mộc An – nội bộ"):
        accounts = (await browsing.hub.call("GET", "/accounts"))["items"]
        id_ = next(one["id"] for one in accounts if one["name"] == "Mộc An – nội bộ")
        await browsing.hub.call("PATCH", f"/accounts/{id_}", {"settings": {"mirror": SHARED}})
        page = await _page_of(browsing, f"accounts:{id_}")
        await expect(page.get_by_text("Chưa có client ID và client secret của ứng dụng.")).to_be_visible()
        await page.get_by_label("Mọi kênh khác").uncheck()
        card = page.locator("form").filter(has=page.get_by_label("Mọi kênh khác"))
        await expect(card.get_by_role("button", name="Lưu")).to_be_disabled()
        await card.get_by_role("group").get_by_role("checkbox").first.check()
        await card.get_by_role("button", name="Lưu").click()
        await expect(page.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()
        [kept] = [one for one in (await browsing.hub.call("GET", "/accounts"))["items"] if one["id"] == id_]
        assert len(kept["settings"]["mirror_accounts"]) == 1
