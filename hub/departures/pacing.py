"""Pacing: a chat's and an account's own limits, obeyed before the call. A chat that must wait delays its lane alone."""

import asyncio
import datetime as dt
from collections.abc import Callable

from channels.base import Limits
from hub.bus import Bus
from hub.model import Account, AccountId

MOST_WAIT_S = 10.0  # with a claim in hand; for a turn further off the lane is given back until then
SLOW_S = 30.0  # that an account rests when its platform does not say how long


class Pacing:
    """Turns are taken in Redis, so that all workers together keep to a limit; pauses also while Redis is away."""

    def __init__(self, bus: Bus, clock: Callable[[], dt.datetime]) -> None:
        self._bus = bus
        self._clock = clock
        self._rests: dict[AccountId, dt.datetime] = {}

    async def turn(self, account: Account, limits: Limits, to: str) -> float:
        """Wait for a turn to send to this chat: 0.0 when it came, else the seconds after which to ask again."""
        if rest := self._rest_s(account.id):
            return rest
        for key, every_s in ((f"{account.id}:{to}", limits.per_chat_s), (account.id, limits.per_account_s)):
            if every_s <= 0:
                continue
            wait = await self._bus.turn(key, every_s, MOST_WAIT_S, self._clock().timestamp())
            if wait < 0:
                return -wait
            await asyncio.sleep(wait)
        return 0.0

    async def slow_down(self, account: Account, after_s: float | None) -> float:
        """The platform wants nothing from this account for a while; the seconds."""
        pause = SLOW_S if after_s is None else after_s
        self._rests[account.id] = self._clock() + dt.timedelta(seconds=pause)
        await self._bus.hold(account.id, pause, self._clock().timestamp())
        return pause

    def _rest_s(self, id_: AccountId) -> float:
        until = self._rests.get(id_)
        left = (until - self._clock()).total_seconds() if until is not None else 0.0
        if until is not None and left <= 0:
            del self._rests[id_]
        return max(left, 0.0)
