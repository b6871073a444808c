"""The ledger: one object per noun behind one `Store`. Nothing else in the house touches the database."""

import contextlib
from collections.abc import AsyncIterator

from hub.store import schema
from hub.store.amendments import Amendments
from hub.store.arrivals import Arrivals
from hub.store.consents import Consents
from hub.store.conversations import Conversations
from hub.store.corrections import Corrections
from hub.store.driver import Ledger, connect
from hub.store.events import Events
from hub.store.expiry import Expiry
from hub.store.fetches import Fetches
from hub.store.files import Files
from hub.store.flows import Dialogues, Flows
from hub.store.group import GroupCommit
from hub.store.house import Accounts, Agents, Answers, Cursors, Sessions, Teams
from hub.store.identity import Identity
from hub.store.intents import ExampleWords, IntentWords
from hub.store.links import Links
from hub.store.mailings import Mailings
from hub.store.messages import Messages
from hub.store.mirrored import MirroredPosts, MirrorReplies
from hub.store.namings import Namings
from hub.store.outbox import Outbox
from hub.store.people import Addresses, Contacts, Merges
from hub.store.rules import Acts, AgentDesks, HoursOf, Revision, Rules, TeamDesks


class Store:
    """Every noun of the ledger. Methods raise StoreDown when the database does not answer."""

    def __init__(self, ledger: Ledger, raw_days: int = 30, event_days: int = 7) -> None:
        self.ledger = ledger
        self._flushing: GroupCommit[None, None] = GroupCommit(self._flush)
        self.identity = Identity(ledger)
        self.arrivals = Arrivals(ledger, raw_days)
        self.messages = Messages(ledger)
        self.outbox = Outbox(ledger)
        self.conversations = Conversations(ledger)
        self.contacts = Contacts(ledger)
        self.addresses = Addresses(ledger)
        self.merges = Merges(ledger)
        self.consents = Consents(ledger)
        self.accounts = Accounts(ledger)
        self.agents = Agents(ledger)
        self.teams = Teams(ledger)
        self.sessions = Sessions(ledger)
        self.cursors = Cursors(ledger)
        self.answers = Answers(ledger)
        self.events = Events(ledger, event_days)
        self.expiry = Expiry(ledger)
        self.files = Files(ledger)
        self.links = Links(ledger)
        self.fetches = Fetches(ledger)
        self.amendments = Amendments(ledger)
        self.mailings = Mailings(ledger)
        self.namings = Namings(ledger)
        self.mirrored = MirroredPosts(ledger)
        self.mirror_replies = MirrorReplies(ledger)
        self.routing = Revision(ledger)
        self.rules = Rules(ledger)
        self.flows = Flows(ledger)
        self.dialogues = Dialogues(ledger)
        self.corrections = Corrections(ledger)
        self.intents = IntentWords(ledger)
        self.examples = ExampleWords(ledger)
        self.acts = Acts(ledger)
        self.hours = HoursOf(ledger)
        self.team_desks = TeamDesks(ledger)
        self.agent_desks = AgentDesks(ledger)

    @contextlib.asynccontextmanager
    async def settled(self) -> AsyncIterator[None]:
        """What is read inside is on disk at the end: no number that is then shown can name another entry later.

        For readers that nobody told of what they read; a writer tells only of what is on disk. Raises StoreDown.
        """
        breaks = self.ledger.breaks.count
        yield
        await self._flushing.add(None)
        self.ledger.unbroken_since(breaks)

    async def _flush(self, readers: list[None]) -> list[Exception | None]:
        await self.ledger.flush()
        return [None] * len(readers)

    async def ping(self) -> None:
        """Raises StoreDown when the database does not answer."""
        await self.ledger.ping()


@contextlib.asynccontextmanager
async def open_store(
    url: str, *, database: str | None = None, raw_days: int = 30, event_days: int = 7
) -> AsyncIterator[Store]:
    """Connect, check the data's version, make the indexes. Raises StoreDown, or BadSetting on newer data."""
    async with connect(url, database) as ledger:
        await schema.ensure(ledger)
        yield Store(ledger, raw_days, event_days)
