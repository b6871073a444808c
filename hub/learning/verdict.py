"""What the gate said of a training, as it is kept and shown. Records only."""

import msgspec

from hub.model import Record


class Side(Record, frozen=True, kw_only=True):
    """One model's shares of right tags, out of fold."""

    right: float
    bare: float
    intents: dict[str, float]
    bare_intents: dict[str, float]


class Served(Record, frozen=True, kw_only=True):
    """Both models as they serve, on the messages that no part of either learnt."""

    rows: int
    before: Side
    after: Side


class Fresh(Record, frozen=True, kw_only=True):
    """The new model's shares of right tags for an intent that the former one did not know."""

    rows: int
    right: float
    bare: float


class Verdict(Record, frozen=True, kw_only=True):
    """What the gate said; `against` is empty when it holds. `gone`: messages of intents that are taught no more.

    `taken`: the share of an intent's messages that goes to fresh ones; under "" of all.
    """

    rows: int
    before: Side
    after: Side
    against: tuple[str, ...] = ()
    fresh: dict[str, Fresh] = msgspec.field(default_factory=dict)
    taken: dict[str, float] = msgspec.field(default_factory=dict)
    gone: dict[str, int] = msgspec.field(default_factory=dict)
    served: Served | None = None
