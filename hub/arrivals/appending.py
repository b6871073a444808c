"""Appending: what a chunk was understood to be becomes entries of the log, heads of conversations, and events.

In two strokes, so that one chunk is read while the one before is written: `read` looks up whom it is about, where it
belongs and how it is tagged; `write` leaves it in the ledger.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec

from hub.arrivals.amending import Amender
from hub.arrivals.copies import with_copies
from hub.arrivals.echoes import without_echoes
from hub.arrivals.entries import Fresh, entries, fetches, links, mirror_replies, tells, untagged
from hub.arrivals.heads import advanced, advances, items
from hub.arrivals.naming import nameless
from hub.arrivals.tagging import Tagger
from hub.arrivals.threading import Placed, Said, place
from hub.arrivals.understanding import Understood
from hub.events import Announcer
from hub.ids import inbound_id
from hub.inbound import InboundIdentity, InboundMessage, InboundProfile
from hub.model import Conversation, ConversationId, Event, EventItem, Message, MessageId, Tag
from hub.people import consent, learn
from hub.people.accounts import AccountBook
from hub.routing.book import Known
from hub.routing.deciding import Place, beginning
from hub.store import Store
from hub.store.conversations import Advance
from hub.store.messages import Appended

# And no longer: what has no tag by then is tagged by triage, once it is in the log. That costs three updates a message,
# so a crowd waits a little longer than a lone message does; other chunks are written meanwhile.
TAG_WAIT_S, TAG_WAIT_EACH_S = 0.03, 0.002
_ADDS = (InboundMessage, InboundProfile, InboundIdentity)  # everything else amends what stands in the log


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A chunk that is ready to be written: its entries as they ask to be logged, and what was told on the way."""

    understood: Sequence[Understood]
    said: Sequence[Said]
    placed: Placed | None  # None when nobody said anything
    entries: list[Message]
    told: list[EventItem]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a chunk left in the ledger; its event is journaled."""

    fresh: list[Fresh]
    event: Event | None


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """How a conversation changes with new entries; it opens with them when it was not there."""

    step: Advance
    after: Conversation
    opens: bool


class Appender:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        clock: Callable[[], dt.datetime],
        tagger: Tagger,
        can_name: Callable[[str], bool],
        known: Callable[[], Known],
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._clock = clock
        self._tagger = tagger
        self._can_name = can_name
        self._known = known
        self._amender = Amender(store, announcer, clock)

    # -- read ---------------------------------------------------------------------------------------------------------

    async def read(self, understood: Sequence[Understood]) -> Read:
        """Learn what it says of people, then find its conversations while the tagger reads its words.

        Raises StoreDown.
        """
        asked = {
            inbound_id(one.account.id, each.external): each.text
            for one in understood
            for each in one.inbounds
            if isinstance(each, InboundMessage) and tells(each)
        }
        self._tagger.ask(asked)
        told = await self._learn(understood)
        said, settled = await self._said(understood)
        if not said:
            return Read(understood=understood, said=[], placed=None, entries=[], told=told + settled)
        placed, tags = await asyncio.gather(place(self._store, said), self._tags(asked))
        made = [_tagged(one, tags) for one in entries(said, placed)]
        made = await with_copies(self._store, said, made)
        return Read(understood=understood, said=said, placed=placed, entries=made, told=told + settled)

    async def _tags(self, asked: Mapping[MessageId, str]) -> dict[MessageId, Tag]:
        """The tags that are there in time."""
        return await self._tagger.answers(asked, TAG_WAIT_S + TAG_WAIT_EACH_S * len(asked))

    async def _learn(self, understood: Sequence[Understood]) -> list[EventItem]:
        items: list[EventItem] = []
        for one in understood:
            for each in one.inbounds:
                if isinstance(each, InboundProfile):
                    items += await learn.profile(self._store, one.account, each, one.arrival.at, one.arrival.id)
                elif isinstance(each, InboundIdentity):
                    items += await learn.identity(self._store, one.account, each, one.arrival.at)
        return items

    async def _said(self, understood: Sequence[Understood]) -> tuple[list[Said], list[EventItem]]:
        """The messages among it, without copies of what we sent ourselves; what those settled."""
        said = [(one, each) for one in understood for each in one.inbounds if isinstance(each, InboundMessage)]
        if not any(each.elsewhere for _, each in said):
            return said, []
        return await without_echoes(self._store, said, self._clock())

    # -- write --------------------------------------------------------------------------------------------------------

    async def write(self, read: Read, breaks: int) -> Written:
        """Entries first, since they take the numbers; then rows and the journaled event, unless the database broke.

        Raises StoreDown. A row may reach the disk behind its event: only what is marked behind both is done for good.
        """
        fresh, moves, told = await self._append(read, breaks)
        await self._store.mirror_replies.add(mirror_replies(read.understood))
        if any(not isinstance(each, _ADDS) for one in read.understood for each in one.inbounds):
            await self._move(moves)  # what amends an entry of this very chunk finds its row
            moves, told = [], told + await self._amender.fold(read.understood)
        _, event = await asyncio.gather(self._move(moves), self._announcer.append(told, self._clock(), breaks=breaks))
        return Written(fresh=fresh, event=event)

    async def _append(self, read: Read, breaks: int) -> tuple[list[Fresh], list[Move], list[EventItem]]:
        """Log the entries; how their conversations move by them, and what to tell of both."""
        placed = read.placed
        if placed is None:
            return [], [], read.told
        appended = await self._store.messages.append(read.entries, breaks)
        logged = [one.message for one in appended]
        conversations = await self._as_logged(placed.conversations, logged)
        await self._name(read.said, logged)
        await self._ask_names(read.said, placed)
        refused = await consent.heed(self._store, logged)
        places = await self._places(conversations, appended)
        by_id = {one.id: each for one, (_, each) in zip(logged, read.said, strict=True)}
        steps = advances(appended, conversations, places, by_id)
        after = {one.id: advanced(conversations[one.id], one) for one in steps}
        fresh = [
            Fresh(arrival=whole.arrival, message=one, conversation=after[one.conversation])
            for (whole, _), one in zip(read.said, logged, strict=True)
        ]
        told = read.told + items(appended, steps, conversations, after, placed.opened) + refused
        return fresh, [Move(step=one, after=after[one.id], opens=one.id in placed.opened) for one in steps], told

    async def _move(self, moves: Sequence[Move]) -> None:
        """Open the conversations that are new, and show the newer words of the others."""
        opened = [one.after for one in moves if one.opens]
        known = await self._store.conversations.open(opened) if opened else set()
        if further := [one.step for one in moves if not one.opens or one.after.id in known]:
            await self._store.conversations.advance(further)

    async def _as_logged(
        self, conversations: Mapping[ConversationId, Conversation], logged: Sequence[Message]
    ) -> Mapping[ConversationId, Conversation]:
        """With those in which a redo found its entries, if it was placed elsewhere the first time."""
        missing = {one.conversation for one in logged} - conversations.keys()
        if not missing:
            return conversations
        return {**conversations, **{one.id: one for one in await self._store.conversations.by_ids(sorted(missing))}}

    async def _name(self, said: Sequence[Said], logged: Sequence[Message]) -> None:
        """Keep their further names, and what of them must still be fetched; most messages have neither."""
        if further := links(said, logged):
            await self._store.links.add(further)
        if waiting := fetches(logged):
            await self._store.fetches.add(waiting)

    async def _ask_names(self, said: Sequence[Said], placed: Placed) -> None:
        """Let the platform be asked for the names of strangers, where it can be."""
        asked = [one for one in said if self._can_name(one[0].account.kind)]
        if asked and (without := nameless(asked, placed, self._clock())):
            await self._store.namings.add(without)

    async def _places(
        self, conversations: Mapping[ConversationId, Conversation], appended: Sequence[Appended]
    ) -> dict[ConversationId, Place]:
        """Teams for conversations that were just opened, by the rules, the tag of their last message, or the account.

        Those with words that the tagger has not answered yet are left to triage.
        """
        untold = {one.message.conversation for one in appended if untagged(one.message)}
        said = [one.message for one in appended if one.message.conversation not in untold and not one.message.history]
        last = {one.conversation: one for one in sorted(said, key=lambda one: one.tag is not None)}
        chosen: dict[ConversationId, Place] = {}
        for id_, message in last.items():
            if conversations[id_].head == 0:  # nobody can have taken it: it does not exist for anybody yet
                teams = await self._accounts.teams()
                account = await self._accounts.get(message.account)
                known, now = self._known(), self._clock()
                place = (
                    beginning(known, teams, account, conversations[id_], message, message.tag, now) if account else None
                )
                if place is not None:
                    chosen[id_] = place
        return chosen


def _tagged(entry: Message, tags: Mapping[MessageId, Tag]) -> Message:
    """The entry with its tag, if that came in time."""
    return msgspec.structs.replace(entry, tag=tags[entry.id]) if entry.id in tags and untagged(entry) else entry
