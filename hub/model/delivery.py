"""How a message leaves: whose turn it is, and how each part of it fares."""

import datetime as dt
from typing import Literal

from hub.model.record import Record

DeliveryState = Literal["queued", "sending", "sent", "delivered", "read", "refused", "unknown"]

# The worst state of a message's deliveries is the one it shows; `merge_states` in hub/departures follows this order.
DELIVERY_ORDER: tuple[DeliveryState, ...] = ("refused", "unknown", "queued", "sending", "sent", "delivered", "read")


class Leave(Record, frozen=True, kw_only=True):
    """Present on a message while something of it must still leave.

    lane: conversation and class; order is kept inside it. rank: 0 replies, 1 campaigns. What is *claimed* may leave
    again; only an expired *sending* becomes unknown.
    """

    lane: str
    rank: int
    due: dt.datetime
    step: Literal["queued", "claimed", "sending"] = "queued"
    claim: str | None = None  # whose it is, or was last
    until: dt.datetime | None = None
    attempts: int = 0
    why: str | None = None  # of the last retry


class Delivery(Record, frozen=True, kw_only=True):
    """How one part of an outgoing message fares with one recipient."""

    part: int
    to: str
    state: DeliveryState
    at: dt.datetime
    external: str | None = None  # the platform's id of it
    why: str | None = None  # the sentence for the agent, when refused or unknown
