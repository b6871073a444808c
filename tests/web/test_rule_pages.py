"""An owner writes rules about a customer's stage and about how sure the tagger is; an agent sets the stage."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.web.browsing import Browsing
from tests.web.people import SLOW_MS, agent, customer
from tests.web.running import RunningHub

WORD = "giaidoan"  # what no other test's customer says
LEADS, GUESSES = "Khách tiềm năng", "Đoán là khiếu nại"


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_rule_stays(hub: RunningHub) -> AsyncIterator[None]:
    """The hub is every test's: what its owner wrote here goes again."""
    yield
    for one in (await hub.call("GET", "/rules"))["items"]:
        if one["name"] in (LEADS, GUESSES):
            await hub.call("DELETE", f"/rules/{one['id']}")


async def _fresh(page: Page, name: str, when: str) -> None:
    await page.get_by_role("button", name="Quy tắc mới").click()
    form = page.get_by_role("dialog", name="Quy tắc mới")
    await form.get_by_label("Tên", exact=True).fill(name)
    await form.get_by_label("Khi", exact=True).select_option(when)


@pytest.mark.timeout(120)
async def test_a_stage_that_an_agent_sets_in_the_panel_has_its_rule(browsing: Browsing) -> None:
    page = (await agent(browsing, "Minh Quân", "/settings/rules", role="administrator")).page
    await _fresh(page, LEADS, "Giai đoạn hay thông tin khách thay đổi")
    form = page.get_by_role("dialog", name="Quy tắc mới")
    await form.get_by_label("Thêm điều kiện").select_option("Điều thay đổi")
    await form.get_by_role("combobox", name="Điều thay đổi", exact=True).last.select_option("Giai đoạn")
    await form.get_by_label("Thêm điều kiện").select_option("Giai đoạn")
    await form.get_by_role("combobox", name="Giai đoạn", exact=True).last.select_option("Tiềm năng")
    await form.get_by_label("Giai đoạn: Khác").fill("VIP")
    await form.get_by_label("Giai đoạn: Khác").press("Tab")
    await form.get_by_label("Thêm việc").select_option("Gắn nhãn")
    await form.get_by_role("textbox", name="Gắn nhãn").fill("tiềm năng")
    await form.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("button", name=LEADS).first).to_contain_text("Giai đoạn: Tiềm năng, vip")

    huyen = await customer(browsing)
    await huyen.write(f"alo {WORD}")
    trang = await agent(browsing, "Thu Trang")
    await trang.row(WORD).click(timeout=SLOW_MS)
    panel = trang.page.get_by_role("complementary", name="Khách")
    await panel.get_by_role("button", name="Sửa thông tin khách").click()
    await panel.get_by_label("Giai đoạn").select_option("Tiềm năng")
    await panel.get_by_label("Điểm").fill("180")
    await panel.get_by_label("Khu vực").fill("Huế")
    browsing.forgive("400 (Bad Request)")  # such a score
    await panel.get_by_role("button", name="Lưu").click()
    await expect(panel.get_by_role("alert")).to_contain_text("Điểm là một số từ 0 đến 100.")
    await panel.get_by_label("Điểm").fill("80")
    await panel.get_by_role("button", name="Lưu").click()
    for name, value in (("Giai đoạn", "Tiềm năng"), ("Điểm", "80"), ("Khu vực", "Huế")):
        await expect(panel.locator("dl > div").filter(has_text=name)).to_contain_text(value)
    await expect(trang.log.get_by_text(f"{LEADS} gắn nhãn “tiềm năng”")).to_be_visible(timeout=SLOW_MS)


async def test_a_rule_says_how_sure_of_an_intent_the_tagger_must_be(browsing: Browsing) -> None:
    page = (await agent(browsing, "Minh Quân", "/settings/rules", role="administrator")).page
    await _fresh(page, GUESSES, "Tin nhắn được gắn ý định")
    form = page.get_by_role("dialog", name="Quy tắc mới")
    await form.get_by_label("Thêm điều kiện").select_option("Ý định")
    await form.get_by_role("combobox", name="Ý định", exact=True).last.select_option("Khiếu nại")
    sure = form.get_by_label("Chắc tới đâu")
    await expect(sure.locator("option:checked")).to_have_text("Chắc: tự chuyển được")
    await sure.select_option("Cả khi chỉ gợi ý")
    await sure.select_option("Bất kỳ, từ một mức %")
    await form.get_by_label("Ít nhất %").fill("60")
    await form.get_by_label("Thêm điều kiện").select_option("Ngôn ngữ")
    await form.get_by_role("combobox", name="Ngôn ngữ", exact=True).last.select_option("tiếng khác")
    await form.get_by_label("Thêm việc").select_option("Gắn nhãn")
    await form.get_by_role("textbox", name="Gắn nhãn").fill("đoán")
    await form.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("button", name=GUESSES).first).to_contain_text("Ý định: Khiếu nại ≥ 60 %")
    rules = (await browsing.hub.call("GET", "/rules"))["items"]
    [asked] = [one["if"] for one in rules if one["name"] == GUESSES]
    assert asked == [
        {"what": "intent", "is": ["complaint"], "sure": "any", "at_least": 0.6},
        {"what": "language", "is": ["other"]},
    ]
    await page.get_by_role("button", name=GUESSES).first.click()
    form = page.get_by_role("dialog", name="Sửa quy tắc")
    await form.get_by_label("Chắc tới đâu").select_option("Cả khi chỉ gợi ý")
    await form.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("button", name=GUESSES).first).to_contain_text("Khiếu nại (cả gợi ý)")
