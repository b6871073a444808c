"""The process that understands mails for `apart.py`: reads batches from standard input, writes outcomes.

It ends when its input ends, so none is left behind when the hub is killed. What a mail can make it take is bounded.
"""

import contextlib
import os
import signal
import sys
from typing import BinaryIO

from channels.email.apart import HEAD, Outcome, Task, outcomes_encoder, tasks_decoder
from channels.email.inbound import normalise
from hub.errors import Poison

MOST_MEMORY = 2 * 1024**3


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the hub; it closes our input
    _bound_memory()
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not be taken for an answer
    while (tasks := _read(source)) is not None:
        answer = outcomes_encoder.encode([outcome(task) for task in tasks])
        sink.write(HEAD.pack(len(answer)) + answer)
        sink.flush()


def outcome(task: Task) -> Outcome:
    """What a mail means; what fails here fails for this mail alone."""
    try:
        return Outcome(inbounds=normalise(task.account, task.arrival))
    except Poison as error:
        return Outcome(poison=str(error))
    except MemoryError:
        return Outcome(poison="parsing it takes more memory than there is")
    except Exception as error:  # a bug of ours: its name, never the customer's words
        return Outcome(poison=f"{type(error).__name__} in the channel's normaliser")


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
