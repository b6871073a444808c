"""Change: assign, label, snooze, resolve, reopen. Each is an entry in the log: its number orders it among the words."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec

from hub.errors import BadInput, Conflict, NotFound
from hub.events import Announcer, conversation_changed, message_added
from hub.ids import outgoing_id, random_id
from hub.model import (
    Author,
    Change,
    Conversation,
    ConversationId,
    ConversationState,
    EventItem,
    Message,
    MessageId,
    Priority,
    Routed,
)
from hub.store import Store

MOST_LABEL = 40
MOST_LABELS = 30


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants of a conversation; UNSET leaves a field as it is, None clears it. Names are for the entry."""

    state: ConversationState | msgspec.UnsetType = msgspec.UNSET
    snoozed_until: dt.datetime | None = None
    agent: str | msgspec.UnsetType | None = msgspec.UNSET
    agent_name: str | None = None
    team: str | msgspec.UnsetType | None = msgspec.UNSET
    team_name: str | None = None
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    priority: Priority | msgspec.UnsetType = msgspec.UNSET
    seen: int | None = None


class ByRule(msgspec.Struct, frozen=True, kw_only=True):
    """That no person wishes it: why, and under which key, so that a redo logs nothing twice.

    `guard`: what must still be so of the row, else nothing is done and Conflict is raised.
    """

    routed: Routed
    key: str
    guard: dict[str, Any] = {}
    places: bool = True  # the row says from now on that it is there by this rule


