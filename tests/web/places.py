"""Every page there is, and the way to it: for whoever must look at all of them."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from playwright.async_api import Page, expect

from channels.fakes.telegram import person
from tests.web.browsing import Browsing, Language, Theme
from tests.web.channel_scenes import LAID_OUT, QUOTED, Mailbox, a_mail, connected_bot, mailbox
from tests.web.people import SLOW_MS, Agent, Customer, agent, agent_in, customer, png
from tests.web.running import SHOP, Login, RunningHub

# What a mailbox says whose servers are away.
NOBODY = re.compile("(Nothing answers at|Không có gì trả lời ở) 127.0.0.1:1")
NO_ADS = "Đừng gửi tin quảng cáo cho tôi nữa, quá thất vọng! Đơn của tôi đâu, cần gấp trong hôm nay"
# Puts another web chat into the demo page before its script runs.
OTHER_CHAT = """new MutationObserver(() => {
  for (const script of document.querySelectorAll("script[data-account]")) script.dataset.account = "%s";
}).observe(document, { childList: true, subtree: true });"""


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody sees the pages."""

    theme: Theme
    size: tuple[int, int]
    language: Language

    @property
    def name(self) -> str:
        return f"{self.theme}-{self.size[0]}-{self.language}"


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
    conversation = trang.page.url.rsplit("/", 1)[1]
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
    id_ = trang.page.url.rsplit("/", 1)[1]
    return await hub.call("PATCH", f"/conversations/{id_}", {"priority": "urgent"})


async def _by_mail(box: Mailbox, trang: Agent) -> str:
    """A mail to several, with a quote and a layout, and one that a machine wrote; their conversation."""
    who = "Khánh Huyền <huyen.places@khach.example>"
    await box.gets(a_mail("Đơn MA-24817 – thiếu 1 hộp", QUOTED, LAID_OUT, From=who, Cc="minh@khach.example"))
    await trang.row("Đơn MA-24817 – thiếu 1 hộp").click(timeout=SLOW_MS)
    await expect(trang.log.get_by_text("em cần 3 hộp").first).to_be_visible()
    await box.gets(a_mail("Trả lời tự động", "Em đang nghỉ phép.", From=who, Auto_Submitted="auto-replied"))
    await expect(trang.log.get_by_text("Em đang nghỉ phép.")).to_be_visible(timeout=SLOW_MS)
    return trang.page.url.rsplit("/", 1)[1]


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
    return trang.page.url.rsplit("/", 1)[1]


class Onlooker:
    """One person with one way of seeing, who walks through every place."""

    def __init__(self, browsing: Browsing, stage: Stage, looks: Looks) -> None:
        self.browsing, self.stage, self.looks = browsing, stage, looks
        self._page: Page | None = None

    async def inbox(self) -> Page:
        """The agent's page, signed in once."""
        if self._page is None:
            looks, login = self.looks, self.stage.login
            signed_in = self.browsing.signed_in(login, language=looks.language, theme=looks.theme, size=looks.size)
            self._page = (await agent_in(await signed_in, login)).page
        return self._page

    async def at(self, path: str) -> Page:
        """The agent's page at this address, drawn."""
        page = await self.inbox()
        await page.goto(path)
        await expect(page.get_by_role("main").last).to_be_visible()
        await page.wait_for_load_state("networkidle")
        return page

    async def stranger(self) -> Page:
        """A page of somebody who is not signed in."""
        looks = self.looks
        return await self.browsing.page(language=looks.language, theme=looks.theme, size=looks.size)


async def _me(page: Page) -> str:
    return str(
        await page.evaluate("fetch('/api/v1/session').then((answer) => answer.json()).then((it) => it.agent.id)")
    )


async def _sign_in(who: Onlooker) -> Page:
    page = await who.stranger()
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


