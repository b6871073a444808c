"""Listening: one hearing for each account that is on and whose channel is asked rather than told.

None disturbs another. A hearing starts anew when its account was changed; one that was switched off ends.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Callable, Mapping

import structlog

from channels.base import Backfill, Channel, Listener
from hub.arrivals.door import Door
from hub.arrivals.hearing import Ears, Hearing, Pace
from hub.arrivals.past import Past
from hub.bus import Bus
from hub.errors import StoreDown
from hub.events import Announcer
from hub.logs import where
from hub.model import Account, AccountId
from hub.people.accounts import AccountBook
from hub.store import Store

log = structlog.get_logger()


class Listening:
    def __init__(
        self,
        store: Store,
        bus: Bus,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        door: Door,
        clock: Callable[[], dt.datetime],
        name: str,
        chance: random.Random,
        pace: Pace | None = None,
        past: Past | None = None,
    ) -> None:
        self._channels = channels
        self._accounts = accounts
        self._pace = pace or Pace()
        self._ears = Ears(
            store=store,
            bus=bus,
            announcer=announcer,
            accounts=accounts,
            door=door,
            clock=clock,
            name=name,
            chance=chance,
            pace=self._pace,
            past=past,
        )
        self._tasks: dict[AccountId, tuple[object, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Until cancelled; then every hearing has ended."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._pace.look_s)
        finally:
            await self._end(list(self._tasks))

    async def _look(self) -> None:
        """Begin, begin anew and end hearings, as the accounts are now."""
        try:
            accounts = await self._accounts.all()
        except StoreDown:
            return
        wanted = {one.id: one for one in accounts if one.on and one.kind in self._channels}
        stale = [id_ for id_, (seen, task) in self._tasks.items() if task.done() or _seen(wanted.get(id_)) != seen]
        await self._end(stale)
        for account in wanted.values():
            if account.id not in self._tasks:
                self._begin(account)

    def _begin(self, account: Account) -> None:
        try:
            channel = self._channels[account.kind]
        except Exception as error:  # its package is missing, or broken: the other accounts are heard all the same
            log.error("channel cannot be loaded", channel=account.kind, why=type(error).__name__, at=where(error))
            return
        if isinstance(channel, Listener | Backfill):
            task = asyncio.create_task(Hearing(self._ears, account, channel).run())
            self._tasks[account.id] = (_seen(account), task)

    async def _end(self, ids: list[AccountId]) -> None:
        tasks = [self._tasks.pop(id_)[1] for id_ in ids]
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("hearing failed", why=type(ended).__name__, at=where(ended))


def _seen(account: Account | None) -> object:
    """What a hearing depends on; that its health changed is its own doing."""
    return None if account is None else (account.kind, account.settings, account.secrets)
