"""Chromium once for all tests, one hub that they share, and for each test browsers of its own."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.web.browsing import WAIT_MS, Browsing, launched
from tests.web.running import RunningHub, running_hub

HERE = Path(__file__).parent
# A guard against what hangs, and nothing else: a loaded machine is slow for all of them. What a test stands on has
# limits of its own (a hub's start, what its tagger learns), so only the test's own steps are counted.
LEAST_S = 480
# As `python -m nlp.train`, which lets all others go first: here all others wait for it.
LEARN = "import sys; from nlp.train import main; sys.exit(main(sys.argv[1:]))"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives on one event loop, so every test here runs on it; and walks may take minutes."""
    for item in items:
        if item.path.is_relative_to(HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            own = item.get_closest_marker("timeout")
            limit = max(LEAST_S, own.args[0] if own else 0)
            item.add_marker(pytest.mark.timeout(limit, func_only=True), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The machine's own browser; nothing is downloaded."""
    expect.set_options(timeout=WAIT_MS)
    async with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped model: a hub would learn it in the background, behind everything else that runs."""
    models = tmp_path_factory.mktemp("trained") / "models"
    models.mkdir()
    subprocess.run([sys.executable, "-c", LEARN, str(models)], check=True, stdout=subprocess.DEVNULL)
    return models


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hub(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningHub]:
    """One hub for every test that does not break it; what a test writes there is told apart by its words."""
    async with running_hub(tmp_path_factory.mktemp("web"), trained) as running:
        await running.tags()
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def browsing(chromium: Browser, hub: RunningHub) -> AsyncIterator[Browsing]:
    """Browsers for the people of one test; complaints on a console and requests to strangers fail it."""
    made = Browsing(chromium, hub)
    yield made
    await made.close()
