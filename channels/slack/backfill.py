"""What Slack gave up on: the channels' histories, read again from a moment on.

Slack tries an event for some six minutes. Answers are found by the parents of their threads, and of those the last
days' are looked at; an older thread that went on during an outage is not seen.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import msgspec
import structlog
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from channels.base import Batch, RawArrival
from channels.slack import api, arrivals, wire
from hub.errors import Refused, Retry
from hub.model import Account

PARENTS = dt.timedelta(days=7)
PAGE = 200
MOST_WAITS = 30  # times in a row that Slack may ask to wait; of some apps it wants a minute between any two questions
KINDS = "public_channel,private_channel,mpim,im"

log = structlog.get_logger()

Pause = Callable[[float], Awaitable[None]]
Ask = Callable[..., Awaitable[AsyncSlackResponse]]


class Reader:
    """Reads one account's histories; where Slack asks to wait, it waits."""

    def __init__(self, http: aiohttp.ClientSession, account: Account, pause: Pause = asyncio.sleep) -> None:
        self._account = account
        self._settings = wire.settings_of(account.settings)
        self._slack = api.client(http, account)
        self._pause = pause
        self._waits = 0

    async def batches(self, since: dt.datetime) -> AsyncIterator[Batch]:
        """A batch for each page that holds something. Raises Unreachable."""
        try:
            async for channel in self._channels():
                async for batch in self._readable(channel, since):
                    yield batch
        except (Retry, Refused) as error:
            raise api.unreachable(error) from error

    async def _readable(self, channel: dict[str, Any], since: dt.datetime) -> AsyncIterator[Batch]:
        """One channel's; one that Slack does not show any more hides no other."""
        try:
            async for batch in self._of_channel(channel, since):
                yield batch
        except api.Denied:
            raise
        except Refused as error:
            log.warning("channel not read", account_id=self._account.id, channel=channel["id"], why=str(error))

    async def _channels(self) -> AsyncIterator[dict[str, Any]]:
        pages = self._pages(self._slack.users_conversations, "channels", types=KINDS, exclude_archived=True)
        async for page in pages:
            for one in page:
                if arrivals.is_heard(self._settings, one.get("id")):
                    yield one

    async def _of_channel(self, channel: dict[str, Any], since: dt.datetime) -> AsyncIterator[Batch]:
        name, kind, start = channel["id"], _kind(channel), wire.ts_of(since)
        first = wire.ts_of(since - PARENTS)
        ask = self._slack.conversations_history
        async for page in self._pages(ask, "messages", channel=name, oldest=first, include_all_metadata=True):
            if found := self._new(page, name, kind, since):
                yield Batch(arrivals=found, cursor="")
            for parent in page:
                if (parent.get("latest_reply") or "") >= start:
                    async for batch in self._of_thread(parent["ts"], name, kind, since):
                        yield batch

    async def _of_thread(self, parent: str, channel: str, kind: str, since: dt.datetime) -> AsyncIterator[Batch]:
        ask = self._slack.conversations_replies
        fields = {"channel": channel, "ts": parent, "oldest": wire.ts_of(since), "include_all_metadata": True}
        async for page in self._pages(ask, "messages", **fields):
            if found := self._new(page, channel, kind, since):
                yield Batch(arrivals=found, cursor="")

    def _new(self, page: list[dict[str, Any]], channel: str, kind: str, since: dt.datetime) -> tuple[RawArrival, ...]:
        """Those of a page, oldest first, that were written or edited since."""
        start = wire.micros(wire.ts_of(since)) or 0
        found = [
            one
            for message in page
            for one in arrivals.in_history(self._account, channel, kind, msgspec.Raw(msgspec.json.encode(message)))
        ]
        return tuple(sorted((one for one in found if (one.order or 0) >= start), key=lambda one: one.order or 0))

    async def _pages(self, ask: Ask, field: str, **fields: Any) -> AsyncIterator[list[dict[str, Any]]]:
        cursor: str | None = None
        while True:
            answer = await self._ask(ask, limit=PAGE, cursor=cursor, **fields)
            yield [one for one in answer.get(field) or () if isinstance(one, dict)]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _ask(self, ask: Ask, **fields: Any) -> dict[str, Any]:
        while True:
            try:
                answer, _ = await api.ask(ask(**fields))
                self._waits = 0
                return answer
            except Retry as error:
                self._waits += 1
                if error.after_s is None or self._waits > MOST_WAITS:
                    raise
                await self._pause(error.after_s)


def _kind(channel: dict[str, Any]) -> str:
    if channel.get("is_im"):
        return "im"
    return "mpim" if channel.get("is_mpim") else "channel"
