"""Deliver: claim what is due, journal that it is about to leave, send it once, settle how it ended.

Three endings: sent; refused, with a sentence; unknown, when the platform may have it. Within a lane messages leave in
order: one that must be tried again holds those behind it, one that was refused or is unknown lets them pass.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog

from channels.base import Channel
from hub.bus import Bus
from hub.departures.parts import parts, worst
from hub.departures.preview import preview
from hub.errors import Refused, Retry, StoreDown, Unknown
from hub.events import Announcer, message_changed
from hub.model import Account, Delivery, EventItem, Leave, Message, MessageId, Part, Sent
from hub.people.accounts import AccountBook
from hub.store import Store
from hub.store.group import GroupCommit
from hub.store.outbox import Settled
from hub.views import delivery_views

log = structlog.get_logger()

LEASE = dt.timedelta(seconds=30)  # what a killed worker had claimed waits this long
AWAY_S = 0.5  # until a database that went away is asked again
MOST_IN_LANE = 50
MOST_LANES = (500, 100)  # by rank: replies, campaigns
MOST_TRIES = 20
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 600.0
TIMED_OUT = "The platform did not answer in time. It may have the message."
NO_ACCOUNT = "The account of this conversation was removed or switched off."
GAVE_UP = "It could not be delivered in {tries} tries. The last cause: {why}"
LOST_TRACK = "The hub stopped while this message was being sent. It may have arrived."


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One message's send: how its deliveries stand, and what must still leave."""

    message: Message
    settled: Settled


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
        self._chance = chance
        self._claims = 0
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._rung: set[str] = set()
        self._starting = asyncio.Lock()  # between looking what may leave and being busy with it
        self._settling: GroupCommit[Outcome, None] = GroupCommit(self._settle)
        self._marking: GroupCommit[tuple[MessageId, str, dt.datetime], bool] = GroupCommit(self._mark_sending)

    def room(self, rank: int) -> int:
        """How many more lanes of this rank may be sent in at the same time; campaigns leave most of it to replies."""
        return MOST_LANES[rank] - sum(lane.endswith(f":{rank}") for lane in self._busy)

    async def process(self, lanes: Sequence[str]) -> None:
        """Send what is due in these lanes, and wait until it is settled. Raises StoreDown."""
        for sending in await self.start(lanes):
            await sending

    async def start(self, lanes: Sequence[str]) -> list["asyncio.Task[None]"]:
        """Claim what is due in these lanes and begin to send it, each lane by itself: none waits for a slow platform.

        Lanes that are being sent in are looked at again when they are through. Raises StoreDown when nothing could be
        claimed; what fails later is found by sweeps and leases.
        """
        async with self._starting:
            free = [lane for lane in dict.fromkeys(lanes) if lane not in self._busy]
            self._rung |= set(lanes) & self._busy.keys()
            runs = await self._runs(free)
            ids = [one.id for run in runs.values() for one in run]
            if not ids:
                return []
            self._claims += 1
            claim = f"{self._name}:{self._claims}"
            mine = await self._store.outbox.claim(ids, claim, self._clock() + LEASE)
            for lane, run in runs.items():
                self._busy[lane] = asyncio.create_task(self._through(lane, run, mine, claim))
            return [self._busy[lane] for lane in runs]

    async def _runs(self, lanes: list[str]) -> dict[str, list[Message]]:
        """What may leave now, by lane."""
        waiting: dict[str, list[Message]] = {}
        for message in await self._store.outbox.leaving(lanes):
            assert message.leave is not None
            waiting.setdefault(message.leave.lane, []).append(message)
        ready = {lane: _ready(run, self._clock()) for lane, run in waiting.items() if lane not in self._busy}
        return {lane: run for lane, run in ready.items() if run}

    async def _through(self, lane: str, run: list[Message], mine: set[MessageId], claim: str) -> None:
        """One lane's run up to what another worker has; whoever was rung for meanwhile is rung for again."""
        kept = _until_lost(run, mine)
        try:
            await self._lane(kept, claim)
            await self._give_back([one for one in run[len(kept) :] if one.id in mine], claim, self._clock())
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
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=patience_s)

    async def _lane(self, run: list[Message], claim: str) -> None:
        """Send a lane's messages one behind the other."""
        for position, message in enumerate(run):
            account = await self._accounts.get(message.account)
            outcome = await self._send(message, account, claim)
            if outcome is None:
                return
            await self._settled_for_sure(outcome)
            if outcome.settled.leave is not None:
                await self._give_back(run[position + 1 :], claim, outcome.settled.leave.due)
                return

    async def _settled_for_sure(self, outcome: Outcome) -> None:
        """Write down how it ended, when the database is away once it is back: nobody else knows. Raises StoreDown."""
        patience = asyncio.get_running_loop().time() + LEASE.total_seconds()
        while True:
            try:
                await self._settling.add(outcome)
                return
            except StoreDown:
                if asyncio.get_running_loop().time() > patience:
                    raise
                await asyncio.sleep(AWAY_S)

    async def _give_back(self, run: list[Message], claim: str, due: dt.datetime) -> None:
        """Those behind one that must be tried again wait with it."""
        for message in run:
            assert message.leave is not None
            await self._settling.add(_outcome(message, claim, message.deliveries, _queued(message.leave, due)))

    # -- one message -------------------------------------------------------------------------------------------------

    async def _send(self, message: Message, account: Account | None, claim: str) -> Outcome | None:
        """Send its queued parts in order; None when the claim was lost before anything left."""
        if account is None or not account.on or account.kind not in self._channels:
            return _outcome(message, claim, self._refuse_queued(message.deliveries, NO_ACCOUNT), None)
        channel = self._channels[account.kind]
        cut = parts(message, channel.limits)
        until = self._clock() + LEASE + dt.timedelta(seconds=channel.limits.timeout_s * len(cut))
        if not channel.limits.repeatable and not await self._marking.add((message.id, claim, until)):
            return None
        deliveries = list(message.deliveries)
        for index, delivery in enumerate(deliveries):
            if delivery.state != "queued":
                continue
            try:
                sent = await self._call(channel, account, delivery.to, cut[delivery.part])
            except Retry as error:
                return self._again(message, claim, deliveries, str(error), error.after_s)
            except Refused as error:
                deliveries[index] = self._settled(delivery, "refused", why=str(error))
            except Unknown as error:
                deliveries[index] = self._settled(delivery, "unknown", why=str(error))
            else:
                deliveries[index] = self._settled(delivery, sent.state, external=sent.external)
        return _outcome(message, claim, tuple(deliveries), None)

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

    def _again(
        self, message: Message, claim: str, deliveries: list[Delivery], why: str, after_s: float | None
    ) -> Outcome:
        """Back to queued with a growing, jittered pause; refused when it was tried often enough."""
        assert message.leave is not None
        tries = message.leave.attempts + 1
        if tries >= MOST_TRIES:
            gone = self._refuse_queued(deliveries, GAVE_UP.format(tries=tries, why=why))
            return _outcome(message, claim, gone, None)
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (tries - 1)) * self._chance.uniform(0.5, 1.5)
        due = self._clock() + dt.timedelta(seconds=max(pause, after_s or 0.0))
        leave = msgspec.structs.replace(_queued(message.leave, due), attempts=tries, why=why)
        return _outcome(message, claim, tuple(deliveries), leave)

    def _settled(
        self, delivery: Delivery, state: str, *, external: str | None = None, why: str | None = None
    ) -> Delivery:
        return msgspec.convert(
            {
                "part": delivery.part,
                "to": delivery.to,
                "state": state,
                "at": self._clock(),
                "external": external,
                "why": why,
            },
            Delivery,
        )

    def _refuse_queued(self, deliveries: Sequence[Delivery], why: str) -> tuple[Delivery, ...]:
        return tuple(self._settled(one, "refused", why=why) if one.state == "queued" else one for one in deliveries)

    # -- writes, shared by the lanes of the moment -------------------------------------------------------------------

    async def _mark_sending(self, asked: list[tuple[MessageId, str, dt.datetime]]) -> list[bool | Exception]:
        by_claim: dict[str, list[MessageId]] = {}
        for id_, claim, _ in asked:
            by_claim.setdefault(claim, []).append(id_)
        until = max(until for _, _, until in asked)
        mine: set[MessageId] = set()
        for claim, ids in by_claim.items():
            mine |= await self._store.outbox.sending(ids, claim, until)
        return [id_ in mine for id_, _, _ in asked]

    async def _settle(self, outcomes: list[Outcome]) -> list[Exception | None]:
        """Rows and event first, the journaled end last: what a crash leaves is taken back by its lease and told."""
        breaks = self._store.ledger.breaks
        before = breaks.count
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
        return [_changed(one) for one in after]

    async def _settle_late(self, outcomes: Sequence[Outcome]) -> None:
        """Leases ran out before the answers: an answer settles what was taken for unknown; else the ledger is right."""
        for one in outcomes:
            if one.settled.delivery != "queued":
                await self._store.outbox.settle_late(one.settled)
        stand = await self._store.messages.by_ids([one.message.id for one in outcomes])
        await self._announcer.announce([_changed(one) for one in stand], self._clock())

    # -- leases that ran out -----------------------------------------------------------------------------------------

    async def expire(self) -> list[str]:
        """Put expired claims back to queued, settle expired sends as unknown; the lanes to look at again."""
        lanes = []
        for message in await self._store.outbox.expired(self._clock()):
            assert message.leave is not None
            lanes.append(message.leave.lane)
            outcome = self._taken_back(message, message.leave)
            if await self._store.outbox.take_back(message, outcome.settled):
                await self._announcer.announce(await self._show([outcome]), self._clock())
        return lanes

    def _taken_back(self, message: Message, leave: Leave) -> Outcome:
        """How a lease that ran out ends: nothing left, or it may leave again without harm, or nobody knows."""
        channel = self._channels.get(message.channel)
        if leave.step != "sending" or (channel is not None and channel.limits.repeatable):
            return _outcome(message, leave.claim or "", message.deliveries, _queued(leave, self._clock()))
        gone = tuple(
            self._settled(one, "unknown", why=LOST_TRACK) if one.state == "queued" else one
            for one in message.deliveries
        )
        return _outcome(message, leave.claim or "", gone, None)


def _ready(run: list[Message], now: dt.datetime) -> list[Message]:
    """The lane's first messages that may leave now: none behind one that waits or is in somebody's hands."""
    ready: list[Message] = []
    for message in run[:MOST_IN_LANE]:
        assert message.leave is not None
        if message.leave.step != "queued" or message.leave.due > now:
            break
        ready.append(message)
    return ready


def _until_lost(run: list[Message], mine: set[MessageId]) -> list[Message]:
    """The lane up to the first message that somebody else claimed."""
    kept: list[Message] = []
    for message in run:
        if message.id not in mine:
            break
        kept.append(message)
    return kept


def _queued(leave: Leave, due: dt.datetime) -> Leave:
    return msgspec.structs.replace(leave, step="queued", claim=None, until=None, due=due)


def _outcome(message: Message, claim: str, deliveries: tuple[Delivery, ...], leave: Leave | None) -> Outcome:
    settled = Settled(id=message.id, claim=claim, deliveries=deliveries, delivery=worst(deliveries), leave=leave)
    return Outcome(message=message, settled=settled)


def _changed(message: Message) -> EventItem:
    told = {"delivery": message.delivery, "deliveries": delivery_views(message)}
    return message_changed(message.conversation, message.id, told)