async def _demo(who: Onlooker) -> Page:
    visitor = Customer(await who.stranger())
    await visitor.page.goto("/demo" if who.looks.language == "vi" else "/demo?lang=en")
    await expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    await expect(visitor.page.locator("omnihub-chat button").last).to_be_visible()
    return visitor.page


async def _widget(who: Onlooker) -> Page:
    visitor = Customer(await who.stranger())
    await visitor.open_chat("/demo" if who.looks.language == "vi" else "/demo?lang=en")
    await visitor.write("Trà sen còn không ạ?")
    await visitor.attach("anh.png", png(64, 48))
    await visitor.all_sent("Trà sen còn không ạ?")
    return visitor.page


async def _form(who: Onlooker) -> Page:
    """The form before the chat, with its mistakes explained."""
    visitor = Customer(await who.stranger())
    await visitor.page.add_init_script(OTHER_CHAT % who.stage.asking)
    await visitor.open_chat("/demo" if who.looks.language == "vi" else "/demo?lang=en")
    await visitor.panel.locator("input").last.fill("0912")
    await visitor.panel.locator("button[type=submit]").click()
    await expect(visitor.panel.locator("[aria-invalid=true]")).to_have_count(2)
    return visitor.page


async def _conversation(who: Onlooker) -> Page:
    page = await who.at(f"/inbox/open/{who.stage.conversation}")
    await expect(page.get_by_role("log").get_by_text("Khách quen từ Tết, giảm 5 %")).to_be_visible()
    return page


def _inbox(path: str) -> Callable[[Onlooker], Awaitable[Page]]:
    return lambda who: who.at(path)


async def _contact(who: Onlooker) -> Page:
    return await who.at(f"/contacts/{who.stage.contact}")


async def _palette(who: Onlooker) -> Page:
    page = await _conversation(who)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    return page


async def _help(who: Onlooker) -> Page:
    page = await _conversation(who)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    return page


async def _menu(who: Onlooker) -> Page:
    page = await _conversation(who)
    await page.keyboard.press("l")
    await expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    return page


async def _tag_menu(who: Onlooker) -> Page:
    """The list of intents on the tag of a customer's message."""
    page = await _conversation(who)
    tags = page.get_by_role("article").get_by_role("button", name=re.compile("Bấm để sửa|Press to correct"))
    await tags.first.click()
    await expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    return page


async def _panel(who: Onlooker) -> Page:
    """The key hides the panel beside a thread, and opens it over one."""
    page = await _conversation(who)
    await page.keyboard.press("]")
    await page.wait_for_load_state("networkidle")
    return page


async def _snooze(who: Onlooker) -> Page:
    page = await _conversation(who)
    await page.keyboard.press("z")
    await page.get_by_role("dialog").get_by_role("option").last.click()
    await expect(page.locator("input[type=datetime-local]")).to_be_visible()
    return page


async def _new_agent(who: Onlooker) -> Page:
    page = await who.at("/settings/agents")
    await page.locator(".set-h button").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    return page


async def _team(who: Onlooker) -> Page:
    page = await who.at("/settings/teams")
    await page.get_by_role("row").nth(1).get_by_role("button").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    return page


async def _rule_dialog(who: Onlooker) -> Page:
    """A rule, tried on past messages."""
    page = await who.at("/settings/rules")
    await page.get_by_role("button", name=re.compile(f"^{who.stage.rule}")).click()
    await page.get_by_role("dialog").locator(".try button").click()
    await expect(page.get_by_role("dialog").locator(".try p")).to_be_visible()
    return page


def _hours_dialog(row: re.Pattern[str]) -> Callable[[Onlooker], Awaitable[Page]]:
    """When the shop is open, or what a person takes."""

    async def way(who: Onlooker) -> Page:
        page = await who.at("/settings/hours")
        await page.get_by_role("main").get_by_role("button", name=row).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        return page

    return way


