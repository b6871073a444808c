"""One process's rooms, wired as in `hub/commands/rooms.py`, with a clock that a test turns and a scripted channel.

Nothing of ours is replaced: the stores are real, and the scripted channel stands where a platform would.
"""

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec

from channels.base import RawArrival
from channels.webchat import WebChat
from hub.arrivals.amending import Amender
from hub.arrivals.door import Door
from hub.arrivals.entries import Fresh
from hub.arrivals.fetching import Fetcher
from hub.arrivals.hearing import Pace
from hub.arrivals.intake import Intake
from hub.arrivals.listening import Listening
from hub.arrivals.past import Past
from hub.arrivals.tagging import Tagger
from hub.arrivals.triage import Triage
from hub.bus import Bus, open_bus
from hub.departures.change import Changer
from hub.departures.compose import Composer, Draft
from hub.departures.deliver import Deliverer
from hub.embedded import StoreUrls
from hub.errors import Forged
from hub.events import Announcer
from hub.ids import arrival_id, conversation_id, random_id
from hub.inbound import Inbound
from hub.model import (
    Account,
    AccountId,
    Arrival,
    ArrivalId,
    Author,
    Conversation,
    ConversationId,
    EventItem,
    Message,
    Team,
    TeamId,
)
from hub.people.accounts import AccountBook
from hub.routing.book import Known
from hub.store import Store, open_store
from hub.worker import Worker
from tests.hub.scripted import Scripted, said
from tests.kept import kept
from tests.query_shapes import FROM_A_TEST

START = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
SHOP = AccountId("shop")
LAN = Author(kind="agent", id="a_lan", name="Lan")
MINH = Author(kind="agent", id="a_minh", name="Minh")
SALES = TeamId("t_sales")
CARE = TeamId("t_care")

MOST_BYTES = 2_000_000  # of one file

_items = msgspec.json.Decoder(list[EventItem])


