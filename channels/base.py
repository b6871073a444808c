"""The contract of a channel: it converts and sends, and never stores.

A channel is one folder and one line in `channels.CHANNELS`. Required is `normalise` and `send`; a platform that calls
us is a `Webhook`, one that we ask is a `Listener`; everything else is a small protocol that it simply has or has not.
"""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from typing import Protocol, runtime_checkable

import msgspec

from hub.model import Account, Arrival, Inbound, Part, Sent


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform takes. `text_unit` is "utf16" or "utf8" where it does not count code points."""

    text: int = 4096
    text_unit: str = "codepoint"
    html: bool = False
    attachment_bytes: int = 20_000_000
    attachments: int = 10
    options: int = 10
    per_chat_s: float = 0.0  # least seconds between two sends to one chat
    per_account_s: float = 0.0
    timeout_s: float = 15.0
    repeatable: bool = (
        False  # sending the same part again changes nothing: an expired send is queued again, not unknown
    )


class RawArrival(msgspec.Struct, frozen=True, kw_only=True):
    """What verify or listen found, before the door gives it its place in the ledger."""

    external: str
    lane: str  # the chat, without the account
    body: bytes
    same: bytes | None = None  # what makes it the same when it comes again under this id; None: the whole body
    headers: dict[str, str] = {}
    order: int | None = None  # microseconds; None: the time of arrival


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is what it says it is: what to keep, and what to answer once it is kept."""

    arrivals: tuple[RawArrival, ...]
    status: int = 200
    answer: bytes = b""
    content_type: str = "application/json"


@runtime_checkable
class Channel(Protocol):
    kind: str  # stored in every Account, never renamed
    limits: Limits

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        """What the arrival means; pure. [] means "nothing for us". Raises Poison."""
        ...

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        """Hand one part to one recipient, once. Raises Retry, Refused or Unknown; anything else counts as Unknown."""
        ...


@runtime_checkable
class Webhook(Channel, Protocol):
    def verify(self, headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
        """Check the raw bytes in constant time. Raises Forged."""
        ...


@runtime_checkable
class Listener(Channel, Protocol):
    def listen(self, account: Account, cursor: str | None) -> AsyncIterator[tuple[list[RawArrival], str]]:
        """Batches with the cursor behind them; asking for the next batch says that the last one is kept."""
        ...


@runtime_checkable
class Check(Protocol):
    async def check(self, account: Account) -> str | None:
        """Try the account for real: None when it works, else a sentence that says what to do."""
        ...


@runtime_checkable
class Named(Protocol):
    names: dict[str, str]  # what people call it, by language: {"vi": …, "en": …}
    icon: str


@runtime_checkable
class Closing(Protocol):
    async def close(self) -> None:
        """Give back what the channel holds open; it may be used again afterwards."""
        ...
