"""What single header fields say: people, ids, dates, names of files. Never raises."""

import datetime as dt
import email.utils
import re
from email.message import Message

from channels.email.reading.charset import ENCODED, clean, composed, decode, decode_words, header_text
from channels.email.reading.mail import Mailbox

MOST_ADDRESSES = 500
MOST_HEADER = 200_000  # characters of one header that are looked at
MOST_IDS = 100
MOST_ID = 400
MOST_NAME = 180
ID = re.compile(r"<\s*([^<>]+?)\s*>")
SPACE = re.compile(r"\s+")
BIDI = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HIDDEN = "\ue010"  # stands around the number of an encoded word
ADDRESS = re.compile(r"[^\s<>\"'(),:;@]+@[^\s<>\"'(),:;@]+")


def subject(value: str) -> str:
    """One line, decoded, its own spaces kept."""
    line = _one_line(decode_words(value))
    return line.rstrip() if "=?" in value else line


def mailboxes(values: list[str]) -> tuple[Mailbox, ...]:
    """The people in all headers of a kind, at most 500."""
    found: list[Mailbox] = []
    for value in values:
        found += _people(value[:MOST_HEADER])
    return tuple(found[:MOST_ADDRESSES])


def _people(value: str) -> list[Mailbox]:
    pairs = _pairs(value)
    if "=?" in value and not any("@" in address and "=?" not in address for _, address in pairs):
        # The whole field is one encoded word, brackets and all.
        pairs = _pairs(_one_line(decode_words(value))) or pairs
    return [_mailbox(name, address) for name, address in pairs if name or address]


def _mailbox(name: str, address: str) -> Mailbox:
    """What has no @ is somebody's name, not an address."""
    if "@" in address or not address:
        return Mailbox(address=_address(address), name=person(name))
    return Mailbox(address="", name=person(name or address))


def _pairs(value: str) -> list[tuple[str, str]]:
    """Names and addresses; encoded words are hidden from the parser, since anything may stand in them."""
    hidden: list[str] = []

    def hide(found: re.Match[str]) -> str:
        hidden.append(found[0])
        return f"{HIDDEN}{len(hidden) - 1}{HIDDEN}"

    def show(text: str) -> str:
        return re.sub(f"{HIDDEN}(\\d+){HIDDEN}", lambda found: hidden[int(found[1])], text) if hidden else text

    shielded = ENCODED.sub(hide, value.replace(HIDDEN, "")) if "=?" in value else value
    return [(show(name), show(address)) for name, address in _parsed(shielded)]


def _parsed(value: str) -> list[tuple[str, str]]:
    try:
        pairs = email.utils.getaddresses([value])
    except Exception:  # the standard parser on a field that nobody foresaw: look for what looks like an address
        pairs = []
    if any(address for _, address in pairs) or "@" not in value:
        return pairs
    return [("", found) for found in ADDRESS.findall(value)]


def person(name: str) -> str:
    """A display name on one line, without signs that turn the line around."""
    return BIDI.sub("", SPACE.sub(" ", composed(_one_line(decode_words(name))))).strip()[:MOST_NAME]


def _address(value: str) -> str:
    return CONTROL.sub("", clean(decode_words(value) if "=?" in value else value)).strip()


def ids(values: list[str]) -> tuple[str, ...]:
    """Message-IDs without their brackets, in the order in which they stand; the newest are kept when there are many."""
    found: list[str] = []
    for value in values:
        inside = ID.findall(value[-MOST_HEADER:]) or value[-MOST_HEADER:].split()
        found += [one for each in inside if (one := SPACE.sub("", clean(each)).strip("<>"))]
    return tuple(dict.fromkeys(one[:MOST_ID] for one in found))[-MOST_IDS:]


def date(value: str) -> dt.datetime | None:
    """The Date, in UTC; None when it is none. Whether it can be believed is for others to say."""
    try:
        when = email.utils.parsedate_to_datetime(value)
        return (when if when.tzinfo else when.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def file_name(part: Message) -> str:
    """The name that a part gives itself, safe to show and to store; "" when it has none."""
    for field, param in (("content-disposition", "filename"), ("content-type", "name")):
        if name := plain_name(_param(part, field, param)):
            return name
    return ""


def plain_name(name: str) -> str:
    """A file's name without path, controls and turned writing."""
    line = BIDI.sub("", CONTROL.sub("", composed(clean(name))))
    last = re.split(r"[/\\]", line)[-1].strip().strip(".") if re.search(r"[/\\]", line) else line.strip()
    if len(last) <= MOST_NAME:
        return last
    stem, dot, ending = last.rpartition(".")
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 12 else last[:MOST_NAME]


def _param(part: Message, field: str, param: str) -> str:
    try:
        # The raw field: the parser's own getter turns 8-bit names into question marks.
        raw = next((value for name, value in part.raw_items() if name.lower() == field), "")
        alone = Message()
        alone[field] = header_text(str(raw))
        value = alone.get_param(param, None, field)
    except Exception:  # malformed parameters make the standard parser raise all kinds of things
        return ""
    if isinstance(value, tuple):  # RFC 2231: charset, language, bytes as latin-1
        text = decode(str(value[2]).encode("latin-1", "replace"), value[0])
    else:
        text = str(value or "")
    return decode_words(text)


def _one_line(text: str) -> str:
    return clean(text.replace("\r", "").replace("\n", "").replace("\t", " "))
