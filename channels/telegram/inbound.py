"""From Telegram's updates to arrivals, and from arrivals to inbounds. Pure.

What python-telegram-bot cannot read, or only half, is poison: kept and set aside. It is never answered with an error,
because Telegram would repeat it for a day and hold everything of that chat behind it.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

import msgspec
from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageReactionUpdated, ReactionType, Update
from telegram import User as TelegramUser

from channels.base import RawArrival, Verified
from channels.telegram import contents, wire
from hub.errors import Forged, Poison
from hub.inbound import (
    From,
    Inbound,
    InboundEdit,
    InboundMessage,
    InboundMove,
    InboundProfile,
    InboundRating,
    InboundReach,
    InboundReaction,
)
from hub.model import Account, Arrival

SECOND = 1_000_000  # order is in microseconds; Telegram's times are whole seconds
STARS = re.compile("★{1,5}")  # a rating, as the buttons below the question for one show it
BLOCKED = (
    "This person blocked the bot on Telegram. Nothing reaches them there until they write again; try another channel."
)
PICTURED = {"custom_emoji": "✨", "paid": "⭐"}  # marks on a message that are no letters


# -- the door ---------------------------------------------------------------------------------------------------------


def verify(headers: Mapping[str, str], body: bytes, accounts: list[Account]) -> Verified:
    """One update, shown with the account's secret. Raises Forged; anything else that it may be is kept."""
    secret = wire.secrets_of(accounts[0]).secret
    given = headers.get(wire.SECRET, "")
    # As bytes: text that is not ASCII would make the comparison itself fail.
    if not secret or not hmac.compare_digest(secret.encode(), given.encode("utf-8", "surrogateescape")):
        raise Forged("The request does not show the secret that Telegram was given for this bot.")
    return Verified(arrivals=(raw_arrival(body),))


def raw_arrival(body: bytes) -> RawArrival:
    """An update on its way into the ledger, under a name that holds when its number is used again.

    Telegram counts updates from a random number after an idle week, so the number alone does not name one for ever.
    """
    try:
        update = wire.envelope.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return RawArrival(external=f"unread:{hashlib.sha256(body).hexdigest()}", lane="unread", body=body)
    kind, thing = _thing(update)
    if thing is None:
        return RawArrival(external=f"update:{update.update_id}", lane="other", body=body)
    chat = thing.chat or (thing.message.chat if thing.message else None)
    about = [str(each) for each in (chat and chat.id, thing.message_id, thing.edit_date or thing.date) if each]
    external = ":".join([f"update:{update.update_id}", *about, *([str(thing.id)] if thing.id else [])])
    return RawArrival(
        external=external,
        lane=str(chat.id) if chat else "other",
        body=body,
        same=external.encode(),  # asked for again, the same update may be written in other bytes
        order=_order(kind, thing, update.update_id),
    )


def _thing(update: wire.Envelope) -> tuple[str, wire.Thing | None]:
    for kind in wire.UPDATES:
        thing: wire.Thing | None = getattr(update, kind)
        if thing is not None:
            return kind, thing
    return "", None


def _order(kind: str, thing: wire.Thing, update: int) -> int | None:
    """A message stands by its second and its number; what is said of one, by its second and the update's."""
    at = thing.edit_date or thing.date
    if not at:
        return None
    return at * SECOND + ((thing.message_id or 0) if kind == "message" else update) % SECOND


def pressed(body: bytes) -> str | None:
    """The id of the button press that this update is, which Telegram wants to hear of; None for other updates."""
    try:
        query = wire.envelope.decode(body).callback_query
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return str(query.id) if query and query.id else None


# -- what it means ----------------------------------------------------------------------------------------------------


def normalise(account: Account, arrival: Arrival) -> list[Inbound]:
    """What a kept update means; [] when it is nothing for people. Raises Poison."""
    try:
        update = Update.de_json(wire.parsed(arrival.body), None)
        return _inbounds(update, account, arrival)
    except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError, LookupError) as error:
        raise Poison(f"not an update of Telegram: {type(error).__name__}") from error
    except (TypeError, AttributeError, ValueError, OSError) as error:
        raise Poison(f"an update of Telegram that lacks something: {type(error).__name__}") from error


def _inbounds(update: Update, account: Account, arrival: Arrival) -> list[Inbound]:
    if update.message is not None:
        return _message(update.message, arrival)
    if update.edited_message is not None:
        return _edit(update.edited_message, arrival)
    if update.message_reaction is not None:
        return _reactions(update.message_reaction, arrival)
    if update.callback_query is not None:
        return _press(update.callback_query, arrival)
    if update.my_chat_member is not None:
        return _reach(update.my_chat_member)
    return []


