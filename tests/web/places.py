"""Every page there is, and the way to it: for whoever must look at all of them."""

from collections.abc import Awaitable, Callable

import msgspec
from playwright.async_api import Page, expect

from tests.web.browsing import Browsing, Language, Theme
from tests.web.people import SLOW_MS, Customer, agent, agent_in, customer, png
from tests.web.running import SHOP, Login

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


async def set_the_stage(browsing: Browsing) -> Stage:
    """Words, pictures, a note, events, labels; some more rows; an agent in the middle of it."""
    huyen, trang = await customer(browsing), await agent(browsing, "Thu Trang", role="administrator")
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
    return Stage(login=trang.login, conversation=conversation, contact=row["contact"], asking=asking)


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


PLACES: dict[str, Callable[[Onlooker], Awaitable[Page]]] = {
    "sign-in": _sign_in,
    "inbox": _inbox("/inbox"),
    "conversation": _conversation,
    "empty-view": _inbox("/inbox/snoozed"),
    "panel-key": _panel,
    "labels-menu": _menu,
    "snooze-dialog": _snooze,
    "palette": _palette,
    "help": _help,
    "contacts": _inbox("/contacts"),
    "contact": _contact,
    "profile": _inbox("/settings/profile"),
    "accounts": _inbox("/settings/accounts"),
    "account": _inbox(f"/settings/accounts:{SHOP}"),
    "agents": _inbox("/settings/agents"),
    "new-agent": _new_agent,
    "teams": _inbox("/settings/teams"),
    "team": _team,
    "quarantine": _inbox("/settings/quarantine"),
    "demo": _demo,
    "widget": _widget,
    "before-chat": _form,
}
