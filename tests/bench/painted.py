"""An agent's inbox in real Chromium: when each message stood painted in the list, on the bench's own clock.

A row counts once the frame that holds its words, in sight, has been painted: the words are looked for before a frame
is painted, and the time is taken when the next one begins, so that it is some milliseconds too long, never too short.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from playwright.async_api import Page, expect

from tests.bench.house import House
from tests.bench.load import MARK
from tests.web.browsing import DESK, launched

LOOKS = 100  # at the page's clock
WITHIN_S = 30.0

WATCH = """(mark) => {
  window.painted = {};
  const wanted = {};
  window.until = (number) => new Promise((done) => { number in painted ? done() : (wanted[number] = done); });
  const ending = new RegExp(`${mark}(\\\\d+)$`);
  const inSight = () => {
    const found = [];
    for (const row of document.querySelectorAll("[role=option]")) {
      const words = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      while (words.nextNode()) {
        const number = ending.exec(words.currentNode.data)?.[1];
        if (!number || number in painted) continue;
        const box = words.currentNode.parentElement.getBoundingClientRect();
        if (box.height && box.top >= 0 && box.bottom <= innerHeight) found.push(number);
      }
    }
    return found;
  };
  let soon = false;
  const look = () => {
    if (soon) return;
    soon = true;
    requestAnimationFrame(() => {
      soon = false;
      const found = inSight();
      if (found.length) requestAnimationFrame(() => {
        const now = performance.now();
        for (const number of found) { painted[number] ??= now; wanted[number]?.(); }
      });
    });
  };
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, everything);
}"""


class PaintedInbox:
    """The page of an agent, and when it had painted which message."""

    def __init__(self, page: Page, ahead_s: float) -> None:
        self._page = page
        self._ahead_s = ahead_s

    async def until(self, number: int) -> float:
        """Wait until this message is painted; when that was, by time.perf_counter."""
        async with asyncio.timeout(WITHIN_S):
            await self._page.evaluate("(number) => until(number)", number)
        return (await self.times())[number]

    async def times(self) -> dict[int, float]:
        """When each message was painted that was ever in sight."""
        painted = await self._page.evaluate("painted")
        return {int(number): ms / 1000 + self._ahead_s for number, ms in painted.items()}


@contextlib.asynccontextmanager
async def painted_inbox(house: House) -> AsyncIterator[PaintedInbox]:
    """The bench's agent with the inbox open; `why_no_browser` says whether it can be."""
    async with launched() as browser:
        context = await browser.new_context(
            viewport={"width": DESK[0], "height": DESK[1]}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        name, _, value = house.cookie.partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": house.url}])
        page = await context.new_page()
        await page.goto(f"{house.url}/inbox")
        await expect(page.get_by_role("navigation").first).to_be_visible()
        await page.evaluate(WATCH, MARK)
        yield PaintedInbox(page, await _ahead_s(page))


async def _ahead_s(page: Page) -> float:
    """How far our clock is ahead of the page's; too much by less than the quickest of many looks took."""
    looks = [-float(await page.evaluate("performance.now()")) / 1000 + time.perf_counter() for _ in range(LOOKS)]
    return min(looks)
