"""The two sides of a conversation as they meet it: by the names of buttons, boxes and lists, never by a class."""

import asyncio
import re
import struct
import zlib
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.web.browsing import Browsing
from tests.web.running import Login

SLOW_MS = 90_000  # as much more as a walk through the whole hub may take
LINE_S = 60


class Customer:
    """Somebody on a shop's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.get_by_role("dialog")
        self.log = self.panel.get_by_role("log")
        self.box = self.panel.get_by_role("textbox")

    async def open_chat(self, path: str = "/demo") -> None:
        await self.page.goto(path)
        await self.page.get_by_role("button", name=re.compile("Mở trò chuyện|Open chat")).click()
        await expect(self.panel).to_be_visible()

    async def write(self, words: str) -> None:
        """Write and press Enter."""
        await self.box.fill(words)
        await self.box.press("Enter")

    async def attach(self, name: str, data: bytes, mime: str = "image/png") -> None:
        """Choose a file and wait until it may go."""
        await self.panel.locator("input[type=file]").set_input_files({"name": name, "mimeType": mime, "buffer": data})
        await expect(self.panel.get_by_role("listitem").filter(has_text=name)).to_be_visible()
        await expect(self.panel.get_by_role("progressbar")).to_have_count(0)

    async def sees(self, words: str) -> None:
        """Exactly one message with these words."""
        await expect(self.log.get_by_text(words, exact=True)).to_have_count(1, timeout=SLOW_MS)

    async def all_sent(self, words: str) -> None:
        """The message with these words is in the hub's ledger, as the customer is told."""
        mine = self.log.locator(".m").filter(has_text=words)
        await expect(mine).not_to_have_count(0)
        await expect(mine.get_by_text(re.compile("Đang gửi|Chờ mạng|Sending|Waiting"))).to_have_count(
            0, timeout=SLOW_MS
        )

    async def texts(self) -> list[str]:
        """Every bubble from top to bottom."""
        return await self.log.locator(".b").all_inner_texts()


class Agent:
    """Somebody who answers, signed in."""

    def __init__(self, page: Page, login: Login) -> None:
        self.page = page
        self.login = login
        self.list = page.get_by_role("listbox").first
        self.log = page.get_by_role("log")
        self.box = page.locator(".comp textarea")
        self.toast = page.get_by_role("status").filter(has=page.get_by_role("button"))
        self.undo = self.toast.get_by_role("button", name="Hoàn tác")

    def row(self, words: str) -> Locator:
        """The rows of the list that show these words."""
        return self.page.get_by_role("option").filter(has_text=words)

    async def open(self, words: str) -> None:
        """Choose the row with these words, and wait for its conversation."""
        await self.row(words).click(timeout=SLOW_MS)
        await expect(self.log.get_by_text(words, exact=True).first).to_be_visible()

    async def shown(self) -> str:
        """The id of the open conversation, from its row: the address follows when the agent rests."""
        id_ = await self.list.locator("[aria-selected=true]").get_attribute("data-id")
        assert id_ is not None
        return id_

    async def reply(self, words: str) -> None:
        await self.box.fill(words)
        await self.box.press("Control+Enter")

    async def attach(self, name: str, data: bytes) -> None:
        """Choose a picture and wait until it may go."""
        picture = {"name": name, "mimeType": "image/png", "buffer": data}
        await self.page.locator(".comp input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
        await expect(self.button(f"Bỏ {name}")).to_be_visible()

    async def note(self, words: str) -> None:
        await self.page.get_by_role("radio", name=re.compile("Ghi chú|note")).click()
        await self.reply(words)

    async def choose(self, menu: str, line: str) -> None:
        """Choose a line of the menu that is open."""
        await self.page.get_by_role("dialog", name=menu).get_by_role("option", name=line).first.click()

    async def sees(self, words: str) -> None:
        """Exactly one entry with these words."""
        await expect(self.log.get_by_text(words, exact=True)).to_have_count(1, timeout=SLOW_MS)

    async def texts(self) -> list[str]:
        """Every bubble from top to bottom."""
        return await self.log.locator(".b").all_inner_texts()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    async def press(self, keys: str) -> None:
        """Press a key with no box in focus."""
        await self.page.keyboard.press(keys)

    async def press_both(self, first: str, second: str) -> None:
        """Press two keys that are one command; the second waits for no answer, since it counts for a moment only."""
        await asyncio.gather(self.press(first), self.press(second))

    async def rest_on_undo(self) -> None:
        """The mouse rests on the way back, which would fade otherwise."""
        await self.undo.hover()


async def customer(browsing: Browsing, path: str = "/demo", **more: Any) -> Customer:
    """A new visitor with the chat open."""
    made = Customer(await browsing.page(**more))
    await made.open_chat(path)
    return made


async def agent(browsing: Browsing, name: str = "Thu Trang", path: str = "/inbox", **more: Any) -> Agent:
    """A new agent in their inbox."""
    login = await browsing.hub.add_agent(name, role=more.pop("role", "agent"))
    return await agent_in(await browsing.signed_in(login, **more), login, path)


async def agent_in(context: BrowserContext, login: Login, path: str = "/inbox") -> Agent:
    """A page of an agent who is signed in already, on the line: what nobody keeps (who types, who looks) reaches it."""
    page, spoken = await context.new_page(), asyncio.Event()
    page.on("websocket", lambda line: line.on("framereceived", lambda _: spoken.set()))
    await page.goto(path)
    await expect(page.get_by_role("navigation").first).to_be_visible()
    async with asyncio.timeout(LINE_S):
        await spoken.wait()
    return Agent(page, login)


def png(width: int = 24, height: int = 16, colour: tuple[int, int, int] = (59, 79, 184)) -> bytes:
    """A real picture of one colour."""
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
