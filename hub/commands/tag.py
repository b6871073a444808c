"""`hub tag`: one message a line on standard input, one JSON a line on standard output."""

import argparse
import sys
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import msgspec

from hub.commands.intents import current
from hub.settings import Settings
from nlp.tagger import MOST_AT_ONCE, Tag

HELP = "Tag messages: one a line on standard input, one JSON a line on standard output."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lang",
        nargs="?",
        choices=("vi", "en"),
        help="take every message to be in this language (without it, or without a value: guess each)",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    tagger = current(settings.data / "models")
    for batch in batches(sys.stdin.buffer):
        for tag in tagger.tag(batch, args.lang):
            print(line(tag))
        sys.stdout.flush()
    return 0


def batches(source: BinaryIO) -> Iterator[list[str]]:
    """Messages as they come: one by one from a keyboard, up to 64 at a time from a file."""
    at_once = 1 if source.isatty() else MOST_AT_ONCE
    lines = (raw.decode("utf-8", "replace").rstrip("\r\n") for raw in source)
    while batch := list(islice(lines, at_once)):
        yield batch


def line(tag: Tag) -> str:
    """What scripts read; a blank line of input has its line too."""
    told = ("intent", "confidence", "language", "entities", "band", "words", "model", "others", "urgent", "mood")
    return msgspec.json.encode({name: getattr(tag, name) for name in told}).decode()
