"""Bots' flows at work: begun by a rule's act, one step for each message of the customer's, ended by people or silence.

Everything that a turn writes has its id from the flow's beginning and the customer's message; the dialogue's own row
moves last, if it still stands where the turn found it. So a turn that is done again writes nothing twice.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog

from hub.bots.turn import Turn, chosen, heard, opening, waiting_step
from hub.departures.change import ByRule, Changer, Wish
from hub.departures.compose import Composer, Draft
from hub.errors import BadInput, Conflict, StoreDown
from hub.events import Announcer
from hub.flow import ENDED, FLOW, STARTED, Dialogue, Ended, Flow, Language, wants_person
from hub.logs import where
from hub.model import Author, Change, Conversation, ConversationId, EventItem, Message, MessageId, Routed
from hub.people import learn
from hub.routing.book import RuleBook
from hub.routing.facts import newest_words
from hub.rule import StartFlow
from hub.store import Store
from hub.store.rules import Act

SILENCE = dt.timedelta(days=1)
AN_HOUR, MOST_AN_HOUR = dt.timedelta(hours=1), 3  # flows of one conversation: two machines must not talk for ever
EVERY = dt.timedelta(seconds=10)
DONE = "done"

log = structlog.get_logger()
TAKES = frozenset({"assigned", "team", "resolved"})  # what an agent does to a conversation that ends a flow


class Talker:
    """One per worker. Whoever follows the event log calls `begin`, `take` for what happened, and `step` at times."""

    def __init__(
        self,
        store: Store,
        book: RuleBook,
        changer: Changer,
        composer: Composer,
        announcer: Announcer,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._book = book
        self._changer = changer
        self._composer = composer
        self._announcer = announcer
        self._clock = clock
        self._talking: set[str] = set()  # as far as events were followed; the row decides
        self._looked: dt.datetime | None = None

    # -- beginning ----------------------------------------------------------------------------------------------------

    async def start(self, act: Act, key: str, action: StartFlow) -> str:
        """What came of a rule's wish to start a flow: "done", or why not. Once for each key. Raises StoreDown."""
        flow = self._book.current.flow(action.name)
        if flow is None or not flow.on:
            return "There is no such flow, or it is switched off."
        known = await self._store.dialogues.get(act.conversation)
        if known is None or known.key != key:
            conversation = await self._store.conversations.get(act.conversation)
            if conversation is None:
                return "There is no such conversation any more."
            said = await self._message(act.message)
            if why := self._hindered(act, conversation, said, known):
                return why
            language = await self._language(conversation, said)
            known = await self._begun(flow, key, conversation, language, known)
            if known is None:
                return "A flow talks here already."
        if known.due is not None and known.waits is None:
            await self._open(known)
        return DONE

    def _hindered(
        self, act: Act, conversation: Conversation, said: Message | None, known: Dialogue | None
    ) -> str | None:
        now = self._clock()
        if said is not None and (said.auto or said.history):
            return "A machine wrote that."
        if said is not None and wants_person(said.tag):
            return "The customer asks for a person."
        if known is not None and known.due is not None:
            return "A flow talks here already."
        if known is not None and sum(one > now - AN_HOUR for one in known.begun) >= MOST_AN_HOUR:
            return "This conversation had flows often enough within the hour."
        if act.always:
            return None
        if conversation.agent is not None and conversation.routed is None:
            return "Somebody took it already."
        return "It is answered already." if conversation.waiting is None else None

    async def _language(self, conversation: Conversation, said: Message | None) -> Language:
        """The message's; without one the person's."""
        spoken = said.tag.language if said is not None and said.tag is not None else ""
        if not spoken:
            person = (await self._store.contacts.by_ids([conversation.contact])).get(conversation.contact)
            spoken = (person.language if person is not None else None) or "vi"
        return "en" if spoken == "en" else "vi"

    async def _begun(
        self, flow: Flow, key: str, conversation: Conversation, language: Language, before: Dialogue | None
    ) -> Dialogue | None:
        now = self._clock()
        made = Dialogue(
            id=conversation.id,
            flow=flow.id,
            name=flow.name,
            steps=flow.steps,
            key=key,
            language=language,
            at=now,
            since=conversation.head,
            seen=conversation.head,
            begun=((*before.begun, now) if before is not None else (now,))[-MOST_AN_HOUR:],
            due=now + SILENCE,
        )
        return made if await self._store.dialogues.begin(made, before) else None

    async def _open(self, one: Dialogue) -> None:
        change = Change(verb=STARTED, to=one.flow, to_name=one.name)
        await self._changer.record(self._author(one), one.id, change, f"{one.key}:start")
        self._talking.add(one.id)
        await self._do(one, opening(one), None)

    # -- following ----------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Look up which conversations are in a flow. Raises StoreDown."""
        self._talking = {one.id for one in await self._store.dialogues.going()}

    async def take(self, items: Sequence[EventItem]) -> None:
        """Go on where something happened; without a flow under way nothing is decoded or read. Raises StoreDown."""
        for item in items:
            try:
                if item.type == "message.added" and self._may_matter(item):
                    await self._added(msgspec.json.decode(item.data)["message"])
                elif item.type == "message.changed" and str(item.conversation) in self._talking:
                    await self._changed(msgspec.json.decode(item.data))
            except StoreDown:
                raise
            except Exception as error:  # a bug of ours in one flow must not hold up the others, nor the rules
                log.error("a flow failed", conversation_id=item.conversation, why=type(error).__name__, at=where(error))

    def _may_matter(self, item: EventItem) -> bool:
        return str(item.conversation) in self._talking or STARTED.encode() in bytes(item.data)

    async def _added(self, message: dict[str, Any]) -> None:
        conversation, author = ConversationId(message["conversation"]), message["author"]["kind"]
        verb = (message.get("change") or {}).get("verb")
        if message.get("history"):
            return
        if message["kind"] == "in":
            await self._heard(conversation, MessageId(message["id"]))
        elif message["kind"] == "out" and author != "bot":
            await self._end_at(conversation, message["seq"], "answered")
        elif verb == STARTED:
            self._talking.add(conversation)
        elif verb == ENDED:
            await self._going(conversation)
        elif message["kind"] == "event" and author == "agent" and verb in TAKES:
            await self._end_at(conversation, message["seq"], "taken")

    async def _changed(self, data: dict[str, Any]) -> None:
        """A tag that came late may say that the customer wants a person."""
        tag = data["set"].get("tag")
        said = await self._message(MessageId(data["message"])) if tag is not None else None
        if said is None or said.kind != "in" or not wants_person(said.tag):
            return
        one = await self._going(said.conversation)
        if one is not None and one.chose != said.id:
            await self._end(one, "person")

    async def _heard(self, conversation: ConversationId, id_: MessageId) -> None:
        one, said = await self._going(conversation), await self._message(id_)
        if one is None or said is None or said.auto or said.seq <= one.seen:
            return
        flow = self._book.current.flow(one.flow)
        step, text = waiting_step(one), newest_words(said)
        tapped = step is not None and chosen(step, text) is not None
        if flow is None or not flow.on:
            await self._end(one, "off")
        elif wants_person(said.tag) and not tapped:
            await self._end(one, "person")
        elif step is not None:  # before its first words nothing is an answer
            await self._do(one, heard(one, text), said)

    async def _end_at(self, conversation: ConversationId, seq: int, why: Ended) -> None:
        """Somebody took over; what they did before this flow began is no word on it."""
        one = await self._going(conversation)
        if one is not None and seq > one.since:
            await self._end(one, why)

    async def step(self) -> None:
        """End those in which nobody said anything for a day. Raises StoreDown."""
        now = self._clock()
        if not self._talking or (self._looked is not None and now - self._looked < EVERY):
            return
        self._looked = now
        for one in await self._store.dialogues.going(now):
            await self._end(one, "silence")

    # -- doing --------------------------------------------------------------------------------------------------------

    async def _do(self, one: Dialogue, turn: Turn, said: Message | None) -> None:
        """Do what a turn says, under ids of its cause; then the dialogue stands at the next step."""
        key = f"{one.key}:{said.id if said is not None else 'open'}"
        if turn.facts:
            conversation = await self._store.conversations.get(one.id)
            assert conversation is not None  # conversations are never removed
            told = await learn.answered(self._store, conversation.contact, turn.facts)
            await self._announcer.announce(told, self._clock())
        if turn.labels:
            with contextlib.suppress(BadInput):  # it has as many as it may have
                await self._changer.apply(self._author(one), one.id, Wish(add_labels=turn.labels), self._by(one, key))
        seen = said.seq if said is not None else one.seen
        if turn.text:
            try:
                seen = (await self._say(one, turn, key, seen)).seq
            except Conflict:
                await self._end(one, "answered")
                return
        if turn.team is not None:
            await self._hand_over(one, turn.team, key)
        if turn.ended is not None:
            await self._end(one, turn.ended)
            return
        chose = said.id if said is not None and turn.chosen else None
        due = self._clock() + SILENCE
        changes = {"waits": turn.waits, "again": turn.again, "seen": seen, "chose": chose, "due": due}
        await self._store.dialogues.move(one, changes)

    async def _say(self, one: Dialogue, turn: Turn, key: str, seen: int) -> Message:
        """One message, behind what it answers. Raises Answered when somebody else answered that."""
        conversation = await self._store.conversations.get(one.id)
        account = await self._store.accounts.get(conversation.account) if conversation is not None else None
        # The customer reads the author's name: it is the shop's, not what colleagues call the flow.
        author = self._author(one, account.name if account is not None else "")
        draft = Draft(
            author=author, conversation=one.id, key=key, text=turn.text, options=turn.options, seen=seen, auto=True
        )
        return await self._composer.reply(draft)

    async def _hand_over(self, one: Dialogue, team: str, key: str) -> None:
        """Give it to the team, unless a person took it or it is gone."""
        before = await self._store.conversations.get(one.id)
        name = self._book.current.names.get(team)
        if before is None or name is None or (before.agent is not None and before.routed is None):
            return
        wish = Wish(team=team, team_name=name)
        if before.agent is not None and before.team != team:
            wish = msgspec.structs.replace(wish, agent=None)
        guard = {"agent": before.agent, "team": before.team}
        try:
            await self._changer.apply(self._author(one), one.id, wish, self._by(one, key, guard))
        except Conflict:
            return  # somebody was faster

    async def _end(self, one: Dialogue, why: Ended) -> None:
        """Log that it ended, and let nobody wait for an answer any more."""
        change = Change(verb=ENDED, to=why, to_name=one.name)
        await self._changer.record(self._author(one), one.id, change, f"{one.key}:end")
        await self._store.dialogues.move(one, {"ended": why, "waits": None, "due": None})
        self._talking.discard(one.id)

    # -- what it takes ------------------------------------------------------------------------------------------------

    async def _going(self, id_: ConversationId) -> Dialogue | None:
        one = await self._store.dialogues.get(id_)
        if one is None or one.due is None:
            self._talking.discard(id_)
            return None
        return one

    async def _message(self, id_: MessageId | None) -> Message | None:
        found = await self._store.messages.by_ids([id_]) if id_ is not None else []
        return found[0] if found else None

    def _by(self, one: Dialogue, key: str, guard: dict[str, Any] | None = None) -> ByRule:
        routed = Routed(rule=f"{FLOW}{one.flow}", name=one.name, cause=key, at=one.at)
        return ByRule(routed=routed, key=key, guard=guard or {})

    def _author(self, one: Dialogue, name: str | None = None) -> Author:
        return Author(kind="bot", id=f"{FLOW}{one.flow}", name=one.name if name is None else name)
