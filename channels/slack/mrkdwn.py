"""Slack's markup and ours. In: names, links and entities become words. Out: nobody is pinged by accident. Pure.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterator, Mapping

from channels.slack.emoji import SIGNS, SKIN

_TOKEN = re.compile(r"<([^<>]*)>")
_USER = re.compile(r"<@([A-Z0-9]+)>")
_EMOJI = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?")
_LINK = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")
_LABELLED = re.compile(r"\[([^\[\]\n|]+)\]\((https?://[^\s()<>|]+)\)")
_BARE = re.compile(r"(?<![<|\w])https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"*_~]")


def escape(text: str) -> str:
    """The three signs that Slack reads as its own; what is escaped can be no mention, channel or command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# In ------------------------------------------------------------------------------------------------------------------


def mentioned(text: str) -> list[str]:
    """The users that a text names without saying what they are called."""
    return list(dict.fromkeys(_USER.findall(text)))


def read(text: str, names: Mapping[str, str], emoji: Mapping[str, str]) -> str:
    """Slack's markup as plain words; `names` by user or channel id, `emoji` by Slack's name."""
    return _EMOJI.sub(lambda found: _sign(found, emoji), "".join(_pieces(text, names)))


def reaction(name: str) -> str:
    """The sign of a reaction such as "+1::skin-tone-3"; ":name:" for a workspace's own."""
    return _EMOJI.sub(lambda found: _sign(found, {}), f":{name}:")


def _pieces(text: str, names: Mapping[str, str]) -> Iterator[str]:
    start = 0
    for found in _TOKEN.finditer(text):
        yield unescape(text[start : found.start()])
        yield _token(found[1], names)
        start = found.end()
    yield unescape(text[start:])


def _token(inner: str, names: Mapping[str, str]) -> str:
    """What stands between < and >: a mention, a channel, a command or a link."""
    body, _, label = (unescape(part) for part in inner.partition("|"))
    if body[:1] in ("@", "#"):
        return body[0] + (label.lstrip("@#") or names.get(body[1:]) or body[1:])
    if body.startswith("!"):
        return label or ("@group" if body.startswith("!subteam") else "@" + body[1:].partition("^")[0])
    return _link(body, label) if _LINK.match(body) else f"<{inner}>"


def _link(url: str, label: str) -> str:
    bare = re.sub(r"^(https?://|mailto:|tel:)", "", url).rstrip("/")
    if url.startswith(("mailto:", "tel:")):
        return label or bare
    if not label or label == url:
        return url
    return label if label.rstrip("/") == bare else f"{label} ({url})"


def _sign(found: re.Match[str], emoji: Mapping[str, str]) -> str:
    name, tone = found[1], found[2]
    sign = emoji.get(name) or SIGNS.get(name)
    return found[0] if sign is None else sign + (SKIN[int(tone) - 2] if tone else "")


# Out -----------------------------------------------------------------------------------------------------------------


def write(text: str) -> str:
    """Our words as Slack's markup: escaped, `**bold**`, `~~struck~~` and `[label](url)` in its way, code left alone."""
    parts = _CODE.split(escape(text))
    return "".join(part if index % 2 else _light(part) for index, part in enumerate(parts))


def _light(text: str) -> str:
    text = _LABELLED.sub(r"<\2|\1>", text)
    text = _BARE.sub(r"<\g<0>>", text)
    return _STRUCK.sub(r"~\1~", _BOLD.sub(r"*\1*", text))
