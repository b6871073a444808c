"""What the faulty IMAP server holds: folders of mails under UIDs, and the faults that wait for their moment."""

import datetime as dt
import ssl
from collections import deque
from typing import Literal

import msgspec

EPOCH = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
Harm = Literal[
    "bye", "close", "half-close", "silence", "no", "bad", "close in literal", "delay", "garbage", "double", "reorder"
]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that goes wrong, once, at the first command `at`; "GREETING", "IDLING" and "BODY" are moments, too.

    "silence" answers nothing and keeps the line open; "no" refuses in the words of `says`; "delay" waits `for_s`.
    "double" says all of the answer twice (at "IDLING": how many there are, once more), "reorder" says it backwards.
    """

    at: str
    harm: Harm
    says: str = ""
    for_s: float = 0.0


class Mail(msgspec.Struct, kw_only=True):
    uid: int
    raw: bytes
    at: dt.datetime
    size: int | None = None  # what the server says, when it lies


class Box(msgspec.Struct, kw_only=True):
    """One folder; `name` as it is written on the wire."""

    name: str
    flags: str = ""
    uidvalidity: int = 1
    uidnext: int = 1
    mails: list[Mail] = []

    def put(self, raw: bytes, at: dt.datetime, size: int | None = None) -> Mail:
        """A new mail at the end."""
        mail = Mail(uid=self.uidnext, raw=raw, at=at, size=size)
        self.mails.append(mail)
        self.uidnext += 1
        return mail

    def begin_anew(self) -> None:
        """The same mails under a new UIDVALIDITY and other UIDs."""
        self.uidvalidity += 1
        for number, mail in enumerate(self.mails, start=1):
            mail.uid = number
        self.uidnext = len(self.mails) + 1

    def chosen(self, wanted: str, *, by_uid: bool) -> list[tuple[int, Mail]]:
        """The mails of a set such as 1:3,7:*, with their sequence numbers."""
        numbered = list(enumerate(self.mails, start=1))
        if not numbered:
            return []
        last = self.mails[-1].uid if by_uid else len(self.mails)
        spans = [_span(one, last) for one in wanted.split(",")]
        return [
            (number, mail)
            for number, mail in numbered
            if any(low <= (mail.uid if by_uid else number) <= high for low, high in spans)
        ]


def _span(text: str, last: int) -> tuple[int, int]:
    """7:* means the last one even when that is below 7, as RFC 3501 has it."""
    first, _, second = text.partition(":")
    ends = [last if end == "*" else int(end) for end in (first, second or first)]
    return min(ends), max(ends)


class State:
    """All that a server knows; may be read and changed while it runs."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.tls = tls
        self.before_tls = b""  # what somebody puts between STARTTLS and the handshake
        self.tls_at_once = tls is not None  # False: by STARTTLS
        self.users = {"an": "secret"}
        self.tokens: set[str] = set()
        self.capabilities = ["IMAP4rev1", "IDLE", "SPECIAL-USE", "ESEARCH", "AUTH=PLAIN", "AUTH=XOAUTH2"]
        self.boxes = {"INBOX": Box(name="INBOX"), "Sent": Box(name="Sent", flags="\\Sent")}
        self.faults: deque[Fault] = deque()
        self.dies_at = 0  # the UID of a mail at which the server dies, every time
        self.noise: list[bytes] = []  # said once, before the next answer to a FETCH, SEARCH or NOOP
        self.commands: list[str] = []  # what was asked, without tags

    def fault(self, at: str) -> Fault | None:
        """The next fault, if this is its moment."""
        if self.faults and self.faults[0].at == at:
            return self.faults.popleft()
        return None
