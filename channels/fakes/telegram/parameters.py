"""What a call gives: in the address, as a form, as JSON or with files; read into the types that the Bot API names."""

from typing import Any

import msgspec
from aiohttp import web

from channels.fakes.telegram.errors import ApiError, bad

NUMBERS = {
    "message_id",
    "message_thread_id",
    "offset",
    "limit",
    "timeout",
    "max_connections",
    "cache_time",
    "width",
    "height",
    "duration",
}
OBJECTS = {
    "allowed_updates",
    "caption_entities",
    "entities",
    "link_preview_options",
    "media",
    "reaction",
    "reply_markup",
    "reply_parameters",
}
BOOLEANS = {
    "allow_sending_without_reply",
    "disable_notification",
    "drop_pending_updates",
    "is_big",
    "protect_content",
    "show_alert",
}
WORDS = {"true": True, "1": True, "yes": True, "y": True, "false": False, "0": False, "": False}
MOST_FILE = 50_000_000


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    mime: str
    data: bytes


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A call's parameters, and the files that came with it by the name of their part."""

    values: dict[str, Any]
    files: dict[str, Upload]


async def given(request: web.Request) -> Given:
    """Raises ApiError."""
    values: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json" and request.can_read_body:
        values |= _object(await request.read())
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(name=value.filename, mime=value.content_type, data=value.file.read())
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    if any(len(one.data) > MOST_FILE for one in files.values()):
        raise ApiError(413, "Request Entity Too Large")
    return Given(values={name: _typed(name, value) for name, value in values.items()}, files=files)


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise bad("can't parse request: expected a JSON object") from error


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in OBJECTS:
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError as error:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from error
    if name in BOOLEANS:
        return WORDS.get(value.lower(), False)
    if name in NUMBERS or (name in {"chat_id", "user_id"} and value.lstrip("-").isdecimal()):
        return int(value) if value.lstrip("-").isdecimal() else 0
    return value


def chat_id(call: Given) -> int:
    """Where the call goes. Raises ApiError."""
    chat = call.values.get("chat_id")
    if not isinstance(chat, int):
        raise bad("chat not found" if chat else "chat_id is empty")
    return chat
