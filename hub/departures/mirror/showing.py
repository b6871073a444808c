"""Showing: follows the event log from its own cursor, and shows each entry once in its conversation's thread."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import msgspec
import structlog

from channels.base import Channel, Entry, Headline, Named
from hub.departures.mirror.posting import HUB, THREADS_KEPT, Mirror, Posting
from hub.errors import Refused, Retry
from hub.events import Added, Changed
from hub.model import Author, Conversation, ConversationId, Event, EventItem, MessageId, MessageKind
from hub.people.accounts import AccountBook
from hub.store import Store
from hub.store.mirrored import Mirrored

log = structlog.get_logger()

AT_ONCE = 200  # events
LATE = dt.timedelta(days=1)  # what could not be shown by then is not news any more
OPENING = dt.timedelta(seconds=90)  # by then the call has ended, or its process
MOST_REFUSED = 6
KINDS = ("in", "out", "note")
MARKS = {
    "edited": {"vi": "đã sửa", "en": "edited"},
    "deleted": {"vi": "tin này đã bị xoá", "en": "this message was deleted"},
}
LOST = {
    "refused": {"vi": "⚠ Câu trả lời chưa tới khách. {why}", "en": "⚠ The answer did not reach the customer. {why}"},
    "unknown": {"vi": "⚠ Không rõ khách đã nhận chưa. {why}", "en": "⚠ Nobody knows whether it arrived. {why}"},
}


class File(msgspec.Struct, frozen=True):
    name: str


class Turn(msgspec.Struct, frozen=True):
    """What an event entry says; of an edit or deletion `to` is the entry that it is about."""

    verb: str
    to: str | None = None


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
    change: Turn | None = None


class Left(msgspec.Struct, frozen=True):
    why: str | None = None


class Ending(msgspec.Struct, frozen=True):
    """How an answer ended, as far as an event says it."""

    delivery: str | None = None
    deliveries: tuple[Left, ...] = ()


_items = msgspec.json.Decoder(list[EventItem])
_added = msgspec.json.Decoder(Added[Said])
_changed = msgspec.json.Decoder(Changed[Ending])
_TELLING = (b'"message.added"', b'"refused"', b'"unknown"')


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
        if event.at < self._clock() - LATE or not any(one in event.items for one in _TELLING):
            return False
        shown = False
        for item in _items.decode(event.items):
            if item.type == "message.added":
                shown = await self._added(mirror, _added.decode(item.data).message) or shown
            elif item.type == "message.changed" and item.conversation is not None:
                shown = await self._tell_lost(mirror, item.conversation, _changed.decode(item.data)) or shown
        return shown

    async def _added(self, mirror: Mirror, said: Said) -> bool:
        if said.kind == "event" and said.change is not None and said.change.verb in MARKS:
            return await self._edited(mirror, said, MARKS[said.change.verb], said.change.to or "")
        if not _is_for(mirror, said):
            return False
        return await self._patiently(mirror, mirror.id("entry", said.id), lambda: self._show(mirror, said))

    async def _edited(self, mirror: Mirror, said: Said, mark: Mapping[str, str], about: str) -> bool:
        """An entry that stands there was edited or deleted; one that was never shown stays so."""
        known = await self._store.mirrored.get(mirror.id("entry", about))
        if known is None or known.external is None or said.history or not mirror.shows(said.account):
            return False
        post, id_ = known.external, mirror.id("entry", said.id)
        return await self._patiently(mirror, id_, lambda: self._show_anew(mirror, said, post, mark, about))

    async def _show_anew(self, mirror: Mirror, said: Said, post: str, mark: Mapping[str, str], about: str) -> None:
        """As it reads by now; a later edit finds nothing left to do."""
        found = await self._store.messages.by_ids([MessageId(about)])
        if not found or found[0].amended is None:
            return
        message, now_says = found[0], found[0].amended
        entry = Entry(
            kind=_kind(message.kind),
            author=message.author.name,
            text=now_says.text,
            files=() if now_says.gone else tuple(one.name for one in message.attachments),
            mark=mark[mirror.language],
        )
        id_, account = mirror.id("entry", said.id), mirror.account
        await self._posting.once(
            mirror, id_, message.conversation, lambda: mirror.channel.show_anew(account, post, entry)
        )

    async def _tell_lost(self, mirror: Mirror, conversation: ConversationId, changed: Changed[Ending]) -> bool:
        words, of = LOST.get(changed.set.delivery or ""), mirror.id("entry", changed.message)
        if words is None or not await self._posting.was_begun(of):
            return False
        id_ = mirror.id(f"{changed.set.delivery}", changed.message)
        return await self._patiently(mirror, id_, lambda: self._lost(mirror, conversation, id_, words, changed))

    async def _lost(
        self, mirror: Mirror, conversation: ConversationId, id_: str, words: Mapping[str, str], changed: Changed[Ending]
    ) -> None:
        """Tell in the thread that an answer which stands there did not arrive, or that nobody knows."""
        thread = await self._thread(mirror, conversation)
        why = next((one.why for one in changed.set.deliveries if one.why), "")
        text = words[mirror.language].format(why=why).strip()
        entry, account = Entry(kind="note", author=HUB[mirror.language], text=text), mirror.account
        await self._posting.once(mirror, id_, conversation, lambda: mirror.channel.show(account, thread, entry))

    async def _patiently(self, mirror: Mirror, id_: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Show it; what the platform refuses again and again is left out, so that the rest goes on."""
        if await self._posting.was_begun(id_):
            return False
        try:
            await work()
        except Refused:
            self._refused[id_] = self._refused.get(id_, 0) + 1
            if self._refused[id_] < MOST_REFUSED:
                raise
            log.warning("mirrored entry left out", account_id=mirror.account.id, post_id=id_)
        self._refused.pop(id_, None)
        return True

    async def _show(self, mirror: Mirror, said: Said) -> None:
        thread = await self._thread(mirror, said.conversation)
        entry = Entry(
            kind=_kind(said.kind),
            author=said.author.name,
            text=_newest(said),
            files=tuple(one.name for one in said.attachments),
        )
        account = mirror.account
        id_ = mirror.id("entry", said.id)
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


def _kind(kind: MessageKind) -> Literal["in", "out", "note"]:
    return "in" if kind == "in" else "out" if kind == "out" else "note"


def _is_for(mirror: Mirror, said: Said) -> bool:
    """Whether the team is shown it: nothing old, and not their own words of that thread."""
    own = said.kind == "note" and said.author.id.startswith(f"{mirror.account.id}:")
    return said.kind in KINDS and not said.history and not own and mirror.shows(said.account)


def _newest(said: Said) -> str:
    """The words without what they quote."""
    return "\n".join(said.text[low:high].strip() for low, high in said.visible) if said.visible else said.text
