"""Whether a machine wrote a mail (RFC 3834). Such a mail is logged and flagged, never answered, never reopens.

Two degrees: what says of itself that it is automatic is; what merely looks like bulk (a list's footer, a no-reply
address) is not when it answers a mail of ours, since people write through lists and ticket systems too.
"""

import re

from channels.email.reading.mail import Mail
from channels.email.tokens import without_tag
from channels.email.wire import LOOP

AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply")
NO = frozenset({"", "no", "none", "false", "0"})
NOBODY = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|no-?_?\.?reply|do-?_?not-?_?reply|noreply-\w+|bounces?|auto-?reply)@"
)
AWAY = re.compile(
    r"^(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|autoreply|"
    r"trả lời tự động|tự động trả lời|thư trả lời tự động|phản hồi tự động|vắng mặt)\b",
    re.IGNORECASE,
)


def is_auto(mail: Mail, own: frozenset[str], *, answers_ours: bool) -> bool:
    """Whether a machine wrote it. `own` are our addresses; `answers_ours`: it names a mail or a token of ours."""
    return _says_so(mail) or (not answers_ours and _looks_like_bulk(mail, own))


def _says_so(mail: Mail) -> bool:
    if mail.first("auto-submitted").partition(";")[0].strip().lower() not in NO:
        return True
    if any(mail.first(name).strip().lower() not in NO for name in AUTO_HEADERS) or mail.every(LOOP):
        return True
    if mail.first("precedence").strip().lower() in ("auto_reply", "auto-reply"):
        return True
    if "autoresponder" in mail.first("x-post-messageclass").lower() or mail.content_type == "multipart/report":
        return True
    if mail.every("return-path") and mail.first("return-path").strip() == "<>":
        return True
    return bool(AWAY.match(mail.subject.strip())) and bool(mail.in_reply_to or mail.references)


def _looks_like_bulk(mail: Mail, own: frozenset[str]) -> bool:
    if mail.first("precedence").strip().lower() in ("bulk", "junk"):
        return True
    if re.search(r"\b(?:all|autoreply)\b", mail.first("x-auto-response-suppress").lower()):
        return True
    if NOBODY.match(mail.sender.address.lower()):
        return True
    if not (mail.every("list-id") or mail.every("list-unsubscribe")):
        return False
    # A group that people write to (it has a List-Post) is bulk only when the mail was not written to us.
    addressed = {without_tag(one.address) for one in (*mail.to, *mail.cc)}
    return not (mail.every("list-post") and addressed & own)
