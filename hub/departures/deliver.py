"""Deliver: claim what is due by journaling that it is about to leave, send it once, settle how it ended.

Three endings: sent; refused, with a sentence; unknown, when the platform may have it. Within a lane messages leave in
order: one that must be tried again holds those behind it, one that was refused or is unknown lets them pass.
"""

import asyncio
import datetime as dt
import functools
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, TypeVar

import msgspec
import structlog

from channels.base import Channel, Limits
from hub.bus import Bus
from hub.departures.outcome import Endings, Outcome, changed, ended, links, ready, resting
from hub.departures.pacing import MOST_WAIT_S, Pacing
from hub.departures.parts import parts
from hub.departures.preview import preview
from hub.errors import Refused, Retry, StoreDown, Unknown
from hub.events import Announcer
from hub.model import Account, EventItem, Leave, Message, Part, Sent
from hub.people.accounts import AccountBook
from hub.store import Store
from hub.store.group import GroupCommit
from hub.store.outbox import Claim

log = structlog.get_logger()
T = TypeVar("T")

LEASE = dt.timedelta(seconds=30)  # what a killed worker had claimed waits at least this long
CLAIM_S = 10.0  # for so long a claim whose answer was lost is asked again; its lease goes on meanwhile
AWAY_S = 0.5  # until a database that went away is asked again
MOST_LANES = (500, 100)  # by rank: replies, campaigns
RING_WITHIN_S = 60.0
TIMED_OUT = "The platform did not answer in time. It may have the message."
NO_ACCOUNT = "The account of this conversation was removed or switched off."


