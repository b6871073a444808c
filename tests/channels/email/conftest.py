"""The real mail servers, for every test of this folder; who waits for them to start has more time."""

import pytest

from tests.channels.email.mail_house import mail_house, post_house

__all__ = ["mail_house", "post_house"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"mail_house", "post_house"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.timeout(60))
