"""Showing: follows the event log from its own cursor, and shows each entry once in its conversation's thread."""

import datetime as dt
from collections.abc import Callable, Mapping

import msgspec
import structlog

from channels.base import Channel, Entry, Headline, Named
from hub.departures.mirror.posting import THREADS_KEPT, Mirror, Posting
from hub.errors import Refused, Retry
from hub.model import Author, Conversation, ConversationId, Event, EventItem, MessageKind
from hub.people.accounts import AccountBook
from hub.store import Store
from hub.store.mirrored import Mirrored

log = structlog.get_logger()

AT_ONCE = 200  # events
LATE = dt.timedelta(days=1)  # what could not be shown by then is not news any more
OPENING = dt.timedelta(seconds=90)  # by then the call has ended, or its process
MOST_REFUSED = 6
KINDS = ("in", "out", "note")


class File(msgspec.Struct, frozen=True):
    name: str


class Said(msgspec.Struct, frozen=True):
    """What is read of an entry in an event."""

    id: str
    conversation: ConversationId
    seq: int
    kind: MessageKind
    author: Author
    account: str
    text: str = ""
    attachments: tuple[File, ...] = ()
    visible: tuple[tuple[int, int], ...] = ()
    history: bool = False


class Added(msgspec.Struct, frozen=True):
    message: Said


_items = msgspec.json.Decoder(list[EventItem])
_added = msgspec.json.Decoder(Added)


class Showing:
    """`url` is a conversation's page in the inbox."""

    def __init__(
        self,
        store: Store,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        posting: Posting,
        clock: Callable[[], dt.datetime],
        url: Callable[[ConversationId], str],
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._channels = channels
        self._posting = posting
        self._clock = clock
        self._url = url
        self._refused: dict[str, int] = {}

    async def work(self, mirror: Mirror, until: dt.datetime) -> bool:
        """Show what came since the last time, until then; whether anything was shown.

        Raises Retry, Refused; then it begins there again. Raises StoreDown.
        """
        name, shown = f"mirror:{mirror.account.id}:{mirror.place}", False
        number = await self._begin(name)
        while self._clock() < until:
            events = await self._store.events.after(number, AT_ONCE, self._clock())
            if not events:
                break
            for event in events:
                shown = await self._show_all(mirror, event) or shown
                number = event.id
                if event is events[-1] or self._clock() >= until:
                    await self._store.cursors.move(name, str(number), self._clock())
                    break
        return shown

    async def _begin(self, name: str) -> int:
        """The number of the last event that was looked at: the newest for a mirror that begins, or slept for long."""
        cursor = await self._store.cursors.get(name)
        if cursor is not None and await self._store.events.has(int(cursor)):
            return int(cursor)
        head = await self._store.events.head()
        if cursor != str(head):
            await self._store.cursors.move(name, str(head), self._clock())
        return head

    async def _show_all(self, mirror: Mirror, event: Event) -> bool:
        if b'"message.added"' not in event.items or event.at < self._clock() - LATE:
            return False
        shown = False
        for item in _items.decode(event.items):
            if item.type == "message.added":
                said = _added.decode(item.data).message
                if _is_for(mirror, said):
                    shown = await self._patiently(mirror, said) or shown
        return shown

    async def _patiently(self, mirror: Mirror, said: Said) -> bool:
        """Show it; what the platform refuses again and again is left out, so that the rest goes on."""
        id_ = mirror.id("entry", said.id)
        if await self._posting.was_begun(id_):
            return False
        try:
            await self._show(mirror, said, id_)
        except Refused:
            self._refused[id_] = self._refused.get(id_, 0) + 1
            if self._refused[id_] < MOST_REFUSED:
                raise
            log.warning("mirrored entry left out", account_id=mirror.account.id, message_id=said.id)
        self._refused.pop(id_, None)
        return True

    async def _show(self, mirror: Mirror, said: Said, id_: str) -> None:
        thread = await self._thread(mirror, said.conversation)
        entry = Entry(
            kind="in" if said.kind == "in" else "out" if said.kind == "out" else "note",
            author=said.author.name,
            text=_newest(said),
            files=tuple(one.name for one in said.attachments),
        )
        account = mirror.account
        await self._posting.once(mirror, id_, said.conversation, lambda: mirror.channel.show(account, thread, entry))
        ids = (mirror.id("thread", said.conversation), mirror.id("at", thread))
        await self._store.mirrored.shown(ids, said.seq, self._clock() + THREADS_KEPT)

    async def _thread(self, mirror: Mirror, conversation: ConversationId) -> str:
        """The thread of a conversation, begun with its first entry. Raises Retry while nobody knows its id."""
        id_, now = mirror.id("thread", conversation), self._clock()
        known = await self._store.mirrored.get(id_)
        thread = known.external if known is not None else None
        if known is not None and thread is None:
            if now - known.at < OPENING:
                raise Retry("Nobody knows yet whether the thread was begun.", OPENING.total_seconds())
            await self._store.mirrored.drop(id_)
        if thread is None:
            thread = await self._open(mirror, id_, conversation)
        found = Mirrored(id=mirror.id("at", thread), conversation=conversation, at=now, gone=now + THREADS_KEPT)
        await self._store.mirrored.begin(found)
        return thread

    async def _open(self, mirror: Mirror, id_: str, conversation: ConversationId) -> str:
        found = await self._store.conversations.get(conversation)
        if found is None:
            raise Retry("The conversation is not there yet.")
        account, headline = mirror.account, await self._headline(mirror, found)
        thread = await self._posting.once(
            mirror, id_, conversation, lambda: mirror.channel.open_thread(account, headline)
        )
        if thread is None:
            raise Retry("Nobody knows yet whether the thread was begun.", OPENING.total_seconds())
        return thread

    async def _headline(self, mirror: Mirror, conversation: Conversation) -> Headline:
        account = await self._accounts.get(conversation.account)
        channel: object = self._channels.get(conversation.channel)
        kind = channel.names.get(mirror.language) if isinstance(channel, Named) else None
        return Headline(
            name=conversation.name or conversation.to,
            channel=" · ".join(filter(None, (kind or conversation.channel, account.name if account else ""))),
            url=self._url(conversation.id),
            subject=conversation.subject,
        )


def _is_for(mirror: Mirror, said: Said) -> bool:
    """Whether the team is shown it: nothing old, and not their own words of that thread."""
    own = said.kind == "note" and said.author.id.startswith(f"{mirror.account.id}:")
    return said.kind in KINDS and not said.history and not own and mirror.shows(said.account)


def _newest(said: Said) -> str:
    """The words without what they quote."""
    return "\n".join(said.text[low:high].strip() for low, high in said.visible) if said.visible else said.text
