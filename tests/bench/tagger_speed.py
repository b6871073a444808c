"""How long the tagger works on a message, in a process like the one that serves: one core, the model just loaded.

The tagger keeps what it found out about single words. So that it is measured on messages and not on its memory, it is
warmed by the messages that it learnt from, and timed on each of those written blind once, which it never saw. Each
reading is a process of its own, which has forgotten all that the last one saw.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from nlp.examples import blind, shipped
from nlp.serve import spare_the_command_line

BATCH = 64


def measured(models: Path, at_once: int) -> list[float]:
    """CPU seconds of each message, or of each batch of so many, in a fresh process."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.tagger_speed", str(models), str(at_once)],
        capture_output=True,
        check=True,
        timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1"},  # as the hub starts the tagging process
    )
    return msgspec.json.decode(ended.stdout, type=list[float])


def unseen() -> list[str]:
    """The messages to be timed: none twice, none that was learnt from."""
    learnt = {row.text for row in shipped()}
    return list(dict.fromkeys(row.text for row in blind() if row.text not in learnt))


def main(models: Path, at_once: int) -> None:
    """Warm, then time every batch of the unseen messages once."""
    spare_the_command_line()
    from nlp.tagger import load  # after the line above: it imports spaCy

    tagger = load(models)
    for text in (row.text for row in shipped()):
        tagger.tag([text])
    texts = unseen()
    spent: list[float] = []
    for batch in (texts[start : start + at_once] for start in range(0, len(texts), at_once)):
        began = time.thread_time()
        tagger.tag(batch)
        spent.append(time.thread_time() - began)
    sys.stdout.buffer.write(msgspec.json.encode(spent))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
