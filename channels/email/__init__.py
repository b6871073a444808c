"""A mailbox as a channel. Start reading in inbound.py."""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from channels.base import Limits, Verified
from channels.email import inbound, webhooks
from channels.email.apart import Apart
from hub.inbound import Inbound
from hub.model import Account, Arrival, Part, Sent


class Email:
    kind = "email"
    names: ClassVar[dict[str, str]] = {"vi": "Email", "en": "Email"}
    icon = "mail"
    limits = Limits(
        text=1_000_000, html=True, attachments=25, attachment_bytes=25 * 1024 * 1024, options=0, timeout_s=120.0
    )

    def __init__(self) -> None:
        self._apart = Apart()

    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        return webhooks.verify(headers, body, accounts, now)

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return inbound.normalise(account, arrival)

    async def normalise_apart(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return await self._apart.normalise(account, arrival)

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        raise NotImplementedError

    async def close(self) -> None:
        await self._apart.close()
