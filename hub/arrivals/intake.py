"""Intake: from kept arrivals to entries in the log, lane by lane, in batches. Doing any of it twice changes nothing.

A batch writes in this order: people, conversations, messages, heads, events, and last the arrivals' journaled mark;
only then is anything published. Whatever a crash leaves is found again as *new* and redone under the same ids.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import structlog

from channels.base import Channel
from hub.errors import Poison, StoreDown
from hub.departures.receipts import raise_states
from hub.events import Announcer, conversation_changed, conversation_opened, message_added, quarantine_changed
from hub.ids import inbound_id
from hub.model import (
    Account,
    Arrival,
    Author,
    Conversation,
    EventItem,
    Inbound,
    InboundIdentity,
    InboundMessage,
    InboundProfile,
    InboundReceipt,
    Message,
    MessageId,
)
from hub.departures.preview import preview
from hub.people import learn, resolve
from hub.people.accounts import AccountBook
from hub.people.resolve import Sighting
from hub.store import Store
from hub.store.arrivals import Logged
from hub.store.conversations import Advance
from hub.store.messages import Appended

log = structlog.get_logger()


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """An arrival and what its channel made of it."""

    arrival: Arrival
    account: Account
    inbounds: tuple[Inbound, ...]


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that triage has not seen: its arrival, and the conversation as intake left it."""

    arrival: Arrival
    message: Message
    conversation: Conversation


class Intake:
    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock

    async def process(self, lanes: list[str]) -> list[Fresh]:
        """Log everything that waits in these lanes; what triage has to look at. Raises StoreDown; then try again."""
        arrivals = await self._store.arrivals.waiting(lanes)
        if not arrivals:
            return []
        try:
            return await self._log(arrivals)
        except StoreDown:
            raise
        except Exception as error:  # one of the batch is poison to our own code: find out which
            log.error("intake batch failed", why=type(error).__name__, arrivals=len(arrivals), exc_info=True)
            return await self._one_by_one(arrivals)

    async def _one_by_one(self, arrivals: list[Arrival]) -> list[Fresh]:
        fresh: list[Fresh] = []
        for arrival in arrivals:
            try:
                fresh += await self._log([arrival])
            except StoreDown:
                raise
            except Exception as error:  # a bug of ours: set it aside with its name, an agent retries it after the fix
                log.error("arrival failed", arrival_id=arrival.id, why=type(error).__name__, exc_info=True)
                await self._quarantine(arrival, f"{type(error).__name__} while logging it")
        return fresh

    async def _log(self, arrivals: list[Arrival]) -> list[Fresh]:
        understood = [one for arrival in arrivals if (one := await self._understand(arrival)) is not None]
        items = await self._learn(understood)
        fresh, told = await self._append(understood)
        items += told + await self._receive(understood)
        event = await self._announcer.append(items, self._clock(), journaled=False)
        if understood:
            await self._store.arrivals.mark_logged(_marks(understood, fresh), self._clock())
        await self._announcer.ring(event)
        return fresh

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
            log.error("normalise failed", arrival_id=arrival.id, why=type(error).__name__, exc_info=True)
            await self._quarantine(arrival, f"{type(error).__name__} in the channel's normaliser")
            return None
        return Understood(arrival=arrival, account=account, inbounds=tuple(inbounds))

    async def _quarantine(self, arrival: Arrival, why: str) -> None:
        await self._store.arrivals.quarantine(arrival.id, why)
        await self._announcer.announce([quarantine_changed()], self._clock())

    # -- messages -----------------------------------------------------------------------------------------------------

    async def _append(self, understood: Sequence[Understood]) -> tuple[list[Fresh], list[EventItem]]:
        said = [(one, each) for one in understood for each in one.inbounds if isinstance(each, InboundMessage)]
        if not said:
            return [], []
        conversations, opened = await self._conversations(said)
        entries = _entries(said, conversations)
        appended = await self._store.messages.append(entries)
        advances = _advances(appended, conversations)
        await self._store.conversations.advance(advances)
        items: list[EventItem] = []
        after = {one.id: _advanced(conversations[one.id], one) for one in advances}
        for one in advances:
            known = conversations[one.id]
            items.append(
                conversation_opened(after[one.id])
                if known.thread in opened
                else conversation_changed(one.id, one.head, _told(known, one))
            )
        items += [message_added(one.message) for one in appended]
        fresh = [
            Fresh(arrival=whole.arrival, message=one.message, conversation=after[one.message.conversation])
            for (whole, _), one in zip(said, appended, strict=True)
        ]
        return fresh, items

    async def _conversations(
        self, said: Sequence[tuple[Understood, InboundMessage]]
    ) -> tuple[dict[str, Conversation], set[str]]:
        """The conversation of each message, by its id; and which threads were opened just now."""
        sightings = [_sighting(one, each) for one, each in said]
        addresses = await resolve.addresses(self._store, sightings)
        threads = [resolve.thread_of(one.account, each.thread) for one, each in said]
        found = await self._store.conversations.of_threads(sorted(set(threads)))
        missing = [index for index, thread in enumerate(threads) if thread not in found]
        if missing:
            owners = {addresses[sightings[index].address].contact for index in missing}
            contacts = await self._store.contacts.by_ids(sorted(owners))
            for index in reversed(missing):  # the first message of a thread opens it
                one, each = said[index]
                contact = contacts[addresses[sightings[index].address].contact]
                root = contacts.get(contact.root or contact.id) or contact
                opening = resolve.opening(one.account, each, contact)
                found[threads[index]] = msgspec.structs.replace(opening, name=root.name)
            await self._store.conversations.open([found[threads[index]] for index in sorted(set(missing))])
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
        """Fold receipts on: what the customer has read."""
        items: list[EventItem] = []
        for one in understood:
            for each in one.inbounds:
                if isinstance(each, InboundReceipt) and each.seq is not None:
                    items += await self._read(resolve.thread_of(one.account, each.thread), each.seq)
        return items

    async def _read(self, thread: str, seq: int) -> list[EventItem]:
        conversation = (await self._store.conversations.of_threads([thread])).get(thread)
        if conversation is None:
            return []
        return await raise_states(self._store, conversation, seq)


