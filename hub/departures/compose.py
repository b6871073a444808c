"""Compose: what an agent (later a bot, a campaign) wants to say becomes an entry in the log, queued to leave.

The check against a second answer is the insert itself: it asks for the number after what the author saw.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec

from channels.base import Channel
from hub.bus import Bus
from hub.departures.parts import parts, worst
from hub.departures.preview import preview
from hub.errors import Answered, BadInput, Conflict, NotFound, SeenMissing
from hub.events import Announcer, conversation_changed, message_added, message_changed
from hub.ids import outgoing_id, random_id
from hub.model import (
    Attachment,
    Author,
    Conversation,
    ConversationId,
    Delivery,
    Leave,
    Message,
    MessageId,
    MessageKind,
)
from hub.people.mailable import UNREAD, answer
from hub.people.merge import members, root_of
from hub.store import Store
from hub.store.conversations import Advance
from hub.views import delivery_views

REPLIES = 0  # their rank
MOST_TEXT = 20_000
MOST_RACES = 20
MOMENT = dt.timedelta(seconds=1)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What an author hands in; `key` is their Idempotency-Key, `seen` the last number they saw."""

    author: Author
    conversation: ConversationId
    key: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    options: tuple[str, ...] = ()
    seen: int | None = None
    to_all: bool = True  # also to everybody else who got what it answers
    subject: str | None = None  # instead of the conversation's
    auto: bool = False  # a machine writes it: whoever waits for a person still does


