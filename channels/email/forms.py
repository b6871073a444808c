"""The forms in which a mail is handed over: as it is, or packed by Mailgun or Postmark. Pure."""

import base64
import binascii
import email
import email.policy
from email.message import EmailMessage
from urllib.parse import parse_qsl

import msgspec

from channels.email import wire
from hub.errors import Poison
from hub.model import Arrival

MOST_FIELDS = 2_000


class Header(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    name: str = ""
    value: str = ""


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    name: str = msgspec.field(name="Name", default="")
    mime: str = msgspec.field(name="ContentType", default="application/octet-stream")
    content: str = msgspec.field(name="Content", default="")
    cid: str = msgspec.field(name="ContentID", default="")


class Postmark(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """Postmark's inbound JSON (postmarkapp.com/developer/webhooks/inbound-webhook), as far as it is used."""

    message_id: str = msgspec.field(name="MessageID", default="")
    raw_email: str = ""
    from_: str = msgspec.field(name="From", default="")
    to: str = ""
    cc: str = ""
    reply_to: str = ""
    subject: str = ""
    date: str = ""
    original_recipient: str = ""
    text_body: str = ""
    html_body: str = ""
    headers: tuple[Header, ...] = ()
    attachments: tuple[Attached, ...] = ()


postmark = msgspec.json.Decoder(Postmark, strict=False)
OWN = frozenset(
    {"from", "to", "cc", "subject", "date", "reply-to", "content-type", "content-transfer-encoding", "mime-version"}
)


def mail_of(arrival: Arrival) -> bytes:
    """The mail's own bytes. Raises Poison when the form cannot be read."""
    form = arrival.headers.get(wire.FORM, "raw")
    if form == "mailgun":
        return _from_mailgun(arrival)
    if form == "postmark":
        return _from_postmark(arrival.body)
    return arrival.body


def fields(body: bytes, content_type: str) -> dict[str, bytes]:
    """The fields of a posted form, urlencoded or multipart; the first of each name. Raises Poison."""
    kind = content_type.partition(";")[0].strip().lower()
    found: dict[str, bytes] = {}
    try:
        if kind == "application/x-www-form-urlencoded":
            # Bytes go through as latin-1: what charset the mail in it has is said in the mail.
            pairs = parse_qsl(
                body.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="latin-1"
            )
            return {name: value.encode("latin-1") for name, value in reversed(pairs)}
        head = b"Content-Type: " + content_type.encode("utf-8", "replace").replace(b"\r", b"").replace(b"\n", b"")
        form = email.message_from_bytes(head + b"\r\n\r\n" + body, policy=email.policy.HTTP)
        for part in form.walk():
            name = part.get_param("name", header="content-disposition")
            data = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(data, bytes):
                found.setdefault(name, data)
    except Exception as error:
        raise Poison(f"not a form that can be read: {type(error).__name__}") from error
    return found


def _from_mailgun(arrival: Arrival) -> bytes:
    """The route's URL must end in "mime": then Mailgun posts the mail as it is, in one field."""
    given = fields(arrival.body, arrival.headers.get("content-type", ""))
    whole = given.get("body-mime")
    if not whole:
        raise Poison("Mailgun posted no MIME: let the URL of the route end in /mime")
    recipient = given.get("recipient", b"").replace(b"\r", b"").replace(b"\n", b"")
    return b"X-Original-To: " + recipient + b"\r\n" + whole if recipient else whole


def _from_postmark(body: bytes) -> bytes:
    try:
        said = postmark.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Poison(f"not Postmark's JSON: {type(error).__name__}") from error
    if said.raw_email:
        delivered = f"X-Original-To: {_line(said.original_recipient)}\r\n" if said.original_recipient else ""
        return delivered.encode("utf-8", "replace") + said.raw_email.encode("utf-8", "replace")
    try:
        return _written(said)
    except Exception as error:
        raise Poison(f"Postmark's JSON makes no mail: {type(error).__name__}. Switch on its raw content.") from error


def _written(said: Postmark) -> bytes:
    """A mail of the pieces, for accounts that do not have the raw content switched on."""
    made = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=998))
    lines = [("From", said.from_), ("To", said.to), ("Cc", said.cc), ("Reply-To", said.reply_to)]
    lines += [("Subject", said.subject), ("Date", said.date), ("X-Original-To", said.original_recipient)]
    lines += [(one.name, one.value) for one in said.headers if one.name.lower() not in OWN and one.name.isascii()]
    if said.text_body or not said.html_body:
        made.set_content(said.text_body)
        if said.html_body:
            made.add_alternative(said.html_body, subtype="html")
    else:
        made.set_content(said.html_body, subtype="html")
    for file in said.attachments:
        main, _, sub = file.mime.partition(";")[0].partition("/")
        made.add_attachment(
            _decoded(file.content), maintype=main or "application", subtype=sub or "octet-stream", filename=file.name
        )
    head = "".join(f"{name}: {_line(value)}\r\n" for name, value in lines if value)
    return head.encode("utf-8", "replace") + made.as_bytes()


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content)
    except (binascii.Error, ValueError):
        return b""


def _line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")