class Changer:
    def __init__(self, store: Store, announcer: Announcer, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock

    async def apply(
        self, author: Author, id_: ConversationId, wish: Wish, by_rule: ByRule | None = None
    ) -> Conversation:
        """Do it and log it. Raises NotFound, BadInput, or Conflict when the customer wrote after `seen`."""
        before = await self._get(id_)
        verbs = _verbs(before, wish)
        if by_rule is not None:
            return await self._apply_rule(author, before, wish, by_rule, verbs)
        try:
            if verbs:
                await self._write(before, wish, _unmoved(before, verbs), None)
        except Conflict:
            meanwhile = await self._get(id_)
            if meanwhile.state == before.state:  # it is the customer who wrote
                raise
            return await self.apply(author, id_, wish)  # a colleague was faster: what they did is not said twice
        if not verbs:  # done already, perhaps by a request that died before it could tell
            await self._announcer.announce([conversation_changed(id_, before.head, _told(wish, before))], self._clock())
            return before
        return await self._tell(author, before, wish, verbs)

    async def _apply_rule(
        self, author: Author, before: Conversation, wish: Wish, by_rule: ByRule, verbs: list[Change]
    ) -> Conversation:
        """The same for a rule. What it did before it could log it is logged now: the row says that it was this one."""
        done = by_rule.places and _is_moved(before, wish, by_rule.routed)
        verbs = [
            msgspec.structs.replace(one, rule=by_rule.routed.rule, rule_name=by_rule.routed.name)
            for one in (_moves(before, wish) if done else verbs)
        ]
        if not verbs:  # done already, perhaps by a process that died before it could tell
            await self._announcer.announce(
                [conversation_changed(before.id, before.head, _told(wish, before))], self._clock()
            )
            return before
        if not by_rule.guard:  # nothing can refuse it: logged first, a redo that finds it done finds it logged
            await self._log(author, before.id, verbs, by_rule.key)
        if not done:
            await self._write(before, wish, by_rule.guard, by_rule.routed if by_rule.places else before.routed)
        return await self._tell(author, before, wish, verbs, by_rule.key)

    def _entries(self, author: Author, before: Conversation, verbs: list[Change], key: str | None) -> list[Message]:
        return [self._entry(author, before, verb, index, key) for index, verb in enumerate(verbs)]

    async def _log(self, author: Author, id_: ConversationId, verbs: list[Change], key: str | None) -> list[Message]:
        """The entries, counted on what the row says now: the database may have been away since it was read."""
        since = self._store.ledger.breaks.count
        entries = self._entries(author, await self._get(id_), verbs, key)
        return [one.message for one in await self._store.messages.append(entries, since, journaled=True)]

    async def _tell(
        self, author: Author, before: Conversation, wish: Wish, verbs: list[Change], key: str | None = None
    ) -> Conversation:
        """Log what was done, and tell it; under a key the entries' ids are derived."""
        id_ = before.id
        logged = await self._log(author, id_, verbs, key)
        head = logged[-1].seq
        read = {"read": head} if before.read == before.head and logged[0].seq == before.head + 1 else {}
        await self._store.conversations.change(id_, read, head=head)
        after = await self._get(id_)
        items: list[EventItem] = [message_added(one) for one in logged]
        items.append(conversation_changed(id_, head, read | _told(wish, after)))
        await self._announcer.announce(items, self._clock())
        return after

    async def record(self, author: Author, id_: ConversationId, change: Change, key: str) -> None:
        """Log something that changes no field, once under its key, and tell it. Raises NotFound."""
        await self._tell(author, await self._get(id_), Wish(), [change], key)

    async def read(self, id_: ConversationId, seq: int) -> None:
        """The team has seen everything up to `seq`; told to everyone, the customer's widget included."""
        conversation = await self._get(id_)
        seq = min(seq, conversation.head)
        if await self._store.conversations.read_up_to(id_, seq):
            items = [conversation_changed(id_, conversation.head, {"read": seq})]
            await self._announcer.announce(items, self._clock())

    async def unread(self, id_: ConversationId) -> Conversation:
        """The customer's last words, and all behind them, are unread again for the whole team. Raises NotFound."""
        before = await self._get(id_)
        seq = max((before.in_head or before.head) - 1, 0)
        if before.read > seq and await self._store.conversations.change(id_, {"read": seq}, {"read": before.read}):
            told = conversation_changed(id_, before.head, {"read": seq, "unread": True})
            await self._announcer.announce([told], self._clock())
        return await self._get(id_)

    async def wake(self) -> int:
        """Open what was snoozed until now; how many."""
        woken, wish = 0, Wish(state="open")
        system = Author(kind="system", id="system", name="")
        for one in await self._store.conversations.waking(self._clock()):
            asleep = {"state": "snoozed", "snoozed_until": one.snoozed_until}
            try:
                await self._write(one, wish, asleep, None)
            except Conflict:  # snoozed anew, or woken by another worker
                continue
            await self._tell(system, one, wish, _verbs(one, wish))
            woken += 1
        return woken

    async def _get(self, id_: ConversationId) -> Conversation:
        found = await self._store.conversations.get(id_)
        if found is None:
            raise NotFound("There is no such conversation.")
        return found

    async def _write(self, before: Conversation, wish: Wish, guard: dict[str, Any], routed: Routed | None) -> None:
        """Set what is wished for; raises Conflict when the guard, or the one against unseen words, does not hold."""
        fields: dict[str, Any] = {}
        if wish.state is not msgspec.UNSET:
            fields |= {"state": wish.state, "snoozed_until": wish.snoozed_until if wish.state == "snoozed" else None}
            if wish.state == "resolved":
                fields["waiting"] = None
                guard = guard | ({"in_head": {"$lte": wish.seen}} if wish.seen is not None else {})
        for name in ("agent", "team"):
            value = getattr(wish, name)
            if value is not msgspec.UNSET:
                fields |= {name: value, "routed": routed}
        if wish.priority is not msgspec.UNSET:
            fields["priority"] = wish.priority
        if fields and not await self._store.conversations.change(before.id, fields, guard):
            raise Conflict("The customer wrote again after what you saw. Look at it before you resolve.")
        if wish.add_labels or wish.remove_labels:
            await self._store.conversations.label(before.id, list(wish.add_labels), list(wish.remove_labels))

    def _entry(
        self, author: Author, conversation: Conversation, change: Change, index: int, key: str | None
    ) -> Message:
        now = self._clock()
        return Message(
            id=MessageId(random_id("m")) if key is None else outgoing_id(author.id, f"{key}:{change.verb}:{index}"),
            conversation=conversation.id,
            seq=conversation.head + 1 + index,
            kind="event",
            author=author,
            account=conversation.account,
            channel=conversation.channel,
            contact=conversation.contact,
            at=now,
            order=int(now.timestamp() * 1_000_000) + index,
            change=change,
        )


def _unmoved(before: Conversation, verbs: list[Change]) -> dict[str, Any]:
    """What must still be so for a change of state to be this author's: of two at once one says it."""
    return {"state": before.state} if {one.verb for one in verbs} & {"resolved", "reopened"} else {}


def _is_moved(before: Conversation, wish: Wish, routed: Routed) -> bool:
    """Whether this rule moved it already, for this cause."""
    wished = [(value, now) for value, now in ((wish.team, before.team), (wish.agent, before.agent)) if _is_set(value)]
    same = before.routed is not None and (before.routed.rule, before.routed.cause) == (routed.rule, routed.cause)
    return same and bool(wished) and all(value == now for value, now in wished)


def _is_set(value: object) -> bool:
    return value is not msgspec.UNSET


def _moves(before: Conversation, wish: Wish) -> list[Change]:
    """What a rule did that died before it could log it."""
    unmoved = msgspec.structs.replace(
        before,
        team=None if wish.team == before.team else before.team,
        agent=None if wish.agent == before.agent else before.agent,
    )
    return _verbs(unmoved, wish)


def _verbs(before: Conversation, wish: Wish) -> list[Change]:
    """What really changes, as the entries will say it."""
    verbs: list[Change] = []
    if wish.state is not msgspec.UNSET and (wish.state != before.state or wish.state == "snoozed"):
        if wish.state == "snoozed" and wish.snoozed_until is None:
            raise BadInput("Snoozing needs a time (snoozed_until).", field="snoozed_until")
        verb = {"open": "reopened", "resolved": "resolved", "snoozed": "snoozed"}[wish.state]
        until = wish.snoozed_until.isoformat() if wish.state == "snoozed" and wish.snoozed_until else None
        verbs.append(Change(verb=verb, to=until))
    if wish.agent is not msgspec.UNSET and wish.agent != before.agent:
        verbs.append(Change(verb="assigned", to=wish.agent, to_name=wish.agent_name))
    if wish.team is not msgspec.UNSET and wish.team != before.team:
        verbs.append(Change(verb="team", to=wish.team, to_name=wish.team_name))
    if wish.priority is not msgspec.UNSET and wish.priority != before.priority:
        verbs.append(Change(verb="priority", to=wish.priority))
    labels = [one for one in wish.add_labels if one not in before.labels]
    if any(not one.strip() or len(one) > MOST_LABEL for one in labels):
        raise BadInput(f"A label has 1 to {MOST_LABEL} characters.", field="add_labels")
    if len(before.labels) + len(labels) > MOST_LABELS:
        raise BadInput(f"A conversation has at most {MOST_LABELS} labels.", field="add_labels")
    verbs += [Change(verb="labelled", to=one) for one in labels]
    verbs += [Change(verb="unlabelled", to=one) for one in wish.remove_labels if one in before.labels]
    return verbs


def _told(wish: Wish, after: Conversation) -> dict[str, object]:
    told: dict[str, object] = {}
    if wish.state is not msgspec.UNSET:
        told |= {"state": after.state, "snoozed_until": after.snoozed_until, "waiting": after.waiting}
    if wish.agent is not msgspec.UNSET:
        told |= {"agent": after.agent, "routed": after.routed}
    if wish.team is not msgspec.UNSET:
        told |= {"team": after.team, "routed": after.routed}
    if wish.priority is not msgspec.UNSET:
        told["priority"] = after.priority
    if wish.add_labels or wish.remove_labels:
        told["labels"] = after.labels
    return told