def _sighting(one: Understood, said: InboundMessage) -> Sighting:
    return Sighting(account=one.account, sender=said.sender, at=said.at, language=said.language, page=said.page)


def _entries(
    said: Sequence[tuple[Understood, InboundMessage]], conversations: Mapping[str, Conversation]
) -> list[Message]:
    """The entries as they ask to be logged: each conversation's next numbers, in order."""
    by_thread = {one.thread: one for one in conversations.values()}
    heads = {one.id: one.head for one in conversations.values()}
    entries = []
    for one, each in said:
        conversation = by_thread[resolve.thread_of(one.account, each.thread)]
        heads[conversation.id] += 1
        entries.append(_entry(one.account, each, conversation, heads[conversation.id]))
    return entries


def _entry(account: Account, said: InboundMessage, conversation: Conversation, seq: int) -> Message:
    return Message(
        id=inbound_id(account.id, said.external),
        conversation=conversation.id,
        seq=seq,
        kind="in",
        author=Author(kind="contact", id=conversation.contact, name=said.sender.name or conversation.name),
        account=account.id,
        channel=account.kind,
        contact=conversation.contact,
        at=said.at,
        order=said.order,
        text=said.text,
        attachments=said.attachments,
        client_id=said.client_id,
        history=said.history,
    )


def _advances(appended: Sequence[Appended], conversations: Mapping[str, Conversation]) -> list[Advance]:
    """One step of the head per conversation, to its last entry; who writes is waiting, and what was closed opens."""
    last: dict[str, Message] = {}
    first: dict[str, Message] = {}
    for one in appended:
        first.setdefault(one.message.conversation, one.message)
        known = last.get(one.message.conversation)
        if known is None or one.message.seq > known.seq:
            last[one.message.conversation] = one.message
    return [_advance(message, first[id_], conversations[id_]) for id_, message in last.items()]


def _advance(message: Message, first: Message, conversation: Conversation) -> Advance:
    fields: dict[str, object] = {"preview": preview(message), "last": message.at, "in_head": message.seq}
    if message.history:
        return Advance(id=message.conversation, head=message.seq, set=fields)
    fields["state"] = "open"
    return Advance(
        id=message.conversation,
        head=message.seq,
        set=fields,
        unset=("snoozed_until",) if conversation.snoozed_until else (),
        waiting=first.at,
    )


def _told(known: Conversation, one: Advance) -> dict[str, Any]:
    """The row's fields that changed, as browsers are told; `waiting` keeps the earlier time."""
    told = dict(one.set)
    if one.waiting is not None:
        told["waiting"] = known.waiting or one.waiting
    return told | dict.fromkeys(one.unset)


def _advanced(known: Conversation, one: Advance) -> Conversation:
    return msgspec.structs.replace(known, head=one.head, **_told(known, one))


def _marks(understood: Sequence[Understood], fresh: Sequence[Fresh]) -> list[Logged]:
    messages: dict[str, list[MessageId]] = {}
    conversations = {}
    for one in fresh:
        messages.setdefault(one.arrival.id, []).append(one.message.id)
        conversations[one.arrival.id] = one.message.conversation
    return [
        Logged(
            id=one.arrival.id,
            conversation=conversations.get(one.arrival.id),
            messages=tuple(messages.get(one.arrival.id, ())),
            further=one.arrival.id in messages,
        )
        for one in understood
    ]
