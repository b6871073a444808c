"""Web chat: a visitor's widget on a shop's page. Start reading in inbound.py."""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from channels.base import Connected, Field, House, Limits, Verified
from channels.webchat import connect, inbound, outbound, wire
from channels.webchat.vietnamese import VIETNAMESE
from hub.inbound import Inbound
from hub.model import Account, Arrival, Part, Sent


class WebChat:
    kind = "webchat"
    names: ClassVar[dict[str, str]] = {"vi": "Chat trên web", "en": "Web chat"}
    icon = "bubble"
    vietnamese: Mapping[str, str] = VIETNAMESE
    limits = Limits(text=wire.MOST_TEXT, attachments=10, options=8, repeatable=True, mailed=True)

    fields: tuple[Field, ...] = connect.FIELDS

    def __init__(self) -> None:
        self._base_url = ""

    def borrow(self, house: House) -> None:
        self._base_url = house.base_url

    async def connect(self, account: Account, answers: Mapping[str, str]) -> Connected:
        return connect.connect(account, answers, self._base_url)

    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        return inbound.verify(headers, body, accounts, now)

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return inbound.normalise(account, arrival)

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        return await outbound.send(account, to, part)
