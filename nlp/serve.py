"""The tagging process: JSON lines in, JSON lines out, `python -m nlp.serve MODELS_DIR`.

It first says {"ready": version}, with "instead" and why where the current model is damaged and a former one serves.
Each {"id", "text"} is answered by a tag with that id, in order; {"reload": true} reads the current model beside the
work and says {"ready": version} when it answers, or {"error": why, "kept": version} and keeps the old one. A model that
becomes current is taken by itself within two seconds. A line that is neither is answered {"error": why}. The process
ends when its input does. Nothing here is logged: the lines are customers' words.
"""

import os
import select
import sys
import types
from collections.abc import Iterator
from pathlib import Path

MOST_AT_ONCE = 64
LOOK_S = 2.0  # how often it looks whether another model became current
TURN_S = 0.0005  # a model that is read beside the work holds a message up by this, not by Python's 5 ms
_CHUNK = 1 << 16


def spare_the_command_line() -> None:
    """Let spaCy load without its command line (typer, requests, weasel): 18 MB and 0.2 s that tagging never uses."""
    commands, info = types.ModuleType("spacy.cli"), types.ModuleType("spacy.cli.info")
    commands.__path__ = []
    setattr(info, "info", None)  # noqa: B010 - a module's attribute, unknown to the type checker
    sys.modules.setdefault("spacy.cli", commands)
    sys.modules.setdefault("spacy.cli.info", info)


def lines(source: int, wake: int) -> Iterator[list[bytes]]:
    """Whole lines of a file descriptor, as many as are there, at most 64; [] when `wake` is written to or time passes.

    Ends with the input.
    """
    rest = b""
    while True:
        ready = select.select([source, wake], [], [], LOOK_S)[0]
        if wake in ready:
            os.read(wake, _CHUNK)
        if source not in ready:
            yield []
            continue
        chunk = os.read(source, _CHUNK)
        if not chunk:
            return
        *whole, rest = (rest + chunk).split(b"\n")
        for start in range(0, len(whole), MOST_AT_ONCE):
            yield whole[start : start + MOST_AT_ONCE]


def main(arguments: list[str]) -> int:
    """Serve until the input ends: 0; 1 when there is no usable model, 2 for wrong arguments."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m nlp.serve MODELS_DIR\n")
        return 2
    spare_the_command_line()
    sys.setswitchinterval(TURN_S)
    from nlp.desk import Desk  # after the line above: it imports spaCy
    from nlp.errors import BrokenModel

    try:
        desk = Desk(Path(arguments[0]))
    except BrokenModel as why:
        sys.stderr.write(f"{why}\n")
        return 1
    _write([desk.ready()])
    for batch in lines(sys.stdin.fileno(), desk.wake):
        _write(desk.answer(batch) if batch else desk.idle())
    return 0


def _write(answers: list[bytes]) -> None:
    sys.stdout.buffer.write(b"".join(answer + b"\n" for answer in answers))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
