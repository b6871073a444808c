"""One mail of a folder as an arrival: its name, its lane, its place in time. Pure."""

import datetime as dt
import re

import msgspec

from channels.base import RawArrival
from channels.email import wire
from channels.email.listening.lane import lane

MOST_BYTES = 35_000_000  # a larger mail is kept as its headers and a note
UID = "uid"  # header of an arrival from IMAP
_FOLD_OR_LINE = re.compile(rb"\r?\n(?![ \t])")
NOTE = (
    "Thư này nặng {size:.0f} MB, lớn hơn mức 35 MB mà hộp thư chung lưu được. Thư vẫn còn nguyên trong hộp thư của "
    "shop: mở ở đó để đọc.\n\nThis mail has {size:.0f} MB, more than the 35 MB that are kept here. It is untouched in "
    "the mailbox: open it there."
)


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as the server gave it; no `body`: it is not wanted."""

    uid: int
    at: dt.datetime | None
    history: bool
    body: bytes | None


def arrival(
    mail: Fetched, folder: str, kind: str, uidvalidity: int, latest: dt.datetime, headers: dict[str, str] | None = None
) -> RawArrival:
    """`latest` is the last time that is believed; a mail from later than that stands where it arrived."""
    body = mail.body or b""
    believed = mail.at is not None and dt.datetime(1990, 1, 1, tzinfo=dt.UTC) < mail.at < latest
    return RawArrival(
        external=f"{folder}:{uidvalidity}:{mail.uid}",
        lane=lane(body),
        body=body,
        headers={wire.FOLDER: folder, wire.FOLDER_KIND: kind, UID: str(mail.uid), **(headers or {})},
        # The server's clock counts seconds; within one the UIDs give the order.
        order=int(mail.at.timestamp()) * 1_000_000 + mail.uid % 1_000_000 if believed and mail.at else None,
        history=mail.history,
    )


def too_large(head: bytes, size: int) -> bytes:
    """The mail's headers with a note instead of what it carries."""
    kept = [
        line
        for line in _FOLD_OR_LINE.split(head.strip(b"\r\n"))
        if not line.lower().startswith((b"content-", b"mime-version"))
    ]
    own = [b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit"]
    return b"\r\n".join([*kept, *own, b"", NOTE.format(size=size / 1_000_000).encode(), b""])
