"""What is measured and what it must be: goals, figures, and the judgement between them. No measuring here."""

import statistics
from collections.abc import Sequence
from typing import Literal

import msgspec

Sense = Literal["at least", "at most"]
SIGN = {"at least": "≥", "at most": "≤"}
PRINTED, AIMED = "printed, nothing is asked of it", "printed, only aimed at"
NOT_RUN = "not run yet"


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """One row of an issue's table. Without `must` the figure is only printed."""

    what: str
    unit: str
    sense: Sense = "at least"
    must: float | None = None
    aim: float | None = None
    issue: str = "walking-hub"


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """What came out: every reading of the run, which of them counts, and the denominators measured beside it."""

    goal: Goal
    readings: tuple[float, ...] = ()
    beside: dict[str, str] = {}
    why: str | None = None  # why there is no reading

    @property
    def value(self) -> float | None:
        """The median of the run's readings."""
        return statistics.median(self.readings) if self.readings else None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure as programs read it in results.json."""

    issue: str
    what: str
    value: float | None
    unit: str
    must: str | None
    aim: str | None
    holds: bool | None
    aim_holds: bool | None
    why: str | None


def not_run(goal: Goal, why: str = NOT_RUN) -> Figure:
    return Figure(goal=goal, why=why)


def row(figure: Figure) -> Row:
    """The figure judged; a goal without `must` has no verdict."""
    goal, value = figure.goal, figure.value
    return Row(
        issue=goal.issue,
        what=goal.what,
        value=None if value is None else float(f"{value:.4g}"),
        unit=goal.unit,
        must=asked(goal, goal.must),
        aim=asked(goal, goal.aim),
        holds=_holds(goal, goal.must, value),
        aim_holds=_holds(goal, goal.aim, value),
        why=figure.why if value is None else _unasked(goal),
    )


def _unasked(goal: Goal) -> str | None:
    """Why there is no verdict."""
    if goal.must is not None:
        return None
    return PRINTED if goal.aim is None else AIMED


def asked(goal: Goal, bound: float | None) -> str | None:
    """A bound as people read it."""
    return None if bound is None else f"{SIGN[goal.sense]} {bound:g}"


def _holds(goal: Goal, bound: float | None, value: float | None) -> bool | None:
    if bound is None or value is None:
        return None
    return value >= bound if goal.sense == "at least" else value <= bound


def percentile(readings: Sequence[float], share: float) -> float:
    """The reading below which `share` (0 to 1) of them lie."""
    ordered = sorted(readings)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
