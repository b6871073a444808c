"""How far a mailbox was read: for each folder, which UIDs are kept, as few ranges. Pure."""

from bisect import bisect_left
from itertools import pairwise

import msgspec

from channels.email.listening.grammar import ranges

Span = tuple[int, int]


class Place(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One folder. UIDs mean something only under their UIDVALIDITY."""

    uidvalidity: int = 0
    uids: str = ""  # the kept ones, and those that we never want, as 1:400,402
    compared: bool = False  # whether it was read to its end once
    history: bool = False  # whether the mail from before the account was wanted
    before: int = 0  # the last UID at the first look: up to here, what is older than the account is skipped
    kept: int = 0  # how many were handed over, ever


class Cursor(msgspec.Struct, kw_only=True, omit_defaults=True):
    """All folders, by name."""

    folders: dict[str, Place] = {}

    def place(self, name: str) -> Place:
        """The folder's place, a new one at first."""
        return self.folders.setdefault(name, Place())

    def written(self) -> str:
        """As `Batch.cursor`."""
        return msgspec.json.encode(self).decode()


def read(text: str | None) -> Cursor:
    """A cursor as it was written. One that cannot be read is begun anew: all is found again, under the same ids."""
    try:
        return msgspec.json.decode(text or "{}", type=Cursor)
    except msgspec.DecodeError:
        return Cursor()


def spans(text: str) -> list[Span]:
    """1:4,7 as [(1, 4), (7, 7)]."""
    found = (one.partition(":") for one in text.split(",") if one)
    return [(int(low), int(high or low)) for low, _, high in found]


def missing(text: str, uids: list[int]) -> list[int]:
    """Those of the sorted UIDs that the set does not hold."""
    held = spans(text)
    lows = [low for low, _ in held]
    return [uid for uid in uids if not _holds(held, lows, uid)]


def _holds(held: list[Span], lows: list[int], uid: int) -> bool:
    at = bisect_left(lows, uid + 1) - 1
    return at >= 0 and held[at][0] <= uid <= held[at][1]


def plus(text: str, uids: list[int]) -> str:
    """The set with these UIDs."""
    return _joined([*spans(text), *spans(ranges(sorted(uids)))])


def closed(text: str, there: list[int], wanted: list[int]) -> str:
    """The set with its gaps closed up to the folder's last mail, except for the UIDs that are still wanted.

    A UID that does not exist now never will (RFC 3501 2.3.1.1), so that the set stays small for ever.
    """
    if not there:
        return text
    edges = [0, *wanted, there[-1] + 1]
    gaps = [(low + 1, high - 1) for low, high in pairwise(edges) if low + 1 <= high - 1]
    return _joined([*spans(text), *gaps])


def last(text: str) -> int:
    """The highest UID of the set, 0 for an empty one."""
    return max((high for _, high in spans(text)), default=0)


def _joined(found: list[Span]) -> str:
    merged: list[list[int]] = []
    for low, high in sorted(found):
        if merged and low <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in merged)
