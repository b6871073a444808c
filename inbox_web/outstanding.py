"""Back-pressure for the web chat: how much of what this process acknowledged is not in the event log yet.

A widget waits without loss, its words are in its own outbox; so acknowledgements may not run far ahead of what agents
see. Platforms' webhooks are never held: they would give up.
"""

import asyncio
import time

import msgspec

from hub.events import Added
from hub.model import ConversationId, MessageId
from inbox_web.follower import Batch

WINDOW = 64  # acknowledged and not shown yet: a fraction of a second of the embedded database's work
STALE_S = 2.0  # what is not shown after that never will be (known already, quarantined), or nobody is at work
LONGEST_WAIT_S = 5.0


class _Id(msgspec.Struct, frozen=True):
    id: str


_added = msgspec.json.Decoder(Added[_Id])


class Outstanding:
    """One per process; `heard` is a listener of the event log."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._since: dict[MessageId, float] = {}  # oldest first
        self._in: dict[str, int] = {}  # how many of them in each conversation, so that other batches need no look
        self._conversation: dict[MessageId, str] = {}
        self._room = asyncio.Event()

    async def room(self) -> None:
        """Wait until fewer than the window are outstanding, `LONGEST_WAIT_S` at most."""
        until = time.monotonic() + LONGEST_WAIT_S
        while len(self._since) >= self._window and time.monotonic() < until:
            self._drop_stale()
            self._room.clear()
            try:
                async with asyncio.timeout(STALE_S / 10):
                    await self._room.wait()
            except TimeoutError:
                continue

    def add(self, conversation: ConversationId | str, message: MessageId) -> None:
        """This message is about to be acknowledged; one that is sent again meanwhile counts once."""
        if message in self._since:
            return
        self._since[message] = time.monotonic()
        self._conversation[message] = conversation
        self._in[conversation] = self._in.get(conversation, 0) + 1

    def drop(self, message: MessageId) -> None:
        """It is in the event log, or was never kept."""
        if self._since.pop(message, None) is None:
            return
        conversation = self._conversation.pop(message)
        self._in[conversation] -= 1
        if not self._in[conversation]:
            del self._in[conversation]
        self._room.set()

    def heard(self, batches: list[Batch]) -> None:
        """Cross off what the log shows."""
        if not self._in:
            return
        for batch in batches:
            for item in batch.items:
                if item.type == "message.added" and item.conversation in self._in:
                    self.drop(MessageId(_added.decode(item.data).message.id))

    def _drop_stale(self) -> None:
        before = time.monotonic() - STALE_S
        for message in [id_ for id_, at in self._since.items() if at < before]:
            self.drop(message)
