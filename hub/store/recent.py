"""Recent arrivals: what this process kept a moment ago, so that its own worker need not read it back.

A hint and never the truth: dockets say what is still to log, and other processes keep arrivals too.
"""

from collections.abc import Iterable

from hub.model import Arrival

MOST, SMALL = 512, 8_192  # arrivals; bytes of a body


class Recent:
    def __init__(self) -> None:
        self._lanes: dict[str, list[Arrival]] = {}
        self._held = 0

    def add(self, arrival: Arrival) -> None:
        """Hold it until it is taken; the lanes that nobody asks for go first."""
        if len(arrival.body) > SMALL:
            return
        self._lanes.setdefault(arrival.lane, []).append(arrival)
        self._held += 1
        while self._held > MOST:
            self.take([next(iter(self._lanes))])

    def take(self, lanes: Iterable[str]) -> list[Arrival]:
        """What is held of these lanes, each lane in its order; only once."""
        taken = [one for lane in dict.fromkeys(lanes) for one in self._lanes.pop(lane, ())]
        self._held -= len(taken)
        return sorted(taken, key=in_lanes)


def in_lanes(one: Arrival) -> tuple[object, ...]:
    """The order in which arrivals are logged."""
    return one.lane, one.order, one.at, one.id
