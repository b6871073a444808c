"""The contract of a channel: it converts and sends, and never stores.

A channel is one folder and one line in `channels.CHANNELS`. Required is `normalise` and `send`; a platform that calls
us is a `Webhook`, one that we ask is a `Listener`; everything else is a small protocol that it simply has or has not.
"""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Literal, Protocol, runtime_checkable

import msgspec

from hub.inbound import Inbound
from hub.model import Account, AccountId, Arrival, Attachment, Part, Sent


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
    mailed: bool = False  # what stays unread follows by mail, where the customer wants that
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
    history: bool = False  # older than the account's beginning here: logged, but no news


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is what it says it is: what to keep, and what to answer once it is kept."""

    arrivals: tuple[RawArrival, ...]
    status: int = 200
    answer: bytes = b""
    content_type: str = "application/json"
    account: AccountId | None = None  # whose they are, of those that share the address; None: the address's own
    astray: bool = False  # genuine, and for none of these accounts: one that was just added may be its own


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question of `hub connect` and of the settings page."""

    name: str
    label: dict[str, str]  # {"vi": …, "en": …}
    help: dict[str, str] = {}
    secret: bool = False
    required: bool = True
    default: str = ""
    options: tuple[str, ...] = ()


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """What to store of a connected account, and what a person still has to click on the platform."""

    name: str
    settings: dict[str, object] = {}
    secrets: bytes = b"{}"
    steps: dict[str, tuple[str, ...]] = {}  # by language


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What a listener found: to be kept, then the cursor may move. `found` counts all that is there, for the owner."""

    arrivals: tuple[RawArrival, ...]
    cursor: str
    found: int | None = None


class House(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub lends a channel that asks for it; a channel itself never stores."""

    read: Callable[[Attachment], AsyncIterator[bytes]]  # a file of the ledger, to send it
    keep_secrets: Callable[[AccountId, bytes], Awaitable[None]]  # what the platform gave anew, such as a token
    now: Callable[[], dt.datetime]
    base_url: str = ""  # where the platform reaches this hub, "" when it cannot


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """What a mirrored conversation's thread begins with; `url` leads to it in the inbox."""

    name: str
    channel: str
    url: str
    subject: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a mirrored conversation as the team sees it; `mark` says in words that it was edited or deleted."""

    kind: Literal["in", "out", "note"]
    author: str
    text: str
    files: tuple[str, ...] = ()
    mark: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague's words in a mirrored thread ("note"), or their wish to send such words on ("answer")."""

    kind: Literal["note", "answer"]
    thread: str  # what `open_thread` gave
    external: str  # the platform's id of the words
    by: str  # the colleague's address there
    at: dt.datetime
    text: str = ""  # of a note


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
class Carried(Webhook, Protocol):
    """The platform's own library takes a verified call to its handlers, of which one keeps it."""

    async def carry(self, body: bytes, verified: Verified, keep: Callable[[], Awaitable[object]]) -> Verified:
        """What to answer, always after `keep`. Raises what `keep` raises."""
        ...


@runtime_checkable
class Posted(Protocol):
    """Whole messages with their files come in one request, which may be larger than others."""

    most_posted: int  # bytes


@runtime_checkable
class Listener(Channel, Protocol):
    def listen(self, account: Account, cursor: str | None) -> AsyncIterator[Batch]:
        """Batches for ever; asking for the next batch says that the last one is kept. Raises Unreachable.

        An empty batch says that the account is well. One listener an account runs at a time; the hub starts it again
        with backoff. `account.settings["since"]` (ISO time) says from when on arrivals are news.
        """
        ...


@runtime_checkable
class Backfill(Protocol):
    def backfill(self, account: Account, since: dt.datetime) -> AsyncIterator[Batch]:
        """What the platform has from `since` on, for what it gave up on; run at the start and hourly. Ends."""
        ...


@runtime_checkable
class Apart(Protocol):
    async def normalise_apart(self, account: Account, arrival: Arrival) -> list[Inbound]:
        """The same as `normalise`, off the event loop and under a timeout. Raises Poison."""
        ...


