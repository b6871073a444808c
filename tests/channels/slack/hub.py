"""A whole hub with a Slack account."""

import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

from channels.fakes.slack import Clock, FakeSlack
from hub.embedded import StoreUrls
from hub.model import Account
from tests.channels.whole_hub import Hub, opened, settle


@contextlib.asynccontextmanager
async def a_hub(
    urls: StoreUrls, data: Path, slack: FakeSlack, account: Account, disk_floor_mb: int = 0
) -> AsyncIterator[Hub]:
    """The false Slack posts to its door, from now on in the hub's own time, since signatures grow old."""
    assert isinstance(slack.clock, Clock)
    slack.clock.now = time.time()
    async with opened(urls, data, disk_floor_mb) as (rooms, origin):
        await settle(rooms, account)
        slack.pusher.url = f"{origin}/in/{account.id}"
        yield Hub(rooms, slack.pusher.url, account.id)
