"""The stage for whoever must look at every page: a shop in which each page has something to show."""

from typing import Any

import msgspec
from playwright.async_api import Page, expect

from channels.fakes.telegram import person
from tests.web.browsing import Browsing
from tests.web.channel_scenes import LAID_OUT, QUOTED, Mailbox, a_mail, connected_bot, mailbox
from tests.web.people import SLOW_MS, Agent, agent, customer, png
from tests.web.running import Login, RunningHub

NO_ADS = "Đừng gửi tin quảng cáo cho tôi nữa, quá thất vọng! Đơn của tôi đâu, cần gấp trong hôm nay"


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with everything in it, and the administrator who looks at it."""

    login: Login
    conversation: str
    contact: str
    asking: str  # a web chat that asks before it begins
    mail: str  # a conversation by mail
    bot: str  # a conversation with a bot: an edit, an album, a lost file
    mailbox: str  # an account that cannot be reached
    refusing: str  # a conversation with somebody who wants no advertising, urgent
    refused: str  # who that is
    rule: str  # one with a row of each shape, switched off


async def set_the_stage(browsing: Browsing) -> Stage:
    """Words, pictures, a note, events, labels; some more rows; an agent in the middle of it."""
    huyen, trang = await customer(browsing), await agent(browsing, "Thu Trang", role="administrator")
    cross = await customer(browsing)
    await cross.write(NO_ADS)
    await huyen.write("Dạ em muốn hỏi hộp trà sen Tây Hồ giá bao nhiêu ạ? Xem tại https://mocan.example/tra-sen nhé")
    await trang.row("hộp trà sen Tây Hồ").click(timeout=SLOW_MS)
    await huyen.attach("hop-tra.png", png(320, 200))
    await huyen.write("Ảnh hộp em thích đây ạ")
    await trang.sees("Ảnh hộp em thích đây ạ")
    await trang.note("Khách quen từ Tết, giảm 5 %")
    await trang.page.get_by_role("radio", name="Trả lời").click()
    await trang.reply("Dạ 485.000 ₫ một hộp, em giảm chị 5 % còn 460.750 ₫ ạ")
    await huyen.sees("Dạ 485.000 ₫ một hộp, em giảm chị 5 % còn 460.750 ₫ ạ")
    conversation = await trang.shown()
    me = await _me(trang.page)
    for change in ({"agent": me}, {"add_labels": ["khách quen", "quà Tết"]}):
        await browsing.hub.call("PATCH", f"/conversations/{conversation}", change)
    for words in ("Đơn của em đến đâu rồi?", "Cho em huỷ đơn hôm qua", "How long is delivery to Hội An?"):
        other = await customer(browsing)
        await other.write(words)
        await expect(trang.row(words)).to_be_visible(timeout=SLOW_MS)
    row = (await browsing.hub.call("GET", f"/conversations/{conversation}"))["conversation"]
    fields = [{"name": "name", "required": True}, {"name": "phone", "required": False}]
    asking = await browsing.hub.add_shop(prechat={"on": True, "fields": fields})
    box = await mailbox(browsing.hub)
    unreachable = {"host": "127.0.0.1", "port": 1, "user": "cskh"}
    broken = await mailbox(browsing.hub, "donhang@mocan.example", imap=unreachable, smtp=unreachable)
    by_mail, with_bot = await _by_mail(box, trang), await _with_bot(browsing, trang)
    refusing = await _refusing(browsing.hub, trang)
    return Stage(
        login=trang.login,
        conversation=conversation,
        contact=row["contact"],
        asking=asking,
        mail=by_mail,
        bot=with_bot,
        mailbox=broken.id,
        refusing=refusing["id"],
        refused=refusing["contact"],
        rule=(await _rule(browsing.hub))["name"],
    )


async def _rule(hub: RunningHub) -> Any:
    """A rule with a condition and an action of each shape; it acts on nothing."""
    team = (await hub.call("GET", "/teams"))["items"][0]["id"]
    asks = [
        {"what": "intent", "is": ["order_status"], "at_least": 0.6},
        {"what": "words", "any": ["đơn"], "none": ["huỷ"]},
        {"what": "label", "is_not": ["khách quen"]},
        {"what": "stage", "is": ["vip"]},
        {"what": "score", "at_least": 3},
        {"what": "hours", "open": False},
    ]
    acts = [
        {"do": "team", "to": team},
        {"do": "label", "add": ["đơn"]},
        {"do": "reply", "text": {"vi": "Dạ em xem ngay ạ", "en": "Let me look"}},
        {"do": "note", "text": "Xem mã đơn"},
        {"do": "snooze", "minutes": 30},
        {"do": "webhook", "url": "https://crm.example/don"},
        {"do": "stop"},
    ]
    wish = {"name": "Đơn ở đâu, ngoài giờ", "when": "tagged", "if": asks, "then": acts, "on": False}
    return await hub.call("POST", "/rules", wish)


async def _refusing(hub: RunningHub, trang: Agent) -> Any:
    """Somebody cross who is in a hurry and wants no advertising; the row of their conversation, flagged."""
    await trang.row(NO_ADS).click(timeout=SLOW_MS)
    await expect(trang.page.locator(".consents")).to_be_visible(timeout=SLOW_MS)
    id_ = await trang.shown()
    return await hub.call("PATCH", f"/conversations/{id_}", {"priority": "urgent"})


async def _by_mail(box: Mailbox, trang: Agent) -> str:
    """A mail to several, with a quote and a layout, and one that a machine wrote; their conversation."""
    who = "Khánh Huyền <huyen.places@khach.example>"
    await box.gets(a_mail("Đơn MA-24817 – thiếu 1 hộp", QUOTED, LAID_OUT, From=who, Cc="minh@khach.example"))
    await trang.row("Đơn MA-24817 – thiếu 1 hộp").click(timeout=SLOW_MS)
    await expect(trang.log.get_by_text("em cần 3 hộp").first).to_be_visible()
    await box.gets(a_mail("Trả lời tự động", "Em đang nghỉ phép.", From=who, Auto_Submitted="auto-replied"))
    await expect(trang.log.get_by_text("Em đang nghỉ phép.")).to_be_visible(timeout=SLOW_MS)
    return await trang.shown()


async def _with_bot(browsing: Browsing, trang: Agent) -> str:
    """Edited words with a reaction, an album, and a file that is too large; their conversation."""
    lan = person(5120034499, "Lan", "Phạm")
    async with connected_bot(browsing.hub, "mocan_places_bot") as bot:
        words = bot.hears(lan, "Cho em hộp 100 g")
        await trang.row("Cho em hộp 100 g").click(timeout=SLOW_MS)
        bot.edits(words, "Cho em hộp 200 g")
        await expect(trang.log.get_by_text("Cho em hộp 200 g")).to_be_visible(timeout=SLOW_MS)
        bot.reacts(lan, words, [], ["❤"])
        for at in range(3):
            bot.hears_file(
                lan, "photo", png(320, 200, (59 + at * 60, 79, 184)), f"{at}.jpg", media_group_id="139000099"
            )
        await expect(trang.log.get_by_role("article").get_by_role("img")).to_have_count(3, timeout=SLOW_MS)
        bot.hears_file(lan, "document", b"x", "phim.mkv", size=30_000_000)
        await expect(trang.log.get_by_text("phim.mkv")).to_be_visible(timeout=SLOW_MS)
    return await trang.shown()


async def _me(page: Page) -> str:
    return str(
        await page.evaluate("fetch('/api/v1/session').then((answer) => answer.json()).then((it) => it.agent.id)")
    )
