"""The loose JSON of blocks and attachments, read as Slack's own markup (`mrkdwn.read` makes words of that). Pure."""

from collections.abc import Iterator
from typing import Any

from channels.slack import mrkdwn

DEEPEST = 12  # nesting below this is nobody's message


def markup(blocks: list[Any] | None, attachments: list[Any] | None) -> str:
    """What blocks and attachments say, for a message whose `text` is empty."""
    lines = [line for block in blocks or () if (line := _block(block, 0).strip("\n"))]
    lines += [line for one in attachments or () if (line := _attachment(one))]
    return "\n".join(lines)


def shared(attachments: list[Any] | None) -> str:
    """Messages that somebody shared along with their own words; previews of links are left out."""
    return "\n".join(_attachment(one) for one in attachments or () if isinstance(one, dict) and one.get("is_share"))


def emoji(blocks: list[Any] | None) -> dict[str, str]:
    """The signs of the emoji that a message uses, by Slack's name for them."""
    return dict(_emoji(blocks or [], 0))


def _emoji(node: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        for each in node:
            yield from _emoji(each, depth + 1)
    elif isinstance(node, dict):
        if node.get("type") == "emoji" and (sign := _sign(node.get("unicode"))):
            yield _text(node, "name"), sign
        yield from _emoji(node.get("elements"), depth + 1)


def _sign(code: Any) -> str:
    try:
        return "".join(chr(int(part, 16)) for part in code.split("-")) if isinstance(code, str) else ""
    except (ValueError, OverflowError):
        return ""


def _attachment(node: Any) -> str:
    if not isinstance(node, dict):
        return ""
    words = [_text(node, name) for name in ("pretext", "title", "text")]
    whole = "\n".join(one for one in words if one)
    return whole or markup(_list(node, "blocks"), None) or _text(node, "fallback")


def _block(node: Any, depth: int) -> str:
    """One block or rich text element."""
    if not isinstance(node, dict) or depth > DEEPEST:
        return ""
    kind = node.get("type")
    inner = "".join(_block(one, depth + 1) for one in _list(node, "elements"))
    match kind:
        case "rich_text" | "context":
            return inner
        case "rich_text_section" | "rich_text_quote":
            return inner + "\n"
        case "rich_text_preformatted":
            return f"```{inner}```\n"
        case "rich_text_list":
            return "".join(f"• {_block(one, depth + 1)}" for one in _list(node, "elements"))
        case "section" | "header":
            fields = [_text(one, "text") for one in _list(node, "fields")]
            return "\n".join(one for one in (_text(node.get("text"), "text"), *fields) if one)
        case "image":
            return _text(node, "alt_text")
        case "markdown" | "mrkdwn" | "plain_text":
            return _text(node, "text")
    return _leaf(node)


def _leaf(node: dict[str, Any]) -> str:
    """A leaf of rich text, as markup."""
    match node.get("type"):
        case "text":
            return mrkdwn.escape(_text(node, "text"))
        case "link":
            label = mrkdwn.escape(_text(node, "text"))
            return f"<{mrkdwn.escape(_text(node, 'url'))}{'|' + label if label else ''}>"
        case "emoji":
            return f":{_text(node, 'name')}:"
        case "user":
            return f"<@{_text(node, 'user_id')}>"
        case "channel":
            return f"<#{_text(node, 'channel_id')}>"
        case "usergroup":
            return "<!subteam>"
        case "broadcast":
            return f"<!{_text(node, 'range')}>"
    return ""


def _text(node: Any, name: str) -> str:
    value = node.get(name) if isinstance(node, dict) else None
    return value if isinstance(value, str) else ""


def _list(node: dict[str, Any], name: str) -> list[Any]:
    value = node.get(name)
    return value if isinstance(value, list) else []
