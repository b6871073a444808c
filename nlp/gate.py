"""Whether a newly learnt model may take the old one's place: both judged on the same messages that neither saw.

Compared are the intents that both know; one that the old model could not know has a figure of its own. What such a new
one takes of the others' messages is lost to them, within the same limits. Only an intent that comes back, switched on
again or parted from the one it was merged into, has limits of its own: its owner knows that it takes back what it had.
"""

from collections.abc import Collection, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

LOST_OVERALL = 0.005  # share of right tags that may be lost
LOST_INTENT = 0.03  # the same in any one intent with enough messages to tell
LEAST_FOR_INTENT = 30
BACK_OVERALL = 0.02  # share of all right tags that may go to intents that come back
BACK_INTENT = 0.05  # the same of any one intent with enough messages; each of the shipped ones takes 4.1 % or less
CHANCE = 2.0  # standard deviations that tags which differ by chance may add to a loss of the held-out messages

Right = npt.NDArray[np.bool_]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What one model got right out of fold: each message as written, and typed without diacritics."""

    right: Right
    bare: Right


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One model's shares of right tags; `intents` has those with at least 30 messages."""

    right: float
    bare: float
    intents: dict[str, float]
    bare_intents: dict[str, float]


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """Both models as they serve, both heads and thresholds, on the messages that no part of either learnt."""

    rows: int
    before: Side
    after: Side


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """How the new model does on an intent that the old one did not know."""

    rows: int
    right: float
    bare: float


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Before and after on the same rows, and what speaks against the new model; it passes when nothing does.

    Beside the comparison stand `fresh`, `taken` (the share of an intent's messages that goes to fresh ones; under "" of
    all), `gone` (the messages of an intent that is taught no more) and `served`, where a model has both heads.
    """

    rows: int
    before: Side
    after: Side
    against: list[str]
    fresh: dict[str, Fresh] = {}
    taken: dict[str, float] = {}
    gone: dict[str, int] = {}
    served: Served | None = None

    @property
    def passed(self) -> bool:
        return not self.against


def judge(
    truth: Sequence[str],
    before: Judged,
    after: Judged,
    both: Collection[str] | None = None,
    taken: Judged | None = None,
    back: Judged | None = None,
) -> Verdict:
    """Compare two models on the same messages, whose intents are `truth`, as far as `both` know them (None: all).

    `taken` are messages that the new model gets right among those intents, and gives to a fresh one among all; `back`
    those of them that go to intents which come back, and are not counted as lost.
    """
    known = np.array([both is None or name in both for name in truth], dtype=bool)
    named = [name for name, is_known in zip(truth, known, strict=True) if is_known]
    old, new = _side(named, _part(before, known)), _side(named, _part(after, known))
    against = [
        *_lost("overall", old.right, new.right, LOST_OVERALL),
        *_lost("without diacritics", old.bare, new.bare, LOST_OVERALL),
        *(line for name in old.intents for line in _lost(name, old.intents[name], new.intents[name], LOST_INTENT)),
        *(
            line
            for name in old.bare_intents
            for line in _lost(f"{name} without diacritics", old.bare_intents[name], new.bare_intents[name], LOST_INTENT)
        ),
    ]
    against += _too_much(_went(_side(named, _part(back, known)))) if back is not None else []
    fresh = {name: _fresh(truth, after, name) for name in sorted(set(truth) - set(named))}
    went = _went(_side(named, _part(taken, known))) if taken is not None else {}
    return Verdict(rows=len(named), before=old, after=new, against=against, fresh=fresh, taken=went)


def with_served(verdict: Verdict, truth: Sequence[str], before: Judged, after: Judged) -> Verdict:
    """The verdict, with what both models say as they serve of messages whose intents are `truth`.

    They are a fifth of all, and two networks that learnt nearly the same differ in some of them: a loss speaks against
    the new model from where it is more than the limit and chance.
    """
    old, new = _side(truth, before), _side(truth, after)
    against = [
        *_lost("as served", old.right, new.right, LOST_OVERALL + _chance(before.right, after.right)),
        *_lost("as served without diacritics", old.bare, new.bare, LOST_OVERALL + _chance(before.bare, after.bare)),
    ]
    for name in old.intents:
        mine = np.array(truth) == name
        chance, bare = (_chance(a[mine], b[mine]) for a, b in ((before.right, after.right), (before.bare, after.bare)))
        against += _lost(f"as served, {name}", old.intents[name], new.intents[name], LOST_INTENT + chance)
        typed = old.bare_intents[name], new.bare_intents[name]
        against += _lost(f"as served, {name} without diacritics", *typed, LOST_INTENT + bare)
    served = Served(rows=len(truth), before=old, after=new)
    return msgspec.structs.replace(verdict, against=[*verdict.against, *against], served=served)


def _chance(before: Right, after: Right) -> float:
    """The share that may be lost because tags differ in either direction."""
    return CHANCE * float(np.sqrt((before != after).sum())) / max(len(before), 1)


def _went(side: Side) -> dict[str, float]:
    """The share of each intent's messages that goes to fresh ones, and under "" of all: as written or without."""
    each = {name: max(share, side.bare_intents[name]) for name, share in side.intents.items()}
    return {name: share for name, share in {"": max(side.right, side.bare), **each}.items() if share}


def _too_much(went: dict[str, float]) -> list[str]:
    limits = {name: BACK_INTENT if name else BACK_OVERALL for name in went}
    return [
        f"{f'{name} to ' if name else ''}new intents: {share:.1%} of the messages go there; "
        f"at most {limits[name] * 100:g} points may"
        for name, share in went.items()
        if share > limits[name]
    ]


def _part(judged: Judged, chosen: Right) -> Judged:
    return Judged(right=judged.right[chosen], bare=judged.bare[chosen])


def _fresh(truth: Sequence[str], judged: Judged, name: str) -> Fresh:
    mine = np.array(truth) == name
    return Fresh(rows=int(mine.sum()), right=_share(judged.right[mine]), bare=_share(judged.bare[mine]))


def _side(truth: Sequence[str], judged: Judged) -> Side:
    named = np.array(truth)
    many = [name for name in sorted(set(truth)) if (named == name).sum() >= LEAST_FOR_INTENT]
    return Side(
        right=_share(judged.right),
        bare=_share(judged.bare),
        intents={name: _share(judged.right[named == name]) for name in many},
        bare_intents={name: _share(judged.bare[named == name]) for name in many},
    )


def _share(found: Right) -> float:
    return round(float(found.mean()), 4) if len(found) else 0.0


def _lost(what: str, before: float, after: float, most: float) -> list[str]:
    lost = before - after
    if lost <= most + 1e-9:
        return []
    return [f"{what}: {before:.1%} before, {after:.1%} after; at most {most * 100:.3g} points may be lost"]
