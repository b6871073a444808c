"""Naming: strangers whose platform sends an id only get the name that it knows, asked for afterwards and swept."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import structlog

from channels.base import Channel, Names
from hub.arrivals.threading import Placed, Said, sighting
from hub.errors import Retry, StoreDown
from hub.events import Announcer
from hub.logs import where
from hub.people import learn
from hub.people.accounts import AccountBook
from hub.store import Store
from hub.store.namings import Naming

log = structlog.get_logger()

AT_ONCE = 20
ASK_S = 15.0
LEASE = dt.timedelta(seconds=60)
FIRST_PAUSE_S, MOST_TRIES = 5.0, 12
UNKNOWN = dt.timedelta(days=7)  # what the platform does not know today it may know then


def nameless(said: Sequence[Said], placed: Placed, now: dt.datetime) -> list[Naming]:
    """Those among the senders who have no name yet."""
    asked: dict[str, Naming] = {}
    for one, each in said:
        seen = sighting(one, each)
        address = placed.people[seen.address]
        if not each.elsewhere and not each.sender.name and not address.name:
            asked[address.id] = Naming(id=address.id, account=one.account.id, value=address.value, due=now)
    return list(asked.values())


class Namer:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock

    async def step(self) -> None:
        """Ask for the names that are due. Raises StoreDown."""
        due = await self._store.namings.due(self._clock(), AT_ONCE)
        await asyncio.gather(*(self._name(one) for one in due))

    async def _name(self, one: Naming) -> None:
        if not await self._store.namings.take(one, self._clock() + LEASE):
            return
        account = await self._accounts.get(one.account)
        channel: object = self._channels.get(account.kind) if account is not None else None
        if account is None or not isinstance(channel, Names):
            await self._store.namings.done(one.id)
            return
        try:
            async with asyncio.timeout(ASK_S):
                name = await channel.name(account, one.value)
        except (StoreDown, asyncio.CancelledError):
            raise
        except Exception as error:
            after_s = error.after_s if isinstance(error, Retry) else None
            if not isinstance(error, Retry | TimeoutError):
                log.warning("name not found", account_id=account.id, why=type(error).__name__, at=where(error))
            await self._again(one, after_s)
            return
        if not name:
            await self._store.namings.again(one.id, self._clock() + UNKNOWN)
            return
        items = await learn.named(self._store, one.id, name)
        await self._announcer.announce(items, self._clock())
        await self._store.namings.done(one.id)

    async def _again(self, one: Naming, after_s: float | None) -> None:
        pause = FIRST_PAUSE_S * 2.0 ** min(one.attempts, 10) if after_s is None else after_s
        wait = dt.timedelta(seconds=pause) if one.attempts < MOST_TRIES else UNKNOWN
        await self._store.namings.again(one.id, self._clock() + wait)
