"""What is open and what sleeps, folded from the event log: counts and short lists that cost the ledger nothing.

Two indexes on conversations would serve the same questions; the embedded database writes every index of a row at every
message. Read once at the start and now and then again, in case two writers' events crossed.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec
import structlog
from aiohttp import web

from hub.errors import StoreDown
from hub.events import RowChanged, RowOpened
from hub.model import Conversation, ConversationId
from hub.store import Store
from hub.store.conversations import Shelved
from inbox_web.follower import Batch, Follower
from inbox_web.windows import newest

MOST = 50_000  # rows; with more than that a count is only a lower bound, and says "1000 or more" anyway
READ_AGAIN_S = 900.0
AWAY_S = 1.0
DAY = dt.timedelta(days=1)
AWAKE = ("open", "snoozed")

log = structlog.get_logger(__name__)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What an opened row says of where it stands."""

    id: ConversationId
    head: int
    state: str
    channel: str
    last: dt.datetime
    agent: str | None = None
    team: str | None = None
    waiting: dt.datetime | None = None


class Set(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a change that move a row between lists."""

    state: str | msgspec.UnsetType = msgspec.UNSET
    agent: str | msgspec.UnsetType | None = msgspec.UNSET
    team: str | msgspec.UnsetType | None = msgspec.UNSET
    waiting: dt.datetime | msgspec.UnsetType | None = msgspec.UNSET
    last: dt.datetime | msgspec.UnsetType = msgspec.UNSET


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are; of what is open unless it says otherwise."""

    open: int
    snoozed: int
    waiting: int
    agents: Counter[str | None]
    teams: Counter[str | None]
    channels: Counter[str]


class Place:
    """Where one conversation stands. A field moves only by an entry that is not older than the one that set it."""

    __slots__ = ("agent", "channel", "heads", "last", "state", "team", "waiting")

    def __init__(self, row: Row | Shelved | Conversation) -> None:
        self.state: str = row.state
        self.agent: str | None = row.agent
        self.team: str | None = row.team
        self.waiting = row.waiting is not None
        self.channel = row.channel
        self.last = row.last
        self.heads = dict.fromkeys(("state", "agent", "team", "waiting"), row.head)

    def move(self, head: int, said: Set) -> None:
        for name, before in self.heads.items():
            value = getattr(said, name)
            if value is not msgspec.UNSET and head >= before:
                setattr(self, name, value is not None if name == "waiting" else value)
                self.heads[name] = head
        if said.last is not msgspec.UNSET:
            self.last = max(self.last, said.last)


_opened = msgspec.json.Decoder(RowOpened[Row])
_changed = msgspec.json.Decoder(RowChanged[Set])


class Tally:
    """One per process. `ready` is set once it knows everything that is awake."""

    def __init__(self, store: Store, follower: Follower, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._follower = follower
        follower.add(self.heard)
        self._now = now
        self._places: dict[ConversationId, Place] = {}
        self._touched: set[ConversationId] = set()
        self._unknown: set[ConversationId] = set()
        self._wake = asyncio.Event()
        self._summary: Summary | None = None
        self.ready = asyncio.Event()

    # -- what happened ------------------------------------------------------------------------------------------------

    def heard(self, batches: Sequence[Batch]) -> None:
        """Fold events on; a row that is not known and wakes up is read."""
        for batch in batches:
            for item in batch.items:
                if item.type == "conversation.opened":
                    self._put(_opened.decode(item.data).row)
                elif item.type == "conversation.changed" and item.conversation is not None:
                    self._move(item.conversation, _changed.decode(item.data))

    def put(self, conversation: Conversation) -> None:
        """It stands like this now: for who changed it and asks for a list in the same breath."""
        self._put(conversation)

    def _put(self, row: Row | Conversation) -> None:
        self._summary = None
        self._touched.add(row.id)
        if row.state in AWAKE:
            self._places[row.id] = Place(row)
        else:
            self._places.pop(row.id, None)

    def _move(self, id_: ConversationId, change: RowChanged[Set]) -> None:
        place = self._places.get(id_)
        if place is None:
            if change.set.state in AWAKE:
                self._unknown.add(id_)
                self._wake.set()
            return
        self._summary = None
        self._touched.add(id_)
        place.move(change.head, change.set)
        if place.state not in AWAKE:
            del self._places[id_]

    # -- what is there ------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Read everything that is awake, then what wakes up, until cancelled."""
        while not await self._follower.ready(READ_AGAIN_S):  # what is read must not be older than what is heard
            continue
        while True:
            try:
                await self.read()
                self.ready.set()
                async with asyncio.timeout(READ_AGAIN_S):
                    while True:
                        await self._wake.wait()
                        await self.catch_up()
            except TimeoutError:
                continue
            except StoreDown as error:
                log.warning("tally waits", why=str(error))
                await asyncio.sleep(AWAY_S)

    async def read(self) -> None:
        """Everything anew; what events moved meanwhile stays as they said."""
        self._touched.clear()
        rows = await newest(self._store.conversations.shelved, self._now() + DAY, MOST)
        kept = {id_: place for id_, place in self._places.items() if id_ in self._touched}
        self._places = {one.id: Place(one) for one in rows if one.id not in self._touched} | kept
        self._summary = None

    async def catch_up(self) -> None:
        """Read what woke up since the last look. Raises StoreDown; then it is looked for again."""
        self._wake.clear()
        ids, self._unknown = sorted(self._unknown), set()
        try:
            for one in await self._store.conversations.by_ids(ids):
                if one.id not in self._places:
                    self._put(one)
        except StoreDown:
            self._unknown |= set(ids)
            self._wake.set()
            raise

    # -- what it knows ------------------------------------------------------------------------------------------------

    def summary(self) -> Summary:
        """The counts of this moment."""
        if self._summary is None:
            self._summary = _counted(self._places.values())
        return self._summary

    def ids(self, keep: Callable[[Place], bool]) -> list[ConversationId]:
        """Those that `keep` likes, the newest first."""
        found = [(place.last, id_) for id_, place in self._places.items() if keep(place)]
        return [id_ for _, id_ in sorted(found, reverse=True)]


def _counted(places: Iterable[Place]) -> Summary:
    every = list(places)
    awake = [one for one in every if one.state == "open"]
    return Summary(
        open=len(awake),
        snoozed=len(every) - len(awake),
        waiting=sum(one.waiting for one in awake),
        agents=Counter(one.agent for one in awake),
        teams=Counter(one.team for one in awake),
        channels=Counter(one.channel for one in awake),
    )


TALLY = web.AppKey("tally", Tally)