class Deliverer:
    def __init__(
        self,
        store: Store,
        bus: Bus,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
        name: str,
        chance: random.Random,
    ) -> None:
        self._store = store
        self._bus = bus
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock
        self._name = name
        self._endings = Endings(clock, chance)
        self._claims = 0
        self._pacing = Pacing(bus, clock)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._ringing: set[asyncio.Task[None]] = set()
        self._rung: set[str] = set()
        self._resting: dict[str, dt.datetime] = {}  # lanes whose first message waits until then, as last seen
        self._starting = asyncio.Lock()  # between looking what may leave and being busy with it
        self._settling: GroupCommit[Outcome, None] = GroupCommit(self._settle)
        self._claiming: GroupCommit[Claim, str | None] = GroupCommit(self._claim_all)

    def room(self, rank: int) -> int:
        """How many more lanes of this rank may be sent in at the same time; campaigns leave most of it to replies."""
        return MOST_LANES[rank] - sum(lane.endswith(f":{rank}") for lane in self._busy)

    async def process(self, lanes: Sequence[str]) -> None:
        """Send what is due in these lanes, and wait until it is settled. Raises StoreDown."""
        for sending in await self.start(lanes):
            await sending

    async def start(self, lanes: Sequence[str]) -> list["asyncio.Task[None]"]:
        """Begin to send what is due in these lanes, each lane by itself: none waits for a slow platform.

        Lanes that are being sent in are looked at again when they are through. Raises StoreDown when nothing could be
        read; what fails later is found by sweeps and leases.
        """
        async with self._starting:
            free = [lane for lane in dict.fromkeys(lanes) if lane not in self._busy]
            self._rung |= set(lanes) & self._busy.keys()
            runs = await self._runs(free)
            for lane, run in runs.items():
                self._busy[lane] = asyncio.create_task(self._through(lane, run))
            return [self._busy[lane] for lane in runs]

    async def _runs(self, lanes: list[str]) -> dict[str, list[Message]]:
        """What may leave now, by lane."""
        waiting: dict[str, list[Message]] = {}
        for message in await self._store.outbox.leaving(lanes):
            assert message.leave is not None
            waiting.setdefault(message.leave.lane, []).append(message)
        now = self._clock()
        first = {lane: ready(run, now) for lane, run in waiting.items() if lane not in self._busy}
        self._resting |= {lane: rest for lane in first if (rest := resting(waiting[lane][0], now))}
        return {lane: run for lane, run in first.items() if run}

    def awake(self, lanes: Sequence[str]) -> list[str]:
        """Without those that were seen to wait for longer: what is due in them stands behind what is not."""
        self._resting = {lane: rest for lane, rest in self._resting.items() if rest > self._clock()}
        return [lane for lane in lanes if lane not in self._resting]

    async def _through(self, lane: str, run: list[Message]) -> None:
        """One lane's run; whoever was rung for meanwhile is rung for again."""
        try:
            await self._lane(run)
        except StoreDown as error:
            log.warning("send not settled", why=str(error))  # its lease runs out: queued again, or unknown
        except Exception as error:  # a bug of ours; the lease says the same
            log.error("lane failed", lane=lane, why=type(error).__name__)
        finally:
            del self._busy[lane]
            if lane in self._rung:
                self._rung.discard(lane)
                await self._bus.nudge(f"deliver{lane.rsplit(':', 1)[1]}", [lane])

    async def drain(self, patience_s: float) -> None:
        """Let the sends that are under way end, so that a stop leaves none of them unknown."""
        for task in self._ringing:
            task.cancel()
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=patience_s)

    async def _lane(self, run: list[Message]) -> None:
        """Send a lane's messages one behind the other, up to one that another worker has or that must wait."""
        for message in run:
            outcome = await self._send(message, await self._accounts.get(message.account))
            if outcome is None:
                return
            await _for_sure(functools.partial(self._settling.add, outcome), LEASE.total_seconds())
            if outcome.settled.leave is not None:
                self._ring_at(outcome.settled.leave)
                return

    def _ring_at(self, leave: Leave) -> None:
        """Ring when a short pause is over, rather than when the next sweep comes by; else that finds it."""
        pause = (leave.due - self._clock()).total_seconds()
        if 0 < pause <= RING_WITHIN_S:
            task = asyncio.create_task(self._ring(leave, pause))
            self._ringing.add(task)
            task.add_done_callback(self._ringing.discard)

    async def _ring(self, leave: Leave, pause_s: float) -> None:
        await asyncio.sleep(pause_s)
        await self._bus.nudge(f"deliver{leave.rank}", [leave.lane])

    # -- one message -------------------------------------------------------------------------------------------------

    async def _send(self, message: Message, account: Account | None) -> Outcome | None:
        """Send its queued parts in order; None when another worker has it: then nothing leaves here."""
        if account is None or not account.on or account.kind not in self._channels:
            if (claim := await self._claim(message, LEASE, calls=False)) is None:
                return None
            return ended(message, claim, self._endings.refuse_queued(message.deliveries, NO_ACCOUNT), None)
        channel = self._channels[account.kind]
        left = [one for one in message.deliveries if one.state == "queued"]
        wait = await self._pacing.turn(account, channel.limits, left[0].to) if left else 0.0
        lease = LEASE + dt.timedelta(seconds=_longest_s(channel.limits) * len(left))
        claim = await self._claim(message, lease, calls=not wait and not channel.limits.repeatable)
        if claim is None:
            return None
        if wait:
            return self._endings.wait(message, claim, message.deliveries, wait)
        return await self._send_left(message, account, channel, parts(message, channel.limits), claim)

    async def _claim(self, message: Message, lease: dt.timedelta, calls: bool) -> str | None:
        """Take it for ourselves; `calls` says that a call follows which must not be made twice. None if it is taken."""
        assert message.leave is not None
        step: Literal["sending", "claimed"] = "sending" if calls else "claimed"
        return await self._claiming.add(Claim(message.id, message.leave.claim, step, self._clock() + lease))

    async def _send_left(
        self, message: Message, account: Account, channel: Channel, cut: Sequence[Part], claim: str
    ) -> Outcome:
        """Call once for each delivery that is left. A recipient who must wait holds up their own parts only."""
        deliveries, held = list(message.deliveries), dict[str, Retry]()
        called, wait = False, 0.0
        for index, delivery in enumerate(deliveries):
            if delivery.state != "queued" or delivery.to in held:
                continue
            if called and (wait := await self._pacing.turn(account, channel.limits, delivery.to)):
                break
            called = True
            try:
                sent = await self._call(channel, account, delivery.to, cut[delivery.part])
            except Retry as error:
                held[delivery.to] = error
                if error.whole_account:
                    wait = await self._pacing.slow_down(account, error.after_s)
                    break
            except Refused as error:
                deliveries[index] = self._endings.settled(delivery, "refused", why=str(error))
            except Unknown as error:
                deliveries[index] = self._endings.settled(delivery, "unknown", why=str(error), external=error.external)
            else:
                deliveries[index] = self._endings.settled(delivery, sent.state, external=sent.external)
        if wait:
            return self._endings.wait(message, claim, deliveries, wait, *held.values())
        if held:
            return self._endings.again(message, claim, deliveries, list(held.values()))
        return ended(message, claim, tuple(deliveries), None)

    async def _call(self, channel: Channel, account: Account, to: str, part: Part) -> Sent:
        """The call itself, under its timeout; what is neither an answer nor a named failure is unknown."""
        try:
            async with asyncio.timeout(channel.limits.timeout_s):
                return await channel.send(account, to, part)
        except (Retry, Refused, Unknown):
            raise
        except TimeoutError as error:
            raise Unknown(TIMED_OUT) from error
        except Exception as error:  # an adapter's bug: the platform may have it all the same
            log.error("send failed", message_id=part.message, why=type(error).__name__)
            raise Unknown(f"The channel failed while sending ({type(error).__name__}).") from error

    # -- writes, shared by the lanes of the moment -------------------------------------------------------------------

    async def _claim_all(self, asked: list[Claim]) -> list[str | Exception | None]:
        self._claims += 1
        claim = f"{self._name}:{self._claims}"
        # An answer that was lost is asked for again: what never left must not become unknown.
        mine = await _for_sure(lambda: self._store.outbox.claim(asked, claim), CLAIM_S)
        return [claim if one.id in mine else None for one in asked]

    async def _settle(self, outcomes: list[Outcome]) -> list[Exception | None]:
        """Rows and event first, the journaled end last: what a crash leaves is taken back by its lease and told."""
        breaks = self._store.ledger.breaks
        before = breaks.count
        if further := links([one for one in outcomes if not self._is_repeatable(one.message)]):
            await self._store.links.add(further)
        event = await self._announcer.append(await self._show(outcomes), self._clock(), journaled=False)
        kept = await self._store.outbox.settle([one.settled for one in outcomes])
        if breaks.count == before:
            await self._announcer.ring(event)
        else:  # killed in between: the row and that number may be gone, so show and tell it again
            await self._announcer.announce(await self._show(outcomes), self._clock())
        if not kept:
            await self._settle_late(outcomes)
        return [None] * len(outcomes)

    async def _show(self, outcomes: Sequence[Outcome]) -> list[EventItem]:
        """Show in the rows how these ended; the events that say so."""
        after = [
            msgspec.structs.replace(one.message, deliveries=one.settled.deliveries, delivery=one.settled.delivery)
            for one in outcomes
        ]
        await self._store.conversations.show_sent([(one, preview(one)) for one in after])
        return [changed(one) for one in after]

    async def _settle_late(self, outcomes: Sequence[Outcome]) -> None:
        """Leases ran out before the answers: an answer settles what was taken for unknown; else the ledger is right."""
        for one in outcomes:
            if one.settled.leave is None:  # else a part would wait that nobody will send
                await self._store.outbox.settle_late(one.settled)
        stand = await self._store.messages.by_ids([one.message.id for one in outcomes])
        await self._announcer.announce([changed(one) for one in stand], self._clock())

    # -- leases that ran out -----------------------------------------------------------------------------------------

    async def expire(self) -> list[str]:
        """Put expired claims back to queued, settle expired sends as unknown; the lanes to look at again."""
        lanes = []
        for message in await self._store.outbox.expired(self._clock()):
            assert message.leave is not None
            lanes.append(message.leave.lane)
            outcome = self._endings.taken_back(message, message.leave)
            if await self._store.outbox.take_back(message, outcome.settled):
                await self._announcer.announce(await self._show([outcome]), self._clock())
        return lanes

    def _is_repeatable(self, message: Message) -> bool:
        """Whether sending it again does no harm; then it is also known by its own id alone."""
        channel = self._channels.get(message.channel)
        return channel is not None and channel.limits.repeatable


async def _for_sure(write: Callable[[], Awaitable[T]], patience_s: float) -> T:
    """Write it, when the database is away once it is back. Raises StoreDown when that takes too long."""
    patience = asyncio.get_running_loop().time() + patience_s
    while True:
        try:
            return await write()
        except StoreDown:
            if asyncio.get_running_loop().time() > patience:
                raise
            await asyncio.sleep(AWAY_S)


def _longest_s(limits: Limits) -> float:
    """How long one call may take, its turn included."""
    return limits.timeout_s + (MOST_WAIT_S if limits.per_chat_s or limits.per_account_s else 0.0)
