"""The process that understands mails for `apart.py`: reads batches from standard input, writes outcomes.

It ends when its input ends, so none is left behind when the hub is killed. What a mail can make it take is bounded.
"""

import contextlib
import os
import signal
import sys
from typing import BinaryIO

from channels.email.apart import HEAD, Task, outcome_of, outcomes_encoder, tasks_decoder

LONGEST_S = 120  # with a batch; the hub gives up long before
MOST_MEMORY = 2 * 1024**3


def main() -> None:
    """Serve until standard input ends."""
    for one in (signal.SIGINT, signal.SIGTERM):  # these are for the hub: it finishes, then it closes our input
        signal.signal(one, signal.SIG_IGN)
    _bound_memory()
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not be taken for an answer
    while (tasks := _read(source)) is not None:
        _ring_after(LONGEST_S)
        answer = outcomes_encoder.encode([outcome_of(task) for task in tasks])
        _ring_after(0)
        sink.write(HEAD.pack(len(answer)) + answer)
        sink.flush()


def _ring_after(seconds: int) -> None:
    """End this process then, in case nobody is left to kill it; 0 takes that back."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def _read(source: BinaryIO) -> list[Task] | None:
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (length,) = HEAD.unpack(head)
    body = source.read(length)
    return tasks_decoder.decode(body) if len(body) == length else None


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