async def _mail(who: Onlooker) -> Page:
    """A mail with its quote unfolded."""
    page = await who.at(f"/inbox/open/{who.stage.mail}")
    fold = page.get_by_role("article").locator("button[aria-expanded=false]").first
    await fold.click()
    await expect(page.locator("button[aria-expanded=true]").first).to_be_visible()
    return page


async def _mail_as_sent(who: Onlooker) -> Page:
    page = await who.at(f"/inbox/open/{who.stage.mail}")
    await page.locator("button[aria-pressed=false]").first.click()
    await expect(page.locator("iframe").content_frame.get_by_text("giao giúp em trước thứ Sáu")).to_be_visible()
    return page


async def _refusal(who: Onlooker) -> Page:
    """Somebody who wants no advertising, and the question why they may get it again."""
    page = await who.at(f"/contacts/{who.stage.refused}")
    await page.locator(".consents h3 button").click()
    await expect(page.locator(".consents input")).to_be_focused()
    return page


async def _priority(who: Onlooker) -> Page:
    page = await who.at(f"/inbox/open/{who.stage.refusing}")
    await page.keyboard.press("p")
    await expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(4)
    return page


async def _with_a_bot(who: Onlooker) -> Page:
    page = await who.at(f"/inbox/open/{who.stage.bot}")
    await expect(page.get_by_text("phim.mkv")).to_be_visible()
    return page


async def _broken_mailbox(who: Onlooker) -> Page:
    page = await who.at(f"/settings/accounts:{who.stage.mailbox}")
    await expect(page.get_by_text(NOBODY).first).to_be_visible(timeout=SLOW_MS)
    return page


async def _connect(who: Onlooker) -> Page:
    page = await who.at("/settings/accounts:connect")
    await expect(page.get_by_role("link", name="Telegram")).to_be_visible()
    return page


async def _connect_mailbox(who: Onlooker) -> Page:
    """The questions, all of them, with a mistake explained."""
    page = await who.at("/settings/accounts:connect:email")
    await page.get_by_role("main").locator("summary").click()
    await page.get_by_role("main").locator("button[type=submit]").click()
    await expect(page.locator("[aria-invalid=true]")).to_be_focused()
    return page


PLACES: dict[str, Callable[[Onlooker], Awaitable[Page]]] = {
    "sign-in": _sign_in,
    "inbox": _inbox("/inbox"),
    "conversation": _conversation,
    "mail": _mail,
    "mail-as-sent": _mail_as_sent,
    "bot": _with_a_bot,
    "empty-view": _inbox("/inbox/snoozed"),
    "panel-key": _panel,
    "labels-menu": _menu,
    "tag-menu": _tag_menu,
    "snooze-dialog": _snooze,
    "priority-menu": _priority,
    "palette": _palette,
    "help": _help,
    "contacts": _inbox("/contacts"),
    "contact": _contact,
    "refusal": _refusal,
    "profile": _inbox("/settings/profile"),
    "accounts": _inbox("/settings/accounts"),
    "account": _inbox(f"/settings/accounts:{SHOP}"),
    "broken-mailbox": _broken_mailbox,
    "connect": _connect,
    "connect-mailbox": _connect_mailbox,
    "agents": _inbox("/settings/agents"),
    "new-agent": _new_agent,
    "teams": _inbox("/settings/teams"),
    "team": _team,
    "rules": _inbox("/settings/rules"),
    "rule": _rule_dialog,
    "flows": _inbox("/settings/flows"),
    "hours": _inbox("/settings/hours"),
    "opening-hours": _hours_dialog(re.compile("^(Cả cửa hàng|The whole shop)")),
    "person": _hours_dialog(re.compile("^Thu Trang")),
    "intents": _inbox("/settings/intents"),
    "intent": _inbox("/settings/intents:ask_price"),
    "learning": _inbox("/settings/learning"),
    "quarantine": _inbox("/settings/quarantine"),
    "demo": _demo,
    "widget": _widget,
    "before-chat": _form,
}
