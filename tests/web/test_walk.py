"""The main job, end to end: a customer writes on a shop's page, an agent answers from the inbox, whatever breaks."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from hub.departures.deliver import LEASE
from hub.store import Store
from tests.query_shapes import FROM_A_TEST
from tests.web.browsing import NO_NETWORK, Browsing
from tests.web.cuttable import wire_to
from tests.web.people import SLOW_MS, Agent, Customer, agent, agent_in, customer, png
from tests.web.running import running_hub


async def test_a_customer_writes_and_an_agent_answers(browsing: Browsing) -> None:
    trang = await agent(browsing)
    huyen = await customer(browsing)

    await huyen.write("Trà sen Tây Hồ giá bao nhiêu một hộp vậy shop?")
    row = trang.row("Trà sen Tây Hồ giá bao nhiêu một hộp vậy shop?")
    await expect(row).to_be_visible(timeout=SLOW_MS)
    await expect(row.get_by_text(re.compile("^Giá"))).to_be_visible(timeout=SLOW_MS)

    await trang.open("Trà sen Tây Hồ giá bao nhiêu một hộp vậy shop?")
    await expect(trang.log.get_by_role("article").last.get_by_text(re.compile("^Giá"))).to_be_visible()
    await trang.reply("Dạ 485.000 ₫ một hộp ạ.")
    await huyen.sees("Dạ 485.000 ₫ một hộp ạ.")


async def test_pictures_go_both_ways(browsing: Browsing) -> None:
    trang, huyen = await agent(browsing), await customer(browsing)

    await huyen.attach("hop-mop.png", png(40, 30))
    await huyen.write("Hộp em nhận bị móp như ảnh")
    await trang.open("Hộp em nhận bị móp như ảnh")
    await _shows(trang, "hop-mop.png")

    await trang.attach("hop-moi.png", png(32, 32, (31, 122, 90)))
    await trang.reply("Em gửi lại hộp mới ạ")
    await _shows(huyen, "hop-moi.png")
    await _shows(trang, "hop-moi.png")


async def test_each_side_sees_the_other_typing_and_reading(browsing: Browsing) -> None:
    trang, huyen = await agent(browsing), await customer(browsing)
    await huyen.write("Shop còn trà cúc không ạ, em hỏi thử")
    await trang.open("Shop còn trà cúc không ạ, em hỏi thử")
    await expect(huyen.log.get_by_text("Đã xem")).to_be_visible(timeout=SLOW_MS)

    await asyncio.gather(  # both are shown for some seconds only: looked for from the first letter
        huyen.box.press_sequentially("Em lấy"),
        expect(trang.log.get_by_text("đang gõ…")).to_be_visible(),
    )
    await asyncio.gather(
        trang.box.press_sequentially("Dạ còn"),
        expect(huyen.log.get_by_text("Thu Trang đang viết")).to_be_visible(),
    )

    await trang.reply("Dạ còn nhiều ạ")
    await huyen.sees("Dạ còn nhiều ạ")
    await expect(trang.log.get_by_text("Đã xem")).to_be_visible(timeout=SLOW_MS)


@pytest.mark.timeout(240)
async def test_nothing_is_lost_or_doubled_when_the_wire_is_cut_and_the_server_killed(
    chromium: Browser, trained: Path, tmp_path: Path
) -> None:
    async with running_hub(tmp_path / "data", trained) as mortal, wire_to(mortal.port) as wire:
        browsing = Browsing(chromium, mortal)
        browsing.allow(wire.url)
        browsing.forgive(*NO_NETWORK)
        login = await mortal.add_agent("Thu Trang")
        trang = await agent_in(await browsing.signed_in(login, base=wire.url), login)
        huyen = await customer(browsing, base=wire.url)
        await huyen.write("Khách 0")
        await trang.open("Khách 0")
        await _talk(huyen, trang, range(1, 3))

        await _attach(huyen, trang, 3)
        assert wire.cut() >= 2
        await _talk(huyen, trang, range(3, 6))
        await _attach(huyen, trang, 6)
        await mortal.kill()
        await _talk(huyen, trang, range(6, 9))
        await mortal.start()
        await _talk(huyen, trang, range(9, 11))

        for n in range(11):
            await trang.sees(f"Khách {n}")
        # What the killed hub was about to send waits until its lease is over.
        await expect(huyen.log.get_by_text("Shop 10", exact=True)).to_be_visible(timeout=LEASE.seconds * 1000 + SLOW_MS)
        for n in range(1, 11):
            await huyen.sees(f"Shop {n}")
        await huyen.all_sent("Khách 10")
        for n in (3, 6):
            await _shows(trang, f"Khách {n}.png")
            await _shows(huyen, f"Shop {n}.png")
        async with mortal.store() as store:
            told = await _ledger(store)
        said = {who: _said(who) for who in ("Khách", "Shop")}
        assert sorted(told) == sorted(["Khách 0", *said["Khách"], *said["Shop"]])
        for side in (told, await _drawn(trang), (await _drawn(huyen))[1:]):
            assert [one for one in side if one.startswith("Khách")] == ["Khách 0", *said["Khách"]]
            assert [one for one in side if one.startswith("Shop")] == said["Shop"]
        assert await _drawn(trang) == told
        await browsing.close()


def _said(who: str) -> list[str]:
    """What one of them says, each picture behind the words that it came with."""
    words = [f"{who} {n}" for n in range(1, 11)]
    return [*words[:3], f"{who} 3.png", *words[3:6], f"{who} 6.png", *words[6:]]


async def _attach(huyen: Customer, trang: Agent, n: int) -> None:
    """Each has a picture ready for what they say next."""
    await huyen.attach(f"Khách {n}.png", png(40, 30))
    await trang.attach(f"Shop {n}.png", png(32, 32, (31, 122, 90)))


async def _talk(huyen: Customer, trang: Agent, numbers: range) -> None:
    """Both write, turn by turn, and nobody waits for the other."""
    for n in numbers:
        await huyen.write(f"Khách {n}")
        await trang.reply(f"Shop {n}")


async def _ledger(store: Store) -> list[str]:
    """The words and files of every message as the thread is drawn."""
    rows = await store.ledger.light("messages").find({}, comment=FROM_A_TEST).to_list(None)
    talk = [row for row in rows if row["kind"] in {"in", "out"}]
    drawn = sorted(talk, key=lambda row: (row["order"], row["seq"]))
    return [words for row in drawn for words in (row["text"], *(file["name"] for file in row.get("attachments", [])))]


async def _drawn(side: Customer | Agent) -> list[str]:
    """The words and pictures of every message from top to bottom."""
    return list(await side.log.locator(".b, img").evaluate_all("(all) => all.map((one) => one.alt || one.innerText)"))


async def _shows(side: Customer | Agent, name: str) -> None:
    """The picture is there and was decoded."""
    picture = side.log.get_by_role("img", name=name)
    await expect(picture).to_be_visible(timeout=SLOW_MS)
    await picture.scroll_into_view_if_needed()
    await picture.evaluate("async (image) => { await image.decode(); if (!image.naturalWidth) throw 'blank'; }")
