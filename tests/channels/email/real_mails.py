"""Real mails that nobody here wrote, and how many of them are read as others read them.

They lie beside the checkout and are no part of it: `WHY_NO_MAILS` and `WHY_NO_REPLIES` say so where they are not there.
"""

from pathlib import Path
from typing import Any

import msgspec

from channels.email.inbound import normalise
from channels.email.reading.quote import visible, words
from hub.commands.mail import Parsed, parse
from hub.inbound import Inbound
from tests.channels.email.mails import account, arrival

DATA = Path(__file__).parents[3] / ".." / "shared" / "fixtures"
MAILS, REPLIES = DATA / "mail", DATA / "replies" / "email-reply-trimmer"
WHY_NO_MAILS = None if MAILS.is_dir() else "the folder of real mails is not here"
WHY_NO_REPLIES = None if REPLIES.is_dir() else "the folder of real replies is not here"
FIELDS = ("subject", "from", "to", "text", "attachments")


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the replies that people had cut before."""

    right: int
    lost: tuple[str, ...]  # of which nothing is left to see
    of: int


def every_mail() -> list[bytes]:
    return [path.read_bytes() for path in sorted(MAILS.rglob("*")) if path.is_file()]


def printed(raw: bytes) -> Parsed:
    """What `hub mail parse` prints of it, read again."""
    return msgspec.json.decode(msgspec.json.encode(parse(raw)), type=Parsed)


def meant(raw: bytes) -> list[Inbound]:
    """What it means to a mailbox that it came to."""
    return normalise(account(), arrival(raw))


def read_like_others() -> dict[str, int]:
    """How many of imap-tools' mails are read as it reads them, field by field."""
    expected: dict[str, Any] = msgspec.json.decode((MAILS / "imap-tools" / "expected.json").read_bytes())
    equal = dict.fromkeys(FIELDS, 0)
    for name, wanted in expected.items():
        got = parse((MAILS / "imap-tools" / name).read_bytes())
        files = [(one["filename"], one["content_type"], one["payload"]["bytes"]) for one in wanted["attachments"]]
        equal["subject"] += got.subject == wanted["subject"]
        equal["from"] += got.from_ == wanted["from_"]
        equal["to"] += got.to == wanted["to"]
        equal["text"] += _lines(got.text) == _lines(wanted["text"])
        equal["attachments"] += [(one.name, one.mime, one.bytes) for one in got.attachments] == files
    return equal


def cut_like_people() -> Cut:
    """How many replies are cut exactly as people cut them."""
    right, lost = 0, list[str]()
    paths = sorted((REPLIES / "emails").glob("*.txt"))
    for path in paths:
        whole = _lines(path.read_text("utf-8"))
        shown = words(whole, visible(whole))
        right += shown.strip() == _lines((REPLIES / "trimmed" / path.name).read_text("utf-8")).strip()
        lost += [path.name] if whole.strip() and not shown.strip() else []
    return Cut(right=right, lost=tuple(lost), of=len(paths))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
