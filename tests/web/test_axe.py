"""axe finds nothing: on every page, in both themes, on a desk and a phone, in both languages.

`make test` takes a choice in which every two of page, theme, size and language meet; `make check-ui` takes them all.
"""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from tests.web.browsing import DESK, PHONE, Browsing
from tests.web.places import PLACES, Looks, Onlooker
from tests.web.running import RunningHub
from tests.web.stage import Stage, set_the_stage

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
ALL = tuple(
    Looks(theme=theme, size=size, language=language)
    for theme in ("light", "dark")
    for size in (DESK, PHONE)
    for language in ("vi", "en")
)
EVERYTHING = os.environ.get("HUB_TEST_AXE") == "all"


def _pages(looks: Looks) -> list[str]:
    """Each page meets a way of seeing and its exact opposite; pages take turns with three such pairs of the four."""
    if EVERYTHING:
        return list(PLACES)
    at = ALL.index(looks)
    pair = min(at, len(ALL) - 1 - at)
    return [name for turn, name in enumerate(PLACES) if turn % 3 == pair]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(chromium: Browser, hub: RunningHub) -> AsyncIterator[Stage]:
    browsing = Browsing(chromium, hub)
    made = await set_the_stage(browsing)
    yield made
    await browsing.close()


@pytest.mark.axe_all
@pytest.mark.timeout(180)
@pytest.mark.parametrize("looks", [one for one in ALL if _pages(one)], ids=lambda looks: looks.name)
async def test_axe_finds_nothing(browsing: Browsing, stage: Stage, looks: Looks) -> None:
    who = Onlooker(browsing, stage, looks)
    found = {name: await _violations(who, name) for name in _pages(looks)}
    assert {name: what for name, what in found.items() if what} == {}


async def _violations(who: Onlooker, name: str) -> list[str]:
    """What axe has against this page: rule, and the elements it means."""
    page = await PLACES[name](who)
    results = await Axe().run(page, options=RULES)
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:300]}"
        for one in results.response["violations"]
        for node in one["nodes"]
    ]
