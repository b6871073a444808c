"""What a screen reader is told: each message that arrives, once, in its turn, while the focus stays where it is."""

from collections.abc import Iterator
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.web.browsing import Browsing
from tests.web.people import agent, customer

# Notes what is new in a log, but for the places in it that say that they are not to be read.
LISTEN = """(log) => {
  window.told = [];
  const silent = (node) => (node.closest ? node : node.parentElement)?.closest("[aria-live=off]");
  const note = (node) => silent(node) || told.push(node.textContent);
  const tell = ({ type, target, addedNodes }) => (type === "characterData" ? [target] : addedNodes).forEach(note);
  const everything = { subtree: true, childList: true, characterData: true };
  new MutationObserver((changes) => changes.forEach(tell)).observe(log, everything);
}"""
# As role=log promises it: what is added is read when the reader pauses, and it alone.
POLITE = {"live": "polite", "atomic": False, "relevant": "additions text", "focusable": True}


async def test_an_agents_answer_is_announced_once_in_the_chat(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Shop ơi, em nghe bằng trình đọc màn hình")
    await trang.open("Shop ơi, em nghe bằng trình đọc màn hình")
    await huyen.all_sent("Shop ơi, em nghe bằng trình đọc màn hình")
    await huyen.log.evaluate(LISTEN)

    await trang.reply("Dạ em chào chị, em đọc rõ ạ")
    await huyen.sees("Dạ em chào chị, em đọc rõ ạ")

    assert await _logs(huyen.page, "Dạ em chào chị, em đọc rõ ạ") == [POLITE]
    assert await _told(huyen.log, "Dạ em chào chị, em đọc rõ ạ") == 1
    assert await _told(huyen.log, "Shop ơi, em nghe bằng trình đọc màn hình") == 0
    await expect(huyen.box).to_be_focused()


async def test_a_customers_message_is_announced_once_in_the_open_thread(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Câu đầu trước khi nhân viên mở ra nghe")
    await trang.open("Câu đầu trước khi nhân viên mở ra nghe")
    await trang.box.focus()
    await trang.log.evaluate(LISTEN)

    await huyen.write("Câu này tới khi thread đang mở")
    await trang.sees("Câu này tới khi thread đang mở")

    assert await _logs(trang.page, "Câu này tới khi thread đang mở") == [POLITE]
    assert await _told(trang.log, "Câu này tới khi thread đang mở") == 1
    assert await _told(trang.log, "Câu đầu trước khi nhân viên mở ra nghe") == 0
    await expect(trang.box).to_be_focused()


async def test_an_agents_own_answer_is_announced_once_and_not_again_when_the_hub_has_it(browsing: Browsing) -> None:
    huyen, trang = await customer(browsing), await agent(browsing)
    await huyen.write("Câu hỏi mà nhân viên nghe mình trả lời")
    await trang.open("Câu hỏi mà nhân viên nghe mình trả lời")
    await trang.log.evaluate(LISTEN)

    await trang.reply("Dạ em nghe lời mình một lần")
    await huyen.sees("Dạ em nghe lời mình một lần")
    await expect(trang.log.locator(".pending")).to_have_count(0)

    assert await _logs(trang.page, "Dạ em nghe lời mình một lần") == [POLITE]
    assert await _told(trang.log, "Dạ em nghe lời mình một lần") == 1


async def _told(log: Locator, words: str) -> int:
    """How often the log got something new with these words in it."""
    return sum(words in one for one in await log.evaluate("() => told"))


async def _logs(page: Page, words: str) -> list[dict[str, Any]]:
    """What Chromium tells a screen reader of each live log that has these words, once for each place in it."""
    session = await page.context.new_cdp_session(page)
    nodes = {one["nodeId"]: one for one in (await session.send("Accessibility.getFullAXTree"))["nodes"]}
    logs = [one for one in nodes.values() if one["role"]["value"] == "log"]
    said = [log for log in logs for one in _within(nodes, log) if _text(one) == words]
    return [{one["name"]: one["value"]["value"] for one in log["properties"]} for log in said]


def _within(nodes: dict[str, Any], node: Any) -> Iterator[Any]:
    yield node
    for child in node.get("childIds", []):
        yield from _within(nodes, nodes[child])


def _text(node: Any) -> str | None:
    return node["name"]["value"] if node["role"]["value"] == "StaticText" else None
