"""A false Slack and the channel."""

from collections.abc import AsyncIterator

import pytest

from channels.fakes.slack import FakeSlack
from channels.slack import Slack
from channels.slack.socket_mode import Patience
from hub.model import Account
from tests.channels.slack import room


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as made:
        room.furnish(made)
        yield made


@pytest.fixture
async def channel() -> AsyncIterator[Slack]:
    made = Slack(Patience(connect_s=2.0, ping_s=0.1, silent_s=0.5, look_s=0.05, well_s=0.2))
    yield made
    await made.close()


@pytest.fixture
def account(slack: FakeSlack) -> Account:
    return room.account_of(slack)
