"""By mail: what a chat's customer did not read for ten minutes follows to the address that they gave and proved.

The mail names the chat's conversation, so that an answer to it comes back there. Each answer leaves once at most: that
it leaves is journaled before the call, and what was lost with a process is said in the log and not tried again.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine, Mapping, Sequence

import structlog

from channels.base import Channel
from hub.bus import Bus
from hub.departures.mail_words import asked_words, chat_words, subject_of
from hub.errors import Refused, Retry, StoreDown
from hub.events import Announcer, conversation_changed, message_added
from hub.ids import outgoing_id
from hub.logs import where
from hub.model import Account, Author, Change, Conversation, Message, Part, Sent
from hub.people.accounts import AccountBook
from hub.people.mailable import MAIL
from hub.store import Store
from hub.store.links import Link, link_id
from hub.store.mailings import Mailing

log = structlog.get_logger()

AT_ONCE = 50
LEASE = dt.timedelta(minutes=5)
SOON, LATER, ASKED = dt.timedelta(seconds=60), dt.timedelta(hours=1), dt.timedelta(hours=24)
MOST_TRIES = 12
QUESTIONS, AN_HOUR = 20, 3600.0  # to strangers' addresses, in one installation
SHOWN = ("sent", "delivered", "read")
SYSTEM = Author(kind="system", id="system", name="")


class ByMail:
    """`link` makes the address that proves a claim: it is opened by whoever reads the mail."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        announcer: Announcer,
        accounts: AccountBook,
        channels: Mapping[str, Channel],
        clock: Callable[[], dt.datetime],
        link: Callable[[Mailing], str],
    ) -> None:
        self._store = store
        self._bus = bus
        self._announcer = announcer
        self._accounts = accounts
        self._channels = channels
        self._clock = clock
        self._link = link

    async def step(self) -> None:
        """Send what is due. Raises StoreDown."""
        answers: dict[str, list[Mailing]] = {}
        for one in await self._store.mailings.due(self._clock(), AT_ONCE):
            if one.state != "waiting":
                await self._over(one)
            elif one.kind == "confirm":
                await self._guarded([one], self._ask(one))
            else:
                answers.setdefault(f"{one.conversation}", []).append(one)
        for rows in answers.values():
            await self._guarded(rows, self._answer(rows))

    async def _guarded(self, rows: Sequence[Mailing], work: Coroutine[object, object, None]) -> None:
        """A bug on one mail must not hold up the others."""
        try:
            await work
        except StoreDown:
            raise
        except Exception as error:
            log.error("mail failed", mailing_id=rows[0].id, why=type(error).__name__, at=where(error))
            await self._store.mailings.again([one.id for one in rows], self._clock() + LATER)

    async def _over(self, one: Mailing) -> None:
        """Remembered for long enough; or lost with its process: it may have left, and never leaves again."""
        if one.state == "leaving" and one.conversation is not None and one.message is not None:
            await self._tell(one, "mail_unknown")
        await self._store.mailings.done([one.id])

    # -- the question whether an address is theirs --------------------------------------------------------------------

    async def _ask(self, one: Mailing) -> None:
        chat, mail = await self._accounts.get(one.account), await self._mailbox()
        if chat is None or not self._is_followed(chat):
            await self._store.mailings.done([one.id])
        elif mail is None:
            await self._store.mailings.again([one.id], self._clock() + LATER)
        elif await self._bus.token("mail-questions", QUESTIONS, QUESTIONS / AN_HOUR, self._clock().timestamp()):
            await self._store.mailings.again([one.id], self._clock() + SOON)
        elif await self._store.mailings.leaving(one, self._clock() + LEASE):
            language = await self._language(one)
            part = Part(
                message=outgoing_id("by-mail", one.id),
                index=0,
                at=self._clock(),
                author=SYSTEM,
                subject=subject_of("confirm", chat.name, language),
                auto=True,
                text=asked_words(chat.name, self._link(one), language),
            )
            await self._call(mail, [one], part)

    # -- answers ------------------------------------------------------------------------------------------------------

    async def _answer(self, rows: Sequence[Mailing]) -> None:
        """One mail for all answers of a conversation that are due and unread."""
        first = rows[0]
        conversation = await self._store.conversations.get(first.conversation) if first.conversation else None
        chat, mail = await self._accounts.get(first.account), await self._mailbox()
        if conversation is None or chat is None or not self._is_followed(chat) or conversation.mail is None:
            await self._store.mailings.done([one.id for one in rows])
            return
        seen = [one for one in rows if one.seq <= conversation.seen_by_customer]
        if seen:
            await self._store.mailings.done([one.id for one in seen])
        left = [one for one in rows if one.seq > conversation.seen_by_customer]
        if mail is None:
            await self._store.mailings.again([one.id for one in left], self._clock() + LATER)
            return
        found = {one.id: one for one in await self._store.messages.by_ids(one.message for one in left if one.message)}
        ready = [one for one in left if one.message in found and found[one.message].delivery in SHOWN]
        lost = [one for one in left if one.message not in found or found[one.message].delivery == "refused"]
        await self._store.mailings.done([one.id for one in lost])  # the chat itself says that it did not arrive
        waiting = [one for one in left if one not in ready and one not in lost]
        await self._store.mailings.again([one.id for one in waiting], self._clock() + SOON)
        mine = [one for one in ready if await self._store.mailings.leaving(one, self._clock() + LEASE)]
        if mine:
            said = [found[one.message] for one in mine if one.message is not None]
            await self._call(mail, mine, await self._part(conversation, chat, said, mine[0]), said[0])

    async def _part(self, conversation: Conversation, chat: Account, said: Sequence[Message], one: Mailing) -> Part:
        language = await self._language(one)
        texts = [each.text for each in said if each.amended is None or not each.amended.gone]
        return Part(
            message=said[0].id,
            index=0,
            conversation=conversation.id,
            at=said[-1].at,
            author=said[-1].author,
            subject=subject_of("answer", chat.name, language),
            text=chat_words(texts, chat.name, language),
            attachments=tuple(file for each in said for file in each.attachments if file.state == "here"),
        )

    # -- the call, and how it ended -----------------------------------------------------------------------------------

    async def _call(self, mail: Account, rows: Sequence[Mailing], part: Part, about: Message | None = None) -> None:
        channel, ids = self._channels[mail.kind], [one.id for one in rows]
        try:
            async with asyncio.timeout(channel.limits.timeout_s):
                sent = await channel.send(mail, rows[0].to, part)
        except Retry as error:
            if rows[0].attempts + 1 < MOST_TRIES:
                pause = SOON.total_seconds() * 2 ** min(rows[0].attempts, 6)
                due = self._clock() + dt.timedelta(seconds=max(pause, error.after_s or 0.0))
                await self._store.mailings.again(ids, due)
                return
            await self._end(rows, "mail_refused", str(error))
        except Refused as error:
            await self._end(rows, "mail_refused", str(error))
        except Exception as error:  # its timeout, Unknown, or a bug: it may have left
            log.warning("mail may have left", mailing_id=ids[0], why=type(error).__name__)
            await self._end(rows, "mail_unknown")
        else:
            await self._link_back(mail, sent, about)
            await self._end(rows, "mailed")

    async def _link_back(self, mail: Account, sent: Sent, about: Message | None) -> None:
        """So that an answer finds the chat also when its mail program dropped our address."""
        if sent.external and about is not None:
            id_ = link_id(mail.id, sent.external)
            link = Link(id=id_, message=about.id, conversation=about.conversation, ours=True)
            await self._store.links.add([link])

    async def _end(self, rows: Sequence[Mailing], verb: str, why: str | None = None) -> None:
        if rows[0].kind == "confirm":
            await self._store.mailings.sent([one.id for one in rows], self._clock() + ASKED)
            return
        await self._tell(rows[0], verb, why)
        await self._store.mailings.done([one.id for one in rows])

    async def _tell(self, one: Mailing, verb: str, why: str | None = None) -> None:
        """Say in the log what became of it; under an id of its own, so that a redo says it once."""
        assert one.conversation is not None
        since = self._store.ledger.breaks.count
        conversation = await self._store.conversations.get(one.conversation)
        if conversation is None:
            return
        now = self._clock()
        entry = Message(
            id=outgoing_id("by-mail", f"{one.id}:{verb}"),
            conversation=conversation.id,
            seq=conversation.head + 1,
            kind="event",
            author=SYSTEM,
            account=conversation.account,
            channel=conversation.channel,
            contact=conversation.contact,
            at=now,
            order=int(now.timestamp() * 1_000_000),
            change=Change(verb=verb, to=one.to, to_name=why),
        )
        [logged] = await self._store.messages.append([entry], since, journaled=True)
        read = {"read": logged.message.seq} if conversation.read >= conversation.head else {}
        await self._store.conversations.change(conversation.id, read, head=logged.message.seq)
        row = conversation_changed(conversation.id, logged.message.seq, dict(read))
        await self._announcer.announce([message_added(logged.message), row], now)

    # -- who and where ------------------------------------------------------------------------------------------------

    def _is_followed(self, chat: Account) -> bool:
        return chat.kind in self._channels and self._channels[chat.kind].limits.mailed

    async def _mailbox(self) -> Account | None:
        """The shop's mailbox: of several the first that was connected; never the demo's, whose mail reaches nobody."""
        there = [one for one in await self._accounts.all() if one.kind == MAIL and one.on and MAIL in self._channels]
        boxes = [one for one in there if not one.settings.get("demo")]
        return min(boxes, key=lambda one: (one.at, one.id), default=None)

    async def _language(self, one: Mailing) -> str:
        contact = await self._store.contacts.get(one.contact)
        return "en" if contact is not None and contact.language == "en" else "vi"
