"""Fetching: files that a platform still had when their message was logged, each tried until it is here or failed.

A take leases a fetch, the file's place in the message is written under a guard: two workers store it once.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Callable, Mapping

import msgspec
import structlog

from channels.base import Channel, Files
from hub.arrivals.files import MB, TOO_LARGE, failed
from hub.errors import Refused, Retry, StoreDown, TooLarge
from hub.events import Announcer, message_changed
from hub.logs import where
from hub.model import Account, AccountId, Attachment
from hub.people.accounts import AccountBook
from hub.store import Store
from hub.store.fetches import Fetch
from hub.views import file_views

log = structlog.get_logger()

AT_ONCE, OF_ONE = 8, 4  # fetches, in all and of one account
LOOKED_AT = 64
LEASE = dt.timedelta(minutes=3)
FETCH_S = 120.0
MOST_TRIES = 12
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 3600.0
NO_ACCOUNT = "The account that this file came through was removed or cannot fetch files."
GAVE_UP = "It could not be fetched in {tries} tries. The last cause: {why}"


class Fetcher:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
        chance: random.Random,
        most_bytes: int = 25_000_000,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock
        self._chance = chance
        self._most = most_bytes
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._of: dict[str, AccountId] = {}  # whose they are

    async def step(self) -> None:
        """Begin what is due, as far as there is room; a slow platform holds up its own files only. Raises StoreDown."""
        room = AT_ONCE - len(self._busy)
        if room <= 0:
            return
        for fetch in await self._store.fetches.due(self._clock(), LOOKED_AT):
            if self._has_room(fetch) and await self._store.fetches.take(fetch, self._clock() + LEASE):
                self._busy[fetch.id] = asyncio.create_task(self._fetch(fetch))
                self._of[fetch.id] = fetch.account

    def _has_room(self, fetch: Fetch) -> bool:
        of_it = sum(account == fetch.account for account in self._of.values())
        return len(self._busy) < AT_ONCE and of_it < OF_ONE and fetch.id not in self._busy

    async def drain(self) -> None:
        """Wait until what was begun has ended."""
        while self._busy:
            await asyncio.wait(self._busy.values())

    async def _fetch(self, fetch: Fetch) -> None:
        try:
            found = await self._store.messages.by_ids([fetch.message])
            file = found[0].attachments[fetch.index] if found and fetch.index < len(found[0].attachments) else None
            if file is None or file.state != "waiting":
                await self._store.fetches.done(fetch.id)
                return
            await self._try(fetch, file)
        except StoreDown as error:
            log.warning("fetch waits", why=str(error))  # its lease runs out, and it is tried again
        except Exception as error:  # a bug of ours: the same
            log.error("fetch failed", fetch_id=fetch.id, why=type(error).__name__, at=where(error))
        finally:
            del self._busy[fetch.id], self._of[fetch.id]

    async def _try(self, fetch: Fetch, file: Attachment) -> None:
        account = await self._accounts.get(fetch.account)
        channel: object = self._channels.get(account.kind) if account is not None else None
        if account is None or not isinstance(channel, Files):
            await self._settle(fetch, failed(file, NO_ACCOUNT))
            return
        try:
            await self._settle(fetch, await self._fetched(channel, account, file))
        except Refused as error:
            await self._settle(fetch, failed(file, str(error)))
        except TooLarge:
            sizes = {"size": f"more than {self._most // MB}", "most": self._most // MB}
            await self._settle(fetch, failed(file, TOO_LARGE.format(**sizes)))
        except Retry as error:
            await self._again(fetch, file, str(error), error.after_s)

    async def _fetched(self, channel: Files, account: Account, file: Attachment) -> Attachment:
        """The file as it now is. Raises Retry, Refused, TooLarge; what else goes wrong out there may go right later."""
        try:
            async with asyncio.timeout(FETCH_S):
                id_, size, _ = await self._store.files.put(channel.fetch(account, file.ref or ""), self._most)
        except (Refused, Retry, TooLarge, StoreDown):
            raise
        except TimeoutError as error:
            raise Retry("The platform did not hand it over in time.") from error
        except Exception as error:
            log.warning("fetch broke off", account_id=account.id, why=type(error).__name__)
            raise Retry(f"The channel failed while fetching it ({type(error).__name__}).") from error
        return msgspec.structs.replace(file, file=id_, bytes=size, state="here", why=None)

    async def _again(self, fetch: Fetch, file: Attachment, why: str, after_s: float | None) -> None:
        tries = fetch.attempts + 1
        if tries >= MOST_TRIES:
            await self._settle(fetch, failed(file, GAVE_UP.format(tries=tries, why=why)))
            return
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (tries - 1)) * self._chance.uniform(0.5, 1.5)
        await self._store.fetches.again(fetch.id, self._clock() + dt.timedelta(seconds=max(pause, after_s or 0.0)))

    async def _settle(self, fetch: Fetch, file: Attachment) -> None:
        """Put it into the message and tell it; the fetch goes last, so that a crash in between does it again."""
        if await self._store.messages.set_file(fetch.message, fetch.index, file):
            [message] = await self._store.messages.by_ids([fetch.message])
            told = {"attachments": file_views(message)}
            await self._announcer.announce([message_changed(message.conversation, message.id, told)], self._clock())
        await self._store.fetches.done(fetch.id)