@runtime_checkable
class Files(Protocol):
    def fetch(self, account: Account, ref: str) -> AsyncIterator[bytes]:
        """A file by the name that its inbound gave. Raises Retry, or Refused with the sentence for the agent."""
        ...


@runtime_checkable
class Mirrors(Channel, Protocol):
    """Conversations of other accounts, shown to the team: for accounts with `settings["mirror"]`, where they stand.

    All but `reply` raise Retry, Refused or Unknown. What arrives from there is kept like anything else, and
    `normalise` finds nothing in it.
    """

    async def open_thread(self, account: Account, headline: Headline) -> str:
        """Begin a conversation's thread; the platform's id of it."""
        ...

    async def show(self, account: Account, thread: str, entry: Entry) -> str:
        """Show an entry in its thread; the platform's id of it."""
        ...

    async def show_anew(self, account: Account, post: str, entry: Entry) -> str:
        """Let what `show` gave say something else now, in its place; the same id. Repeating it changes nothing."""
        ...

    async def reply(self, account: Account, arrival: Arrival) -> Reply | None:
        """What an arrival says in the mirror; None when it is none of its. Raises Poison."""
        ...

    async def offer(self, account: Account, reply: Reply, language: str) -> str:
        """Put the button below a colleague's words that sends them to the customer; the platform's id of it."""
        ...


@runtime_checkable
class Names(Protocol):
    async def name(self, account: Account, value: str) -> str | None:
        """What the person behind this address is called; None when nobody knows. Raises Retry."""
        ...


@runtime_checkable
class Kept(Protocol):
    async def kept(self, account: Account, arrivals: Sequence[RawArrival]) -> None:
        """A courtesy to the platform once they are stored (a button stops spinning); its failure changes nothing."""
        ...


@runtime_checkable
class Connects(Protocol):
    fields: tuple[Field, ...]  # what `hub connect` and the settings page ask

    async def connect(self, account: Account, answers: Mapping[str, str]) -> Connected:
        """Check the answers live against the platform and set it up there. Raises BadInput with what to do."""
        ...


class Visit(Protocol):
    """Somebody's way to the platform and back, to add an app there; lent by the hub, since a channel never stores."""

    back: str  # where the platform leads back to, the same both times

    def issue(self) -> str:
        """A new state, which proves on the way back who began."""
        ...

    def consume(self, state: str) -> Account:
        """The account that it is to become. Raises Forged for a state that is not theirs, or too old."""
        ...

    async def keep(self, account: Account, connected: Connected) -> None:
        """Store what came of it. Raises StoreDown."""
        ...


@runtime_checkable
class Installs(Channel, Protocol):
    """An account's app can be added to further workspaces by a click there; each becomes an account of its own."""

    same: tuple[str, ...]  # the settings by which an account is known to be the same workspace

    def check_app(self, app: Account) -> None:
        """Raises BadInput when the account does not know enough of its app."""
        ...

    async def install_url(self, app: Account, visit: Visit) -> str:
        """Where that click is made. Raises BadInput as `check_app`."""
        ...

    async def install(self, app: Account, visit: Visit, query: Mapping[str, str]) -> None:
        """Make an account of what the platform led back with. Raises BadInput with what to do, and what `visit` does.

        Nothing changes before the state in `query` was consumed.
        """
        ...


@runtime_checkable
class Borrows(Protocol):
    def borrow(self, house: House) -> None:
        """Called once, before anything else."""
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
class Spoken(Protocol):
    vietnamese: Mapping[str, str]  # what it says of accounts and messages, by the English; `{}` is what varies


@runtime_checkable
class Reached(Protocol):
    def reached(self, account: Account) -> frozenset[str]:
        """What people write to, to reach this account, in the channel's own terms."""
        ...


@runtime_checkable
class Closing(Protocol):
    async def close(self) -> None:
        """Give back what the channel holds open; it may be used again afterwards."""
        ...
