"""Gives conversations to agents as they come and as agents become free: keeps the floor's picture, asks it, writes.

The guarded update asks that the conversation is open, in its team and nobody's; a picture that was behind loses nothing
but that update. One process does it at a time, under a lease that only spares the others the work.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog

from hub.departures.change import ByRule, Changer, Wish
from hub.errors import BadInput, Conflict, NotFound
from hub.model import Conversation, ConversationId, EventItem, Routed, TeamId
from hub.people.merge import members
from hub.routing.assignment import Floor, Given, Talk
from hub.routing.book import RuleBook
from hub.routing.happenings import ASSIGNMENT
from hub.routing.leaving import AUTHOR, LEFT, Leaving
from hub.store import Store

FIRST = dt.timedelta(hours=1)
GROWTH = 4
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
MOST = 20_000  # open conversations that are looked at
AT_ONCE = 100  # people whose last agent is looked for
FIELDS = frozenset(("state", "agent", "team", "priority", "tag", "waiting"))

log = structlog.get_logger()


class Assigner:
    def __init__(self, store: Store, book: RuleBook, changer: Changer, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._book = book
        self._changer = changer
        self._clock = clock
        self._floor = Floor()
        self._begun = False
        self.leaving = Leaving(store, book, changer, clock)
        self._furnished = -1  # the revision of the settings that the floor knows

    def forget(self) -> None:
        """Another process gave out meanwhile: read everything anew before the next."""
        self._begun = False

    async def step(self, items: Sequence[EventItem] = ()) -> int:
        """Take in what happened, give out what can be given; how many. Raises StoreDown; then `forget`."""
        known = self._book.current
        if not known.gives_out:
            self._begun = False
            return 0
        if self._furnished != known.revision:
            self._floor.furnish(known.desks, known.seats)
            self._furnished = known.revision
        if self._begun:
            await self._refresh(_touched(items))
        else:
            await self._begin()
        await self._release()
        return await self._give()

    async def _begin(self) -> None:
        """Read what is open."""
        self._floor.clear()
        until, width, seen = self._clock() + FIRST, FIRST, 0
        while until > BEGINNING and seen < MOST:
            since = max(until - width, BEGINNING)
            rows = await self._store.conversations.listed({"state": "open"}, since, until)
            for one in rows:
                self._floor.put(talk_of(one))
            until, width, seen = since, width * GROWTH, seen + len(rows)
        self._begun = True

    async def _refresh(self, ids: Sequence[ConversationId]) -> None:
        if not ids:
            return
        found = {one.id: one for one in await self._store.conversations.by_ids(list(ids))}
        for id_ in ids:
            row = found.get(id_)
            if row is not None and row.state == "open":
                self._floor.put(talk_of(row))
            else:
                self._floor.drop(id_)

    async def _release(self) -> None:
        """What somebody has who is not there any more is nobody's again."""
        for talk in self._floor.left():
            wish = Wish(agent=None)
            guard = {"agent": talk.agent, "state": "open"}
            if await self._write(talk, wish, guard, f"{LEFT}:{talk.agent}", LEFT):
                self._floor.put(msgspec.structs.replace(talk, agent=None, last_agent=None))

    async def _remember(self) -> None:
        """Learn who served these people last, where their team goes by it and nobody was seen serving them here.

        Each person is looked up once, when their turn comes: no message costs this.
        """
        strangers = self._floor.strangers()
        for start in range(0, len(strangers), AT_ONCE):
            some = strangers[start : start + AT_ONCE]
            found = await self._store.contacts.by_ids(some)
            roots = await self._store.contacts.by_ids(sorted({one.root for one in found.values() if one.root}))
            people = {id_: set(members(roots.get(one.root or id_, one))) for id_, one in found.items()}
            rows = await self._store.conversations.of_contacts(
                sorted({str(one) for of in people.values() for one in of})
            )
            for id_ in some:
                mine = people.get(id_, set())
                self._floor.remember(id_, next((one.agent for one in rows if one.agent and one.contact in mine), None))

    async def _give(self) -> int:
        count = 0
        await self._remember()
        for given in self._floor.drain(lambda team: self._book.current.open.is_open(team, self._clock())):
            if await self._hand_over(given):
                count += 1
            else:
                await self._refresh([given.talk.id])
        return count

    async def _hand_over(self, given: Given) -> bool:
        wish = Wish(agent=given.agent, agent_name=self._book.current.names.get(given.agent))
        guard = {"agent": None, "team": given.talk.team, "state": "open"}
        how = next((one.how for one in self._book.current.desks if one.id == given.talk.team), "load")
        return await self._write(given.talk, wish, guard, f"given:{given.agent}", how)

    async def _write(self, talk: Talk, wish: Wish, guard: dict[str, Any], what: str, how: str) -> bool:
        """False when the conversation is not any more as it was pictured."""
        now = self._clock()
        routed = Routed(rule=ASSIGNMENT, name=how, cause=talk.id, at=now)
        key = f"{talk.id}:{what}:{int(now.timestamp() * 1000)}"
        try:
            await self._changer.apply(AUTHOR, talk.id, wish, ByRule(routed=routed, key=key, guard=guard, places=False))
        except (Conflict, NotFound, BadInput):
            return False
        return True


def talk_of(row: Conversation) -> Talk:
    """The row as assignment sees it."""
    certain = row.tag is not None and row.tag.band == "route"
    return Talk(
        id=row.id,
        contact=row.contact,
        channel=row.channel,
        since=row.waiting or row.opened,
        team=TeamId(row.team) if row.team is not None else None,
        agent=row.agent,
        intent=row.tag.intent if row.tag is not None and certain else None,
        language=row.tag.language if row.tag is not None else None,
        priority=row.priority,
    )


def _touched(items: Sequence[EventItem]) -> list[ConversationId]:
    """The conversations of which something changed that assignment looks at."""
    touched: dict[ConversationId, None] = {}
    for one in items:
        if one.conversation is None:
            continue
        if one.type == "conversation.opened" or (
            one.type == "conversation.changed" and FIELDS & msgspec.json.decode(one.data)["set"].keys()
        ):
            touched[one.conversation] = None
    return list(touched)
