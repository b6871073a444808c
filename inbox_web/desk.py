"""Answers the customers' frames, the same for socket and HTTP. What changes something goes through the door first."""

import time

import msgspec

from channels.base import Verified, Webhook
from hub.errors import BadInput, Forged, HubError, NotFound, StoreDown, TooLarge, TooMany
from hub.ids import inbound_id
from hub.model import Account, AddressId, Attachment, Conversation, MessageId
from hub.people.learn import belongs_to_another
from hub.safety.tokens import Visitor, read_visitor, visitor_token
from hub.views import MessageView, message_view
from inbox_web import chat_frames
from inbox_web.chat_frames import (
    ChatMessage,
    Frame,
    Hello,
    Ping,
    Profile,
    Read,
    Send,
    SignedUser,
    Typing,
    Welcome,
    ack,
    amends,
    chat_message,
    encode,
    nack,
    shown,
)
from inbox_web.guests import Guest, Guests
from inbox_web.meters import Meters
from inbox_web.outstanding import Outstanding
from inbox_web.pace import Pace
from inbox_web.parts import Parts
from inbox_web.presence import TYPING, VisitorTyping
from inbox_web.website import widget_view

KIND = "webchat"
MOST_SHOWN = 200  # messages behind the newest that a hello brings
FRAMES, FRAMES_WINDOW_S = 20, 10.0
MOST_FILES = 10
PAGE_LETTERS = 500
VISITOR_HEADER = "x-visitor"


