"""Understanding: what its channel makes of each arrival; what nobody understands is quarantined with its reason.

Channels with heavy parsing do it off the loop, several arrivals at a time. The files that came along are stored before
anything is logged: what leaves here names them by their content's hash.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog

from channels.base import Apart, Channel, Names, Reached
from hub.arrivals.files import filed
from hub.errors import Poison, StoreDown
from hub.events import Announcer, quarantine_changed
from hub.ids import arrival_id
from hub.inbound import Inbound, InboundMessage
from hub.logs import where
from hub.model import Account, Arrival
from hub.people.accounts import AccountBook
from hub.store import Store

log = structlog.get_logger()

APART_AT_ONCE = 64  # bodies of 256 kB at most, so that a round to another process carries many
SMALL = 64 * 1024  # contents up to here share a command
LARGE_AT_ONCE = 2  # of those whose body stands in GridFS: memory, not time, is short


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """An arrival and what its channel made of it."""

    arrival: Arrival
    account: Account
    inbounds: tuple[Inbound, ...]
    contents: tuple[bytes, ...] = ()  # small ones, still to be stored


class Understanding:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
        most_file_bytes: int,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock
        self._most = most_file_bytes
        self._apart: dict[str, bool] = {}
        self._names: dict[str, bool] = {}
        self._places = asyncio.Semaphore(APART_AT_ONCE)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def attempt(self, arrivals: Sequence[Arrival]) -> tuple[list[Understood], list[tuple[Arrival, str]]]:
        """What each means, in their order; and those that nobody understands, with the reason. Raises StoreDown."""
        if any(self.is_apart(one.channel) or one.file is not None for one in arrivals):
            found = await asyncio.gather(*(self._bounded(one) for one in arrivals))
        else:
            found = [await self._one(one) for one in arrivals]
        understood = [one for one in found if isinstance(one, Understood)]
        if contents := [content for one in understood for content in one.contents]:
            await self._store.files.put_small(contents)
        unclear = [(one, why) for one, why in zip(arrivals, found, strict=True) if isinstance(why, str)]
        return understood, unclear

    async def set_aside(self, arrival: Arrival, why: str) -> None:
        """Quarantine it, so that its lane goes on."""
        await self._store.arrivals.quarantine(arrival.id, why)
        await self._announcer.announce([quarantine_changed()], self._clock())

    def names(self, kind: str) -> bool:
        """Whether this kind of channel can be asked what somebody is called."""
        if kind not in self._names:
            self._names[kind] = kind in self._channels and isinstance(self._channels[kind], Names)
        return self._names[kind]

    def is_apart(self, kind: str) -> bool:
        """Whether this channel's arrivals take their time to be understood."""
        if kind not in self._apart:
            self._apart[kind] = kind in self._channels and isinstance(self._channels[kind], Apart)
        return self._apart[kind]

    async def _bounded(self, arrival: Arrival) -> Understood | str:
        async with self._large if arrival.file is not None else self._places:
            return await self._one(arrival)

    async def _one(self, arrival: Arrival) -> Understood | str:
        """What it means, or why nobody knows."""
        account = await self._accounts.get(arrival.account)
        try:
            if account is None:
                raise Poison("its account was removed")
            read = arrival
            if arrival.file is not None:
                read = msgspec.structs.replace(arrival, body=await self._store.files.read_all(arrival.file))
            inbounds = await self._without_us(account, await self._normalise(account, read))
        except StoreDown:
            raise
        except Poison as error:
            return str(error)
        except Exception as error:  # a bug in a normaliser delays this message and no other
            log.error("normalise failed", arrival_id=arrival.id, why=type(error).__name__, at=where(error))
            return f"{type(error).__name__} in the channel's normaliser"
        made = filed(named(arrival, inbounds), self._most)
        small = [content for content in made.contents if len(content) <= SMALL]
        for content in made.contents:
            if len(content) > SMALL:  # at once, so that a batch of mails never stands in memory whole
                await self._store.files.put_bytes(content)
        return Understood(arrival=arrival, account=account, inbounds=tuple(made.inbounds), contents=tuple(small))

    async def _normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        channel = self._channels[account.kind]
        if self.is_apart(account.kind):
            assert isinstance(channel, Apart)
            return await channel.normalise_apart(account, arrival)
        return channel.normalise(account, arrival)

    async def _without_us(self, account: Account, inbounds: list[Inbound]) -> list[Inbound]:
        """An answer to all goes to no other account of ours: it has the words in its own conversation."""
        if not any(isinstance(one, InboundMessage) and one.everyone for one in inbounds):
            return inbounds  # asked first: asking a protocol costs more than reading a message
        channel = self._channels[account.kind]
        if not isinstance(channel, Reached):
            return inbounds
        same = [one for one in await self._accounts.all() if one.kind == account.kind and one.id != account.id]
        ours = frozenset[str]().union(*(channel.reached(one) for one in same))
        return [_but(one, ours) if isinstance(one, InboundMessage) else one for one in inbounds]


def _but(said: InboundMessage, ours: frozenset[str]) -> InboundMessage:
    return msgspec.structs.replace(said, everyone=tuple(one for one in said.everyone if one not in ours))


def named(arrival: Arrival, inbounds: Sequence[Inbound]) -> list[Inbound]:
    """The inbounds as this arrival's: history when it is, and under ids of their own when its id stands for two bodies.

    The platform used one id for two bodies; without a mark the log would take the second message for the first.
    """
    mark = "" if arrival.id == arrival_id(arrival.account, arrival.external) else f"#{arrival.digest[:16]}"
    if not mark and not arrival.history:
        return list(inbounds)
    return [
        msgspec.structs.replace(one, external=one.external + mark, history=one.history or arrival.history)
        if isinstance(one, InboundMessage)
        else one
        for one in inbounds
    ]
