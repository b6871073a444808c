"""The mailbox as a channel: what the contract asks, handed to the rooms of this folder."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from typing import ClassVar

from channels.base import Batch, Connected, Field, House, Limits, Verified
from channels.email import check, connect, inbound, webhooks, wire
from channels.email.apart import Apart
from channels.email.listening.listen import Wounds, listen
from channels.email.meaning.threads import own_addresses
from channels.email.oauth import Tokens
from channels.email.sending.outbound import Outbound
from channels.email.vietnamese import VIETNAMESE
from hub.errors import BadInput
from hub.inbound import Inbound
from hub.model import Account, Arrival, Part, Sent


class Email:
    kind = "email"
    names: ClassVar[dict[str, str]] = {"vi": "Email", "en": "Email"}
    icon = "mail"
    vietnamese: Mapping[str, str] = VIETNAMESE
    limits = Limits(
        text=1_000_000, html=True, attachments=25, attachment_bytes=25 * 1024 * 1024, options=0, timeout_s=120.0
    )

    most_posted = webhooks.MOST_BYTES
    fields: tuple[Field, ...] = connect.FIELDS

    def __init__(self) -> None:
        self._apart = Apart()
        self._house: House | None = None
        self._tokens = Tokens()
        self._outbound = Outbound(self._tokens)
        self._wounds: Wounds = {}

    def borrow(self, house: House) -> None:
        self._house = house

    def _now(self) -> dt.datetime:
        return self._house.now() if self._house else dt.datetime.now(dt.UTC)

    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        return webhooks.verify(headers, body, accounts, now)

    def reached(self, account: Account) -> frozenset[str]:
        try:
            return own_addresses(wire.settings_of(account))
        except BadInput:  # nobody reaches a mailbox whose settings cannot be used
            return frozenset()

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return inbound.normalise(account, arrival)

    async def normalise_apart(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return await self._apart.normalise(account, arrival)

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        return await self._outbound.send(account, to, part, self._house, self._now())

    def listen(self, account: Account, cursor: str | None) -> AsyncIterator[Batch]:
        return listen(account, cursor, self._tokens, self._house, wounds=self._wounds)

    async def check(self, account: Account) -> str | None:
        return await check.check(account, self._tokens, self._house, self._now())

    async def connect(self, account: Account, answers: Mapping[str, str]) -> Connected:
        return await connect.connect(account, answers, self._tokens, self._house, self._now())

    async def close(self) -> None:
        await self._apart.close()
        await self._outbound.close()
