"""Ten thousand open conversations: few rows are drawn, and keys stay quick. Timings are printed, never judged."""

import datetime as dt
import re
import statistics
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from hub.clock import utc_now
from hub.model import (
    Account,
    AccountId,
    Author,
    Contact,
    ContactId,
    Conversation,
    ConversationId,
    Message,
    MessageId,
    Preview,
)
from hub.store import Store
from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, Agent, agent
from tests.web.running import SHOP, RunningHub, running_hub

# The first of them also waits for a hub of its own and for what is written into it.
pytestmark = pytest.mark.timeout(240)

MANY, CHUNK = 10_000, 1_000
LONG = 200  # messages of the conversation on top
MOST_ROWS = 80  # drawn at once, whatever the list holds
# How long from a key to the frame that shows what it did.
MEASURE = """() => {
  window.paints = [];
  addEventListener("keydown", () => {
    const at = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.paints.push(performance.now() - at)));
  }, true);
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def full(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningHub]:
    """A hub with many conversations, written straight into its ledger and read by it at its next start."""
    async with running_hub(tmp_path_factory.mktemp("full") / "data", trained) as running:
        async with running.store() as store:
            for first in range(0, MANY, CHUNK):
                await _fill(store, range(first, first + CHUNK))
        await running.stop()
        await running.start()
        yield running


async def test_the_list_draws_only_what_is_in_sight(chromium: Browser, full: RunningHub) -> None:
    browsing = Browsing(chromium, full)
    trang = await agent(browsing)
    await expect(trang.row("Tin cuối của khách 0000")).to_be_visible()
    await expect(trang.page.get_by_role("link", name=re.compile(r"Tất cả đang mở 1\.?000\+"))).to_be_visible()
    await trang.list.get_by_role("option").first.focus()
    for _ in range(6):
        before = await _length(trang)
        await trang.page.locator(".ls").evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
        await expect(trang.list.get_by_role("option").first).not_to_have_attribute("aria-setsize", str(before))
    assert await _length(trang) > 300
    assert await trang.list.get_by_role("option").count() <= MOST_ROWS
    await browsing.close()


async def test_keys_move_through_many_conversations(chromium: Browser, full: RunningHub) -> None:
    browsing = Browsing(chromium, full)
    trang = await agent(browsing)
    await expect(trang.row("Tin cuối của khách 0000")).to_be_visible()
    await trang.page.evaluate(MEASURE)
    for n in range(40):
        await trang.press("j")
        await expect(trang.page.get_by_role("option", selected=True)).to_contain_text(f"Tin cuối của khách {n:04}")
    await trang.press("k")
    await trang.sees("Tin cuối của khách 0038")
    await trang.page.wait_for_function("window.paints.length >= 41", timeout=SLOW_MS)  # the last frame may still come
    paints = await trang.page.evaluate("window.paints")
    print(f"key to paint, {MANY} conversations: median {statistics.median(paints):.0f} ms, most {max(paints):.0f} ms")
    assert len(paints) == 41
    assert await trang.list.get_by_role("option").count() <= MOST_ROWS
    await browsing.close()


async def test_a_long_thread_opens_at_its_end(chromium: Browser, full: RunningHub) -> None:
    browsing = Browsing(chromium, full)
    trang = await agent(browsing)
    await trang.open("Tin cuối của khách 0000")
    await expect(trang.log.get_by_text("Tin cuối của khách 0000")).to_be_in_viewport()
    await trang.log.evaluate("(log) => { log.scrollTop = 0; }")
    await expect(trang.log.get_by_text("Tin 140 của khách 0000")).to_have_count(1)
    await browsing.close()


async def _length(trang: Agent) -> int:
    """How many rows the list holds, drawn or not."""
    return int(await trang.list.get_by_role("option").first.get_attribute("aria-setsize") or 0)


async def _fill(store: Store, numbers: range) -> None:
    account = next(one for one in await store.accounts.all() if one.id == AccountId(SHOP))
    await store.contacts.add([_contact(n) for n in numbers])
    await store.conversations.open([_conversation(account, n) for n in numbers])
    await store.messages.append([message for n in numbers for message in _messages(account, n)])


def _at(n: int) -> dt.datetime:
    """Conversation 0 is the newest."""
    start = utc_now().replace(microsecond=0) - dt.timedelta(hours=1)
    return start - dt.timedelta(seconds=30 * n)


def _contact(n: int) -> Contact:
    id_ = ContactId(f"c{n:05}")
    return Contact(id=id_, name=f"Nguyễn Văn Khách {n:04}", at=_at(n), members=(id_,), language="vi")


def _author(n: int) -> Author:
    return Author(kind="contact", id=f"c{n:05}", name=f"Nguyễn Văn Khách {n:04}")


def _conversation(account: Account, n: int) -> Conversation:
    last = _messages(account, n)[-1]
    return Conversation(
        id=last.conversation, account=account.id, channel="webchat", thread=f"{account.id}:many{n}", turn=0,
        contact=last.contact, name=f"Nguyễn Văn Khách {n:04}", to=f"many{n}", opened=last.at, last=last.at,
        head=last.seq, read=last.seq, in_head=last.seq, waiting=last.at,
        preview=Preview(text=last.text, kind="in", author=last.author, message=last.id),
    )  # fmt: skip


def _messages(account: Account, n: int) -> list[Message]:
    """One message, and many in the newest conversation."""
    count = 1 if n else LONG
    return [_message(account, n, seq, last=seq == count) for seq in range(1, count + 1)]


def _message(account: Account, n: int, seq: int, last: bool) -> Message:
    at = _at(n) - dt.timedelta(minutes=0 if last else LONG - seq)
    return Message(
        id=MessageId(f"m{n:05}-{seq}"), conversation=ConversationId(f"v{n:05}"), seq=seq, kind="in",
        author=_author(n), account=account.id, channel="webchat", contact=ContactId(f"c{n:05}"), at=at,
        order=int(at.timestamp() * 1_000_000),
        text=f"Tin cuối của khách {n:04}" if last else f"Tin {seq} của khách {n:04}",
    )  # fmt: skip
