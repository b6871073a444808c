"""What the Bot API checks of a text: its length in UTF-16 code units, its entities, its marks."""

import re
from typing import Any

from channels.fakes.telegram.errors import bad

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_DATA = 64
KINDS = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
}
_TAGS = re.compile(r"<(/?)(b|strong|i|em|u|s|a|code|pre|blockquote|tg-spoiler)(?:\s[^>]*)?>")
_RESERVED = re.compile(r"(?<!\\)[>#+\-=|{}.!]")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked(text: str, entities: list[dict[str, Any]], most: int, what: str = "message") -> list[dict[str, Any]]:
    """The entities that stand, after the text and they were looked at. Raises ApiError."""
    if units(text) > most:
        raise bad("message is too long" if what == "message" else "message caption is too long")
    if what == "message" and not text.strip():
        raise bad("message text is empty")
    for one in entities:
        _check(text, one)
    return [one for one in entities if one["length"] > 0]


def _check(text: str, entity: dict[str, Any]) -> None:
    if entity.get("type") not in KINDS:
        raise bad("can't parse MessageEntity: unsupported type specified")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
        raise bad("can't parse entities: wrong offset or length specified")
    cut = text.encode("utf-16-le", "surrogatepass")
    if offset + length > units(text):
        raise bad("can't parse entities: entity ends after the end of the text")
    for place in (offset, offset + length):
        if 0xDC00 <= int.from_bytes(cut[place * 2 : place * 2 + 2], "little") <= 0xDFFF:
            raise bad(f"can't parse entities: entity at UTF-16 offset {place} ends in a middle of a UTF-16 symbol")


def without_marks(text: str, mode: str) -> str:
    """A text whose parse_mode was named, as people see it; only what plain texts need. Raises ApiError."""
    if mode.lower() == "html":
        bare = _TAGS.sub("", text)
        if "<" in bare:
            raise bad("can't parse entities: Unsupported start tag at byte offset 0")
        return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    if mode.lower() == "markdownv2" and (reserved := _RESERVED.search(text)):
        sign = reserved.group()
        raise bad(f"can't parse entities: Character '{sign}' is reserved and must be escaped with the preceding '\\'")
    return re.sub(r"(?<!\\)[*_~`]|\\(?=\W)", "", text)


def check_keyboard(markup: dict[str, Any]) -> None:
    """Raises ApiError."""
    for button in (one for row in markup.get("inline_keyboard", ()) for one in row):
        if not str(button.get("text", "")).strip():
            raise bad("text buttons are unallowed in the inline keyboard")
        if not 1 <= len(str(button.get("callback_data", button.get("url", ""))).encode()) <= MOST_DATA:
            raise bad("BUTTON_DATA_INVALID")
