"""An agent says what a message wants. Their word is kept first; then the tag is theirs, in the log and in the row."""

import datetime as dt
import hashlib
from collections.abc import Callable

import msgspec

from hub.errors import BadInput, Conflict
from hub.events import Announcer, conversation_changed, message_changed
from hub.model import Agent, Conversation, Message, Tag
from hub.people import consent
from hub.store import Store
from hub.store.corrections import Correction
from hub.views import tag_view

READ = 2_000  # characters: the tagger reads no more


class Corrector:
    """One per process."""

    def __init__(self, store: Store, announcer: Announcer, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock

    async def correct(self, message: Message, intent: str, agent: Agent, key: str) -> Message:
        """Keep what `agent` says `message` wants, and show it; the message as it is then.

        A suggestion that they agree with is sure from then on, and learnt; saying what is sure already changes nothing.
        The conversation stays with whoever has it. Raises BadInput for a message without words, Conflict for one that
        no customer wrote.
        """
        if message.kind != "in":
            raise Conflict("Only what a customer wrote has an intent.")
        if not message.text.strip():
            raise BadInput("A message without words teaches nothing.", "intent")
        correction = self._correction(message, intent, agent, key)
        same = message.tag is not None and message.tag.intent == intent and message.tag.band == "route"
        if same and not await self._store.corrections.known(correction.id):
            return message
        if not same:
            await self._store.corrections.add(correction)
        tag = told(message.tag, intent, agent)
        await self._store.messages.set_tags({message.id: tag})
        await self._tell(message, tag)
        return msgspec.structs.replace(message, tag=tag)

    def _correction(self, message: Message, intent: str, agent: Agent, key: str) -> Correction:
        tag = message.tag
        return Correction(
            id="k_" + hashlib.sha256(f"{agent.id}\x1f{key}".encode()).hexdigest()[:24],
            message=message.id,
            conversation=message.conversation,
            text=message.text[:READ],
            before=tag.intent if tag else None,
            after=intent,
            agent=agent.id,
            name=agent.name,
            model=tag.model if tag else "",
            at=self._clock(),
        )

    async def _tell(self, message: Message, tag: Tag) -> None:
        items = [message_changed(message.conversation, message.id, {"tag": tag_view(tag)})]
        items += await consent.heed(self._store, [msgspec.structs.replace(message, tag=tag)])
        rows = await self._store.conversations.by_ids([message.conversation])
        for row in rows:
            if stands_for(row, message) and await self._store.conversations.retag(row.id, row.in_head, tag):
                items.append(conversation_changed(row.id, row.head, {"tag": tag_view(tag)}))
        await self._announcer.announce(items, self._clock())


def stands_for(row: Conversation, message: Message) -> bool:
    """Whether the row shows this message's tag: it is the customer's last, or those after it have none."""
    return message.seq >= row.in_head or row.tag is None or row.tag == message.tag


def told(tag: Tag | None, intent: str, agent: Agent) -> Tag:
    """The tag as `agent` has it. The words that spoke for another intent go; what else was found in it stays."""
    known = tag or Tag(intent=intent, confidence=1.0, band="route", language="vi", model="")
    others = tuple(one for one in known.others if one.intent != intent)
    words = known.words if known.intent == intent else ()
    return msgspec.structs.replace(
        known, intent=intent, confidence=1.0, band="route", words=words, others=others, by=agent.name
    )
