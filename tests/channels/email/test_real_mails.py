"""Real mails that nobody here wrote, with what others read in them; skipped where they do not lie beside the checkout.

`pytest -rP` prints the figures.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from channels.email.inbound import normalise
from channels.email.reading.quote import visible, words
from hub.commands.mail import Parsed, parse
from tests.channels.email.mails import account, arrival

DATA = Path(__file__).parents[3] / ".." / "shared" / "fixtures"
MAILS, REPLIES = DATA / "mail", DATA / "replies" / "email-reply-trimmer"
needs_mails = pytest.mark.skipif(not MAILS.is_dir(), reason="the folder of real mails is not here")
needs_replies = pytest.mark.skipif(not REPLIES.is_dir(), reason="the folder of real replies is not here")


def lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def every_mail() -> list[bytes]:
    return [path.read_bytes() for path in sorted(MAILS.rglob("*")) if path.is_file()]


@needs_mails
def test_no_mail_raises_and_each_can_be_printed() -> None:
    raws = every_mail()
    printed = [msgspec.json.decode(msgspec.json.encode(parse(raw)), type=Parsed) for raw in raws]
    print(f"mails read without an exception: {len(printed)} of {len(raws)}")
    assert len(printed) == len(raws) > 250


@needs_mails
def test_every_mail_of_a_mailbox_has_a_meaning() -> None:
    whose = account()
    meant = [normalise(whose, arrival(raw)) for raw in every_mail()]
    print(
        f"mails with a meaning: {sum(map(bool, meant))} of {len(meant)}; the others are delays and bounces of strangers"
    )
    assert len(meant) > 250


def read_like_others() -> dict[str, int]:
    """How many of imap-tools' mails are read as it reads them, field by field."""
    expected: dict[str, Any] = msgspec.json.decode((MAILS / "imap-tools" / "expected.json").read_bytes())
    equal = dict.fromkeys(("subject", "from", "to", "text", "attachments"), 0)
    for name, wanted in expected.items():
        got = parse((MAILS / "imap-tools" / name).read_bytes())
        files = [(one["filename"], one["content_type"], one["payload"]["bytes"]) for one in wanted["attachments"]]
        equal["subject"] += got.subject == wanted["subject"]
        equal["from"] += got.from_ == wanted["from_"]
        equal["to"] += got.to == wanted["to"]
        equal["text"] += lines(got.text) == lines(wanted["text"])
        equal["attachments"] += [(one.name, one.mime, one.bytes) for one in got.attachments] == files
    return equal


@needs_mails
def test_at_least_110_of_113_mails_are_read_as_imap_tools_reads_them() -> None:
    equal = read_like_others()
    print("equal of 113:", equal)
    assert min(equal.values()) >= 110


@needs_replies
def test_at_least_58_of_64_replies_are_cut_as_people_cut_them_and_none_is_lost() -> None:
    right, lost = 0, []
    for path in sorted((REPLIES / "emails").glob("*.txt")):
        whole = lines(path.read_text("utf-8"))
        shown = words(whole, visible(whole))
        right += shown.strip() == lines((REPLIES / "trimmed" / path.name).read_text("utf-8")).strip()
        lost += [path.name] if whole.strip() and not shown.strip() else []
    print(f"exactly right: {right} of 64; lost: {len(lost)}")
    assert right >= 58
    assert lost == []
