"""From what happened to what is to be done: reads the rows that rules ask about, and keeps an act for each match.

An act's id is made of the rule, its trigger and the cause, so that reading the same events again keeps nothing new.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence

from hub.model import Contact, ContactId, Conversation, ConversationId, Message, MessageId
from hub.people.merge import members
from hub.routing.because import reasons
from hub.routing.book import Known
from hub.routing.compiled import OF_THE_CONTACT
from hub.routing.deciding import BEGINNING, Matched, matched
from hub.routing.facts import Facts, gather
from hub.routing.happenings import Happened, moments
from hub.rule import Rule, ToAgent, ToTeam
from hub.store import Store
from hub.store.rules import Act

GRACE = dt.timedelta(seconds=10)  # whoever found it does it within this, or another one does
ALWAYS = "stop_messages"  # whoever wants no more messages is heard, whatever anybody did meanwhile


def act_id(rule: Rule, trigger: str, cause: str) -> str:
    """Named by its cause, so that the same thing happens once."""
    return f"act_{hashlib.sha256(f'{rule.id}|{trigger}|{cause}'.encode()).hexdigest()[:24]}"


class Planner:
    def __init__(self, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._clock = clock

    async def plan(self, known: Known, happened: Iterable[Happened]) -> list[Act]:
        """What rules want done after this; kept in the ledger, and those of it that are not done yet.

        Raises StoreDown; then nothing of it may be passed over.
        """
        wanted = [one for one in happened if known.rules.has(one.trigger)]
        if not wanted:
            return []
        placed = await self._placed(wanted)
        conversations = await self._conversations(placed)
        messages = {one.id: one for one in await self._messages(placed)}
        contacts = await self._contacts(known, placed, conversations)
        acts: list[Act] = []
        for moment in moments(placed):
            conversation = conversations.get(moment[0].conversation or ConversationId(""))
            if conversation is not None:
                acts += self._of(known, moment, conversation, messages, contacts)
        if not acts:
            return []
        await self._store.acts.add(acts)
        waiting = {one.id: one for one in await self._store.acts.waiting([one.id for one in acts])}
        return [waiting[one.id] for one in acts if one.id in waiting]

    def _of(
        self,
        known: Known,
        moment: Sequence[Happened],
        conversation: Conversation,
        messages: dict[MessageId, Message],
        contacts: dict[ContactId, Contact],
    ) -> list[Act]:
        message = messages.get(moment[0].message or MessageId(""))
        now = self._clock()
        open_ = known.open_at(message.at if message is not None and message.kind == "in" else now)
        facts = [
            gather(
                one.trigger,
                conversation,
                message=message,
                contact=contacts.get(conversation.contact),
                open=open_,
                changed=one.changed,
                rating=one.rating,
            )
            for one in moment
        ]
        causes: dict[str, str] = {one.trigger: one.cause for one in moment}
        return [self._act(one, facts[0], causes, conversation, message, now) for one in matched(known.rules, facts)]

    def _act(
        self,
        one: Matched,
        facts: Facts,
        causes: dict[str, str],
        conversation: Conversation,
        message: Message | None,
        now: dt.datetime,
    ) -> Act:
        rule = one.rule
        cause = causes[rule.when]
        return Act(
            id=act_id(rule, rule.when, cause),
            rule=rule.id,
            name=rule.name,
            when=rule.when,
            cause=cause,
            conversation=conversation.id,
            message=message.id if message is not None else None,
            seen=message.seq if message is not None else conversation.head,
            why=reasons(rule, facts) if any(isinstance(each, ToTeam | ToAgent) for each in one.actions) else (),
            always=rule.when not in BEGINNING or facts.intent == ALWAYS,
            actions=one.actions,
            at=now,
            due=now + GRACE,
        )

    # -- the rows that it takes --------------------------------------------------------------------------------------

    async def _placed(self, happened: Sequence[Happened]) -> list[Happened]:
        """With the newest conversation of a person of whom something was learnt."""
        placed = []
        for one in happened:
            if one.conversation is None and one.contact is not None:
                newest = await self._newest(one.contact)
                if newest is not None:
                    placed.append(Happened(**{name: getattr(one, name) for name in _REST}, conversation=newest))
            else:
                placed.append(one)
        return placed

    async def _newest(self, contact: ContactId) -> ConversationId | None:
        person = await self._store.contacts.get(contact)
        if person is None:
            return None
        talks = await self._store.conversations.of_contacts([str(one) for one in members(person)])
        return talks[0].id if talks else None

    async def _conversations(self, placed: Sequence[Happened]) -> dict[ConversationId, Conversation]:
        ids = sorted({one.conversation for one in placed if one.conversation is not None})
        return {one.id: one for one in await self._store.conversations.by_ids(ids)}

    async def _messages(self, placed: Sequence[Happened]) -> list[Message]:
        ids = sorted({one.message for one in placed if one.message is not None})
        return await self._store.messages.by_ids(ids) if ids else []

    async def _contacts(
        self, known: Known, placed: Sequence[Happened], conversations: dict[ConversationId, Conversation]
    ) -> dict[ContactId, Contact]:
        """The people, where a rule asks about them; of somebody merged what their root knows."""
        if not known.rules.asks(*{one.trigger for one in placed}) & (OF_THE_CONTACT | {"language"}):
            return {}
        ids = sorted({one.contact for one in conversations.values()})
        found = await self._store.contacts.by_ids(ids)
        roots = await self._store.contacts.by_ids(sorted({one.root for one in found.values() if one.root is not None}))
        return {id_: roots.get(one.root, one) if one.root is not None else one for id_, one in found.items()}


_REST = ("trigger", "cause", "message", "contact", "changed", "rating")
