"""A bot's pace, and telling a chat that Telegram slows down from a bot that it slows down: its answer is the same.

The outbox gives turns at the right distance, but a moment's stall lets many of them go at once, and Telegram stops the
whole bot for seconds when more than its second's worth comes together. So calls are spread once more, right here.
"""

import asyncio

from hub.errors import Retry
from hub.model import AccountId

CHATS = 10  # so many different chats one after the other are no coincidence
AT_ONCE = 12  # after a stall so many may leave together: well within what Telegram lets pass
MOST_WAIT_S = 10.0
BUSY = "Telegram takes no more messages from this bot right now."


class Floods:
    """Of each account: when its next call may leave, which chats were told "too many", and until when it rests."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._lines: dict[AccountId, Line] = {}
        self._rests: dict[AccountId, float] = {}
        self._chats: dict[AccountId, set[str]] = {}

    async def turn(self, account: AccountId, messages: int = 1) -> None:
        """Wait until so many messages may leave. Raises Retry when that takes too long, or the whole bot must rest."""
        line = self._lines.setdefault(account, Line())
        self._check_rest(account)
        if line.waiting * self._every_s > MOST_WAIT_S:
            raise Retry(BUSY, MOST_WAIT_S)
        line.waiting += 1
        try:
            async with line.lock:
                await self._first_in(line, messages)
        finally:
            line.waiting -= 1
        self._check_rest(account)

    async def _first_in(self, line: "Line", messages: int) -> None:
        """The next time is reckoned when it comes: timers that are overdue together would let all of them go."""
        loop = asyncio.get_running_loop()
        spare_s = (AT_ONCE - 1) * self._every_s
        wait_s = line.next - spare_s - loop.time()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        line.next = max(line.next, loop.time()) + messages * self._every_s

    def _check_rest(self, account: AccountId) -> None:
        left_s = self._rests.get(account, 0.0) - asyncio.get_running_loop().time()
        if left_s > 0:
            raise Retry(BUSY, left_s, whole_account=True)

    def refused(self, account: AccountId, chat: str, after_s: float) -> bool:
        """Note that a chat was told to wait; whether that is the whole account by now, which then rests."""
        chats = self._chats.setdefault(account, set())
        chats.add(chat)
        if len(chats) < CHATS:
            return False
        chats.clear()
        self._rests[account] = asyncio.get_running_loop().time() + after_s
        return True

    def taken(self, account: AccountId) -> None:
        """Note that something was taken: whoever was told to wait was told so for their own chat."""
        self._chats.pop(account, None)


class Line:
    """Those of one account who wait for their turn, the next one holding the lock."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
        self.next = 0.0
