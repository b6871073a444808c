"""Automatic mails never answer machines and never pile up (RFC 3834): the last gate before one leaves."""

import datetime as dt
from collections import deque

from channels.email import wire
from channels.email.meaning.auto import NOBODY
from channels.email.tokens import without_tag
from hub.errors import Refused
from hub.model import AccountId, Part

AN_HOUR = dt.timedelta(hours=1)
MOST_AN_HOUR = 3  # automatic mails to one address
MOST_KNOWN = 10_000


class Guard:
    """Counts the automatic mails of this process. Whether a machine wrote last is the hub's to know, not ours."""

    def __init__(self) -> None:
        self._sent: dict[tuple[AccountId, str], deque[tuple[dt.datetime, str]]] = {}

    def check(self, account: AccountId, to: str, part: Part, settings: wire.Settings, now: dt.datetime) -> None:
        """Raises Refused when this automatic mail must not leave; another try of one that left before may."""
        if not part.auto:
            return
        address = without_tag(to)
        if NOBODY.match(address):
            raise Refused(f"No automatic mail goes to {address}: a machine reads there.")
        if address in {without_tag(one) for one in settings.addresses}:
            raise Refused("No automatic mail goes to an address of our own: it would answer itself.")
        latest = self._latest(account, address, now)
        if part.message in {message for _, message in latest}:
            return
        if len(latest) >= MOST_AN_HOUR:
            raise Refused(f"{address} got {MOST_AN_HOUR} automatic mails within the hour; this one was held back.")
        latest.append((now, part.message))

    def _latest(self, account: AccountId, address: str, now: dt.datetime) -> deque[tuple[dt.datetime, str]]:
        if len(self._sent) > MOST_KNOWN:
            self._sent = {key: sent for key, sent in self._sent.items() if sent and sent[-1][0] > now - AN_HOUR}
        latest = self._sent.setdefault((account, address), deque())
        while latest and latest[0][0] <= now - AN_HOUR:
            latest.popleft()
        return latest
