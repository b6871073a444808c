"""How the rows of a rule are laid out while an owner writes it."""

from playwright.async_api import Locator, expect

from tests.web.browsing import PHONE, Browsing
from tests.web.people import agent

INTENTS = ("Giá", "Cảm ơn", "Còn hàng")


async def test_what_a_condition_lists_shares_a_line(browsing: Browsing) -> None:
    page = (await agent(browsing, "Minh Quân", "/settings/rules", role="administrator")).page
    await page.get_by_role("button", name="Quy tắc mới").click()
    form = page.get_by_role("dialog", name="Quy tắc mới")
    await form.get_by_label("Thêm điều kiện").select_option("Ý định")
    for intent in INTENTS:
        await form.get_by_role("combobox", name="Ý định", exact=True).last.select_option(intent)
    chips = [form.get_by_role("button", name=f"Bỏ ra: {intent}") for intent in INTENTS]
    assert len({await _top(chip) for chip in chips}) == 1

    width, high = PHONE
    await page.set_viewport_size({"width": width, "height": high})
    for chip in chips:
        await expect(chip).to_be_visible()
    assert await form.evaluate("(form) => form.scrollWidth <= form.clientWidth")


async def _top(chip: Locator) -> float:
    await expect(chip).to_be_visible()
    box = await chip.bounding_box()
    assert box is not None
    return box["y"]
