"""Every page there is, and the way to it: for whoever must look at all of them."""

import re
from collections.abc import Awaitable, Callable

import msgspec
from playwright.async_api import Page, expect

from tests.web.browsing import Browsing, Language, Theme
from tests.web.people import SLOW_MS, Customer, agent_in, png
from tests.web.running import SHOP
from tests.web.stage import Stage

# What a mailbox says whose servers are away.
NOBODY = re.compile("(Nothing answers at|Không có gì trả lời ở) 127.0.0.1:1")
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
