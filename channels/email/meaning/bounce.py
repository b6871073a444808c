"""Mails that say that a mail did not arrive, or was complained about. Pure.

A return path that we signed is the reliable key; reports (RFC 3464, RFC 5965) and flufl.bounce's knowledge of some
fifty mail systems name the recipient and the reason. What is unsigned never marks anybody as unreachable, and what
is signed only those whom that message went to.
"""

import email
import email.policy
import re
from collections.abc import Iterator

import flufl.bounce

from channels.email import tokens
from channels.email.reading import headers
from channels.email.reading.charset import clean, decode
from channels.email.reading.mail import Mail
from hub.model import MessageId, Record

RECIPIENT_FIELDS = ("original-recipient", "final-recipient", "x-actual-recipient")
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon|bounce\S*)@", re.IGNORECASE)
NO_SUCH = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
DELIVERED_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
MOST_LETTERS = 200_000  # of a body that flufl.bounce looks at
MOST_WHY = 200

REASONS = {
    "5.1": "There is no such address",
    "5.2.2": "The mailbox is full",
    "5.2": "The mailbox does not take mail",
    "5.3.4": "The mail was too large",
    "5.4": "Their mail server could not be reached",
    "5.7": "Their mail server refused the mail by its rules",
    "4": "Their mail server did not take the mail for so long that sending was given up",
}
ELSE = "Their mail server refused the mail"


class Bounce(Record, frozen=True, kw_only=True):
    """What a report says of one recipient. `message` only when a signature of ours names it."""

    kind: str  # permanent, temporary (given up), delayed (still being tried), complaint, fine
    recipient: str = ""
    status: str = ""
    why: str = ""
    message: MessageId | None = None
    external: str = ""  # the Message-ID of the mail that came back
    gone: bool = False  # the address does not exist
    proven: bool = False  # the return path that it came to was given to this recipient


def bounces(mail: Mail, raw: bytes, secret: str) -> tuple[Bounce, ...]:
    """One entry a recipient; () when this is no report of that kind."""
    came_back = _return(mail, secret)
    is_one = came_back is not None or _looks_like_one(mail)
    # A customer who forwards a report to us is a customer: some programs attach its parts as they were.
    found = tuple(_of_blocks(mail)) if is_one or mail.content_type == "multipart/report" else ()
    if not found and is_one:
        found = tuple(_by_experience(mail, raw, came_back is not None))
    if not found:
        return ()
    external = _original_id(mail)
    message = came_back.message if came_back is not None else tokens.message_of(external, secret)
    whom = [_whom(one, found, mail, came_back) for one in found]
    return tuple(
        Bounce(
            kind=one.kind,
            recipient=recipient,
            status=one.status,
            why=one.why,
            message=message,
            external=external,
            gone=one.gone,
            proven=came_back is not None and _is_marked(recipient, came_back),
        )
        for one, recipient in zip(found, whom, strict=True)
    )


def returned_message(mail: Mail, secret: str) -> MessageId | None:
    """Which of our messages this mail was sent back for, whatever it says: absence notes go to the return path too."""
    came_back = _return(mail, secret)
    return came_back.message if came_back is not None else None


def _return(mail: Mail, secret: str) -> tokens.Return | None:
    for name in DELIVERED_TO:
        for value in mail.every(name)[:20]:
            if (found := tokens.returned(value, secret)) is not None:
                return found
    return None


def _looks_like_one(mail: Mail) -> bool:
    """Whether a mail system wrote it; else flufl.bounce, made for what arrives at a return path, is not asked."""
    null = mail.every("return-path") and mail.first("return-path").strip() == "<>"
    return bool(null or DAEMON.match(mail.sender.address) or mail.every("x-failed-recipients"))


# RFC 3464 and RFC 5965 -------------------------------------------------------------------------------------------


def _of_blocks(mail: Mail) -> Iterator[Bounce]:
    for block in mail.blocks:
        fields = dict(reversed(block))
        if "feedback-type" in fields:
            yield Bounce(kind="complaint", recipient=_address(fields.get("original-rcpt-to", "")), why=COMPLAINT)
        elif "action" in fields or "final-recipient" in fields:
            yield _of_block(fields)


COMPLAINT = "They marked this mail as spam. Do not write to them again unless they ask for it."


def _of_block(fields: dict[str, str]) -> Bounce:
    action = fields.get("action", "").partition(" ")[0].strip(";").lower()
    said = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
    status = _status(fields.get("status", ""), said)
    recipient = next((found for name in RECIPIENT_FIELDS if (found := _address(fields.get(name, "")))), "")
    if action == "delayed":
        return Bounce(kind="delayed", recipient=recipient, status=status)
    if action in ("delivered", "relayed", "expanded"):
        return Bounce(kind="fine", recipient=recipient, status=status)
    kind = "temporary" if status.startswith("4") else "permanent"
    return Bounce(
        kind=kind, recipient=recipient, status=status, why=_reason(recipient, status, said), gone=status in NO_SUCH
    )


