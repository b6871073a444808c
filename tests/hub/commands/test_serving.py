"""What whoever starts a hub sees of the tagger's first training."""

import contextlib
import io
import os
import pty

from hub.commands.serving import _Progress, _show

HALF, DONE = _Progress(progress=0.5, what="second head"), _Progress(progress=1.0, what="ready")


def test_the_first_training_is_one_bar_that_fills_on_a_terminal_and_ends_its_line() -> None:
    reader, writer = pty.openpty()
    with os.fdopen(reader, newline="\n") as screen, os.fdopen(writer, "w") as terminal:
        with contextlib.redirect_stderr(terminal):
            _show(HALF)
            _show(DONE)
        terminal.flush()
        line = screen.readline()

    _, half, done, rest = line.split("\r")
    assert half.rstrip() == "  tagger  " + "█" * 12 + "·" * 12 + " second head"
    assert done.rstrip() == "  tagger  " + "█" * 24 + " ready"
    assert rest == "\n"
    assert len(half) == len(done), "what stood there before is covered"


def test_where_nobody_looks_the_first_training_says_nothing() -> None:
    with contextlib.redirect_stderr(io.StringIO()) as log:
        _show(HALF)
        _show(DONE)

    assert log.getvalue() == ""
