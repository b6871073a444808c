"""Does what rules decided: each act once, action by action, so that doing it again changes nothing.

Entries, notes and answers have ids made of the act's; what moves a row asks that nobody took it meanwhile. A webhook is
called at least once, under one Idempotency-Key: whoever is called tells two of the same apart.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp
import msgspec
import structlog

from hub.bus import Bus
from hub.departures.change import ByRule, Changer, Wish
from hub.departures.compose import Composer, Draft
from hub.errors import BadInput, Conflict, NotFound, StoreDown
from hub.flow import wants_person
from hub.model import Author, Conversation, Message, Routed
from hub.routing.book import RuleBook
from hub.routing.happenings import RULE
from hub.rule import (
    AnyAction,
    CallWebhook,
    Label,
    Note,
    Reply,
    RuleId,
    SetPriority,
    Snooze,
    StartFlow,
    Stop,
    ToAgent,
    ToTeam,
)
from hub.store import Store
from hub.store.rules import Act
from hub.views import message_view, row

DONE = "done"
HOOK_TIMEOUT_S = 10.0
PAUSES_S = (5, 30, 120, 600, 1800, 3600)  # before a webhook is called again
MOST_REPLIES, AN_HOUR = 3, dt.timedelta(hours=1)  # of one rule in one conversation: two machines must not talk for ever
LOOK_BACK = 30  # entries
LEASE, LEASE_S = "routing-acts", 60.0
AT_ONCE, MOST_AT_ONCE = 8, 40  # acts that call others side by side, and in one turn
RARELY = dt.timedelta(seconds=60)
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

log = structlog.get_logger()


Starter = Callable[[Act, str, StartFlow], Awaitable[str]]  # starts a bot's flow: "done", or why not


class Later(Exception):
    """This action did not go now; the sentence is for the log and the act."""


class Actor:
    def __init__(
        self,
        store: Store,
        book: RuleBook,
        changer: Changer,
        composer: Composer,
        clock: Callable[[], dt.datetime],
        sign: Callable[[bytes], str],
        bus: Bus,
        name: str,
        start: Starter | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._name = name
        self._book = book
        self._changer = changer
        self._composer = composer
        self._clock = clock
        self._sign = sign
        self._start = start
        self._looked = LONG_AGO

    async def step(self) -> None:
        """Do what was left: by a process that ended, or because it calls another program. Raises StoreDown.

        An errand of its own, a few acts at a time: who is called may take its time, and no other rule waits for that.
        """
        now = self._clock()
        if self._book.current.is_idle and now - self._looked < RARELY:
            return  # without rules there is something left at most by one that was taken away
        self._looked = now
        acts = await self._store.acts.due(LONG_AGO, now)
        if not acts or not await self._bus.lease(LEASE, self._name, LEASE_S):
            return
        room = asyncio.Semaphore(AT_ONCE)

        async def one(act: Act) -> None:
            async with room:
                await self._one(act, calls=True)

        async with asyncio.timeout(LEASE_S):
            await asyncio.gather(*(one(act) for act in acts[:MOST_AT_ONCE]))

    async def do(self, acts: Sequence[Act]) -> None:
        """Do these, in their order, but for what calls another program: that is due at once. Raises StoreDown."""
        for act in acts:
            await self._one(act, calls=False)

    async def _one(self, act: Act, *, calls: bool) -> None:
        outcome, why = list(act.outcome), ""
        for index, action in enumerate(act.actions):
            if index < len(outcome):
                continue
            if isinstance(action, CallWebhook) and not calls:
                await self._store.acts.later(act.id, self._clock(), act.attempts, tuple(outcome))
                return
            try:
                outcome.append(await self._action(act, index, action))
            except StoreDown:
                raise
            except Later as error:
                why = str(error)
            except Exception as error:  # a bug of ours in one act must not hold up the others
                log.error("a rule's act failed", act_id=act.id, rule_id=act.rule, why=type(error).__name__)
                why = type(error).__name__
            if len(outcome) == index and not await self._given_up(act, outcome, why):
                return
        await self._store.acts.done(act.id, tuple(outcome))

    async def _given_up(self, act: Act, outcome: list[str], why: str) -> bool:
        """Whether it was tried often enough: then the rest is done; else all of it is due again after a pause."""
        if act.attempts >= len(PAUSES_S):
            outcome.append(f"given up: {why}")
            return True
        due = self._clock() + dt.timedelta(seconds=PAUSES_S[act.attempts])
        await self._store.acts.later(act.id, due, act.attempts + 1, tuple(outcome))
        return False

    async def _action(self, act: Act, index: int, action: AnyAction) -> str:
        """What came of it: "done", or why not."""
        do: Mapping[type, Callable[[Act, str, Any], Awaitable[str]]] = {
            ToTeam: self._team,
            ToAgent: self._agent,
            Label: self._label,
            SetPriority: self._priority,
            Reply: self._reply,
            Note: self._note,
            Snooze: self._snooze,
            CallWebhook: self._webhook,
            StartFlow: self._flow,
            Stop: self._nothing,
        }
        try:
            return await do[type(action)](act, f"{act.id}:{index}", action)
        except (Conflict, BadInput, NotFound) as error:
            return str(error)

    # -- what moves the row -------------------------------------------------------------------------------------------

    async def _team(self, act: Act, key: str, action: ToTeam) -> str:
        name = self._book.current.names.get(action.to)
        if name is None:
            return "There is no such team any more."
        return await self._move(act, key, Wish(team=action.to, team_name=name))

    async def _agent(self, act: Act, key: str, action: ToAgent) -> str:
        there = any(one.agent == action.to for one in self._book.current.seats)
        if not there:
            return "There is no such agent any more."
        return await self._move(act, key, Wish(agent=action.to, agent_name=self._book.current.names.get(action.to)))

    async def _move(self, act: Act, key: str, wish: Wish) -> str:
        """Give it away, if nobody took or answered it and no earlier rule placed it for the same cause."""
        before = await self._conversation(act)
        if not self._is_own(before, act):
            if self._was_first(before, act):
                return "An earlier rule placed it."
            if not act.always and (why := _taken(before)):
                return why
        still: dict[str, Any] = {"agent": None, "team": before.team}
        if not self._is_own(before, act):
            still["waiting"] = {"$gt": LONG_AGO}
        guard = {} if act.always else still
        await self._changer.apply(self._author(act), act.conversation, wish, self._by(act, key, guard))
        return DONE

    def _is_own(self, before: Conversation, act: Act) -> bool:
        """Whether this act moved it already: what is left is to log it, or to do its next action."""
        cause = act.message or act.cause
        return before.routed is not None and (before.routed.rule, before.routed.cause) == (act.rule, cause)

    def _was_first(self, before: Conversation, act: Act) -> bool:
        """Whether a rule that comes before this one placed it, because of the same message."""
        if before.routed is None or before.routed.cause != (act.message or act.cause):
            return False
        places = {one.id: index for index, one in enumerate(self._book.current.rules.rules)}
        mine = places.get(RuleId(act.rule), len(places))
        return places.get(RuleId(before.routed.rule), len(places) + 1) < mine

    async def _label(self, act: Act, key: str, action: Label) -> str:
        wish = Wish(add_labels=action.add, remove_labels=action.remove)
        await self._changer.apply(self._author(act), act.conversation, wish, self._by(act, key))
        return DONE

    async def _priority(self, act: Act, key: str, action: SetPriority) -> str:
        await self._changer.apply(self._author(act), act.conversation, Wish(priority=action.to), self._by(act, key))
        return DONE

    async def _snooze(self, act: Act, key: str, action: Snooze) -> str:
        before = await self._conversation(act)
        if before.in_head > act.seen:
            return "The customer wrote again meanwhile."
        if action.minutes is not None:
            until: dt.datetime | None = act.at + dt.timedelta(minutes=action.minutes)
        else:
            until = self._book.current.open.of(before.team).next_opening(act.at)
        if until is None or until <= self._clock():
            return "It is open already." if until is not None else "It never opens."
        wish = Wish(state="snoozed", snoozed_until=until)
        await self._changer.apply(
            self._author(act), act.conversation, wish, self._by(act, key, {"in_head": before.in_head})
        )
        return DONE

    def _by(self, act: Act, key: str, guard: dict[str, Any] | None = None) -> ByRule:
        routed = Routed(rule=act.rule, name=act.name, cause=act.message or act.cause, at=act.at, why=act.why)
        return ByRule(routed=routed, key=key, guard=guard or {})

    # -- words --------------------------------------------------------------------------------------------------------

    async def _note(self, act: Act, key: str, action: Note) -> str:
        await self._composer.note(self._draft(act, key, action.text))
        return DONE

    async def _reply(self, act: Act, key: str, action: Reply) -> str:
        """Answer what made the rule look; never a machine, never after somebody else did, never without end."""
        said = await self._said(act)
        if said is not None and (said.auto or said.history):
            return "A machine wrote that."
        if not act.always and not wants_person(said.tag if said is not None else None) and await self._in_flow(act):
            return "A flow talks here."
        conversation = await self._conversation(act)
        before = await self._store.messages.window(
            conversation.id, conversation.head - LOOK_BACK, conversation.head + 1
        )
        own = [one for one in before if one.author.id == self._author(act).id and one.kind == "out"]
        if sum(one.at > self._clock() - AN_HOUR and one.client_id != key for one in own) >= MOST_REPLIES:
            return "This rule answered often enough here within the hour."
        tag = said.tag if said is not None and said.tag is not None else conversation.tag
        language = tag.language if tag is not None else "vi"
        text = action.text.get("en" if language == "en" else "vi") or next(iter(action.text.values()))
        account = await self._store.accounts.get(conversation.account)
        # The customer reads the author's name: it is the shop's, not what colleagues call the rule.
        author = msgspec.structs.replace(self._author(act), name=account.name if account is not None else "")
        await self._composer.reply(msgspec.structs.replace(self._draft(act, key, text), author=author))
        return DONE

    async def _in_flow(self, act: Act) -> bool:
        """Whether a flow waits for the customer's answer, and what they wrote may be it."""
        one = await self._store.dialogues.get(act.conversation)
        return one is not None and one.due is not None

    def _draft(self, act: Act, key: str, text: str) -> Draft:
        author = self._author(act)
        return Draft(author=author, conversation=act.conversation, key=key, text=text, seen=act.seen, auto=True)

    def _author(self, act: Act) -> Author:
        return Author(kind="bot", id=f"{RULE}{act.rule}", name=act.name)

    # -- others -------------------------------------------------------------------------------------------------------

    async def _webhook(self, act: Act, key: str, action: CallWebhook) -> str:
        body = await self._told(act)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "X-Hub-Signature-256": f"sha256={self._sign(body)}",
        }
        try:
            timeout = aiohttp.ClientTimeout(total=HOOK_TIMEOUT_S)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(action.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                status = answer.status
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Later(f"the webhook did not answer ({type(error).__name__})") from error
        if status == 429 or status >= 500:
            raise Later(f"the webhook answered {status}")
        return DONE if status < 300 else f"the webhook refused it ({status})"

    async def _told(self, act: Act) -> bytes:
        said = await self._said(act)
        return msgspec.json.encode(
            {
                "act": act.id,
                "at": act.at,
                "rule": {"id": act.rule, "name": act.name, "when": act.when},
                "conversation": row(await self._conversation(act)),
                "message": message_view(said) if said is not None else None,
            }
        )

    async def _flow(self, act: Act, key: str, action: StartFlow) -> str:
        return await self._start(act, key, action) if self._start is not None else "No bot speaks here."

    async def _nothing(self, act: Act, key: str, action: Stop) -> str:
        return DONE

    async def _conversation(self, act: Act) -> Conversation:
        found = await self._store.conversations.get(act.conversation)
        if found is None:
            raise NotFound("There is no such conversation any more.")
        return found

    async def _said(self, act: Act) -> Message | None:
        found = await self._store.messages.by_ids([act.message]) if act.message is not None else []
        return found[0] if found else None


def _taken(before: Conversation) -> str | None:
    """Why a rule must leave it where it is; None when nobody took, answered or placed it."""
    if before.agent is not None:
        return "Somebody took it already."
    if before.waiting is None:
        return "It is answered already."
    if before.team is not None and before.routed is None:
        return "Somebody gave it to its team by hand."
    return None
