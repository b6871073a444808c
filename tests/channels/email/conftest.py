"""A mail server of our own for each test, and the real ones; who waits for those to start has more time."""

from collections.abc import AsyncIterator

import pytest

from channels.fakes.imap import FakeImap
from tests.channels.email.mail_house import mail_house, post_house

__all__ = ["mail_house", "post_house"]


@pytest.fixture
async def server() -> AsyncIterator[FakeImap]:
    async with FakeImap() as server:
        yield server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"mail_house", "post_house"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.timeout(180))
