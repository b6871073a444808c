"""A false Slack, the channel, and a whole hub that it posts to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.fakes.slack import FakeSlack
from channels.slack import Slack
from channels.slack.socket_mode import Patience
from hub.embedded import StoreUrls
from hub.model import Account
from tests.channels.slack import room
from tests.channels.slack.hub import a_hub
from tests.channels.whole_hub import Hub
from tests.hub.cutting import Wire


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


@pytest.fixture
async def hub(fresh: StoreUrls, tmp_path: Path, slack: FakeSlack, account: Account) -> AsyncIterator[Hub]:
    async with a_hub(fresh, tmp_path, slack, account) as made:
        yield made


@pytest.fixture
async def wired(fresh: StoreUrls, wire: Wire, tmp_path: Path, slack: FakeSlack, account: Account) -> AsyncIterator[Hub]:
    """The same behind a wire to its database that can be cut."""
    urls = StoreUrls(mongo=wire.url, redis=fresh.redis)
    async with a_hub(urls, tmp_path, slack, account) as made:
        yield made
