"""What goes wrong on the way: by script for the next calls, or by chance for all of them."""

import random
from collections import defaultdict, deque
from typing import Literal

Fault = Literal[
    "refuse",  # the connection is closed before anything was read of the call
    "drop",  # it is done, and the connection closed without an answer
    "half",  # it is done, and the connection closed in the middle of the answer
    "hang",  # it is done, and the answer never comes
    "late",  # it is done, and the answer comes after `late_s`
    "bad gateway",  # not done: 502
    "server error",  # done, and 500 all the same
    "malformed",  # done, and the answer is no JSON
]


class Faults:
    """`script[method]` holds the faults of its next calls, None for a good one; "*" is any method, "file" a download.

    Updates pushed to a webhook are told twice (`double`), their answers are lost (`lose`) by these chances, and with
    `reorder` they leave in any order, which Telegram itself does for different chats alone.
    """

    def __init__(self, chance: random.Random | None = None) -> None:
        self.script: defaultdict[str, deque[Fault | None]] = defaultdict(deque)
        self.late_s = 0.2
        self.double = 0.0
        self.lose = 0.0
        self.reorder = False
        self.chance = chance or random.Random(7)

    def next(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if self.script[name]:
                return self.script[name].popleft()
        return None

    def doubles(self) -> bool:
        return self.chance.random() < self.double

    def loses(self) -> bool:
        return self.chance.random() < self.lose