class Desk:
    """One per process."""

    def __init__(self, parts: Parts, guests: Guests, meters: Meters, outstanding: Outstanding) -> None:
        self._parts = parts
        self._guests = guests
        self._meters = meters
        self._outstanding = outstanding
        self._pace = Pace(FRAMES, FRAMES_WINDOW_S)
        channel = parts.channels[KIND]
        assert isinstance(channel, Webhook)  # asked once: asking a protocol costs more than reading a frame
        self._channel = channel

    async def account(self, id_: str) -> Account:
        """The web chat account of an address; raises NotFound when there is none or it is switched off."""
        account = await self._parts.accounts.get(id_)
        if account is None or account.kind != KIND or not account.on:
            raise NotFound("There is no such chat.")
        return account

    def visitor(self, account: Account, token: str | None) -> Visitor:
        """The visitor of a token, or a new one; raises Forged."""
        if token:
            return read_visitor(self._parts.ring, token, account.id)
        return Visitor(account=account.id, id=self._parts.new_id())

    # -- hello --------------------------------------------------------------------------------------------------------

    async def welcome(self, account: Account, guest: Guest, hello: Hello) -> list[bytes]:
        """What a visitor is told at first: who they are, how the widget looks, what came behind `since`."""
        guest.language = "en" if hello.language == "en" else "vi"
        guest.page = hello.page[:PAGE_LETTERS] if hello.page else None
        before = guest.visitor
        refused = await self._identify(account, guest, hello.user) if hello.user else []
        conversation, messages = await self.since(guest, hello.since if guest.visitor == before else 0)
        identified, given = await self._known(guest)
        guest.seen = conversation.read if conversation else 0
        welcome = Welcome(
            token=visitor_token(self._parts.ring, guest.visitor),
            account=widget_view(account),
            cursor=guest.cursor,
            messages=messages,
            seen=guest.seen,
            identified=identified or (hello.user is not None and not refused),
            profile_given=given,
        )
        return [encode(welcome), *refused]

    async def since(self, guest: Guest, since: int) -> tuple[Conversation | None, list[ChatMessage]]:
        """The visitor's conversation and what they may see of it behind `since`, the newest 200 at most."""
        store = self._parts.store
        async with store.settled():
            conversation = (await store.conversations.of_threads([guest.thread])).get(guest.thread)
            if conversation is None:
                return None, []
            low = max(since + 1, conversation.head - MOST_SHOWN + 1)
            entries = await store.messages.window(conversation.id, low, conversation.head + 1)
            views = [message_view(entry) for entry in entries]
            older = await self._amended(views)
        guest.reach(conversation.head)
        for view in views:
            guest.note(view)
        return conversation, [self._show(view) for view in (*older, *views) if shown(view)]

    async def _amended(self, views: list[MessageView]) -> list[MessageView]:
        """Messages from before these that one of these says was edited or deleted: a browser has them as they were."""
        about = {id_ for view in views if (id_ := amends(view)) is not None} - {view.id for view in views}
        found = await self._parts.store.messages.by_ids([MessageId(id_) for id_ in sorted(about)]) if about else []
        return [message_view(one) for one in sorted(found, key=lambda one: one.seq)]

    def _show(self, view: MessageView) -> ChatMessage:
        return chat_message(view, self._parts.ring, self._parts.now())

    async def _identify(self, account: Account, guest: Guest, user: SignedUser) -> list[bytes]:
        """Keep what the site's backend signed; a signature that does not fit leaves the visitor a stranger.

        A browser that was another user's before gets a new visitor: one person's chat is not the next one's to read.
        """
        body = chat_frames.kept_identity(user)
        try:
            self._verified(account, guest, body)
            if await belongs_to_another(self._parts.store, account, guest.visitor.id, chat_frames.signed_id(user)):
                self._guests.exchange(guest, self.visitor(account, None))
            await self._keep(account, guest, body)
        except (Forged, BadInput) as error:
            return [nack("identify", error, guest.language)]
        return []

    async def _known(self, guest: Guest) -> tuple[bool, bool]:
        """Whether a site vouched for this visitor, and whether they said how to reach them."""
        id_ = AddressId(f"{KIND}:{guest.visitor.id}")
        address = (await self._parts.store.addresses.by_ids([id_])).get(id_)
        contact = await self._parts.store.contacts.get(address.contact) if address else None
        if address is None or contact is None:
            return False, False
        given = any(contact.facts.get(fact) for fact in ("email", "phone"))
        return address.verified == "signed identity", given or contact.root is not None

    # -- frames -------------------------------------------------------------------------------------------------------

    def read_frame(self, text: str | bytes) -> Frame:
        """One frame; raises BadInput or TooLarge."""
        if len(text) > chat_frames.MOST_FRAME_BYTES:
            raise TooLarge("This message is larger than the chat takes.")
        try:
            frame: Frame = chat_frames.decoder.decode(text)
        except msgspec.MsgspecError as error:
            raise BadInput("This is not a frame that the chat knows.") from error
        return frame

    async def answer(self, account: Account, guest: Guest, frame: Frame) -> list[bytes]:
        """What the widget is told of one frame behind the hello; an acknowledgement only of what was kept."""
        match frame:
            case Send() | Profile():
                return [await self._acknowledged(account, guest, frame)]
            case Read():
                await self._read(account, guest, frame.seq)
                return []
            case Typing():
                await self._typing(guest)
                return []
            case Ping():
                return [b'{"t":"pong"}']
            case Hello():
                self._slow_down(guest)
                return await self.welcome(account, guest, frame)

    async def _acknowledged(self, account: Account, guest: Guest, frame: Send | Profile) -> bytes:
        started = time.perf_counter()
        try:
            self._slow_down(guest)
            if isinstance(frame, Send):
                await self._keep_message(account, guest, frame)
            else:
                await self._keep(account, guest, await self._body(guest, frame))
        except (BadInput, TooLarge, TooMany, StoreDown, NotFound) as error:
            return nack(frame.id[:100], error, guest.language)
        self._meters.keep.observe(time.perf_counter() - started)
        return ack(frame.id)

    async def _keep_message(self, account: Account, guest: Guest, frame: Send) -> None:
        """Keep a message, once there is room: acknowledging must not run far ahead of what agents are shown."""
        body = await self._body(guest, frame)
        await self._outstanding.room()
        message = inbound_id(account.id, f"{guest.visitor.id}:{frame.id}")
        self._outstanding.add(guest.conversation, message)
        try:
            await self._keep(account, guest, body)
        except HubError:
            self._outstanding.drop(message)
            raise

    async def _body(self, guest: Guest, frame: Send | Profile) -> bytes:
        if isinstance(frame, Profile):
            return chat_frames.kept_profile(frame, guest.language)
        files = await self._files(guest, frame.files) if frame.files else ()
        return chat_frames.kept_send(frame, files, guest.language, guest.page)

    async def _files(self, guest: Guest, ids: tuple[str, ...]) -> tuple[Attachment, ...]:
        if len(ids) > MOST_FILES:
            raise BadInput(f"At most {MOST_FILES} files fit into one message.", "files")
        uploads = await self._parts.store.files.uploads(list(ids), owner_of(guest.visitor))
        if len(uploads) != len(ids):
            raise NotFound("One of these files is not here any more; attach it again.")
        await self._parts.store.files.keep(list(ids))
        return tuple(upload.file for upload in uploads)

    async def _typing(self, guest: Guest) -> None:
        try:
            self._slow_down(guest)
        except TooMany:  # whoever writes that fast is seen to
            return
        await self._parts.bus.publish(TYPING, encode(VisitorTyping(conversation=guest.conversation)))

    async def _read(self, account: Account, guest: Guest, seq: int) -> None:
        """How far the customer has read; not worth an answer, and said again when it was lost."""
        try:
            self._slow_down(guest)
            await self._keep(account, guest, chat_frames.kept_read(seq))
        except HubError:
            return

    async def _keep(self, account: Account, guest: Guest, body: bytes) -> None:
        """Let the channel check the frame, then keep it. Raises BadInput, TooLarge, Forged or StoreDown."""
        verified = self._verified(account, guest, body)
        await self._parts.door.keep(account, verified.arrivals)
        self._meters.arrivals.labels(KIND).inc(len(verified.arrivals))

    def _verified(self, account: Account, guest: Guest, body: bytes) -> Verified:
        return self._channel.verify({VISITOR_HEADER: guest.visitor.id}, body, [account], self._parts.now())

    def _slow_down(self, guest: Guest) -> None:
        self._pace.take(guest.thread, self._parts.now().timestamp())


def owner_of(visitor: Visitor) -> str:
    """Under which a visitor's uploads wait."""
    return f"visitor:{visitor.account}:{visitor.id}"
