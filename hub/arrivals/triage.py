"""Triage: tag what intake logged, route what nobody took. It never waits longer than `WAIT_S` for the tagger."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import msgspec
import structlog

from hub.arrivals.entries import Fresh, untagged
from hub.arrivals.tagging import Tagger
from hub.errors import StoreDown
from hub.events import Announcer, conversation_changed, message_changed
from hub.model import ArrivalId, Conversation, ConversationId, EventItem, Message, MessageId, Tag
from hub.people import consent
from hub.people.accounts import AccountBook
from hub.routing.book import Known
from hub.routing.deciding import Place, beginning, is_only_default
from hub.store import Store
from hub.store.conversations import Move
from hub.views import tag_view

log = structlog.get_logger()

WAIT_S = 0.05
MOST = 500
MOST_QUEUED = 20_000
AGAIN_S = 2.0  # late tags that the ledger did not take are tried again this often
YOUNG = dt.timedelta(seconds=60)  # a late tag is on its way so long
HOUR, HOURS_BACK = dt.timedelta(hours=1), 24  # how far back a lost tag is asked for again
MOST_AGAIN, WAIT_AGAIN_S = 5_000, 5.0  # in one turn


class Triage:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        tagger: Tagger,
        clock: Callable[[], dt.datetime],
        known: Callable[[], Known] = Known,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._tagger = tagger
        self._clock = clock
        self._known = known
        self._queue: asyncio.Queue[Fresh] = asyncio.Queue(MOST_QUEUED)
        self._unwritten: dict[MessageId, Tag] = {}  # late tags that the ledger did not take
        self._owed: dict[MessageId, ArrivalId] = {}  # whose tags this process still waits for, and their arrivals
        self._turn = 0
        tagger.late = self.tagged_late

    def offer(self, fresh: Sequence[Fresh]) -> None:
        """Take these on; what finds no room is found again by the sweep, since it stays *logged*."""
        for one in fresh:
            if self._queue.full():
                return
            self._queue.put_nowait(one)

    async def step(self) -> None:
        """Triage the next batch of what is offered. Raises StoreDown; then the sweep brings them again."""
        if self._unwritten:
            await self.tagged_late({})
        batch = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AGAIN_S):
                batch = [await self._queue.get()]
        while len(batch) < MOST and not self._queue.empty():
            batch.append(self._queue.get_nowait())
        if batch:
            await self.process(batch)

    async def process(self, batch: Sequence[Fresh]) -> None:
        """Tag and route one batch, and mark its arrivals done. Raises StoreDown."""
        ledger = self._store.ledger
        breaks = ledger.breaks.count
        said = {one.message.id: one.message for one in batch if not one.message.history and one.message.tag is None}
        asked = {id_: one.text for id_, one in said.items() if one.text.strip()}
        self._owe({one.message.id: one.arrival.id for one in batch if one.message.id in asked})
        tags = await self._tagger.tag(asked, WAIT_S)
        for id_ in tags:
            self._owed.pop(id_, None)
        conversations = {one.conversation.id: one.conversation for one in batch if not one.message.history}
        items = await self._tell(said, tags, conversations)
        event = await self._announcer.append(items, self._clock(), journaled=False, breaks=breaks)
        ledger.unbroken_since(breaks)
        done, owing = {one.arrival.id for one in batch}, set(self._owed.values())
        await self._store.arrivals.triaged(sorted(done - owing), sorted(done & owing), self._clock())
        ledger.unbroken_since(breaks)
        await self._announcer.ring(event)

    async def tagged_late(self, tags: dict[MessageId, Tag]) -> None:
        """The tagger was slow: write its tags now; a conversation moves only if nobody took it.

        What the ledger does not take is tried again with what comes next, or by the next `step`.
        """
        wanted, self._unwritten = self._unwritten | tags, {}
        try:
            await self._write_late(wanted)
        except StoreDown as error:
            self._unwritten = dict(list((wanted | self._unwritten).items())[-MOST_QUEUED:])
            log.warning("late tags wait", why=str(error), tags=len(self._unwritten))

    async def _write_late(self, wanted: dict[MessageId, Tag]) -> None:
        messages = {one.id: one for one in await self._store.messages.by_ids(wanted)}
        tags = {id_: tag for id_, tag in wanted.items() if id_ in messages and not _is_agents(messages[id_].tag)}
        if not tags:
            await self._owe_nothing(wanted)
            return
        ids = sorted({one.conversation for one in messages.values()})
        conversations = {one.id: one for one in await self._store.conversations.by_ids(ids)}
        items = await self._tell(messages, tags, conversations)
        await self._announcer.announce(items, self._clock())
        await self._owe_nothing(wanted)

    # -- tags that were lost -----------------------------------------------------------------------------------------

    def _owe(self, further: dict[MessageId, ArrivalId]) -> None:
        """Remember whose tags are waited for; what there is no room for is found by `tag_again`."""
        self._owed |= further
        for id_ in list(self._owed)[: max(0, len(self._owed) - MOST_QUEUED)]:
            del self._owed[id_]

    async def _owe_nothing(self, ids: Iterable[MessageId]) -> None:
        """These tags are written and told: their arrivals wait for nothing more, unless for another message's."""
        done = {one for id_ in ids if (one := self._owed.pop(id_, None)) is not None}
        if done:
            await self._store.arrivals.owe_nothing(sorted(done - set(self._owed.values())))

    async def tag_again(self) -> None:
        """Ask for the tags that nobody waits for any more: whoever did ended before they were written and told.

        Looks at this hour, the last one, and in turn at one of the day before them. Raises StoreDown.
        """
        if not self._tagger.is_at_rest:
            return
        self._turn = self._turn % (HOURS_BACK - 2) + 1
        now = self._clock()
        mine = {one for id_, one in self._owed.items() if self._tagger.holds(id_) or id_ in self._unwritten}
        for back in (0, 1, 1 + self._turn):
            owing = await self._store.arrivals.owing(now - back * HOUR, now - YOUNG)
            lost = [(one, ids) for one, ids in owing.items() if one not in mine][:MOST_AGAIN]
            for start in range(0, len(lost), MOST):
                await self._tag_again(dict(lost[start : start + MOST]))

    async def _tag_again(self, lost: dict[ArrivalId, tuple[MessageId, ...]]) -> None:
        by_message = {id_: arrival for arrival, ids in lost.items() for id_ in ids}
        messages = await self._store.messages.by_ids(by_message)
        known = {one.id: one.tag for one in messages if one.tag is not None}  # written perhaps, and not told
        asked = {one.id: one.text for one in messages if untagged(one)}
        for_ever = set(lost) - {by_message[id_] for id_ in (*known, *asked)}  # nothing in them can be tagged
        await self._store.arrivals.owe_nothing(sorted(for_ever))
        self._owe({id_: by_message[id_] for id_ in (*known, *asked)})
        fresh = await self._tagger.tag(asked, WAIT_AGAIN_S)
        log.info("lost tags", asked=len(asked), written=len(known))
        await self.tagged_late(known | fresh)

    async def _tell(
        self,
        messages: dict[MessageId, Message],
        tags: dict[MessageId, Tag],
        conversations: dict[ConversationId, Conversation],
    ) -> list[EventItem]:
        """Write tags and teams; the events that say so."""
        last = {
            id_: tags[message.id]
            for id_, message in _last_tagged(messages, tags).items()
            if message.seq >= conversations[id_].in_head or conversations[id_].tag is None
        }
        places = await self._places(conversations, messages, last)
        now_tagged = [msgspec.structs.replace(messages[id_], tag=tag) for id_, tag in tags.items()]
        refused = await consent.heed(self._store, now_tagged)  # before the tags: whoever tags again finds it done
        if tags:
            await self._store.messages.set_tags(tags)
        if last or places:
            moves = [_move(conversations[id_], one) for id_, one in places.items()]
            kept = await self._store.conversations.triaged(last, moves)
            if not kept:
                places = await self._as_they_stand(places)
        items = [message_changed(messages[id_].conversation, id_, {"tag": tag_view(tag)}) for id_, tag in tags.items()]
        for id_ in sorted({*last, *places}):
            told: dict[str, object] = {"tag": tag_view(last[id_])} if id_ in last else {}
            told |= {"team": places[id_].team, "routed": places[id_].routed} if id_ in places else {}
            items.append(conversation_changed(id_, conversations[id_].head, told))
        return items + refused

    async def _places(
        self,
        conversations: dict[ConversationId, Conversation],
        messages: dict[MessageId, Message],
        last: dict[ConversationId, Tag],
    ) -> dict[ConversationId, Place]:
        """Teams for what nobody has, or what stands where it stands only because no tag was known."""
        newest = {one.conversation: one for one in sorted(messages.values(), key=lambda one: one.seq)}
        free = [one for one in conversations.values() if one.id in newest and _is_free(one, last.get(one.id))]
        if not free:
            return {}
        teams, chosen = await self._accounts.teams(), {}
        for one in free:
            account = await self._accounts.get(one.account)
            message, tag = newest[one.id], last.get(one.id)
            place = beginning(self._known(), teams, account, one, message, tag, self._clock()) if account else None
            if place is not None and place.team != one.team:
                chosen[one.id] = place
        return chosen

    async def _as_they_stand(self, places: dict[ConversationId, Place]) -> dict[ConversationId, Place]:
        """Somebody took one of them meanwhile: what was chosen, where the ledger has it so now."""
        rows = {one.id: one for one in await self._store.conversations.by_ids(sorted(places))}
        return {id_: one for id_, one in places.items() if id_ in rows and rows[id_].routed == one.routed}

    async def again(self, message_ids: Sequence[MessageId]) -> list[tuple[Message, Conversation]]:
        """What a sweep found logged and not triaged, read back from the log."""
        messages = await self._store.messages.by_ids(message_ids)
        ids = sorted({one.conversation for one in messages})
        conversations = {one.id: one for one in await self._store.conversations.by_ids(ids)}
        return [(one, conversations[one.conversation]) for one in messages if one.conversation in conversations]


def _is_agents(tag: Tag | None) -> bool:
    """Whether a person said it; the tagger, however late, says nothing against that."""
    return tag is not None and bool(tag.by)


def _is_free(conversation: Conversation, tag: Tag | None) -> bool:
    """Whether it may be given to a team: nobody took it, or only the default did and a tag says more; unanswered."""
    if conversation.agent is not None:
        return False
    better = tag is not None and is_only_default(conversation) and conversation.waiting is not None
    return conversation.team is None or better


def _move(conversation: Conversation, place: Place) -> Move:
    return Move(id=conversation.id, before=conversation.team, team=place.team, routed=place.routed)


def _last_tagged(messages: dict[MessageId, Message], tags: dict[MessageId, Tag]) -> dict[ConversationId, Message]:
    """Each conversation's newest of these that has a tag."""
    newest: dict[ConversationId, Message] = {}
    for id_ in tags:
        message = messages[id_]
        known = newest.get(message.conversation)
        if known is None or message.seq > known.seq:
            newest[message.conversation] = message
    return newest