def _message(message: Message, arrival: Arrival) -> list[Inbound]:
    if message.migrate_to_chat_id is not None:
        new = str(message.migrate_to_chat_id)
        return [InboundMove(thread=str(message.chat.id), new_thread=new, to=new)]
    text, files = contents.words(message), contents.files(message)
    if not text and not files:
        return []  # somebody joined, a title changed, a message was pinned
    sender = _sender(message)
    thread = wire.thread(message.chat.id, _topic(message))
    said = InboundMessage(
        external=wire.external(message.chat.id, message.message_id),
        thread=thread,
        sender=sender,
        to=thread,
        at=message.date,
        order=arrival.order,
        text=text,
        files=files,
        language=_language(message.from_user),
        group=f"{message.chat.id}:{message.media_group_id}" if message.media_group_id else None,
        auto=_is_machine(message),
        answers=_answers(message),
    )
    return [said, *_own_number(message, sender)]


def _edit(message: Message, arrival: Arrival) -> list[Inbound]:
    if message.location is not None:
        return []  # a live position is "edited" every few seconds for hours
    return [
        InboundEdit(
            target=wire.external(message.chat.id, message.message_id),
            at=message.edit_date or message.date,
            order=arrival.order,
            text=contents.words(message),
        )
    ]


def _reactions(change: MessageReactionUpdated, arrival: Arrival) -> list[Inbound]:
    """What was put on and what was taken away: Telegram tells the whole of before and after."""
    before, after = list(_emojis(change.old_reaction)), list(_emojis(change.new_reaction))
    sender = _person(change.user) if change.user else _chat_sender(change)
    target = wire.external(change.chat.id, change.message_id)
    gone = [(one, False) for one in before if one not in after]
    return [
        InboundReaction(target=target, sender=sender, emoji=emoji, order=arrival.order, on=on)
        for emoji, on in [*gone, *((one, True) for one in after if one not in before)]
    ]


def _emojis(reactions: Iterable[ReactionType]) -> Iterable[str]:
    for one in reactions:
        yield getattr(one, "emoji", None) or PICTURED.get(one.type, "❔")


def _press(query: CallbackQuery, arrival: Arrival) -> list[Inbound]:
    """A button of ours: the customer said what stands on it; stars rate us, and are no words."""
    message = query.message
    if message is None:
        return []  # of an inline message, which we never send
    topic = _topic(message) if isinstance(message, Message) else None
    thread = wire.thread(message.chat.id, topic)
    on_it, target = contents.label(query), wire.external(message.chat.id, message.message_id)
    if STARS.fullmatch(on_it):
        stars, sender = len(on_it), _person(query.from_user)
        return [InboundRating(target=target, sender=sender, stars=stars, at=arrival.at, order=arrival.order)]
    return [
        InboundMessage(
            external=f"press:{query.id}",
            thread=thread,
            sender=_person(query.from_user),
            to=thread,
            at=arrival.at,  # Telegram does not say when
            order=arrival.order,
            text=on_it,
            language=_language(query.from_user),
            answers=(target,),
        )
    ]


def _reach(change: ChatMemberUpdated) -> list[Inbound]:
    """Blocking and unblocking the bot; in groups nobody becomes unreachable by it."""
    if change.chat.type != "private":
        return []
    blocked = change.new_chat_member.status == "kicked"
    return [InboundReach(sender=_person(change.from_user), why=BLOCKED if blocked else None)]


# -- who and where ----------------------------------------------------------------------------------------------------


def _sender(message: Message) -> From:
    """The person; for anonymous administrators and for channels, the chat in whose name they write."""
    if message.sender_chat is not None:
        name = message.sender_chat.title or message.sender_chat.username or ""
        return From(value=str(message.sender_chat.id), name=name, verified="telegram")
    if message.from_user is None:
        return From(value=str(message.chat.id), name=message.chat.title or "", verified="telegram")
    return _person(message.from_user)


def _person(user: TelegramUser) -> From:
    """Telegram's numbers of people are the same for all bots, so somebody who writes to two of ours is one contact."""
    return From(value=str(user.id), name=user.full_name.strip() or user.username or "", verified="telegram")


def _chat_sender(change: MessageReactionUpdated) -> From:
    chat = change.actor_chat or change.chat
    return From(value=str(chat.id), name=chat.title or "", verified="telegram")


def _is_machine(message: Message) -> bool:
    """A post that a channel's group got by itself, or another bot; whole chats write through bots, too."""
    by_bot = message.from_user is not None and message.from_user.is_bot and message.sender_chat is None
    return bool(message.is_automatic_forward) or by_bot


def _topic(message: Message) -> int | None:
    """Its forum topic. Answers in ordinary groups carry a thread number as well, and are no topics."""
    return message.message_thread_id if message.is_topic_message else None


def _answers(message: Message) -> tuple[str, ...]:
    answered = message.reply_to_message
    if answered is None or answered.message_id == message.message_thread_id:
        return ()  # within a topic everything "answers" the message that opened it
    return (wire.external(answered.chat.id, answered.message_id),)


def _language(user: TelegramUser | None) -> str | None:
    return user.language_code.split("-")[0] if user and user.language_code else None


def _own_number(message: Message, sender: From) -> list[Inbound]:
    """A customer who shares their own contact says their number; somebody else's is only words."""
    contact = message.contact
    if contact is None or contact.user_id is None or str(contact.user_id) != sender.value:
        return []
    return [InboundProfile(sender=sender, phone=contents.phone(contact))]
