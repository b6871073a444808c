"""From a mail's bytes to a `Mail`: never raises, whatever the bytes; what is too much is left out and named.

The standard parser takes the mail apart; every single look at what it made is guarded here, because with real mails
each of its getters raises sooner or later. How the words are shown is said elsewhere (text.py, quote.py, html.py).
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message

from channels.email.reading import headers, tnef
from channels.email.reading.charset import base64_bytes, clean, decode, header_text
from channels.email.reading.mail import File, Mail, Mailbox

MOST_BYTES = 35 * 1024 * 1024
MOST_PARTS = 500
MOST_DEPTH = 50
MOST_LINES = 20_000  # that look like a boundary
MOST_HEADERS = 2_000
MOST_TEXT = 2_000_000  # characters of a body

REPORTS = ("message/delivery-status", "message/feedback-report", "message/global-delivery-status")
MIME = re.compile(r"[^\s/;]+/[^\s/;]+")

Header = tuple[str, str]


class _Body:
    """What is gathered while the parts are walked."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.words: list[str] = []
        self.spare: list[str] = []
        self.html: list[str] = []
        self.flowed = ""
        self.files: list[File] = []
        self.blocks: list[tuple[Header, ...]] = []
        self.original = b""
        self.left_out: dict[str, None] = {}


def parse(raw: bytes) -> Mail:
    """The mail in these bytes. Never raises."""
    body = _Body()
    if len(raw) > MOST_BYTES:
        raw, body.left_out["size"] = raw[:MOST_BYTES], None
    top = _taken_apart(raw, body)
    fields = tuple(_fields(top))
    try:
        _gather(top, body)
        if not body.plain and not body.html:
            body.plain = body.spare
    except (RecursionError, MemoryError):
        body.left_out["depth"] = None
    return _mail(fields, body, top)


def _mail(fields: tuple[Header, ...], body: _Body, top: Message) -> Mail:
    every: dict[str, list[str]] = {}
    for name, value in fields:
        every.setdefault(name, []).append(value)
    first = {name: values[0] for name, values in every.items()}
    people = headers.mailboxes(every.get("from", [])) or headers.mailboxes(every.get("sender", []))
    return Mail(
        headers=fields,
        message_id=next(iter(headers.ids(every.get("message-id", [])[:1])), ""),
        sender=next((one for one in people if "@" in one.address), next(iter(people), Mailbox(address=""))),
        reply_to=headers.mailboxes(every.get("reply-to", [])),
        to=headers.mailboxes(every.get("to", [])),
        cc=headers.mailboxes(every.get("cc", [])),
        subject=headers.subject(first.get("subject", "")),
        date=headers.date(first.get("date", "")),
        in_reply_to=headers.ids(every.get("in-reply-to", [])),
        references=headers.ids(every.get("references", [])),
        plain="".join(body.plain)[:MOST_TEXT],
        words="".join(body.words)[:MOST_TEXT],
        html="".join(body.html)[:MOST_TEXT],
        flowed=body.flowed,
        files=tuple(body.files),
        content_type=_type(top),
        report=_parameter(top, "report-type").lower(),
        blocks=tuple(body.blocks),
        original=body.original,
        left_out=tuple(body.left_out),
    )


def _taken_apart(raw: bytes, body: _Body) -> Message:
    """The standard parser's tree; of a mail that is built to break it only the head."""
    if raw.count(b"\n--") > MOST_LINES:
        raw, body.left_out["parts"] = _cut(raw), None
    try:
        return email.message_from_bytes(raw, policy=email.policy.compat32)
    except Exception:  # RecursionError at a thousand nested parts, and whatever else the parser does not foresee
        body.left_out["structure"] = None
    try:
        head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        return email.message_from_bytes(head + b"\n\n", policy=email.policy.compat32)
    except Exception:
        return Message()


def _cut(raw: bytes) -> bytes:
    at = 0
    for _ in range(MOST_LINES):
        at = raw.index(b"\n--", at) + 1
    return raw[:at]


def _fields(part: Message) -> Iterator[Header]:
    for name, value in part.raw_items():
        yield name.strip().lower(), clean(header_text(str(value)[: headers.MOST_HEADER])).lstrip()


