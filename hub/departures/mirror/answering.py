"""Answering: a colleague's words in a mirrored thread become an internal note; the button below it sends them on."""

import datetime as dt
import random
from collections.abc import Callable

import msgspec
import structlog

from channels.base import Entry, Names, Reply
from hub.departures.compose import Composer, Draft
from hub.departures.mirror.posting import HUB, KEPT, Mirror, Posting
from hub.errors import Answered, BadInput, NotFound, Poison, Refused, Retry, StoreDown
from hub.logs import where
from hub.model import Arrival, Author, ConversationId, Message
from hub.store import Store
from hub.store.mirrored import Mirrored, MirrorReply

log = structlog.get_logger()

AT_ONCE = 50
MOST_TRIES = 12
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 600.0
WORDS = {
    "answered": {
        "vi": "Chưa gửi: khách vừa được người khác trả lời. Bạn xem câu trả lời đó; nếu vẫn muốn gửi, bấm nút lần nữa.",
        "en": "Not sent: somebody else answered just now. Read that answer; to send yours all the same, press again.",
    },
    "cannot": {
        "vi": "Chưa gửi được: {why} Bạn mở cuộc trò chuyện trong hộp thư để trả lời.",
        "en": "Not sent: {why} Open the conversation in the inbox to answer it.",
    },
}


class Answering:
    def __init__(
        self,
        store: Store,
        composer: Composer,
        posting: Posting,
        clock: Callable[[], dt.datetime],
        chance: random.Random,
    ) -> None:
        self._store = store
        self._composer = composer
        self._posting = posting
        self._clock = clock
        self._chance = chance

    async def work(self, mirror: Mirror, waiting: list[MirrorReply]) -> bool:
        """Do these, in their order; whether anything was done. Raises the last Retry or Refused; StoreDown at once."""
        failed: Retry | Refused | None = None
        done = False
        for one in waiting:
            try:
                await self._one(mirror, one)
                done = True
            except (Retry, Refused) as error:
                await self._later(one, error)
                failed = error
            except StoreDown:
                raise
            except Exception as error:  # a bug of ours on one of them must not hold up the others
                log.error("mirrored reply failed", arrival_id=one.id, why=type(error).__name__, at=where(error))
                await self._later(one, Retry("It failed inside the hub."))
        if failed is not None:
            raise failed
        return done

    async def _one(self, mirror: Mirror, one: MirrorReply) -> None:
        arrival = await self._store.arrivals.get(one.id)
        reply = await self._read(mirror, arrival) if arrival is not None else None
        if reply is not None:
            at = await self._store.mirrored.get(mirror.id("at", reply.thread))
            if at is not None:  # else it is no thread of a conversation
                await (self._note if reply.kind == "note" else self._answer)(mirror, one, reply, at)
        await self._store.mirror_replies.done(one.id)

    async def _read(self, mirror: Mirror, arrival: Arrival) -> Reply | None:
        if arrival.file is not None:
            body = await self._store.files.read_all(arrival.file)
            arrival = msgspec.structs.replace(arrival, body=body)
        try:
            return await mirror.channel.reply(mirror.account, arrival)
        except Poison as error:
            log.warning("mirrored reply unread", arrival_id=arrival.id, why=str(error))
            return None

    async def _note(self, mirror: Mirror, one: MirrorReply, reply: Reply, at: Mirrored) -> None:
        if not reply.text.strip():
            return
        if await self._logged(mirror, reply) is None and not await self._log(mirror, one, reply, at):
            return
        account = mirror.account
        await self._posting.once(
            mirror,
            mirror.id("button", reply.external),
            at.conversation,
            lambda: mirror.channel.offer(account, reply, mirror.language),
        )

    async def _log(self, mirror: Mirror, one: MirrorReply, reply: Reply, at: Mirrored) -> bool:
        """Log the words as a note; False when that cannot be, which is told."""
        author = await self._author(mirror, reply)
        draft = Draft(author=author, conversation=at.conversation, key=f"mirror:{reply.external}", text=reply.text)
        try:
            note = await self._composer.note(draft)
        except (BadInput, NotFound) as error:
            await self._say(mirror, one, reply, at.conversation, WORDS["cannot"], str(error))
            return False
        now = self._clock()
        words = Mirrored(id=mirror.id("words", reply.external), conversation=at.conversation, at=now, gone=now + KEPT)
        await self._store.mirrored.begin(msgspec.structs.replace(words, message=note.id))
        return True

    async def _author(self, mirror: Mirror, reply: Reply) -> Author:
        """The colleague, under the name that they have there."""
        channel: object = mirror.channel
        name = await channel.name(mirror.account, reply.by) if isinstance(channel, Names) else None
        return Author(kind="agent", id=f"{mirror.account.id}:{reply.by}", name=name or reply.by)

    async def _answer(self, mirror: Mirror, one: MirrorReply, reply: Reply, at: Mirrored) -> None:
        """Send the note's words on; whoever presses has seen what the thread shows."""
        note = await self._logged(mirror, reply)
        if note is None:
            return
        draft = Draft(
            author=note.author,
            conversation=note.conversation,
            key=f"mirror:{reply.external}:answer",  # one answer of one note, however often it is pressed
            text=note.text,
            seen=at.seen,
        )
        try:
            await self._composer.reply(draft)
        except Answered:
            await self._say(mirror, one, reply, note.conversation, WORDS["answered"])
        except (BadInput, NotFound) as error:
            await self._say(mirror, one, reply, note.conversation, WORDS["cannot"], str(error))

    async def _logged(self, mirror: Mirror, reply: Reply) -> Message | None:
        known = await self._store.mirrored.get(mirror.id("words", reply.external))
        if known is None or known.message is None:
            return None
        return next(iter(await self._store.messages.by_ids([known.message])), None)

    async def _say(
        self,
        mirror: Mirror,
        one: MirrorReply,
        reply: Reply,
        conversation: ConversationId,
        words: dict[str, str],
        why: str = "",
    ) -> None:
        """Tell in the thread that it was not sent, and why."""
        text = words[mirror.language].format(why=why)
        entry, account = Entry(kind="note", author=HUB[mirror.language], text=text), mirror.account
        await self._posting.once(
            mirror,
            mirror.id("said", one.id),
            conversation,
            lambda: mirror.channel.show(account, reply.thread, entry),
        )

    async def _later(self, one: MirrorReply, error: Retry | Refused) -> None:
        """Again after a growing, jittered pause; given up in the end, what was logged of it stays."""
        if one.attempts + 1 >= MOST_TRIES:
            log.error("mirrored reply given up", arrival_id=one.id, why=str(error))
            await self._store.mirror_replies.done(one.id)
            return
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**one.attempts) * self._chance.uniform(0.5, 1.5)
        told = error.after_s if isinstance(error, Retry) and error.after_s is not None else 0.0
        await self._store.mirror_replies.again(one, self._clock() + dt.timedelta(seconds=max(pause, told)))
