"""The shape of a parsed mail. Records only: how they are made stands in mime.py, what they mean in inbound.py."""

import datetime as dt

from hub.model import Record


class Mailbox(Record, frozen=True, kw_only=True):
    """One address as a header names it; `address` may be "" when the header names nobody."""

    address: str
    name: str = ""


class File(Record, frozen=True, kw_only=True):
    """A part that is not simply the body; `name` is cleaned of paths and tricks, "" when the mail gives none."""

    name: str
    mime: str
    data: bytes
    cid: str = ""
    disposition: str = ""
    shown: bool = False  # its words stand in the body, or in another file, already


class Mail(Record, frozen=True, kw_only=True):
    """A mail, as far as it can be understood; whatever cannot is empty, never an error."""

    headers: tuple[tuple[str, str], ...] = ()  # lower-case name and unfolded, undecoded value, in the mail's order
    message_id: str = ""  # without the brackets
    sender: Mailbox = Mailbox(address="")
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: dt.datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first
    plain: str = ""  # the text/plain parts, as they were sent
    words: str = ""  # and those of the mails in it, where they stand
    html: str = ""  # the text/html parts, as they were sent: not safe to show
    flowed: str = ""  # how `plain` may be flowed again: "", "flowed" or "delsp"
    files: tuple[File, ...] = ()
    content_type: str = ""
    report: str = ""  # the report-type of a multipart/report
    blocks: tuple[tuple[tuple[str, str], ...], ...] = ()  # of its message/delivery-status or feedback-report
    original: bytes = b""  # the mail, or its headers, that a report returns
    left_out: tuple[str, ...] = ()  # which limits it went over

    def every(self, name: str) -> list[str]:
        """All values of a header, in the mail's order."""
        low = name.lower()
        return [value for key, value in self.headers if key == low]

    def first(self, name: str) -> str:
        """The topmost value of a header, or ""."""
        return next(iter(self.every(name)), "")