def _gather(top: Message, body: _Body) -> None:
    """Walk the parts in their order, without recursion."""
    stack: list[tuple[Message, int, bool]] = [(top, 0, False)]
    seen = 0
    while stack:
        part, depth, within = stack.pop()
        seen += 1
        if seen > MOST_PARTS:
            body.left_out["parts"] = None
            return
        below = [each for each in part.get_payload() if isinstance(each, Message)] if part.is_multipart() else []
        if below and depth >= MOST_DEPTH:
            body.left_out["depth"] = None
            continue
        inside = within or (depth > 0 and _type(part) == "message/rfc822")
        _take(part, body, within, below)
        stack += [(each, depth + 1, inside) for each in reversed(below)]


def _take(part: Message, body: _Body, within: bool, below: list[Message]) -> None:
    mime = _type(part)
    if mime in REPORTS:
        body.blocks += [] if within else [tuple(_fields(each)) for each in below]
    elif mime == "text/rfc822-headers" and not body.original:
        body.original = _bytes(part)
    elif below and mime == "message/rfc822":
        _take_message(part, body, below[0], within)
    elif not below:
        _take_leaf(part, body, mime, within)


def _take_message(part: Message, body: _Body, inner: Message, within: bool) -> None:
    """A mail inside the mail is a file; what is in it is not taken for ours."""
    data = _flat(inner)
    if _first(part, "content-transfer-encoding").strip().lower() == "base64":  # forbidden, and common
        data = base64_bytes(data)
    if not body.original:
        body.original = data
    body.files.append(
        File(
            name=headers.file_name(part),
            mime="message/rfc822",
            data=data,
            cid=_cid(part),
            disposition=_disposition(part),
            shown=within,
        )
    )


def _take_leaf(part: Message, body: _Body, mime: str, within: bool) -> None:
    name, cid, disposition, data = headers.file_name(part), _cid(part), _disposition(part), _bytes(part)
    if tnef.is_tnef(mime, name) and (unpacked := tnef.files(data)):
        body.files += unpacked
        return
    is_text = mime in ("text/plain", "text/html") and not name and disposition != "attachment"
    if mime.startswith("multipart/") and not within:  # it says that it has parts and has none: these may be the words
        body.spare.append(clean(decode(data, _parameter(part, "charset"))))
    if is_text:
        _take_text(part, body, mime, data, within)
    if (is_text and not cid) or (mime.startswith("multipart/") and not name):
        return
    body.files.append(File(name=name, mime=mime, data=data, cid=cid, disposition=disposition, shown=is_text or within))


def _take_text(part: Message, body: _Body, mime: str, data: bytes, within: bool) -> None:
    text = clean(decode(data, _parameter(part, "charset")))
    if mime == "text/plain":
        body.words.append(text)
    if within:
        return
    if mime == "text/html":
        body.html.append(text)
        return
    body.plain.append(text)
    if _parameter(part, "format").lower() == "flowed" and not body.flowed:
        body.flowed = "delsp" if _parameter(part, "delsp").lower() == "yes" else "flowed"


# Looks at one part, each of them guarded -------------------------------------------------------------------------


def _type(part: Message) -> str:
    try:
        mime = part.get_content_type()
    except Exception:
        mime = "text/plain"
    return mime if MIME.fullmatch(mime) else "text/plain"


def _disposition(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except Exception:
        return ""


def _cid(part: Message) -> str:
    return headers.subject(_first(part, "content-id")).strip().lstrip("<").rstrip(">")[: headers.MOST_ID]


def _first(part: Message, name: str) -> str:
    return next((value for key, value in _fields(part) if key == name), "")


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except Exception:
        return ""
    return str(value[2]) if isinstance(value, tuple) else str(value or "")


def _bytes(part: Message) -> bytes:
    """A leaf's content, its transfer encoding undone as far as it can be."""
    try:
        data = part.get_payload(decode=True)
        return data if isinstance(data, bytes) else b""
    except Exception:
        payload = part.get_payload()
        return str(payload).encode("utf-8", "surrogateescape") if not isinstance(payload, list) else b""


def _flat(part: Message) -> bytes:
    try:
        return part.as_bytes()
    except Exception:  # deeply nested, or with headers that cannot be written again
        return b""
