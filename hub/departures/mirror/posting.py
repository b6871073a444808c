"""Posting: each post is written down before it is made, so that nothing stands in the mirror twice."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from channels.base import Mirrors
from hub.bus import Bus
from hub.departures.pacing import Pacing
from hub.errors import Refused, Retry
from hub.model import Account, ConversationId
from hub.store import Store
from hub.store.mirrored import Mirrored

log = structlog.get_logger()

KEPT = dt.timedelta(days=30)
THREADS_KEPT = dt.timedelta(days=180)  # after the last post in it
HUB = {"vi": "Hộp thư", "en": "Inbox"}  # who says what is said of the hub's own accord

Post = Callable[[], Awaitable[str]]


class Mirror(msgspec.Struct, frozen=True, kw_only=True):
    """An account that mirrors, its channel, and where it does."""

    account: Account
    channel: Mirrors
    place: str
    accounts: frozenset[str] | None = None  # whose conversations; None: those of all others
    language: str = "vi"

    def shows(self, account: str) -> bool:
        """Whether conversations of this account are shown."""
        return account != self.account.id if self.accounts is None else account in self.accounts

    def id(self, kind: str, of: str) -> str:
        """Under which a post is written down: another place is another mirror."""
        return f"{self.account.id}:{self.place}:{kind}:{of}"


def mirror_of(account: Account, channel: Mirrors) -> Mirror | None:
    """The mirror that an account is, if its settings say so."""
    settings = account.settings
    place, named, language = settings.get("mirror"), settings.get("mirror_accounts"), settings.get("language")
    if not isinstance(place, str) or not place or not account.on:
        return None
    return Mirror(
        account=account,
        channel=channel,
        place=place,
        accounts=frozenset(str(one) for one in named) if isinstance(named, list | tuple) and named else None,
        language="en" if language == "en" else "vi",
    )


class Posting:
    def __init__(self, store: Store, bus: Bus, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._clock = clock
        self._pacing = Pacing(bus, clock)

    async def once(self, mirror: Mirror, id_: str, conversation: ConversationId, post: Post) -> str | None:
        """Post it unless somebody did; the platform's id of it, None when that is not known or it was posted before.

        Raises Retry or Refused; then it does not stand there and may be posted again.
        """
        if wait_s := await self._pacing.turn(mirror.account, mirror.channel.limits, mirror.place):
            raise Retry("The channel is busy.", wait_s)
        now = self._clock()
        if not await self._store.mirrored.begin(
            Mirrored(id=id_, conversation=conversation, at=now, gone=now + KEPT, state="posting")
        ):
            return None
        try:
            async with asyncio.timeout(mirror.channel.limits.timeout_s):
                external = await post()
        except (Retry, Refused):
            await self._store.mirrored.drop(id_)
            raise
        except Exception as error:  # Unknown, or a bug: it may stand there
            log.warning("mirrored post lost", account_id=mirror.account.id, why=type(error).__name__)
            return None
        await self._store.mirrored.done(id_, external)
        return external

    async def was_begun(self, id_: str) -> bool:
        """Whether it stands there, or may."""
        return await self._store.mirrored.get(id_) is not None
