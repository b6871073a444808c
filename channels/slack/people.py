"""What people and bots of a workspace are called: asked once, remembered for an hour."""

import asyncio
import time
from collections.abc import Callable, Iterable

import aiohttp

from channels.slack import api
from hub.errors import Refused, Retry
from hub.model import Account, AccountId

KEEP_S, KEEP_MISS_S = 3600.0, 60.0
MOST = 20_000  # names in memory
AT_ONCE = 5


class People:
    """The names that this process has heard. `pause_s` is how long a message waits for those that it has not."""

    def __init__(self, pause_s: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause_s = pause_s
        self._clock = clock
        self._known: dict[tuple[AccountId, str], tuple[str | None, float]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    async def names(self, http: aiohttp.ClientSession, account: Account, ids: Iterable[str]) -> dict[str, str]:
        """Those of these people that are known, or said in time; who is missing keeps the id for a name."""
        wanted = list(dict.fromkeys(ids))
        missing = [one for one in wanted if self._remembered(account, one) is None]
        if missing:
            asking = [asyncio.ensure_future(self._learn(http, account, one)) for one in missing]
            _, late = await asyncio.wait(asking, timeout=self._pause_s)
            for task in late:
                task.cancel()
            self._forget_those(account, [one for one, task in zip(missing, asking, strict=True) if task in late])
        found = {one: self._remembered(account, one) for one in wanted}
        return {one: entry[0] for one, entry in found.items() if entry is not None and entry[0]}

    async def name(self, http: aiohttp.ClientSession, account: Account, value: str) -> str | None:
        """What this user or bot is called; None when Slack does not know. Raises Retry."""
        entry = self._remembered(account, value)
        if entry is None or entry[0] is None:
            return await self._ask(http, account, value)
        return entry[0]

    def _remembered(self, account: Account, one: str) -> tuple[str | None, float] | None:
        entry = self._known.get((account.id, one))
        return entry if entry is not None and self._clock() < entry[1] else None

    def _keep(self, account: Account, one: str, name: str | None) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[account.id, one] = (name, self._clock() + (KEEP_S if name else KEEP_MISS_S))

    def _forget_those(self, account: Account, late: Iterable[str]) -> None:
        """Who did not answer in time is not waited for again with every message."""
        for one in late:
            self._keep(account, one, None)

    async def _learn(self, http: aiohttp.ClientSession, account: Account, one: str) -> None:
        try:
            await self._ask(http, account, one)
        except Retry:
            self._keep(account, one, None)

    async def _ask(self, http: aiohttp.ClientSession, account: Account, one: str) -> str | None:
        slack = api.client(http, account)
        try:
            async with self._room:
                asked = slack.bots_info(bot=one) if one.startswith("B") else slack.users_info(user=one)
                answer, _ = await api.ask(asked)
        except Refused:
            name = None
        else:
            name = _called(answer.get("user") or answer.get("bot"))
        self._keep(account, one, name)
        return name


def _called(who: object) -> str | None:
    if not isinstance(who, dict):
        return None
    profile = who.get("profile") if isinstance(who.get("profile"), dict) else {}
    assert isinstance(profile, dict)
    choices = (profile.get("display_name"), profile.get("real_name"), who.get("real_name"), who.get("name"))
    return next((one for one in choices if isinstance(one, str) and one), None)
