"""When teams are open, and who in them takes what: the settings of assignment. Records only, as they are stored."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from hub.model import Priority, Record

SHOP = "shop"  # the id of the hours that hold for everybody who has none of their own
ZONE = "Asia/Ho_Chi_Minh"
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Span(Record, frozen=True, kw_only=True):
    """From one time of the day to another; one that is not later is meant on the next day."""

    opens: Clock
    closes: Clock


class Special(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One day that is unlike its weekday, a holiday included; without spans it is closed."""

    day: dt.date
    spans: tuple[Span, ...] = ()


class Hours(Record, frozen=True, kw_only=True):
    """When a team (id: the team's, or SHOP) is open, by the clock of its zone. `week` begins on Monday."""

    id: str
    zone: str = ZONE
    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    holidays: bool = True  # closed on Vietnam's public holidays
    special: tuple[Special, ...] = ()


How = Literal["by_hand", "load", "round_robin", "last_agent"]


class TeamDesk(Record, frozen=True, kw_only=True):
    """How a team's conversations find an agent. `last_agent`: whoever served this person last, else by load."""

    id: str  # the team's
    how: How = "by_hand"
    capacity: int = 10  # open conversations of one agent, where they have no number of their own
    only_open: bool = False  # nothing is given out while the team is closed


class AgentDesk(Record, frozen=True, kw_only=True):
    """What one agent takes. Capacity counts open conversations; without skills they take everything."""

    id: str  # the agent's
    capacity: int | None = None
    channels: dict[str, int] = msgspec.field(default_factory=dict)  # the same for one channel; 0: none of it
    intents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    away: bool = False


RANK: dict[Priority, int] = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
