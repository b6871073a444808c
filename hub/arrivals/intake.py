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
from hub.arrivals.entries import Fresh, Understood, advanced, advances, entries, items, marks, sighting, tells, untagged
from hub.arrivals.tagging import Tagger
from hub.departures.receipts import raise_states
from hub.errors import Poison, StoreDown
from hub.events import Announcer, quarantine_changed
from hub.ids import arrival_id, inbound_id
from hub.inbound import Inbound, InboundIdentity, InboundMessage, InboundProfile, InboundReceipt
from hub.logs import where
from hub.model import Arrival, Conversation, ConversationId, EventItem, Message, TeamId
from hub.people import learn, resolve
from hub.people.accounts import AccountBook
from hub.routing.table import route
from hub.store import Store
from hub.store.messages import Appended

log = structlog.get_logger()

CHUNK = 200  # arrivals logged together: some ten commands, whatever their number
# And no longer: what has no tag by then is tagged by triage, once it is in the log. That costs three updates a message,
# so a crowd waits a little longer than a lone message does; other chunks are written meanwhile.
TAG_WAIT_S, TAG_WAIT_EACH_S = 0.03, 0.002


class Intake:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
        tagger: Tagger,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock
        self._tagger = tagger

    async def process(self, lanes: list[str], offer: Callable[[list[Fresh]], None]) -> None:
        """Log everything that waits in these lanes, chunk by chunk; `offer` gets what is left to triage.

        Raises StoreDown; then try again.
        """
        arrivals = await self._store.arrivals.waiting(lanes)
        for start in range(0, len(arrivals), CHUNK):
            chunk = arrivals[start : start + CHUNK]
            offer(await self._chunk(chunk))

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
                await self._quarantine(arrival, f"{type(error).__name__} while logging it")
        return fresh

    async def _log(self, arrivals: list[Arrival]) -> list[Fresh]:
        """Log a chunk; those whose tags did not come in time are left to triage.

        The mark covers what was written before it only if the database was the same all the time.
        """
        ledger = self._store.ledger
        breaks = ledger.breaks.count
        understood = [one for arrival in arrivals if (one := await self._understand(arrival)) is not None]
        told = await self._learn(understood)
        fresh, added = await self._append(understood)
        told += added + await self._receive(understood)
        event = await self._announcer.append(told, self._clock(), journaled=False)
        further = [one for one in fresh if untagged(one.message)]
        ledger.unbroken_since(breaks)
        if understood:
            await self._mark(understood, further)
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

    # -- understand ---------------------------------------------------------------------------------------------------

    async def _understand(self, arrival: Arrival) -> Understood | None:
        account = await self._accounts.get(arrival.account)
        try:
            if account is None:
                raise Poison("its account was removed")
            if arrival.file is not None:
                arrival = msgspec.structs.replace(arrival, body=await self._store.files.read_all(arrival.file))
            inbounds = self._channels[account.kind].normalise(account, arrival)
        except StoreDown:
            raise
        except Poison as error:
            await self._quarantine(arrival, str(error))
            return None
        except Exception as error:  # a bug in a normaliser delays this message and no other
            log.error("normalise failed", arrival_id=arrival.id, why=type(error).__name__, at=where(error))
            await self._quarantine(arrival, f"{type(error).__name__} in the channel's normaliser")
            return None
        return Understood(arrival=arrival, account=account, inbounds=tuple(named(arrival, inbounds)))

    async def _quarantine(self, arrival: Arrival, why: str) -> None:
        await self._store.arrivals.quarantine(arrival.id, why)
        await self._announcer.announce([quarantine_changed()], self._clock())

    # -- messages -----------------------------------------------------------------------------------------------------

    async def _append(self, understood: Sequence[Understood]) -> tuple[list[Fresh], list[EventItem]]:
        said = [(one, each) for one in understood for each in one.inbounds if isinstance(each, InboundMessage)]
        if not said:
            return [], []
        self._tagger.ask({inbound_id(one.account.id, each.external): each.text for one, each in said if tells(each)})
        conversations, opened = await self._conversations(said)
        tagged = await self._tagged(entries(said, conversations))
        appended = await self._store.messages.append(tagged)
        teams = await self._teams(conversations, appended)
        steps = advances(appended, conversations, teams)
        after = {one.id: advanced(conversations[one.id], one) for one in steps}
        new = [after[one.id] for one in steps if conversations[one.id].thread in opened]
        known = await self._store.conversations.open(new) if new else set()
        moved = [one for one in steps if conversations[one.id].thread not in opened or one.id in known]
        if moved:
            await self._store.conversations.advance(moved)
        fresh = [
            Fresh(arrival=whole.arrival, message=one.message, conversation=after[one.message.conversation])
            for (whole, _), one in zip(said, appended, strict=True)
        ]
        return fresh, items(appended, steps, conversations, after, opened)

    async def _tagged(self, untold: list[Message]) -> list[Message]:
        """The entries with the tags that are there; the tagger was asked before the people were looked up."""
        texts = {one.id: one.text for one in untold if untagged(one)}
        tags = await self._tagger.answers(texts, TAG_WAIT_S + TAG_WAIT_EACH_S * len(texts))
        return [msgspec.structs.replace(one, tag=tags.get(one.id)) for one in untold]

    async def _teams(
        self, conversations: Mapping[ConversationId, Conversation], appended: Sequence[Appended]
    ) -> dict[ConversationId, TeamId]:
        """Teams for conversations that were just opened, by the tag of their last message, or the account's own.

        Those with words that the tagger has not answered yet are left to triage.
        """
        untold = {one.message.conversation for one in appended if untagged(one.message)}
        said = [one.message for one in appended if one.message.conversation not in untold and not one.message.history]
        last = {one.conversation: one for one in sorted(said, key=lambda one: one.tag is not None)}
        chosen: dict[ConversationId, TeamId] = {}
        for id_, message in last.items():
            if conversations[id_].head == 0:  # nobody can have taken it: it does not exist for anybody yet
                teams = await self._accounts.teams()
                account = await self._accounts.get(message.account)
                team = route(message.tag, teams, account) if account else None
                if team is not None:
                    chosen[id_] = team
        return chosen

    async def _conversations(
        self, said: Sequence[tuple[Understood, InboundMessage]]
    ) -> tuple[dict[ConversationId, Conversation], set[str]]:
        """The conversation of each message, by its id; and which threads have none yet: they open with their words."""
        sightings = [sighting(one, each) for one, each in said]
        threads = [resolve.thread_of(one.account, each.thread) for one, each in said]
        addresses, found = await asyncio.gather(
            resolve.addresses(self._store, sightings),
            self._store.conversations.of_threads(sorted(set(threads))),
        )
        missing = [index for index, thread in enumerate(threads) if thread not in found]
        if missing:
            owners = {addresses[sightings[index].address].contact for index in missing}
            contacts = await self._store.contacts.by_ids(sorted(owners))
            if roots := {one.root for one in contacts.values() if one.root} - set(contacts):
                contacts |= await self._store.contacts.by_ids(sorted(roots))
            for index in reversed(missing):  # the first message of a thread opens it
                one, each = said[index]
                contact = contacts[addresses[sightings[index].address].contact]
                root = contacts.get(contact.root or contact.id) or contact
                opening = resolve.opening(one.account, each, contact)
                found[threads[index]] = msgspec.structs.replace(opening, name=root.name)
        return {one.id: one for one in found.values()}, {threads[index] for index in missing}

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

    async def _receive(self, understood: Sequence[Understood]) -> list[EventItem]:
        """Fold receipts on: what the customer has got and read."""
        items: list[EventItem] = []
        for one in understood:
            for each in one.inbounds:
                if isinstance(each, InboundReceipt) and each.seq is not None and each.state in ("delivered", "read"):
                    thread = resolve.thread_of(one.account, each.thread)
                    conversation = (await self._store.conversations.of_threads([thread])).get(thread)
                    if conversation is not None:
                        items += await raise_states(self._store, conversation, each.seq, each.state)
        return items


def named(arrival: Arrival, inbounds: Sequence[Inbound]) -> list[Inbound]:
    """The inbounds under ids of their own when another arrival came before under the same external id.

    The platform used one id for two bodies; without a mark the log would take the second message for the first.
    """
    if arrival.id == arrival_id(arrival.account, arrival.external):
        return list(inbounds)
    mark = f"#{arrival.digest[:16]}"
    return [
        msgspec.structs.replace(one, external=one.external + mark) if isinstance(one, InboundMessage) else one
        for one in inbounds
    ]
