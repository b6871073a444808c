"""Mirroring: each account that mirrors is worked by one process at a time; what goes wrong is its own health alone."""

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Callable, Mapping

import structlog

from channels.base import Channel, Mirrors
from hub.bus import Bus
from hub.departures.compose import Composer
from hub.departures.mirror.answering import AT_ONCE, Answering
from hub.departures.mirror.posting import Mirror, Posting, mirror_of
from hub.departures.mirror.showing import Showing
from hub.errors import Refused, Retry, StoreDown
from hub.events import Announcer, settings_changed
from hub.logs import where
from hub.model import AccountId, ConversationId
from hub.people.accounts import AccountBook
from hub.store import Store
from hub.store.mirrored import MirrorReply

log = structlog.get_logger()

ROUND = dt.timedelta(seconds=10)  # a mirror that has much to show leaves off after so long
LEASE_S = 120.0  # longer than a round and its last call
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 1800.0
HEALTH = "The team's channel cannot be written to: "
BROKEN = "Mirroring failed inside the hub ({name}). It is tried again; if this stays, look into the worker's log."

Work = Callable[[], Awaitable[bool]]


class Mirroring:
    """`name` tells this process from others; `url` is a conversation's page in the inbox."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        composer: Composer,
        clock: Callable[[], dt.datetime],
        name: str,
        chance: random.Random,
        url: Callable[[ConversationId], str],
    ) -> None:
        self._store = store
        self._bus = bus
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock
        self._name = name
        self._chance = chance
        posting = Posting(store, bus, clock)
        self._showing = Showing(store, accounts, channels, posting, clock, url)
        self._answering = Answering(store, composer, posting, clock, chance)
        self._rests: dict[str, tuple[int, dt.datetime]] = {}  # how often it failed in a row, and until when it rests

    async def step(self) -> None:
        """Show what is new, read what was said. Raises StoreDown."""
        mirrors = await self._mirrors()
        if not mirrors:
            return
        waiting = await self._waiting({one.account.id for one in mirrors})
        done = await asyncio.gather(
            *(self._round(one, waiting.get(one.account.id, [])) for one in mirrors), return_exceptions=True
        )
        for error in done:
            if isinstance(error, BaseException):
                raise error

    async def _mirrors(self) -> list[Mirror]:
        found = []
        for account in await self._accounts.all():
            if account.settings.get("mirror") and account.kind in self._channels:
                channel: object = self._channels[account.kind]
                mirror = mirror_of(account, channel) if isinstance(channel, Mirrors) else None
                found += [mirror] if mirror is not None else []
        return found

    async def _waiting(self, mirrors: set[AccountId]) -> dict[AccountId, list[MirrorReply]]:
        """What is due, by account; nobody waits for what came to an account that is no mirror any more."""
        found: dict[AccountId, list[MirrorReply]] = {}
        for one in await self._store.mirror_replies.due(self._clock(), AT_ONCE):
            if one.account in mirrors:
                found.setdefault(one.account, []).append(one)
            else:
                await self._store.mirror_replies.done(one.id)
        return found

    async def _round(self, mirror: Mirror, waiting: list[MirrorReply]) -> None:
        account = mirror.account
        if not await self._bus.lease(f"mirror:{account.id}", self._name, LEASE_S):
            return
        if waiting:
            await self._try(mirror, "answering", lambda: self._answering.work(mirror, waiting))
        until = self._clock() + ROUND
        await self._try(mirror, "showing", lambda: self._showing.work(mirror, until))

    # -- failing, and trying again ------------------------------------------------------------------------------------

    async def _try(self, mirror: Mirror, what: str, work: Work) -> None:
        """Do it unless it rests after a failure; no failure of a mirror leaves here. Raises StoreDown."""
        key = f"{mirror.account.id}:{what}"
        tries, until = self._rests.get(key, (0, self._clock()))
        if self._clock() < until:
            return
        try:
            if await work():
                self._rests.pop(key, None)
                await self._say(mirror, None)
        except Retry as error:
            self._rest(key, tries, error.after_s)
            if error.after_s is None and tries:  # once is a hiccup, and being told to wait is none at all
                await self._say(mirror, str(error))
        except Refused as error:
            self._rest(key, tries, None)
            await self._say(mirror, str(error))
        except StoreDown:
            raise
        except Exception as error:
            log.error("mirroring failed", account_id=mirror.account.id, why=type(error).__name__, at=where(error))
            self._rest(key, tries, None)
            await self._say(mirror, BROKEN.format(name=type(error).__name__))

    def _rest(self, key: str, tries: int, after_s: float | None) -> None:
        """For as long as the platform says, else for a growing, jittered time."""
        grown = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 3.0 ** min(tries, 12)) * self._chance.uniform(0.5, 1.5)
        self._rests[key] = (tries + 1, self._clock() + dt.timedelta(seconds=grown if after_s is None else after_s))

    async def _say(self, mirror: Mirror, why: str | None) -> None:
        """Write the account's health down, where it says nothing else."""
        account = await self._accounts.get(mirror.account.id)
        health = HEALTH + why if why is not None else None
        if account is None or account.health == health or not (account.health or HEALTH).startswith(HEALTH):
            return
        await self._store.accounts.change(account.id, {"health": health})
        self._accounts.forget()
        await self._announcer.announce([settings_changed()], self._clock())
