"""The Telegram channel: a bot's chats, groups and topics. Start reading in inbound.py, then outbound.py."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence

import aiohttp

from channels.base import Batch, Connected, House, Limits, RawArrival, Verified
from channels.telegram import ask, connect, files, inbound, outbound, poll, wire
from channels.telegram.floods import Floods
from channels.telegram.line import Bots
from channels.telegram.vietnamese import VIETNAMESE
from hub.errors import Refused, Retry, Unreachable
from hub.inbound import Inbound
from hub.model import Account, Arrival, Attachment, Part, Sent

THANKS_S = 5.0


class Telegram:
    kind = "telegram"
    icon = "telegram"
    vietnamese: Mapping[str, str] = VIETNAMESE
    fields = connect.FIELDS
    limits = Limits(
        text=wire.MOST_TEXT,
        text_unit="utf16",
        attachment_bytes=wire.MOST_UPLOAD,
        attachments=10,
        options=10,
        per_chat_s=1.0,
        per_account_s=1 / 30,
        timeout_s=60.0,
    )

    def __init__(self) -> None:
        self.names = {"vi": "Telegram", "en": "Telegram"}
        self._bots = Bots()
        self._floods = Floods(self.limits.per_account_s)
        self._http: aiohttp.ClientSession | None = None
        self._house: House | None = None

    def borrow(self, house: House) -> None:
        self._house = house

    # -- in -----------------------------------------------------------------------------------------------------------

    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        return inbound.verify(headers, body, accounts)

    def listen(self, account: Account, cursor: str | None) -> AsyncIterator[Batch]:
        if account.settings.get("way") == connect.WEBHOOK:
            return poll.watch(self._session(), account, cursor, self._now)
        return poll.poll(self._session(), account, cursor)

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        return inbound.normalise(account, arrival)

    async def kept(self, account: Account, arrivals: Sequence[RawArrival]) -> None:
        """A pressed button stops spinning."""
        presses = [one for raw in arrivals if (one := inbound.pressed(raw.body)) is not None]
        asked = [
            ask.ask(self._session(), account, "answerCallbackQuery", {"callback_query_id": one}, THANKS_S)
            for one in presses
        ]
        await asyncio.gather(*asked, return_exceptions=True)

    def fetch(self, account: Account, ref: str) -> AsyncIterator[bytes]:
        return files.fetch(self._session(), account, ref)

    # -- out ----------------------------------------------------------------------------------------------------------

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        token = wire.secrets_of(account).token
        if not token:
            raise Refused("This account has no bot token. Connect the bot again.")
        bot = self._bots.get(wire.api_url(account), token)
        await self._floods.turn(account.id, max(1, len(part.attachments)))
        try:
            sent = await outbound.send(bot, self._read, to, part)
        except Retry as error:
            if error.after_s is None:
                raise
            whole = self._floods.refused(account.id, to.partition("/")[0], error.after_s)
            raise Retry(str(error), error.after_s, whole_account=whole) from error
        self._floods.taken(account.id)
        return sent

    def _read(self, file: Attachment) -> AsyncIterator[bytes]:
        if self._house is None:
            raise Refused("The file of this message cannot be read here.")
        return self._house.read(file)

    # -- the account --------------------------------------------------------------------------------------------------

    async def connect(self, account: Account, answers: Mapping[str, str]) -> Connected:
        base_url = self._house.base_url if self._house else ""
        return await connect.connect(self._session(), account, answers, base_url)

    async def check(self, account: Account) -> str | None:
        try:
            known = await poll.hook(self._session(), account)
        except Unreachable as error:
            return str(error)
        if account.settings.get("way") == connect.WEBHOOK:
            return poll.hook_trouble(known, account, self._now())
        return poll.HOOKED if known.url else None

    def _now(self) -> dt.datetime:
        return self._house.now() if self._house else dt.datetime.now(dt.UTC)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:  # opened on first use: most installations have no such account
            self._http = ask.session()
        return self._http

    async def close(self) -> None:
        await self._bots.close()
        if self._http is not None:
            await self._http.close()
            self._http = None
