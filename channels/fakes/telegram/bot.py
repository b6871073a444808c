"""A bot and all it knows: its chats and their messages, its files, its updates; and what people do to it.

Messages are the Bot API's own JSON objects, as plain dictionaries.
"""

import hashlib
import itertools
from typing import Any

import msgspec

from channels.fakes.telegram.clock import Clock
from channels.fakes.telegram.errors import bad, forbidden
from channels.fakes.telegram.floods import Floods, Rules
from channels.fakes.telegram.updates import Updates, Waiting

Json = dict[str, Any]


class Chat(msgspec.Struct, kw_only=True):
    """A chat as one bot sees it. `gone` is why it may not write there: the words of the 403."""

    id: int
    kind: str
    title: str = ""
    person: Json | None = None
    messages: dict[int, Json] = {}
    topics: set[int] = set()
    gone: str | None = None
    moved_to: int | None = None
    next: int = 1

    def shown(self) -> Json:
        if self.person is not None:
            named: Json = {
                key: self.person[key] for key in ("first_name", "last_name", "username") if key in self.person
            }
            return {"id": self.id, "type": self.kind, **named}
        forum = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.kind, "title": self.title, **forum}


class File(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    unique: str
    data: bytes
    path: str
    size: int

    def shown(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique, "file_size": self.size}


class Bot:
    def __init__(self, token: str, username: str, clock: Clock, rules: Rules, first_update: int, conflict_s: float):
        self.token = token
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": username.removesuffix("_bot"),
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": False,
        }
        self.clock = clock
        self.updates = Updates(clock, first_update, conflict_s)
        self.floods = Floods(rules)
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.hook: Json = {}
        self.sent: list[Json] = []  # messages of the bot's, in the order in which they were taken
        self.answered: list[str] = []  # callback queries
        self.revoked = False
        self._numbers = itertools.count(1)

    # -- chats --------------------------------------------------------------------------------------------------------

    def private(self, person: Json) -> Chat:
        """The chat with somebody, who has pressed Start."""
        if person["id"] not in self.chats:
            self.chats[person["id"]] = Chat(id=person["id"], kind="private", person=person, messages={}, topics=set())
        return self.chats[person["id"]]

    def group(self, id_: int, title: str, kind: str = "supergroup", topics: tuple[int, ...] = ()) -> Chat:
        self.chats[id_] = Chat(id=id_, kind=kind, title=title, messages={}, topics=set(topics))
        return self.chats[id_]

    def open_chat(self, id_: int) -> Chat:
        """Where the bot may write. Raises ApiError."""
        chat = self.chats.get(id_)
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if chat.gone is not None:
            raise forbidden(chat.gone)
        return chat

    def put(self, chat: Chat, sender: Json, content: Json) -> Json:
        """A new message in a chat."""
        author = {
            key: sender[key]
            for key in ("id", "is_bot", "first_name", "last_name", "username", "language_code")
            if key in sender
        }
        message = {
            "message_id": chat.next,
            "from": author,
            "chat": chat.shown(),
            "date": int(self.clock.now()),
            **content,
        }
        chat.messages[chat.next] = message
        chat.next += 1
        return message

    def keep_file(self, data: bytes, name: str, size: int | None = None) -> File:
        number = next(self._numbers)
        unique = hashlib.sha256(data + str(number).encode()).hexdigest()[:15]
        folder = "photos" if name.endswith(".jpg") else "documents"
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        file = File(
            id=f"AgACAgUAAx{unique}{number}",
            unique=f"AQAD{unique[:11]}",
            data=data,
            path=f"{folder}/file_{number}{suffix}",
            size=len(data) if size is None else size,
        )
        self.files[file.id] = file
        return file

    # -- what people do -----------------------------------------------------------------------------------------------

    def hears(self, person: Json, text: str = "", chat: Chat | None = None, **content: Any) -> Json:
        """Somebody writes to the bot, or in a chat of its; `content` is what else the message holds."""
        where = chat or self.private(person)
        message = self.put(where, person, {**({"text": text} if text else {}), **content})
        self.updates.add("message", message, str(where.id))
        return message

    def hears_file(
        self,
        person: Json,
        kind: str,
        data: bytes,
        name: str,
        size: int | None = None,
        chat: Chat | None = None,
        **more: Any,
    ) -> Json:
        """Somebody sends a file, of a kind such as photo, document, voice; `more` belongs to the message."""
        file = self.keep_file(data, name, size)
        inner = more.pop("of", {})
        shown: Any = {**file.shown(), **inner}
        if kind == "document":
            shown |= {"file_name": name, "mime_type": inner.get("mime_type", "application/octet-stream")}
        if kind == "photo":
            small = {"file_id": f"{file.id}s", "file_unique_id": f"{file.unique}s", "width": 90, "height": 60}
            shown = [small, {"width": 1280, "height": 853, **shown}]
        return self.hears(person, "", chat, **{kind: shown}, **more)

    def edits(self, message: Json, text: str, **content: Any) -> Json:
        """Somebody changes their message."""
        edited = {**message, "text": text, "edit_date": int(self.clock.now()), **content}
        self.chats[message["chat"]["id"]].messages[message["message_id"]] = edited
        self.updates.add("edited_message", edited, str(message["chat"]["id"]))
        return edited

    def reacts(self, person: Json, message: Json, before: list[str], after: list[str]) -> None:
        """Somebody's marks on a message change. It leaves by a queue of its own: it may come before the message."""
        change = {
            "chat": message["chat"],
            "message_id": message["message_id"],
            "user": person,
            "date": int(self.clock.now()),
            "old_reaction": [{"type": "emoji", "emoji": one} for one in before],
            "new_reaction": [{"type": "emoji", "emoji": one} for one in after],
        }
        self.updates.add("message_reaction", change, f"{message['chat']['id']}:reactions")

    def presses(self, person: Json, message: Json, text: str) -> str:
        """Somebody presses the button with this text; the id of the query."""
        rows = message["reply_markup"]["inline_keyboard"]
        button = next(one for row in rows for one in row if one["text"] == text)
        query = {
            "id": f"{person['id']}{next(self._numbers):06d}",
            "from": person,
            "message": message,
            "chat_instance": str(message["chat"]["id"]),
            "data": button["callback_data"],
        }
        self.updates.add("callback_query", query, str(message["chat"]["id"]))
        return str(query["id"])

    def blocks(self, person: Json, on: bool = True) -> Waiting | None:
        """Somebody stops the bot, or starts it again."""
        chat = self.private(person)
        chat.gone = "bot was blocked by the user" if on else None
        stands = ("member", "kicked") if on else ("kicked", "member")
        old, new = ({"user": self.me_as_user(), "status": one, **_until(one)} for one in stands)
        change = {
            "chat": chat.shown(),
            "from": person,
            "date": int(self.clock.now()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        return self.updates.add("my_chat_member", change, f"{chat.id}:members")

    def migrates(self, group: Chat, person: Json, new: int) -> Chat:
        """A group becomes a supergroup, under another id."""
        after = self.group(new, group.title)
        self.hears(person, chat=group, migrate_to_chat_id=new)
        group.moved_to = new
        self.hears(person, chat=after, migrate_from_chat_id=group.id)
        return after

    def me_as_user(self) -> Json:
        return {key: self.me[key] for key in ("id", "is_bot", "first_name", "username")}


def _until(status: str) -> Json:
    return {"until_date": 0} if status == "kicked" else {}


def person(id_: int, first_name: str, last_name: str = "", username: str = "", language: str = "vi") -> Json:
    """A User."""
    said = {"last_name": last_name, "username": username, "language_code": language}
    return {"id": id_, "is_bot": False, "first_name": first_name, **{key: one for key, one in said.items() if one}}
