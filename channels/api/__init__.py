"""The API channel: any program on the other side, by signed webhooks both ways. Start reading in inbound.py."""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

import aiohttp

from channels.api import inbound, outbound, wire
from channels.api.vietnamese import VIETNAMESE
from channels.base import Limits, Verified
from hub.inbound import Inbound
from hub.model import Account, Arrival, Part, Sent


class Api:
    kind = "api"
    names: ClassVar[dict[str, str]] = {"vi": "API", "en": "API"}
    icon = "api"
    vietnamese: Mapping[str, str] = VIETNAMESE
    limits = Limits(text=wire.MOST_TEXT, attachments=0, timeout_s=15.0)

    def __init__(self) -> None:
        self._http: aiohttp.ClientSession | None = None

    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        return inbound.verify(headers, body, accounts, now)

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return inbound.normalise(account, arrival)

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        if self._http is None:  # opened on first use: most installations have no such account
            timeout = aiohttp.ClientTimeout(total=self.limits.timeout_s, connect=outbound.CONNECT_S)
            self._http = aiohttp.ClientSession(timeout=timeout)
        return await outbound.send(self._http, account, to, part)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None
