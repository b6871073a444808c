"""Intake: from kept arrivals to entries in the log, lane by lane, in batches. Doing any of it twice changes nothing.

A batch writes in this order: people, messages, conversations, events, and last the arrivals' journaled mark;
only then is anything published. Whatever a crash leaves is found again as *new* and redone under the same ids.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog

from channels.base import Channel
from hub.arrivals.amending import Amender
from hub.arrivals.copies import with_copies
from hub.arrivals.echoes import without_echoes
from hub.arrivals.entries import Fresh, entries, fetches, links, marks, mirror_replies, tells, untagged
from hub.arrivals.heads import advanced, advances, items
from hub.arrivals.naming import nameless
from hub.arrivals.tagging import Tagger
from hub.arrivals.threading import Placed, Said, place
from hub.arrivals.understanding import Understanding, Understood
from hub.errors import StoreDown
from hub.events import Announcer
from hub.ids import inbound_id
from hub.inbound import InboundIdentity, InboundMessage, InboundProfile
from hub.logs import where
from hub.model import Arrival, Conversation, ConversationId, EventItem, Message
from hub.people import learn
from hub.people.accounts import AccountBook
from hub.routing.book import Known
from hub.routing.deciding import Place, beginning
from hub.store import Store
from hub.store.messages import Appended

log = structlog.get_logger()

CROWD = 24  # arrivals in one chunk from which on chunks take turns
CHUNK = 200  # arrivals logged together: some ten commands, whatever their number
# And no longer: what has no tag by then is tagged by triage, once it is in the log. That costs three updates a message,
# so a crowd waits a little longer than a lone message does; other chunks are written meanwhile.
TAG_WAIT_S, TAG_WAIT_EACH_S = 0.03, 0.002


class PastRead(msgspec.Struct, frozen=True, kw_only=True):
    """History that was read and is neither kept nor logged; `unclear` is what nobody understands of it."""

    understood: list[Understood]
    unclear: list[Arrival]
    breaks: int


class Intake:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
        tagger: Tagger,
        most_file_bytes: int = 25_000_000,
        known: Callable[[], Known] = Known,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._clock = clock
        self._tagger = tagger
        self._known = known
        self._amender = Amender(store, announcer, clock)
        self._understanding = Understanding(store, announcer, accounts, channels, clock, most_file_bytes)
        # In a crowd chunks take turns: two that write at once only make the database slower.
        self._writing = asyncio.Lock()

    async def process(self, lanes: list[str], offer: Callable[[list[Fresh]], None]) -> None:
        """Log everything that waits in these lanes, chunk by chunk; `offer` gets what is left to triage.

        Raises StoreDown; then try again.
        """
        waiting = await self._store.arrivals.waiting(lanes)
        # What is understood at once goes first: a mail that keeps its reader busy must not hold up a chat.
        quick = [one for one in waiting if not self._understanding.is_apart(one.channel)]
        slow = [one for one in waiting if self._understanding.is_apart(one.channel)]
        for arrivals in (quick, slow):
            for start in range(0, len(arrivals), CHUNK):
                offer(await self._chunk(arrivals[start : start + CHUNK]))

    async def _chunk(self, arrivals: list[Arrival]) -> list[Fresh]:
        try:
            return await self._log(arrivals)
        except StoreDown:
            raise
        except Exception as error:  # one of them is poison to our own code: find out which
            log.error("intake failed", why=type(error).__name__, arrivals=len(arrivals), at=where(error))
            return await self._one_by_one(arrivals)

    async def _one_by_one(self, arrivals: list[Arrival]) -> list[Fresh]:
        fresh: list[Fresh] = []
        for arrival in arrivals:
            try:
                fresh += await self._log([arrival])
            except StoreDown:
                raise
            except Exception as error:  # a bug of ours: set it aside with its name, an agent retries it after the fix
                log.error("arrival failed", arrival_id=arrival.id, why=type(error).__name__, at=where(error))
                await self._understanding.set_aside(arrival, f"{type(error).__name__} while logging it")
        return fresh

    async def _log(self, arrivals: list[Arrival]) -> list[Fresh]:
        """Log a chunk; those whose tags did not come in time are left to triage.

        The mark covers what was written before it only if the database was the same all the time.
        """
        breaks = self._store.ledger.breaks.count
        understood = await self._understanding.understand(arrivals)  # files of theirs are kept here already
        said = [(one, each) for one in understood for each in one.inbounds if isinstance(each, InboundMessage)]
        self._tagger.ask({inbound_id(one.account.id, each.external): each.text for one, each in said if tells(each)})
        if len(arrivals) < CROWD:  # a few words wait for nobody
            return await self._write(understood, breaks)
        async with self._writing:
            return await self._write(understood, breaks)

    async def _write(self, understood: list[Understood], breaks: int, *, kept: bool = True) -> list[Fresh]:
        """People, messages, conversations, events, and the mark behind them (or the arrivals, done); then tell."""
        told = await self._learn(understood)
        fresh, added = await self._append(understood)
        told += added + await self._amender.fold(understood)
        await self._store.mirror_replies.add(mirror_replies(understood))
        event = await self._announcer.append(told, self._clock(), journaled=False)
        further = [one for one in fresh if untagged(one.message)]
        self._store.ledger.unbroken_since(breaks)
        if understood:
            if kept:
                await self._mark(understood, further)
            else:
                await self._store.arrivals.keep_done([one.arrival for one in understood])
            await self._look_again(understood, breaks)
        await self._announcer.ring(event)
        return further

    async def _mark(self, understood: Sequence[Understood], further: Sequence[Fresh]) -> None:
        """The chunk's journaled mark, written last."""
        logged = marks(further)
        left = {one.id for one in logged}
        done = [one.arrival.id for one in understood if one.arrival.id not in left]
        await self._store.arrivals.mark(logged, done)

    async def _look_again(self, understood: Sequence[Understood], breaks: int) -> None:
        """Take the mark back if the database went between the last look and the mark. Raises StoreDown then."""
        try:
            self._store.ledger.unbroken_since(breaks)
        except StoreDown:
            await self._store.arrivals.release([one.arrival for one in understood], self._clock())
            raise

    # -- history that nobody keeps before it is logged -----------------------------------------------------------------

    async def read_past(self, arrivals: list[Arrival]) -> PastRead:
        """What history means that is not kept yet. Raises StoreDown."""
        breaks = self._store.ledger.breaks.count
        understood, unclear = await self._understanding.attempt(arrivals)
        return PastRead(understood=understood, unclear=[one for one, _ in unclear], breaks=breaks)

    async def log_past(self, read: PastRead) -> list[Arrival]:
        """Log it, and keep it behind that, as done; what has to be kept first, one by one, is answered.

        Raises StoreDown.
        """
        try:
            async with self._writing:
                await self._write(read.understood, read.breaks, kept=False)
        except StoreDown:
            raise
        except Exception as error:  # one of them is poison to our own code: once they are kept, intake finds out which
            log.error("history failed", why=type(error).__name__, arrivals=len(read.understood), at=where(error))
            return [*(one.arrival for one in read.understood), *read.unclear]
        return read.unclear

    # -- messages -----------------------------------------------------------------------------------------------------

    async def _append(self, understood: Sequence[Understood]) -> tuple[list[Fresh], list[EventItem]]:
        said, told = await self._said(understood)
        if not said:
            return [], told
        placed = await place(self._store, said)
        tagged = await self._tagged(entries(said, placed))
        appended = await self._store.messages.append(await with_copies(self._store, said, tagged))
        logged = [one.message for one in appended]
        conversations = await self._as_logged(placed.conversations, logged)
        await self._name(said, logged)
        await self._ask_names(said, placed)
        places = await self._places(conversations, appended)
        by_id = {one.id: each for one, (_, each) in zip(logged, said, strict=True)}
        steps = advances(appended, conversations, places, by_id)
        after = {one.id: advanced(conversations[one.id], one) for one in steps}
        new = [after[one.id] for one in steps if one.id in placed.opened]
        known = await self._store.conversations.open(new) if new else set()
        moved = [one for one in steps if one.id not in placed.opened or one.id in known]
        if moved:
            await self._store.conversations.advance(moved)
        fresh = [
            Fresh(arrival=whole.arrival, message=one, conversation=after[one.conversation])
            for (whole, _), one in zip(said, logged, strict=True)
        ]
        return fresh, told + items(appended, steps, conversations, after, placed.opened)

    async def _said(self, understood: Sequence[Understood]) -> tuple[list[Said], list[EventItem]]:
        """The messages among it, without copies of what we sent ourselves; what those settled."""
        said = [(one, each) for one in understood for each in one.inbounds if isinstance(each, InboundMessage)]
        if not any(each.elsewhere for _, each in said):
            return said, []
        return await without_echoes(self._store, said, self._clock())

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
        asked = [one for one in said if self._understanding.names(one[0].account.kind)]
        if asked and (without := nameless(asked, placed, self._clock())):
            await self._store.namings.add(without)

    async def _tagged(self, untold: list[Message]) -> list[Message]:
        """The entries with the tags that are there; the tagger was asked before the people were looked up."""
        texts = {one.id: one.text for one in untold if untagged(one)}
        tags = await self._tagger.answers(texts, TAG_WAIT_S + TAG_WAIT_EACH_S * len(texts))
        return [msgspec.structs.replace(one, tag=tags.get(one.id)) for one in untold]

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

    # -- everything that is not a message -----------------------------------------------------------------------------

    async def _learn(self, understood: Sequence[Understood]) -> list[EventItem]:
        items: list[EventItem] = []
        for one in understood:
            for each in one.inbounds:
                if isinstance(each, InboundProfile):
                    items += await learn.profile(self._store, one.account, each, one.arrival.at)
                elif isinstance(each, InboundIdentity):
                    items += await learn.identity(self._store, one.account, each, one.arrival.at)
        return items
