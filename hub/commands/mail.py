"""`hub mail parse FILE…`: what the hub understands of a mail, one JSON a mail on standard output.

`text` is what the mail brings as text/plain, `visible` the new words that an agent sees (of the HTML, when it brings no
text), `html` what is safe to show.
"""

import argparse
import datetime as dt
import sys
from pathlib import Path

import msgspec

from channels.email.meaning import auto, bounce
from channels.email.reading import mime, text
from channels.email.reading.charset import composed
from channels.email.reading.mail import Mail
from hub.errors import BadInput
from hub.settings import Settings

HELP = "Read mails (RFC 5322) and say what the hub understands of them: one JSON a mail on standard output."
STDIN = "-"


class File(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    mime: str
    bytes: int


class Bounced(msgspec.Struct, frozen=True, kw_only=True):
    recipient: str
    class_: str = msgspec.field(name="class")


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of output; scripts rely on these names."""

    message_id: str
    from_: str = msgspec.field(name="from")
    from_name: str
    to: list[str]
    cc: list[str]
    subject: str
    date: dt.datetime | None
    text: str
    visible: str
    html: str
    attachments: list[File]
    references: list[str]
    auto_reply: bool
    bounce: Bounced | None


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=("parse",), metavar="parse", help="the one thing that is done with mails here")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file with one mail, - for standard input")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0, or 1 when a file could not be read; the others are printed all the same."""
    code = 0
    for name in args.files:
        try:
            raw = read(name)
        except BadInput as error:
            print(f"hub: {error}", file=sys.stderr)
            code = 1
            continue
        sys.stdout.buffer.write(msgspec.json.encode(parse(raw)) + b"\n")
        sys.stdout.buffer.flush()
    return code


def read(name: str) -> bytes:
    """The bytes of a mail. Raises BadInput, which names the file."""
    if name == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}.") from error


def parse(raw: bytes) -> Parsed:
    """What is understood of these bytes. Never raises."""
    mail = mime.parse(raw)
    understood = text.read(mail)
    return Parsed(
        message_id=mail.message_id,
        from_=mail.sender.address,
        from_name=mail.sender.name,
        to=[one.address for one in mail.to],
        cc=[one.address for one in mail.cc],
        subject=composed(mail.subject),
        date=mail.date,
        text=mail.words,
        visible=understood.words,
        html=understood.html or "",
        attachments=[File(name=file.name, mime=file.mime, bytes=len(file.data)) for file in mail.files],
        references=list(mail.references or mail.in_reply_to),
        auto_reply=auto.is_auto(mail, frozenset(), answers_ours=False),
        bounce=_bounce(mail, raw),
    )


def _bounce(mail: Mail, raw: bytes) -> Bounced | None:
    """The worst that it tells; None when it tells of no failure."""
    found = [one for one in bounce.bounces(mail, raw, "") if one.kind != "fine"]
    worst = min(found, key=lambda one: ("permanent", "complaint", "temporary", "delayed").index(one.kind), default=None)
    if worst is None:
        return None
    return Bounced(recipient=worst.recipient, class_="temporary" if worst.kind == "delayed" else worst.kind)