class Clock:
    """The time that a test says it is."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_s(self, seconds: float) -> dt.datetime:
        self.now += dt.timedelta(seconds=seconds)
        return self.now


class Core:
    """One process's rooms, and the few words that tests say with them."""

    def __init__(self, store: Store, bus: Bus, clock: Callable[[], dt.datetime], data: Path, channel: Scripted) -> None:
        self.store, self.bus, self.clock, self.data, self.channel = store, bus, clock, data, channel
        self.channels = {"scripted": channel, "webchat": WebChat()}
        self.announcer = Announcer(store, bus)
        self.accounts = AccountBook(store, unseal)
        self.tagger = Tagger(data / "models")
        self.door = Door(store, bus, clock, data, disk_floor_mb=0)
        self.known: Callable[[], Known] = Known  # the rules, of a test that has any
        self.intake = Intake(
            store, self.announcer, self.accounts, self.channels, clock, self.tagger, MOST_BYTES, lambda: self.known()
        )
        self.past = Past(store, self.door, self.intake)
        self.amender = Amender(store, self.announcer, clock)
        self.fetcher = Fetcher(
            store, self.announcer, self.accounts, self.channels, clock, random.Random("f"), MOST_BYTES
        )
        self.triage = Triage(store, self.announcer, self.accounts, self.tagger, clock, lambda: self.known())
        self.composer = Composer(store, bus, self.announcer, self.channels, clock)
        self.changer = Changer(store, self.announcer, clock)
        self.deliverer = self.another_deliverer("one")
        self.offered: list[Fresh] = []

    def another_deliverer(self, name: str) -> Deliverer:
        return Deliverer(
            self.store, self.bus, self.announcer, self.accounts, self.channels, self.clock, name, random.Random(name)
        )

    def worker(self) -> Worker:
        return Worker(
            self.store,
            self.bus,
            self.intake,
            self.triage,
            self.deliverer,
            self.changer,
            self.clock,
        )

    def listening(self, name: str = "one") -> Listening:
        """The listeners of a process, in a hurry."""
        pace = Pace(look_s=0.01, lease_s=0.6, first_s=0.01, longest_s=0.05, for_good_s=30, fill_s=30, full_s=0.01)
        return Listening(
            self.store,
            self.bus,
            self.announcer,
            self.accounts,
            self.channels,
            self.door,
            self.clock,
            name,
            random.Random(name),
            pace,
            self.past,
        )

    # -- in -----------------------------------------------------------------------------------------------------------

    async def keep(self, *inbounds: Inbound, external: str | None = None, lane: str = "u1") -> ArrivalId:
        """The platform hands something over, acknowledged."""
        known = (getattr(one, "external", None) for one in inbounds)  # a profile has none
        name = external or next(filter(None, known), None) or random_id("x")
        return await self.keep_body(msgspec.json.encode(inbounds), name, lane)

    async def keep_body(self, body: bytes, external: str, lane: str = "u1") -> ArrivalId:
        account = await self.account()
        return (await self.door.keep(account, [RawArrival(external=external, lane=lane, body=body)]))[0]

    async def account(self) -> Account:
        account = await self.accounts.get(SHOP)
        assert account is not None
        return account

    async def take_in(self, *lanes: str) -> list[Fresh]:
        """Intake looks at these lanes (all of "u1" by default); what is left to triage."""
        fresh: list[Fresh] = []
        await self.intake.process([f"{SHOP}:{lane}" for lane in lanes or ("u1",)], fresh.extend)
        await self.intake.finish()
        return fresh

    async def hears(self, text: str, id_: str, who: str = "u1", **more: Any) -> Message:
        """A customer writes, and it is logged and triaged; the entry."""
        await self.keep(said(text, id_, who, at=self.clock(), **more), lane=who)
        await self.triage.process(await self.take_in(who))
        return (await self.log(who))[-1]

    # -- out ----------------------------------------------------------------------------------------------------------

    async def replies(self, text: str, seen: int, key: str | None = None, who: str = "u1", by: Author = LAN) -> Message:
        draft = Draft(author=by, conversation=talk(who), key=key or random_id("k"), text=text, seen=seen)
        return await self.composer.reply(draft)

    async def deliver(self, *who: str, rank: int = 0) -> None:
        await self.deliverer.process([f"{talk(one)}:{rank}" for one in who or ("u1",)])

    # -- what the ledger holds ----------------------------------------------------------------------------------------

    async def log(self, who: str = "u1") -> list[Message]:
        """The conversation's entries by number."""
        return sorted(await self.store.messages.window(talk(who), 0, 100_000), key=lambda one: one.seq)

    async def words(self, who: str = "u1") -> list[str]:
        return [one.text for one in await self.log(who)]

    async def numbers(self, who: str = "u1") -> list[int]:
        return [one.seq for one in await self.log(who)]

    async def talk(self, who: str = "u1") -> Conversation:
        found = await self.store.conversations.get(talk(who))
        assert found is not None
        return found

    async def message(self, message: Message) -> Message:
        """The entry as it stands now."""
        return (await self.store.messages.by_ids([message.id]))[0]

    async def kept(self) -> list[Arrival]:
        return await kept(self.store)

    async def is_done(self) -> bool:
        """Whether nothing that was kept is left to do."""
        return {one.state for one in await self.kept()} <= {"done", "quarantined"}

    async def count(self, collection: str) -> int:
        return len(await self.store.ledger.light(collection).find({}, comment=FROM_A_TEST).to_list(None))

    async def told(self) -> list[EventItem]:
        """Every item of the event log."""
        events = await self.store.events.after(0, 10_000, self.clock() + dt.timedelta(days=1))
        return [item for event in events for item in _items.decode(event.items)]


def unseal(purpose: str, sealed: bytes) -> bytes:
    """The key ring of these tests: what is not damaged is its own plain text."""
    if sealed == b"damaged":
        raise Forged("A stored secret cannot be opened with this key.")
    return sealed


def talk(who: str = "u1") -> ConversationId:
    """The conversation of this customer."""
    return conversation_id(f"{SHOP}:{who}", 0)


def kept_as(external: str) -> ArrivalId:
    return arrival_id(SHOP, external)


@contextlib.asynccontextmanager
async def open_core(
    urls: StoreUrls, clock: Callable[[], dt.datetime], data: Path, channel: Scripted
) -> AsyncIterator[Core]:
    async with open_store(urls.mongo) as store, open_bus(urls.redis) as bus:
        yield Core(store, bus, clock, data, channel)


async def furnish(core: Core) -> None:
    """A shop with one account and two teams; what nobody claims goes to care."""
    await core.store.teams.add(Team(id=SALES, name="Bán hàng", at=START, intents=("price", "availability")))
    await core.store.teams.add(Team(id=CARE, name="Chăm sóc", at=START))
    await core.store.accounts.add(Account(id=SHOP, kind="scripted", name="Mộc An", at=START, team=CARE))


async def until(condition: Callable[[], Awaitable[bool]], within_s: float = 20.0) -> None:
    """Wait for a condition; TimeoutError when it does not come true in time."""
    async with asyncio.timeout(within_s):
        while not await condition():
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator["asyncio.Task[None]"]:
    """Something that runs for ever, while the block does; its error is the test's."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
