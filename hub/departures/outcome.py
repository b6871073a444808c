"""How sends end: what of a lane may leave, and how its deliveries stand after a try. No I/O."""

import datetime as dt
import random
from collections.abc import Callable, Sequence

import msgspec

from hub.departures.parts import worst
from hub.errors import Retry
from hub.events import message_changed
from hub.model import Delivery, EventItem, Leave, Message
from hub.store.links import Link, link_id
from hub.store.outbox import Settled
from hub.views import delivery_views

MOST_IN_LANE = 50
MOST_TRIES = 20
MOST_TOLD = 200  # when the platform itself says how long to wait
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 600.0
GAVE_UP = "It could not be delivered in {tries} tries. The last cause: {why}"
LOST_TRACK = "The hub stopped while this message was being sent. It may have arrived."


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One message's send: how its deliveries stand, and what must still leave."""

    message: Message
    settled: Settled


class Endings:
    """How the deliveries of one message stand after a try."""

    def __init__(self, clock: Callable[[], dt.datetime], chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance

    def again(self, message: Message, claim: str, deliveries: Sequence[Delivery], errors: Sequence[Retry]) -> Outcome:
        """Back to queued: for as long as the platform says, else with a growing, jittered pause; refused in the end."""
        assert message.leave is not None
        tries, why = message.leave.attempts + 1, str(errors[-1])
        told = [error.after_s for error in errors if error.after_s is not None]
        if tries >= (MOST_TOLD if len(told) == len(errors) else MOST_TRIES):
            gone = self.refuse_queued(deliveries, GAVE_UP.format(tries=tries, why=why))
            return ended(message, claim, gone, None)
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(tries - 1, 20)) * self._chance.uniform(0.5, 1.5)
        due = self._clock() + dt.timedelta(seconds=max(told) if len(told) == len(errors) else max(pause, *told, 0.0))
        leave = msgspec.structs.replace(queued(message.leave, claim, due), attempts=tries, why=why)
        return ended(message, claim, tuple(deliveries), leave)

    def wait(
        self, message: Message, claim: str, deliveries: Sequence[Delivery], wait_s: float, *errors: Retry
    ) -> Outcome:
        """Back to queued until its turn comes: that is no failure, and is not counted as one."""
        assert message.leave is not None
        leave = queued(message.leave, claim, self._clock() + dt.timedelta(seconds=wait_s))
        if errors:
            leave = msgspec.structs.replace(leave, why=str(errors[-1]))
        return ended(message, claim, tuple(deliveries), leave)

    def settled(
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

    def refuse_queued(self, deliveries: Sequence[Delivery], why: str) -> tuple[Delivery, ...]:
        return tuple(self.settled(one, "refused", why=why) if one.state == "queued" else one for one in deliveries)

    def taken_back(self, message: Message, leave: Leave) -> Outcome:
        """How a lease that ran out ends: it may leave again without harm, or nobody knows."""
        claim = leave.claim or ""
        if leave.step != "sending":
            return ended(message, claim, message.deliveries, queued(leave, claim, self._clock()))
        gone = tuple(
            self.settled(one, "unknown", why=LOST_TRACK) if one.state == "queued" else one for one in message.deliveries
        )
        return ended(message, claim, gone, None)


def ready(run: list[Message], now: dt.datetime) -> list[Message]:
    """The lane's first messages that may leave now: none behind one that waits or is in somebody's hands."""
    first: list[Message] = []
    for message in run[:MOST_IN_LANE]:
        assert message.leave is not None
        if message.leave.step != "queued" or message.leave.due > now:
            break
        first.append(message)
    return first


def resting(message: Message, now: dt.datetime) -> dt.datetime | None:
    """Until when a message in the queue waits; None when it may leave, or is in somebody's hands."""
    assert message.leave is not None
    waits = message.leave.step == "queued" and message.leave.due > now
    return message.leave.due if waits else None


def queued(leave: Leave, claim: str, due: dt.datetime) -> Leave:
    """Back in the queue. The claim stays: who read it before that claim must not take it for untouched."""
    return msgspec.structs.replace(leave, step="queued", claim=claim, until=None, due=due)


def ended(message: Message, claim: str, deliveries: tuple[Delivery, ...], leave: Leave | None) -> Outcome:
    settled = Settled(id=message.id, claim=claim, deliveries=deliveries, delivery=worst(deliveries), leave=leave)
    return Outcome(message=message, settled=settled)


def changed(message: Message) -> EventItem:
    told = {"delivery": message.delivery, "deliveries": delivery_views(message)}
    return message_changed(message.conversation, message.id, told)


def links(outcomes: Sequence[Outcome]) -> list[Link]:
    """The platforms' ids of what went out, where they do not name the message themselves."""
    return [
        Link(
            id=link_id(one.message.account, delivery.external),
            message=one.message.id,
            conversation=one.message.conversation,
            ours=True,
        )
        for one in outcomes
        for delivery, before in zip(one.settled.deliveries, one.message.deliveries, strict=True)
        if delivery.external and delivery.external != before.external and one.message.id not in delivery.external
    ]
