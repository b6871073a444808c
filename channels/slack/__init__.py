"""Slack: channels, shared channels and direct messages of workspaces. Start reading in inbound.py."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import aiohttp

from channels.base import Batch, Connected, Entry, Headline, House, Reply, Verified, Visit
from channels.slack import api, connect, files, inbound, mirror, oauth, outbound, socket_mode, wire
from channels.slack.backfill import Reader
from channels.slack.bolt import Carrier, Keep
from channels.slack.people import People
from channels.slack.socket_mode import Patience
from channels.slack.vietnamese import VIETNAMESE
from hub.errors import Refused, Retry
from hub.inbound import Inbound
from hub.model import Account, Arrival, Attachment, Part, Sent


class Slack:
    kind = "slack"
    limits = outbound.LIMITS
    fields = connect.FIELDS
    icon = "slack"
    vietnamese: Mapping[str, str] = VIETNAMESE
    same = ("team_id", "app_id")

    def __init__(
        self,
        patience: Patience | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.names = {"vi": "Slack", "en": "Slack"}
        self._patience = patience or Patience()
        self._pause = pause
        self._people = People()
        self._carrier = Carrier()
        self._house: House | None = None
        self._session: aiohttp.ClientSession | None = None

    def borrow(self, house: House) -> None:
        self._house = house

    # In --------------------------------------------------------------------------------------------------------------

    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        return inbound.verify(headers, body, accounts, now)

    async def carry(self, body: bytes, verified: Verified, keep: Keep) -> Verified:
        return await self._carrier.carry(body, verified, keep)

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return inbound.normalise(account, arrival, {})

    async def normalise_apart(self, account: Account, arrival: Arrival) -> list[Inbound]:
        """The same with people called by their names, as far as Slack says them in time."""
        names = await self._people.names(self._http(), account, inbound.people(account, arrival))
        return inbound.normalise(account, arrival, names)

    async def listen(self, account: Account, cursor: str | None) -> AsyncIterator[Batch]:
        """Over a socket where there is an app token; else Slack calls us, and only the account's health is watched."""
        if wire.secrets_of(account.secrets).app_token:
            async for batch in socket_mode.listen(account, self._patience, self._carrier):
                yield batch
        while True:
            try:
                await api.ask(api.client(self._http(), account).auth_test())
            except (Retry, Refused) as error:
                raise api.unreachable(error) from error
            yield Batch(arrivals=(), cursor="")
            await self._pause(self._patience.well_s)

    async def backfill(self, account: Account, since: dt.datetime) -> AsyncIterator[Batch]:
        async for batch in Reader(self._http(), account, self._pause).batches(since):
            yield batch

    async def fetch(self, account: Account, ref: str) -> AsyncIterator[bytes]:
        async for chunk in files.fetch(self._http(), account, ref):
            yield chunk

    async def name(self, account: Account, value: str) -> str | None:
        return await self._people.name(self._http(), account, value)

    # Out -------------------------------------------------------------------------------------------------------------

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        return await outbound.send(self._http(), self._read, account, to, part)

    def _read(self, file: Attachment) -> AsyncIterator[bytes]:
        if self._house is None:
            raise Refused("Files cannot be sent from here.")
        return self._house.read(file)

    # The mirror ------------------------------------------------------------------------------------------------------

    async def open_thread(self, account: Account, headline: Headline) -> str:
        return await mirror.open_thread(self._http(), account, headline)

    async def show(self, account: Account, thread: str, entry: Entry) -> str:
        return await mirror.show(self._http(), account, thread, entry)

    async def show_anew(self, account: Account, post: str, entry: Entry) -> str:
        return await mirror.show_anew(self._http(), account, post, entry)

    async def offer(self, account: Account, reply: Reply, language: str) -> str:
        return await mirror.offer(self._http(), account, reply, language)

    async def reply(self, account: Account, arrival: Arrival) -> Reply | None:
        """What an arrival says in the mirror, with people called by their names; None when it is none of its."""
        names = await self._people.names(self._http(), account, inbound.people(account, arrival))
        return mirror.reply(account, arrival, names)

    # The account -----------------------------------------------------------------------------------------------------

    async def connect(self, account: Account, answers: Mapping[str, str]) -> Connected:
        base_url = self._house.base_url if self._house is not None else ""
        return await connect.connect(self._http(), account, answers, base_url)

    def check_app(self, app: Account) -> None:
        oauth.check_app(app)

    async def install_url(self, app: Account, visit: Visit) -> str:
        return await oauth.install_url(self._http(), app, visit)

    async def install(self, app: Account, visit: Visit, query: Mapping[str, str]) -> None:
        base_url = self._house.base_url if self._house is not None else ""
        await oauth.install(self._http(), app, visit, query, base_url)

    async def check(self, account: Account) -> str | None:
        return await connect.check(self._http(), account)

    def _http(self) -> aiohttp.ClientSession:
        """Opened on first use: most installations have no such account."""
        if self._session is None or self._session.closed:
            self._session = api.new_session()
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
