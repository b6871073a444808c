"""An answer as a mail, with header lines of our own: the standard library breaks ids longer than a line. Pure."""

import datetime as dt
import email.utils
import re
from email.header import Header

from channels.email import tokens, wire
from channels.email.sending.addresses import checked
from channels.email.sending.body import File, body
from hub.model import Part

MOST_REFERENCES = 20  # the first one and the last nineteen
MOST_SUBJECT = 400
MOST_ID = 990  # a header line holds 998 octets (RFC 5322 2.1.1)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_RE = re.compile(r"(?:(?:re|aw|sv|antw|tr|rép|tl|trả lời)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+|[!-;=?-~]+")
_HASHED = re.compile(r"#[0-9a-f]{16}$")  # how an id that came twice with other words is told apart
NO_SUBJECT = "(không có tiêu đề)"


def message_id(part: Part, settings: wire.Settings, secrets: wire.Secrets) -> str:
    """Without brackets; the same at every try and for every recipient."""
    return tokens.message_id(_domain(settings), secrets.token_secret, part.message, part.index)


def compose(
    part: Part, to: str, files: tuple[File, ...], settings: wire.Settings, secrets: wire.Secrets, now: dt.datetime
) -> bytes:
    """The whole mail; the same bytes for every recipient of a part, and at every try. Raises Refused."""
    own = message_id(part, settings, secrets)
    lines = [
        _people("From", [(settings.name, checked(settings.address))]),
        *_recipients(part, to),
        _text("Subject", subject(part.subject, _own_subject(settings), answers=bool(part.answers))),
        f"Date: {email.utils.format_datetime(part.at or now)}",
        f"Message-ID: <{own}>",
        *threading(part.answers),
        *_reply_to(part, settings, secrets),
        *(_automatic(part, settings) if part.auto else []),
        "MIME-Version: 1.0",
    ]
    mark = own.partition("@")[0]
    return "\r\n".join(lines).encode() + b"\r\n" + body(_words(part), files, mark)


def threading(answers: tuple[str, ...]) -> list[str]:
    """In-Reply-To and References, each id whole and on a line of its own; `answers` has the nearest first."""
    ids = list(dict.fromkeys(one for answer in answers if (one := bare(answer))))
    if not ids:
        return []
    oldest_first = ids[::-1]
    if len(oldest_first) > MOST_REFERENCES:
        oldest_first = [oldest_first[0], *oldest_first[1 - MOST_REFERENCES :]]
    folded = "\r\n ".join(f"<{one}>" for one in oldest_first)
    return [f"In-Reply-To: <{ids[0]}>", f"References: {folded}"]


def bare(answer: str) -> str:
    """A platform id as a Message-ID without brackets; "" when it is none that a header may carry."""
    id_ = _HASHED.sub("", answer).strip().removeprefix("<").removesuffix(">")
    return id_ if _ID.fullmatch(id_) and len(id_) <= MOST_ID else ""


def subject(said: str | None, own: str, *, answers: bool) -> str:
    """One line, with one "Re: " when it answers; `own` stands where we write first and nobody chose a subject."""
    line = _SPACE.sub(" ", said or "").strip()[:MOST_SUBJECT]
    bare_line = _RE.sub("", line, count=1).strip() if answers and _RE.match(line) else line
    return f"Re: {bare_line or NO_SUBJECT}" if answers else bare_line or own


def _own_subject(settings: wire.Settings) -> str:
    return f"Thư từ {settings.name or settings.address}"


def _recipients(part: Part, to: str) -> list[str]:
    """Everybody who gets it, so that an answer to all reaches them all."""
    everyone = list(dict.fromkeys(checked(one) for one in part.everyone or (to,)))
    lines = [_people("To", [("", everyone[0])])]
    return [*lines, _people("Cc", [("", one) for one in everyone[1:]])] if everyone[1:] else lines


def _reply_to(part: Part, settings: wire.Settings, secrets: wire.Secrets) -> list[str]:
    if not settings.plus or not part.conversation:
        return []
    address = tokens.reply_address(settings.address, secrets.token_secret, part.conversation)
    return [_people("Reply-To", [(settings.name, checked(address))])]


def _automatic(part: Part, settings: wire.Settings) -> list[str]:
    """RFC 3834: whoever gets it must not let a machine answer."""
    kind = "auto-replied" if part.answers else "auto-generated"
    install = _SPACE.sub(" ", settings.install).encode("ascii", "replace").decode()
    return [f"Auto-Submitted: {kind}", "X-Auto-Response-Suppress: All", f"{wire.LOOP}: {install or 'hub'}"]


def _people(name: str, people: list[tuple[str, str]]) -> str:
    return f"{name}: " + ",\r\n ".join(_person(shown, address) for shown, address in people)


def _person(shown: str, address: str) -> str:
    line = _SPACE.sub(" ", shown).strip()[:100]
    if not line:
        return address
    if line.isascii():
        return email.utils.formataddr((line, address))
    coded = Header(line, "utf-8", maxlinelen=70, header_name="Reply-To").encode(linesep=_NEW_LINE)
    return f"{coded}{_NEW_LINE} <{address}>"


def _text(name: str, value: str) -> str:
    charset = "us-ascii" if value.isascii() else "utf-8"
    return f"{name}: {Header(value, charset, header_name=name).encode(linesep=_NEW_LINE)}"


_NEW_LINE = "\r\n"


def _words(part: Part) -> str:
    choices = "".join(f"\n- {one}" for one in part.options)
    return f"{part.text}\n{choices}" if choices else part.text


def _domain(settings: wire.Settings) -> str:
    return checked(settings.address).rpartition("@")[2]