def _status(given: str, said: str) -> str:
    found = STATUS.search(given)
    inside = STATUS.search(said)
    if found is None or (found[2] == found[3] == "0" and inside is not None):
        found = inside or found
    return found[0] if found is not None else ""


def _address(value: str) -> str:
    """`rfc822; lan@example.com` or a bare address."""
    people = headers.mailboxes([value.partition(";")[2] or value]) if value else ()
    return next((one.address.lower() for one in people if "@" in one.address), "")


def _reason(recipient: str, status: str, said: str) -> str:
    keys = [key for key in REASONS if status.startswith(key)]
    what = REASONS[max(keys, key=len)] if keys else ELSE
    whom = f" ({recipient})" if recipient else ""
    quoted = re.sub(r"\s+", " ", clean(said)).strip()[:MOST_WHY]
    return f"{what}{whom}." + (f" It said: {quoted}" if quoted else "")


# Mail systems that write what they like ---------------------------------------------------------------------------


def _by_experience(mail: Mail, raw: bytes, signed: bool) -> Iterator[Bounce]:
    temporary, permanent = _asked(raw)
    named = [one for value in mail.every("x-failed-recipients") for one in headers.mailboxes([value])]
    refused = {_text(one) for one in permanent} | {one.address.lower() for one in named}
    for recipient in sorted(refused - {""}):
        said = _line_about(mail.plain, recipient)
        status = _status("", said or mail.plain[:MOST_LETTERS])
        yield Bounce(
            kind="permanent",
            recipient=recipient,
            status=status,
            why=_reason(recipient, status, said),
            gone=status in NO_SUCH,
        )
    for recipient in sorted({_text(one) for one in temporary} - refused - {""}):
        yield Bounce(kind="delayed", recipient=recipient)
    if not refused and not temporary and signed and DAEMON.match(mail.sender.address):
        yield Bounce(kind="permanent", why=_reason("", _status("", mail.plain[:MOST_LETTERS]), ""))


def _asked(raw: bytes) -> tuple[frozenset[bytes], frozenset[bytes]]:
    try:
        message = email.message_from_bytes(raw[: 4 * MOST_LETTERS], policy=email.policy.compat32)
        temporary, permanent = flufl.bounce.all_failures(message)
        return frozenset(temporary), frozenset(permanent)
    except Exception:  # its detectors were not written for every mail that there is
        return frozenset(), frozenset()


def _text(address: bytes | str) -> str:
    return (decode(address, None) if isinstance(address, bytes) else address).strip().lower()


def _line_about(text: str, recipient: str) -> str:
    """The sentence next to the address, which mostly is the reason."""
    lines = [line.strip() for line in text[:MOST_LETTERS].splitlines()]
    at = next((nth for nth, line in enumerate(lines) if recipient in line.lower()), None)
    if at is None:
        return ""
    near = [line for line in lines[at : at + 4] if STATUS.search(line) or re.search(r"\b[45]\d\d\b", line)]
    return near[0] if near else ""


# Which mail it was ------------------------------------------------------------------------------------------------


def _original_id(mail: Mail) -> str:
    """The Message-ID of the mail that came back: it is returned along, or quoted, or referred to."""
    try:
        inner = email.message_from_bytes(mail.original[:MOST_LETTERS], policy=email.policy.compat32)
        given = [str(value) for name, value in inner.raw_items() if name.lower() == "message-id"]
    except Exception:
        given = []
    quoted = re.findall(r"(?im)^[> ]*Message-ID:\s*(<[^<>\s]+>)", mail.plain[:MOST_LETTERS])
    found = headers.ids(given) or headers.ids(quoted) or mail.in_reply_to or mail.references[-1:]
    return found[0] if found else ""


def _whom(one: Bounce, all_: tuple[Bounce, ...], mail: Mail, came_back: tokens.Return | None) -> str:
    """The recipient as we wrote to it: forwarders report another address than ours."""
    if came_back is None or any(_is_marked(each.recipient, came_back) for each in all_):
        return one.recipient
    return next((each for each in _named(mail) if _is_marked(each, came_back)), one.recipient)


def _is_marked(address: str, came_back: tokens.Return) -> bool:
    return bool(address) and tokens.recipient_mark(address) == came_back.recipient


def _named(mail: Mail) -> list[str]:
    texts = [mail.plain[:MOST_LETTERS], decode(mail.original[:MOST_LETTERS], None)]
    return [found.lower() for text in texts for found in headers.ADDRESS.findall(text)]
