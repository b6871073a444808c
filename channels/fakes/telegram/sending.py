"""The methods that send: words, files, albums; within the limits, and answered with the message that was made."""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from channels.fakes.telegram.bot import Bot, Chat, Json
from channels.fakes.telegram.errors import bad
from channels.fakes.telegram.formatting import MOST_CAPTION, MOST_TEXT, check_keyboard, checked, without_marks
from channels.fakes.telegram.parameters import Given, Upload, chat_id

Method = Callable[[Given], Awaitable[Any]]
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
MOST_PHOTO = 10_000_000
ALBUM = range(2, 11)


class Sending:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._albums = itertools.count(13_000_000_000_000_000)
        self.methods: dict[str, Method] = {
            "sendMessage": self._message,
            "sendMediaGroup": self._album,
            "sendLocation": self._location,
            **{f"send{kind.title()}": self._of(kind) for kind in KINDS},
        }

    def edit(self, given: Given) -> Json:
        """editMessageText of the bot's own message."""
        chat = self._bot.open_chat(chat_id(given))
        message = chat.messages.get(int(given.values.get("message_id", 0)))
        if message is None or message["from"]["id"] != self._bot.me["id"]:
            raise bad("message to edit not found" if message is None else "message can't be edited")
        content = _words(given, "text", "entities", MOST_TEXT, "message")
        if content["text"] == message.get("text"):
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        message |= {**content, "edit_date": int(self._bot.clock.now())}
        return message

    async def _message(self, given: Given) -> Json:
        chat, around = self._opened(given)
        content = _words(given, "text", "entities", MOST_TEXT, "message")
        return self._put(chat, {**around, **content})

    async def _location(self, given: Given) -> Json:
        chat, around = self._opened(given)
        place = {name: float(given.values[name]) for name in ("latitude", "longitude")}
        return self._put(chat, {**around, "location": place})

    def _of(self, kind: str) -> Method:
        async def send(given: Given) -> Json:
            chat, around = self._opened(given)
            shown = self._file(given, kind, given.values.get(kind) or f"attach://{kind}")
            caption = _words(given, "caption", "caption_entities", MOST_CAPTION, "caption")
            return self._put(chat, {**around, kind: shown, **caption})

        return send

    async def _album(self, given: Given) -> list[Json]:
        media = given.values.get("media") or []
        if len(media) not in ALBUM:
            raise bad("group of media must contain from 2 to 10 items")
        kinds = {one.get("type") for one in media}
        if len(kinds) > 1 and kinds != {"photo", "video"}:
            raise bad("wrong media group: media of these types can't be mixed")
        chat, around = self._opened(given, len(media))
        group = {"media_group_id": str(next(self._albums))}
        made = [{**around, **group, **self._item(given, one)} for one in media]
        return [self._put(chat, one) for one in made]

    def _item(self, given: Given, one: Json) -> Json:
        words = Given(values=one, files={})
        caption = _words(words, "caption", "caption_entities", MOST_CAPTION, "caption")
        return {one["type"]: self._file(given, one["type"], one.get("media", "")), **caption}

    # -- what all of them share ---------------------------------------------------------------------------------------

    def _opened(self, given: Given, count: int = 1) -> tuple[Chat, Json]:
        """The chat, once everything but the content was looked at; and what stands around the content."""
        values = given.values
        chat = self._bot.open_chat(chat_id(given))
        self._bot.floods.take(chat.id, self._bot.clock.now(), count)
        around: Json = {}
        topic = values.get("message_thread_id")
        if topic:
            if topic not in chat.topics:
                raise bad("message thread not found")
            around |= {"message_thread_id": topic, "is_topic_message": True}
        if markup := values.get("reply_markup"):
            check_keyboard(markup)
            around["reply_markup"] = markup
        return chat, {**around, **_answered(chat, values.get("reply_parameters") or {})}

    def _put(self, chat: Chat, content: Json) -> Json:
        message = self._bot.put(chat, self._bot.me, content)
        self._bot.sent.append(message)
        return message

    def _file(self, given: Given, kind: str, named: str) -> Any:
        """An upload by its part's name, or a file that is known by its id."""
        upload = given.files.get(named.removeprefix("attach://"))
        if upload is None:
            known = self._bot.files.get(named)
            if known is None:
                raise bad("wrong file identifier/HTTP URL specified" if named else f"there is no {kind} in the request")
            upload = Upload(name=known.path.rpartition("/")[2], mime="", data=known.data)
        _check(kind, upload)
        file = self._bot.keep_file(upload.data, upload.name).shown()
        return [{**file, "width": 800, "height": 600}] if kind == "photo" else {**file, **KINDS[kind](upload)}


def _named(upload: Upload) -> Json:
    return {"file_name": upload.name, "mime_type": upload.mime or "application/octet-stream"}


KINDS: dict[str, Callable[[Upload], Json]] = {
    "photo": lambda upload: {},
    "document": _named,
    "video": lambda upload: {**_named(upload), "width": 640, "height": 480, "duration": 1},
    "animation": lambda upload: {**_named(upload), "width": 640, "height": 480, "duration": 1},
    "audio": lambda upload: {**_named(upload), "duration": 1},
    "voice": lambda upload: {"mime_type": "audio/ogg", "duration": 1},
}


def _check(kind: str, upload: Upload) -> None:
    if not upload.data:
        raise bad("file must be non-empty")
    if kind == "photo" and (len(upload.data) > MOST_PHOTO or not upload.data.startswith(PICTURES)):
        raise bad("IMAGE_PROCESS_FAILED")


def _words(given: Given, text: str, entities: str, most: int, what: str) -> Json:
    said = str(given.values.get(text) or "")
    if mode := given.values.get("parse_mode"):
        said = without_marks(said, str(mode))
    found = checked(said, given.values.get(entities) or [], most, what)
    return {**({text: said} if said else {}), **({entities: found} if found else {})}


def _answered(chat: Chat, reply: Json) -> Json:
    if not reply:
        return {}
    message = chat.messages.get(int(reply.get("message_id", 0)))
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return (
        {"reply_to_message": {key: one for key, one in message.items() if key != "reply_to_message"}} if message else {}
    )
