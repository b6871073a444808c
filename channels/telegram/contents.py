"""What stands in a message of Telegram: its words for the agent, its files, the label of a pressed button. Pure.

What has no words of its own gets a sign and its facts (a place, a number, a poll), so that nothing comes in unseen and
no language is chosen for the agent.
"""

from collections.abc import Sequence

from telegram import (
    CallbackQuery,
    Contact,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    PhotoSize,
)

from channels.telegram import entities
from hub.inbound import InboundFile

PRESSED = "="  # before the label that a button carries in its data
COUNTED = "#"  # before the button's number, when the label is too long for that

_STICKERS = {  # by whether it moves
    True: ("sticker.tgs", "application/x-tgsticker"),
    False: ("sticker.webp", "image/webp"),
}


def words(message: Message) -> str:
    """Its text or caption with our marks, or a line that says what it is; "" for files alone and announcements."""
    if message.text:
        said = entities.marked(message.text, message.entities)
    elif message.caption:
        said = entities.marked(message.caption, message.caption_entities)
    else:
        said = _sign(message)
    origin = _origin(message)
    return f"↪ {origin}\n{said}".rstrip() if origin and (said or files(message)) else said


def _sign(message: Message) -> str:
    """A line for what is neither text nor file."""
    if message.venue is not None:
        place = message.venue.location
        return "\n".join(
            [f"📍 {message.venue.title}", message.venue.address, _coordinates(place.latitude, place.longitude)]
        )
    if message.location is not None:
        return f"📍 {_coordinates(message.location.latitude, message.location.longitude)}"
    if message.contact is not None:
        name = " ".join(one for one in (message.contact.first_name, message.contact.last_name) if one)
        return f"👤 {name} {phone(message.contact)}".replace("  ", " ")
    if message.sticker is not None:
        return message.sticker.emoji or "▢"
    if message.dice is not None:
        return f"{message.dice.emoji} {message.dice.value}"
    if message.poll is not None:
        return "\n".join([f"📊 {message.poll.question}", *(f"○ {one.text}" for one in message.poll.options)])
    if message.game is not None:
        return f"🎮 {message.game.title}"
    return _rest(message)


def _rest(message: Message) -> str:
    """Kinds that came to Telegram later, and those that a shop has no use for: their name, rather than nothing."""
    if message.story is not None:
        return "❔ story"
    if message.paid_media is not None:
        return "❔ paid media"
    if message.checklist is not None:
        return "\n".join([f"☑ {message.checklist.title}", *(f"○ {one.text}" for one in message.checklist.tasks)])
    if message.invoice is not None:
        return f"🧾 {message.invoice.title}"
    if message.successful_payment is not None:
        paid = message.successful_payment
        return f"💳 {paid.total_amount} {paid.currency}"
    return ""


def _coordinates(latitude: float, longitude: float) -> str:
    return f"{latitude:.6f}, {longitude:.6f}"


def phone(contact: Contact) -> str:
    """Telegram leaves the plus out when it knows the number itself."""
    number = contact.phone_number
    return f"+{number}" if number.isdecimal() and contact.user_id is not None else number


def _origin(message: Message) -> str:
    """Who wrote what was forwarded."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginUser):
        return origin.sender_user.full_name
    if isinstance(origin, MessageOriginHiddenUser):
        return origin.sender_user_name
    if isinstance(origin, MessageOriginChat):
        return origin.sender_chat.title or ""
    if isinstance(origin, MessageOriginChannel):
        return origin.chat.title or ""
    return ""


# -- files ------------------------------------------------------------------------------------------------------------


def files(message: Message) -> tuple[InboundFile, ...]:
    """What is to be fetched; its name and type stand here alone, the file's address may have lost them."""
    found = _picture(message.photo) or _film(message) or _sound(message) or _sticker(message) or _document(message)
    return (found,) if found else ()


def _picture(sizes: Sequence[PhotoSize]) -> InboundFile | None:
    """The largest of the sizes in which a photo comes."""
    if not sizes:
        return None
    best = max(sizes, key=lambda one: one.width * one.height)
    return InboundFile(
        name="photo.jpg",
        mime="image/jpeg",
        size=best.file_size or 0,
        ref=best.file_id,
        width=best.width,
        height=best.height,
    )


def _film(message: Message) -> InboundFile | None:
    if message.video_note is not None:
        note = message.video_note
        size = note.file_size or 0
        return InboundFile(
            name="video.mp4", mime="video/mp4", size=size, ref=note.file_id, width=note.length, height=note.length
        )
    film = message.video or message.animation
    if film is None:
        return None
    return InboundFile(
        name=film.file_name or "video.mp4",
        mime=film.mime_type or "video/mp4",
        size=film.file_size or 0,
        ref=film.file_id,
        width=film.width,
        height=film.height,
    )


def _sound(message: Message) -> InboundFile | None:
    if message.voice is not None:
        voice = message.voice
        mime = voice.mime_type or "audio/ogg"
        return InboundFile(name="voice.ogg", mime=mime, size=voice.file_size or 0, ref=voice.file_id)
    audio = message.audio
    if audio is None:
        return None
    name = audio.file_name or " - ".join(one for one in (audio.performer, audio.title) if one) or "audio.mp3"
    return InboundFile(name=name, mime=audio.mime_type or "audio/mpeg", size=audio.file_size or 0, ref=audio.file_id)


def _sticker(message: Message) -> InboundFile | None:
    sticker = message.sticker
    if sticker is None:
        return None
    name, mime = ("sticker.webm", "video/webm") if sticker.is_video else _STICKERS[sticker.is_animated]
    return InboundFile(
        name=name,
        mime=mime,
        size=sticker.file_size or 0,
        ref=sticker.file_id,
        width=sticker.width,
        height=sticker.height,
    )


def _document(message: Message) -> InboundFile | None:
    document = message.document
    if document is None:
        return None
    return InboundFile(
        name=document.file_name or "file",
        mime=document.mime_type or "application/octet-stream",
        size=document.file_size or 0,
        ref=document.file_id,
    )


# -- buttons ----------------------------------------------------------------------------------------------------------


def label(query: CallbackQuery) -> str:
    """What stands on the button that was pressed: its data says it, or the keyboard that came along."""
    data = query.data or ""
    if data.startswith(PRESSED):
        return data[len(PRESSED) :]
    markup = getattr(query.message, "reply_markup", None)
    buttons = [one for row in markup.inline_keyboard for one in row] if markup else []
    return next((one.text for one in buttons if one.callback_data == data), data)
