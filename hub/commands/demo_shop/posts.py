"""What the demo's customers put into the post: mails as Gmail writes them, quotes and HTML included, and a picture."""

import datetime as dt
import email
import email.policy
import html
import struct
import zlib
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parsedate_to_datetime

import msgspec

from hub.commands.demo_shop.script import VIETNAM

GREEN, BROWN, SHADOW = (96, 125, 84), (148, 110, 74), (64, 52, 40)
WIDTH, HEIGHT = 320, 240
DAYS = ("Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A mail of the shop's, as its receiver has it."""

    id: str
    back: str  # where an answer to it goes
    text: str
    at: dt.datetime


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail to be written; `first` is the id of the first one of its conversation, "" when it is that one."""

    id: str
    name: str
    address: str
    to: str
    subject: str
    text: str
    at: dt.datetime
    language: str = "vi"
    first: str = ""
    quoted: Answer | None = None
    picture: bytes | None = None


def answer_of(raw: bytes) -> Answer:
    """What a mail that left the hub says to its receiver."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain", "html"))
    return Answer(
        id=str(mail["Message-ID"] or ""),
        back=str(mail["Reply-To"] or mail["From"]),
        text=str(body.get_content()).strip() if body is not None else "",
        at=parsedate_to_datetime(str(mail["Date"])).astimezone(VIETNAM),
    )


def posted(letter: Letter) -> bytes:
    """The mail's bytes; the same letter always makes the same."""
    mail, quoted = EmailMessage(policy=email.policy.SMTP), letter.quoted
    mail["From"] = formataddr((letter.name, letter.address))
    mail["To"] = quoted.back if quoted else letter.to
    mail["Subject"] = f"Re: {letter.subject}" if letter.first else letter.subject
    mail["Date"] = format_datetime(letter.at.astimezone(VIETNAM))
    mail["Message-ID"] = letter.id
    if letter.first:
        mail["In-Reply-To"] = quoted.id if quoted else letter.first
        mail["References"] = " ".join([letter.first, *([quoted.id] if quoted else [])])
    mail.set_content(letter.text + _plain_quote(letter))
    mail.add_alternative(_html(letter), subtype="html")
    if letter.picture is not None:
        mail.add_attachment(letter.picture, maintype="image", subtype="png", filename="hinh-chup.png")
    for number, part in enumerate(one for one in mail.walk() if one.is_multipart()):
        part.set_boundary(f"{letter.id.strip('<>').partition('@')[0]}-{number}")
    return mail.as_bytes()


def _plain_quote(letter: Letter) -> str:
    if letter.quoted is None:
        return ""
    lines = "\n".join(f"> {line}" for line in letter.quoted.text.splitlines())
    return f"\n\n{_attribution(letter, letter.quoted)}\n\n{lines}\n"


def _attribution(letter: Letter, quoted: Answer) -> str:
    """As Gmail says it in either language."""
    at, who = quoted.at, f"Tiệm Trà Mộc An <{letter.to}>"
    if letter.language == "en":
        return f"On {at:%a, %b} {at.day}, {at.year} at {at:%H:%M} {who} wrote:"
    return f"Vào {DAYS[at.weekday()]}, {at.day} thg {at.month}, {at.year} vào lúc {at:%H:%M} {who} đã viết:"


def _html(letter: Letter) -> str:
    said = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in letter.text.splitlines())
    whole = f'<div dir="ltr">{said}</div>'
    if letter.quoted is not None:
        before = "<br>".join(html.escape(line) for line in letter.quoted.text.splitlines())
        by = html.escape(_attribution(letter, letter.quoted))
        quote = f'<blockquote class="gmail_quote" style="border-left:1px solid #ccc">{before}</blockquote>'
        whole += f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{by}<br></div>{quote}</div>'
    return whole


def picture() -> bytes:
    """A photo of a tea box with a dented corner, as PNG."""
    rows = b"".join(b"\0" + b"".join(bytes(_colour(x, y)) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _colour(x: int, y: int) -> tuple[int, int, int]:
    if not (60 <= x < 260 and 50 <= y < 200):
        return 226 - y // 8, 218 - y // 8, 204 - y // 8  # a table in the light of a window
    if x - 60 + y - 50 < 46:
        return SHADOW  # the dent
    return BROWN if 110 <= y < 140 else GREEN


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
