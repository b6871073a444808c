"""Files out: as picture, film, sound or document, alone or as an album, read from the ledger and uploaded once."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

import msgspec
from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    MessageEntity,
    ReplyParameters,
)

from channels.telegram import wire
from channels.telegram.line import NO_PICTURE, TOO_LARGE, UNREADABLE, attempts
from hub.errors import Refused
from hub.model import Attachment

Read = Callable[[Attachment], AsyncIterator[bytes]]
Medium = InputMediaPhoto | InputMediaVideo | InputMediaAudio | InputMediaDocument

MEDIA: dict[str, type[InputMediaPhoto] | type[InputMediaVideo] | type[InputMediaAudio] | type[InputMediaDocument]] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}
KINDS = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
}
MOST_SIDES = 10_000  # width and height of a photo together
MOST_RATIO = 20


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where it goes, and under which message it shows."""

    chat: int
    topic: int | None
    reply: ReplyParameters | None = None


class Caption(msgspec.Struct, frozen=True, kw_only=True):
    """What stands under a file."""

    text: str | None = None
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A file in hand."""

    name: str
    data: bytes


async def send(bot: Bot, read: Read, target: Target, attachments: Sequence[Attachment], caption: Caption) -> Message:
    """One file by itself, several as an album; as documents when Telegram finds a picture to be none.

    Raises Retry, Refused or Unknown, and ChatMigrated. The first of the messages that were made.
    """
    if any(one.bytes > wire.MOST_UPLOAD for one in attachments):
        raise Refused(TOO_LARGE)
    held = [Held(name=one.name, data=b"".join([piece async for piece in read(one)])) for one in attachments]
    kinds = together([kind_of(one) for one in attachments])
    bare = msgspec.structs.replace(caption, entities=())
    hand_over = _alone if len(held) == 1 else _album
    sent: Message = await attempts(
        partial(hand_over, bot, target, kinds, held, caption),
        {
            NO_PICTURE: partial(hand_over, bot, target, ["document"] * len(held), held, caption),
            UNREADABLE: partial(hand_over, bot, target, kinds, held, bare),
        },
    )
    return sent


def kind_of(file: Attachment) -> str:
    """As what Telegram shows it: a picture over its limits goes as a document."""
    kind = KINDS.get(file.mime, "document")
    if kind == "photo" and (file.bytes > wire.MOST_PHOTO or not _fits(file.width or 1, file.height or 1)):
        return "document"
    return kind


def _fits(width: int, height: int) -> bool:
    return width + height <= MOST_SIDES and max(width, height) <= MOST_RATIO * min(width, height)


def together(kinds: list[str]) -> list[str]:
    """The same, unless Telegram does not put these in one album: then all are documents."""
    if len(kinds) == 1 or set(kinds) <= {"photo", "video"} or set(kinds) == {"audio"}:
        return kinds
    return ["document"] * len(kinds)


async def _alone(bot: Bot, target: Target, kinds: list[str], held: list[Held], caption: Caption) -> Message:
    doing = {
        "photo": bot.send_photo,
        "video": bot.send_video,
        "audio": bot.send_audio,
        "document": bot.send_document,
    }[kinds[0]]
    message: Message = await doing(  # type: ignore[operator]  # four methods that call their file differently
        target.chat,
        InputFile(held[0].data, filename=held[0].name),
        caption=caption.text or None,
        caption_entities=caption.entities or None,
        message_thread_id=target.topic,
        reply_parameters=target.reply,
        reply_markup=caption.keyboard,
    )
    return message


async def _album(bot: Bot, target: Target, kinds: list[str], held: list[Held], caption: Caption) -> Message:
    """The words stand under the first of them, and so under all."""
    media: list[Medium] = []
    for kind, file in zip(kinds, held, strict=True):
        words = caption if not media else Caption()
        media.append(
            MEDIA[kind](
                media=file.data,
                filename=file.name,
                caption=words.text or None,
                caption_entities=words.entities or None,
            )
        )
    sent = await bot.send_media_group(
        chat_id=target.chat,
        media=media,
        message_thread_id=target.topic,
        reply_parameters=target.reply,
    )
    return sent[0]
