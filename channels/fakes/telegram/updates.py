"""A bot's updates as they wait: numbered, handed out in order, forgotten once they are confirmed or a day old."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from channels.fakes.telegram.clock import Clock
from channels.fakes.telegram.errors import ApiError, bad

DAY_S = 24 * 3600.0
MOST = 100
LONGEST_S = 50  # a longer poll is cut down to this
FAR = 10  # an offset so far beyond the last number is taken for a mistake
HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
ANOTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ALWAYS = {"message", "edited_message", "callback_query", "my_chat_member"}  # when nobody ever said what is wanted


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An update; `queue` is what it keeps order with on a webhook."""

    id: int
    at: float
    queue: str
    update: dict[str, Any]


class Updates:
    def __init__(self, clock: Clock, first: int, conflict_s: float) -> None:
        self._clock = clock
        self._next = first
        self._conflict_s = conflict_s  # until the one who lost is told
        self._news = asyncio.Event()
        self.polls = 0  # how often somebody asked
        self._last_offset: int | None = None
        self._last_began = 0.0
        self.waiting: list[Waiting] = []
        self.allowed: set[str] = set(ALWAYS)
        self.hooked = False

    def add(self, kind: str, content: dict[str, Any], queue: str) -> Waiting | None:
        """A new update; None when the bot did not ask for its kind."""
        if kind not in self.allowed:
            return None
        one = Waiting(id=self._next, at=self._clock.now(), queue=queue, update={"update_id": self._next, kind: content})
        self._next += 1
        self.waiting.append(one)
        self._ring()
        return one

    def restart_numbers(self, first: int) -> None:
        """What happens after a week without updates."""
        self._next = first

    def forget(self, ids: set[int]) -> None:
        self.waiting = [one for one in self.waiting if one.id not in ids]

    def expire(self) -> None:
        self.waiting = [one for one in self.waiting if self._clock.now() - one.at < DAY_S]

    async def get(self, offset: int, limit: int, wait_s: int) -> list[dict[str, Any]]:
        """getUpdates. Raises ApiError 409."""
        if self.hooked:
            raise ApiError(409, HOOKED)
        if not 1 <= limit <= MOST:
            limit = MOST
        limit, wait_s = self._slowed(offset, limit, min(wait_s, LONGEST_S))
        self._confirm(offset)
        self.polls += 1
        mine = self.polls
        self._ring()  # who polled before is told that they lost
        await self._wait(mine, wait_s)
        if self.polls != mine or self.hooked:
            await self._clock.sleep(self._conflict_s)
            raise ApiError(409, HOOKED if self.hooked else ANOTHER)
        return [one.update for one in self.waiting[:limit]]

    def set_hook(self, on: bool) -> None:
        self.hooked = on
        self._ring()

    def _slowed(self, offset: int, limit: int, wait_s: int) -> tuple[int, int]:
        """Whoever asks the same again at once gets one update, and is made to wait."""
        now = self._clock.now()
        since = now - self._last_began
        same = offset == self._last_offset
        self._last_offset, self._last_began = offset, now
        return (1 if same and since < 0.5 else limit), (3 if same and since < 3.0 and wait_s < 3 else wait_s)

    def _confirm(self, offset: int) -> None:
        """Forget what is before the offset; a negative one leaves so many of the last."""
        self.expire()
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif 0 < offset <= self._next + FAR:
            self.waiting = [one for one in self.waiting if one.id >= offset]

    async def _wait(self, mine: int, wait_s: int) -> None:
        """Until there is something, another poll took over, or the time is up."""
        if self.waiting or wait_s <= 0:
            return
        up = asyncio.ensure_future(self._clock.sleep(wait_s))
        try:
            while not self.waiting and self.polls == mine and not self.hooked and not up.done():
                news = asyncio.ensure_future(self._news.wait())
                await asyncio.wait({news, up}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
        finally:
            up.cancel()

    async def news(self) -> None:
        """Return when something changes."""
        await self._news.wait()

    def _ring(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def wanted(named: object) -> set[str]:
    """What setWebhook or getUpdates asks for; an empty list is the server's default. Raises ApiError."""
    if not isinstance(named, Sequence) or not all(isinstance(one, str) for one in named):
        raise bad("can't parse allowed updates: expected an Array of String")
    return set(named) or set(ALWAYS)
