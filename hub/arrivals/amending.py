"""Amending: what platforms say later of entries that stand in the log: edits, reactions, receipts; moves and reach.

An entry's own words stay. What names an entry that is not here yet waits, and is folded on by `step` when that came.
Of everything the latest by the platform's time counts, so that doing it twice, or in another order, changes nothing.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import msgspec
import structlog

from hub.arrivals.named import by_names
from hub.arrivals.understanding import Understood
from hub.departures.preview import words
from hub.departures.receipts import raise_states, report
from hub.errors import StoreDown
from hub.events import Announcer, contact_changed, conversation_changed, message_added, message_changed
from hub.ids import address_id, amendment_id
from hub.inbound import (
    Inbound,
    InboundEdit,
    InboundMove,
    InboundRating,
    InboundReach,
    InboundReaction,
    InboundReceipt,
)
from hub.logs import where
from hub.model import Account, AccountId, Amended, Author, Change, EventItem, Message, MessageId, Reaction
from hub.people import resolve
from hub.store import Store
from hub.store.amendments import Amendment
from hub.views import amended_view, reaction_views

log = structlog.get_logger()

AT_ONCE = 100
KEPT = dt.timedelta(days=7)  # what never came by then was from before the account's beginning here
SOONEST, LATEST = dt.timedelta(seconds=1), dt.timedelta(hours=1)
GONE_WORDS = "—"
MOST_STARS = 5

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Inbound] = msgspec.json.Decoder(Inbound)
Later = InboundEdit | InboundReaction | InboundRating | InboundReceipt


class Amender:
    def __init__(self, store: Store, announcer: Announcer, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock

    async def fold(self, understood: Sequence[Understood]) -> list[EventItem]:
        """Fold on what these arrivals say of entries, and keep what has none yet; covered by the caller's mark."""
        items: list[EventItem] = []
        for one in understood:
            for position, each in enumerate(one.inbounds):
                if isinstance(each, Later):
                    told = await self._later(one.account.id, each)
                    if told is None:
                        await self._keep(f"{one.arrival.id}:{position}", one.account.id, each)
                    items += told or []
                elif isinstance(each, InboundMove):
                    items += await self._move(one.account, each)
                elif isinstance(each, InboundReach):
                    items += await self._reach(one.account, each)
        return items

    async def step(self) -> None:
        """Look whether the entries came that something waits for. Raises StoreDown."""
        now = self._clock()
        for one in await self._store.amendments.due(now, AT_ONCE):
            try:
                await self._again(one, now)
            except StoreDown:
                raise
            except Exception as error:  # a bug of ours on one of them must not hold up the others
                log.error("amendment failed", amendment_id=one.id, why=type(error).__name__, at=where(error))
                await self._store.amendments.again(one.id, now + LATEST)

    async def _again(self, one: Amendment, now: dt.datetime) -> None:
        said = _decoder.decode(one.body)
        assert isinstance(said, Later)
        told = await self._later(one.account, said)
        if told is None and now - one.at < KEPT:
            await self._store.amendments.again(one.id, now + min(max(now - one.at, SOONEST), LATEST))
            return
        await self._announcer.announce(told or [], now)
        await self._store.amendments.done(one.id)

    async def _keep(self, id_: str, account: AccountId, said: Later) -> None:
        now = self._clock()
        body = _encoder.encode(said)
        await self._store.amendments.add([Amendment(id=id_, account=account, body=body, at=now, due=now + SOONEST)])

    async def _later(self, account: AccountId, said: Later) -> list[EventItem] | None:
        """What is told of it; None while its entry is not here."""
        if isinstance(said, InboundReceipt):
            return await self._receipt(account, said)
        message = (await by_names(self._store, [(account, said.target)])).get((account, said.target))
        if message is None:
            return None
        if isinstance(said, InboundRating):
            return await self._rate(message, said)
        return await (self._edit(message, said) if isinstance(said, InboundEdit) else self._react(message, said))

    # -- edits --------------------------------------------------------------------------------------------------------

    async def _edit(self, message: Message, said: InboundEdit) -> list[EventItem]:
        """What it says now, and an entry that says so; an edit that changes no words (a preview came) is none."""
        known = message.amended
        now_says = known.text if known is not None else message.text
        is_known = known is not None and known.order >= said.order
        if not said.gone and not is_known and now_says == said.text and not (known and known.gone):
            return []
        amended = Amended(text=said.text, at=said.at, order=said.order, gone=said.gone)
        if not await self._store.messages.amend(message.id, amended):
            return []
        shown = GONE_WORDS if said.gone else words(said.text)
        await self._store.conversations.show_words(message.conversation, message.id, shown)
        since = self._store.ledger.breaks.count
        [appended] = await self._store.messages.append([await self._edited(message, said)], since)
        entry = appended.message
        await self._store.conversations.change(message.conversation, {}, head=entry.seq)
        return [
            message_changed(message.conversation, message.id, {"amended": amended_view(amended)}),
            message_added(entry),
            conversation_changed(message.conversation, entry.seq, {}),
        ]

    async def _edited(self, message: Message, said: InboundEdit) -> Message:
        conversation = await self._store.conversations.get(message.conversation)
        return Message(
            id=amendment_id(message.id, said.order),
            conversation=message.conversation,
            seq=(conversation.head if conversation is not None else message.seq) + 1,
            kind="event",
            author=message.author,
            account=message.account,
            channel=message.channel,
            contact=message.contact,
            at=said.at,
            order=said.order,
            change=Change(verb="deleted" if said.gone else "edited", to=message.id),
            history=message.history,
        )

    # -- reactions ----------------------------------------------------------------------------------------------------

    async def _react(self, message: Message, said: InboundReaction) -> list[EventItem]:
        mark = Reaction(by=said.sender.value, name=said.sender.name, emoji=said.emoji, order=said.order, on=said.on)
        await self._store.messages.react(message.id, mark)
        [stands] = await self._store.messages.by_ids([message.id])
        return [message_changed(message.conversation, message.id, {"reactions": reaction_views(stands.reactions)})]

    # -- ratings ------------------------------------------------------------------------------------------------------

    async def _rate(self, message: Message, said: InboundRating) -> list[EventItem]:
        """An entry of its conversation that says how many stars; of several the last counts. It opens nothing."""
        if message.kind != "out" or not 1 <= said.stars <= MOST_STARS:
            return []
        since = self._store.ledger.breaks.count
        conversation = await self._store.conversations.get(message.conversation)
        name = said.sender.name or (conversation.name if conversation is not None else "")
        rated = msgspec.structs.replace(
            await self._edited(message, InboundEdit(target="", at=said.at, order=said.order)),
            author=Author(kind="contact", id=message.contact, name=name),
            change=Change(verb="rated", to=str(said.stars)),
        )
        [appended] = await self._store.messages.append([rated], since)
        entry = appended.message
        await self._store.conversations.change(message.conversation, {}, head=entry.seq)
        return [message_added(entry), conversation_changed(message.conversation, entry.seq, {})]

    # -- receipts -----------------------------------------------------------------------------------------------------

    async def _receipt(self, account: AccountId, said: InboundReceipt) -> list[EventItem] | None:
        if said.seq is not None:
            return await self._up_to(account, said, said.seq)
        message = await self._reported(account, said)
        if message is None or message.leave is not None:  # while it leaves, how that ended is not written yet
            return None
        return await report(self._store, message, said, self._clock())

    async def _up_to(self, account: AccountId, said: InboundReceipt, seq: int) -> list[EventItem]:
        thread = f"{account}:{said.thread}"
        conversation = (await self._store.conversations.of_threads([thread])).get(thread)
        if conversation is None or said.state not in ("delivered", "read"):
            return []
        return await raise_states(self._store, conversation, seq, said.state)

    async def _reported(self, account: AccountId, said: InboundReceipt) -> Message | None:
        """The outgoing entry that a receipt is about."""
        if said.message is not None:
            found = await self._store.messages.by_ids([said.message])
        else:
            name = (account, said.external or "")
            found = list((await by_names(self._store, [name], came=False)).values())
        return next((one for one in found if one.kind == "out" and one.deliveries), None)

    # -- moves and reach ----------------------------------------------------------------------------------------------

    async def _move(self, account: Account, said: InboundMove) -> list[EventItem]:
        """The conversation goes on under its new thread, also when that has begun already."""
        old, new = resolve.thread_of(account, said.thread), resolve.thread_of(account, said.new_thread)
        found = await self._store.conversations.of_threads([old, new])
        if old not in found or old == new:
            return []
        turn = found[new].turn + 1 if new in found else found[old].turn
        changes = {"thread": new, "to": said.to, "turn": turn}
        await self._store.conversations.change(found[old].id, changes, {"thread": old})
        return [conversation_changed(found[old].id, found[old].head, {"to": said.to})]

    async def _went_to(self, id_: MessageId, value: str) -> bool:
        """Whether this message of ours was sent to this address."""
        found = await self._store.messages.by_ids([id_])
        return any(one.to.casefold() == value.casefold() for each in found for one in each.deliveries)

    async def _reach(self, account: Account, said: InboundReach) -> list[EventItem]:
        if said.of is not None and not await self._went_to(said.of, said.sender.value):
            return []
        id_ = address_id(account.kind, said.sender.value)
        if not await self._store.addresses.reach(id_, said.why):
            return []
        known = (await self._store.addresses.by_ids([id_]))[id_]
        return [contact_changed(known.contact, {"unreachable": {id_: said.why}})]