class Composer:
    def __init__(
        self,
        store: Store,
        bus: Bus,
        announcer: Announcer,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._bus = bus
        self._announcer = announcer
        self._channels = channels
        self._clock = clock

    async def reply(self, draft: Draft) -> Message:
        """Log a reply as queued, journaled, and ring for delivery; the same key again answers the same message.

        Raises SeenMissing without `seen`, Answered when somebody else answered after it, NotFound, BadInput.
        """
        if draft.seen is None:
            raise SeenMissing("A reply must say the last message that its author saw (seen).")
        since = self._store.ledger.breaks.count
        conversation = await self._conversation(draft)
        await self._check_seen(conversation, draft.seen)
        channel = self._channels[conversation.channel]
        seen = min(draft.seen, conversation.head)  # nobody was shown a higher number
        entry = self._entry(draft, conversation, "out", seen + 1)
        cut = parts(entry, channel.limits)
        deliveries = tuple(
            Delivery(part=part.index, to=to, state="queued", at=entry.at)
            for part in cut
            for to in dict.fromkeys((conversation.to, *entry.everyone))
        )
        lane = lane_of(conversation.id, REPLIES)
        entry = msgspec.structs.replace(
            entry,
            deliveries=deliveries,
            delivery="queued",
            leave=Leave(lane=lane, rank=REPLIES, due=entry.at),
        )
        entry = await self._take_number(entry, seen, since)
        # After a machine's words they still wait for a person, and nobody of the team has read theirs.
        await self._show(entry, conversation, answered=not draft.auto, seen=None if draft.auto else seen)
        if conversation.mail is not None and channel.limits.mailed:
            due = entry.at + UNREAD
            await self._store.mailings.add([answer(conversation, entry.id, entry.seq, conversation.mail, due)])
        await self._bus.nudge(f"deliver{REPLIES}", [lane])
        return entry

    async def note(self, draft: Draft) -> Message:
        """Log an internal note, journaled; no customer ever sees it. Raises NotFound, BadInput."""
        since = self._store.ledger.breaks.count
        conversation = await self._conversation(draft)
        entry = self._entry(draft, conversation, "note", conversation.head + 1)
        appended = (await self._store.messages.append([entry], since, journaled=True))[0]
        await self._show(appended.message, conversation, answered=False, seen=None if draft.auto else draft.seen)
        return appended.message

    # -- settle by a person's word -----------------------------------------------------------------------------------

    async def send_again(self, id_: MessageId) -> Message:
        """Queue a refused or unknown message once more. Raises NotFound, Conflict."""
        message = await self._failed(id_, ("refused", "unknown"))
        now = self._clock()
        leave = Leave(lane=lane_of(message.conversation, REPLIES), rank=REPLIES, due=now, claim=random_id("again"))
        if not await self._store.outbox.reopen(message, "queued", leave):
            raise Conflict("Its state changed just now.")
        await self._bus.nudge(f"deliver{REPLIES}", [leave.lane])
        return await self._tell_delivery(id_)

    async def take_as_sent(self, id_: MessageId) -> Message:
        """Somebody knows that an unknown message arrived. Raises NotFound, Conflict."""
        message = await self._failed(id_, ("unknown",))
        if not await self._store.outbox.reopen(message, "sent", None):
            raise Conflict("Its state changed just now.")
        return await self._tell_delivery(id_)

    async def _failed(self, id_: MessageId, states: tuple[str, ...]) -> Message:
        found = await self._store.messages.by_ids([id_])
        if not found or found[0].kind != "out":
            raise NotFound("There is no such message.")
        if found[0].delivery not in states:
            raise Conflict("This message is not in a state that needs a decision.")
        leave = found[0].leave
        if leave is not None and leave.step != "queued":
            raise Conflict("Another part of this message is on its way; try again in a moment.")
        return found[0]

    async def _tell_delivery(self, id_: MessageId) -> Message:
        message = (await self._store.messages.by_ids([id_]))[0]
        state = worst(message.deliveries)
        await self._store.conversations.show_deliveries([(message.conversation, id_, state)])
        told = {"delivery": state, "deliveries": delivery_views(message)}
        await self._announcer.announce([message_changed(message.conversation, id_, told)], self._clock())
        return message

    # -- the entry ---------------------------------------------------------------------------------------------------

    async def _conversation(self, draft: Draft) -> Conversation:
        if not draft.text.strip() and not draft.attachments:
            raise BadInput("There are no words and no file in this message.", field="text")
        if len(draft.text) > MOST_TEXT:
            raise BadInput(f"A message may have {MOST_TEXT} characters.", field="text")
        conversation = await self._store.conversations.get(draft.conversation)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        return conversation

    def _entry(self, draft: Draft, conversation: Conversation, kind: MessageKind, seq: int) -> Message:
        now = self._clock()
        return Message(
            id=outgoing_id(draft.author.id, draft.key),
            conversation=conversation.id,
            seq=seq,
            kind=kind,
            author=draft.author,
            account=conversation.account,
            channel=conversation.channel,
            contact=conversation.contact,
            at=now,
            order=int(now.timestamp() * 1_000_000),
            text=draft.text,
            attachments=draft.attachments,
            options=draft.options,
            client_id=draft.key,
            subject=(draft.subject or conversation.subject) if kind == "out" else None,
            everyone=conversation.everyone if kind == "out" and draft.to_all else (),
            answers=conversation.answers if kind == "out" else (),
            auto=draft.auto,
        )

    async def _check_seen(self, conversation: Conversation, seen: int) -> None:
        """A number that nobody can have seen would leave the numbers before the reply's own free for ever."""
        if 0 <= seen <= conversation.head:
            return
        if seen < 0 or not await self._store.messages.window(conversation.id, seen, seen + 1):
            raise BadInput("There is no message with this number (seen).", field="seen")

    async def _take_number(self, entry: Message, seen: int, since: int) -> Message:
        """Log the entry right after what its author saw, or after what came since, unless that was an answer."""
        for _ in range(MOST_RACES):
            if await self._store.messages.insert(entry, since):
                return entry
            known = await self._store.messages.by_ids([entry.id])
            if known:
                return known[0]
            later = await self._store.messages.window(entry.conversation, seen + 1, seen + 10_000)
            _refuse_second_answer(entry, [*await self._elsewhere(entry, later), *later])
            top = max((one.seq for one in later), default=seen)
            entry = msgspec.structs.replace(entry, seq=top + 1)
        raise Conflict("Too much is happening in this conversation; try again.")

    async def _elsewhere(self, entry: Message, since: Sequence[Message]) -> list[Message]:
        """What the person's other conversations got since this one moved on: they may be answered already."""
        began = min((one.at for one in since), default=entry.at)
        person = members(await root_of(self._store, entry.contact))
        said = await self._store.messages.timeline(person, began, self._clock() + MOMENT)
        return [one for one in said if one.conversation != entry.conversation]

    async def _show(self, entry: Message, conversation: Conversation, *, answered: bool, seen: int | None) -> None:
        """Move the head to the entry, and tell it. Raises StoreDown also when the database came back in between."""
        breaks = self._store.ledger.breaks.count
        fields: dict[str, object] = {"preview": preview(entry), "last": entry.at}
        if seen is not None and entry.seq == seen + 1:
            fields["read"] = entry.seq
        unset = ("waiting",) if answered else ()
        step = Advance(id=conversation.id, head=entry.seq, set=fields, unset=unset)
        await self._store.conversations.advance_one(step)
        told = fields | dict.fromkeys(unset)
        items = [message_added(entry), conversation_changed(conversation.id, entry.seq, told)]
        await self._announcer.announce(items, self._clock())
        self._store.ledger.unbroken_since(breaks)


def lane_of(conversation: ConversationId, rank: int) -> str:
    """Within a conversation and class messages leave in order."""
    return f"{conversation}:{rank}"


def _refuse_second_answer(entry: Message, since: Sequence[Message]) -> None:
    others = [one for one in since if one.kind == "out" and one.author.id != entry.author.id]
    if others:
        raise Answered(f"{others[-1].author.name} answered after you began to write.", [one.id for one in others])
