"""The customers who are connected to this process, and what the event log says that they must see.

Messages to a customer come from here and from the log at hello; nothing else writes to a customer.
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from hub.errors import StoreDown
from hub.events import Added, Changed, RowChanged
from hub.ids import conversation_id
from hub.model import EventItem, Message, MessageId
from hub.safety.tokens import Visitor
from hub.views import MessageView, message_view
from inbox_web.chat_frames import SHOWN_STATES, Messages, amends, chat_message, encode, pending, shown
from inbox_web.follower import Batch
from inbox_web.parts import Parts
from inbox_web.presence import Presence

AWAY_PAUSE_S = 1.0
AGAIN_S = 0.05  # what is said to have left is looked at this often until the ledger says how it ended
MOST_LEFT = 100

log = structlog.get_logger(__name__)


class DeliverySet(msgspec.Struct, frozen=True):
    delivery: str | None = None


class ReadSet(msgspec.Struct, frozen=True):
    read: int | None = None


_added = msgspec.json.Decoder(Added[MessageView])
_changed = msgspec.json.Decoder(Changed[DeliverySet])
_row_changed = msgspec.json.Decoder(RowChanged[ReadSet])


class Guest:
    """One connection of a visitor. `push` takes a frame; frames wait until `begin`, so that the welcome comes first."""

    def __init__(self, visitor: Visitor, push: Callable[[bytes], object]) -> None:
        self.language = "vi"
        self.page: str | None = None
        self._push = push
        self._held: list[bytes] | None = []
        self._stand_for(visitor)

    def _stand_for(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.thread = f"{visitor.account}:{visitor.id}"
        self.conversation: str = conversation_id(self.thread, 0)
        self.seen = 0  # how far agents have read, as this connection was told
        self.high = 0  # this connection knows every entry up to here
        self._ahead: set[int] = set()  # entries behind one that it does not know yet: writers tell out of order
        self.pending: dict[str, int] = {}  # what was written to the customer and has not left yet: id → seq
        self._left: dict[str, None] = {}  # what left, as writers told, of what is not known here yet

    @property
    def cursor(self) -> int:
        """Everything up to here was shown or never will be."""
        return min([self.high, *(seq - 1 for seq in self.pending.values())])

    def become(self, visitor: Visitor) -> None:
        """Somebody else sits at this browser now: nothing of the one before is theirs, not even what waits here."""
        if self._held is not None:
            self._held.clear()
        self._stand_for(visitor)

    def push(self, frame: bytes) -> None:
        if self._held is None:
            self._push(frame)
        else:
            self._held.append(frame)

    def left(self, message: str) -> bool:
        """Whether it waits for this one; one that it does not know yet is remembered: writers tell out of order."""
        if message not in self.pending:
            self._left[message] = None
            if len(self._left) > MOST_LEFT:
                del self._left[next(iter(self._left))]
        return message in self.pending

    def has_left(self, message: str) -> bool:
        """Whether somebody told that it left before it was told of."""
        return message in self._left

    def begin(self, welcome: bytes | None) -> list[str]:
        """Let the frames through, the welcome first; ids that may have left while the log was read."""
        if welcome is not None:
            self._push(welcome)
        for frame in self._held or []:
            self._push(frame)
        self._held = None
        return list(self.pending)

    def saw(self, read: int) -> None:
        """Agents have read up to here; told only when it is news to this connection."""
        if read > self.seen:
            self.seen = read
            self.push(encode({"t": "seen", "seq": read}))

    def reach(self, seq: int) -> None:
        """Every entry up to `seq` was read; those that were told already and follow it are known as well."""
        self.high = max(self.high, seq)
        while self.high + 1 in self._ahead:
            self.high += 1
        self._ahead = {one for one in self._ahead if one > self.high}

    def note(self, message: MessageView) -> None:
        """Keep the cursor honest."""
        self._ahead.add(message.seq)
        self.reach(self.high)
        if pending(message):
            self.pending[message.id] = message.seq
        else:
            self.pending.pop(message.id, None)


class Guests:
    """Every connected customer of this process, by conversation."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._at: dict[str, set[Guest]] = {}
        self._to_load: dict[str, None] = {}  # message ids, in order
        self._work = asyncio.Event()

    def join(self, guest: Guest) -> None:
        """From now on it is told what happens in its conversation."""
        self._at.setdefault(guest.conversation, set()).add(guest)

    def leave(self, guest: Guest) -> None:
        """It has gone."""
        there = self._at.get(guest.conversation, set())
        there.discard(guest)
        if not there:
            self._at.pop(guest.conversation, None)

    def exchange(self, guest: Guest, visitor: Visitor) -> None:
        """Let this connection be another visitor's, and follow their conversation if it followed one."""
        follows = guest in self._at.get(guest.conversation, ())
        self.leave(guest)
        guest.become(visitor)
        if follows:
            self.join(guest)

    def show(self, ids: list[str]) -> None:
        """Fetch these messages and show them to whom they were written."""
        self._to_load |= dict.fromkeys(ids)
        self._work.set()

    # -- from the event log -------------------------------------------------------------------------------------------

    def heard(self, batches: list[Batch]) -> None:
        """Tell each customer what concerns them; looks into a batch only when somebody is connected."""
        if not self._at:
            return
        for batch in batches:
            for item in batch.items:
                there = self._at.get(item.conversation or "")
                if there:
                    self._tell(item, there)

    def _tell(self, item: EventItem, there: set[Guest]) -> None:
        match item.type:
            case "message.added":
                message = _added.decode(item.data).message
                self._tell_message(message, there)
                if pending(message) and any(guest.has_left(message.id) for guest in there):
                    self.show([message.id])
            case "message.changed":
                changed = _changed.decode(item.data)
                if changed.set.delivery in SHOWN_STATES:
                    self._left(changed.message, there)
            case "conversation.changed":
                read = _row_changed.decode(item.data).set.read
                if read is not None:
                    for guest in there:
                        guest.saw(read)

    def _tell_message(self, message: MessageView, there: set[Guest]) -> None:
        made = chat_message(message, self._parts.ring, self._parts.now()) if shown(message) else None
        if (about := amends(message)) is not None:
            self.show([about])
        for guest in there:
            guest.note(message)
            if made is not None:
                guest.push(encode(Messages(messages=[made], cursor=guest.cursor)))

    def _left(self, message: str, there: set[Guest]) -> None:
        waiting = [guest for guest in there if guest.left(message)]
        if waiting:
            self.show([message])

    async def run(self) -> None:
        """Fetch what has left and show it; until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            ids, self._to_load = self._to_load, {}
            try:
                found = await self._parts.store.messages.by_ids([MessageId(id_) for id_ in ids])
            except StoreDown:
                self._to_load = ids | self._to_load
                self._work.set()
                await asyncio.sleep(AWAY_PAUSE_S)
                continue
            for message in sorted(found, key=lambda one: one.seq):
                self._tell_message(message_view(message), self._at.get(message.conversation, set()))
            if leaving := [str(message.id) for message in found if self._is_leaving(message)]:
                asyncio.get_running_loop().call_later(AGAIN_S, self.show, leaving)

    def _is_leaving(self, message: Message) -> bool:
        """Whether somebody waits for it who was told of its end before the ledger has it: events come first."""
        there = self._at.get(message.conversation, ())
        claimed = message.leave is not None and message.leave.step != "queued"
        return claimed and any(message.id in guest.pending for guest in there)

    def heard_presence(self, payload: bytes) -> None:
        """An agent types: the customer sees it."""
        said = msgspec.json.decode(payload, type=Presence)
        if said.state == "typing":
            _push_all(self._at.get(said.conversation, set()), encode({"t": "typing", "name": said.name}))


def _push_all(guests: set[Guest], frame: bytes) -> None:
    for guest in guests:
        guest.push(frame)
