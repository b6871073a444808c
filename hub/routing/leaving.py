"""What agents have who were switched off is nobody's again, in its team: also where no team gives out by itself.

Looked for when somebody is switched off (or this process begins), and afterwards each minute among what moved since:
a conversation of theirs may wake up or be opened again. While everybody is there nothing is read.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from hub.departures.change import ByRule, Changer, Wish
from hub.errors import BadInput, Conflict, NotFound
from hub.model import Author, Conversation, Routed
from hub.routing.book import RuleBook
from hub.routing.happenings import ASSIGNMENT
from hub.store import Store

LEFT = "left"
EVERY = dt.timedelta(minutes=1)
OVERLAP = dt.timedelta(seconds=10)  # a row may be written a little after its time
AHEAD = dt.timedelta(hours=1)  # a platform's clock may be before ours
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
AUTHOR = Author(kind="system", id=ASSIGNMENT, name="")


class Leaving:
    def __init__(self, store: Store, book: RuleBook, changer: Changer, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._book = book
        self._changer = changer
        self._clock = clock
        self._known: frozenset[str] = frozenset()  # who was gone when it was looked for last
        self._looked = BEGINNING

    def is_due(self) -> bool:
        """Whether there is anything to look for."""
        gone = self._book.current.gone
        self._known &= gone  # who came back may leave again
        return bool(gone) and (not gone <= self._known or self._clock() - self._looked >= EVERY)

    async def step(self) -> None:
        """Free what is theirs, if it is time to look. Raises StoreDown; then it is looked for again."""
        if not self.is_due():
            return
        now, gone = self._clock(), self._book.current.gone
        since = self._looked - OVERLAP if gone <= self._known else BEGINNING
        for state in ("open", "snoozed"):
            which = {"state": state, "agent": {"$in": sorted(gone)}}
            await self._free(await self._store.conversations.listed(which, since, now + AHEAD))
        self._known, self._looked = gone, now

    async def _free(self, rows: Iterable[Conversation]) -> None:
        for one in rows:
            now = self._clock()
            routed = Routed(rule=ASSIGNMENT, name=LEFT, cause=one.id, at=now)
            key = f"{one.id}:{LEFT}:{one.agent}:{int(now.timestamp() * 1000)}"
            by = ByRule(routed=routed, key=key, guard={"agent": one.agent, "state": one.state}, places=False)
            try:
                await self._changer.apply(AUTHOR, one.id, Wish(agent=None), by)
            except (Conflict, NotFound, BadInput):  # somebody took it meanwhile
                continue
