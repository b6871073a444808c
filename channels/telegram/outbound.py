"""Out to Telegram: one part to one chat, once. Words and files go in one call wherever Telegram lets them."""

from collections.abc import Awaitable, Sequence

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import ChatMigrated

from channels.telegram import contents, entities, uploads, wire
from channels.telegram.line import UNREADABLE, attempts
from channels.telegram.uploads import Caption, Read, Target
from hub.errors import Refused, Retry, SendFailure, Unknown
from hub.model import Part, Sent

NOTHING = "There is nothing to send: Telegram takes no message without words."
HALF = "The files were sent, but not the words: {why} Send the words again."
ROW = 30  # signs that stand side by side on a phone's buttons


async def send(bot: Bot, read: Read, to: str, part: Part) -> Sent:
    """Send one part. Raises Retry, Refused or Unknown."""
    try:
        chat, topic = wire.place(to)
    except ValueError as error:
        raise Refused("This conversation has no Telegram chat to answer to.") from error
    try:
        return await _send(bot, read, Target(chat=chat, topic=topic, reply=_reply(chat, part)), part)
    except ChatMigrated as error:  # nothing was sent; the conversation itself moves by Telegram's own update
        chat = error.new_chat_id
    try:
        return await _send(bot, read, Target(chat=chat, topic=None), part)
    except ChatMigrated as error:
        raise Retry("This group is being moved on Telegram.") from error


async def _send(bot: Bot, read: Read, target: Target, part: Part) -> Sent:
    """Files first, with the words as their caption when they fit and there are no buttons for a row of files."""
    if not part.attachments:
        return _sent(await _words(bot, target, part))
    words, marks = entities.unmarked(part.text)
    lone = len(part.attachments) == 1
    if entities.units(words) <= wire.MOST_CAPTION and (lone or not part.options):
        caption = Caption(text=words, entities=tuple(entities.cut(marks)), keyboard=keyboard(part.options))
        return _sent(await uploads.send(bot, read, target, part.attachments, caption))
    first = await uploads.send(bot, read, target, part.attachments, Caption())
    try:
        if part.text.strip() or part.options:
            return _sent(await _words(bot, target, part))
    except (ChatMigrated, SendFailure) as error:
        raise Unknown(HALF.format(why=error)) from error
    return _sent(first)


def _sent(message: Message) -> Sent:
    return Sent(external=wire.external(message.chat.id, message.message_id))


def _reply(chat: int, part: Part) -> ReplyParameters | None:
    """In a group the first piece shows what it answers; with one person alone that goes without saying."""
    if chat > 0 or part.index > 0:
        return None
    for external in part.answers:
        there, _, message = external.partition(":")
        if there == str(chat) and message.isdecimal():
            return ReplyParameters(message_id=int(message), allow_sending_without_reply=True)
    return None


# -- words ------------------------------------------------------------------------------------------------------------


async def _words(bot: Bot, target: Target, part: Part) -> Message:
    """The words with their formatting; without it when Telegram cannot read that."""
    words, marks = entities.unmarked(part.text)
    if not words.strip():
        raise Refused(NOTHING)

    def say(formatting: Sequence[MessageEntity]) -> Awaitable[Message]:
        return bot.send_message(
            chat_id=target.chat,
            message_thread_id=target.topic,
            text=words,
            entities=formatting or None,
            reply_parameters=target.reply,
            reply_markup=keyboard(part.options),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    said: Message = await attempts(lambda: say(entities.cut(marks)), {UNREADABLE: lambda: say(())} if marks else {})
    return said


def keyboard(options: Sequence[str]) -> InlineKeyboardMarkup | None:
    """Quick replies as buttons, short ones side by side; each carries its words, or its number when they are long."""
    rows: list[list[InlineKeyboardButton]] = []
    width = ROW
    for index, option in enumerate(options):
        data = f"{contents.PRESSED}{option}"
        if len(data.encode()) > wire.MOST_DATA:
            data = f"{contents.COUNTED}{index}"
        if not rows or width + len(option) > ROW:
            rows.append([])
            width = 0
        rows[-1].append(InlineKeyboardButton(option, callback_data=data))
        width += len(option) + 4
    return InlineKeyboardMarkup(rows) if rows else None
