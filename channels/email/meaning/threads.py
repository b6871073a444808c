"""What a mail belongs to: its own ids, the mails that it answers, whose token it carries, who else takes part. Pure.

Which conversation it joins is decided by the hub, in the order that `hub/inbound.py` tells; a subject never counts.
"""

import hashlib
import re

from channels.email import tokens
from channels.email.reading.mail import Mail
from channels.email.wire import Settings
from hub.model import ConversationId

# Where mail systems leave the address that a mail was delivered to.
DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
RECIPIENTS = ("to", "cc", *DELIVERED, "resent-to", "resent-cc")
MOST_EVERYONE = 100
MOST_ANSWERS = 20
SPACES = re.compile(r"\s+")


def content_hash(mail: Mail) -> str:
    """16 hex digits of what the mail says, the same for its copies however they were encoded on their way."""
    whole = hashlib.sha256()
    words = SPACES.sub("", mail.plain or mail.html)
    for text in (mail.first("date"), mail.sender.address.lower(), SPACES.sub("", mail.subject), words):
        whole.update(text.encode("utf-8", "replace") + b"\0")
    for file in mail.files:
        whole.update(file.name.encode("utf-8", "replace") + hashlib.sha256(file.data).digest())
    return whole.hexdigest()[:16]


def external(mail: Mail) -> str:
    """The mail's id in its account: some senders give one Message-ID to different mails, others give none."""
    return f"{mail.message_id}#{content_hash(mail)}"


def answers(mail: Mail) -> tuple[str, ...]:
    """The Message-IDs that it says it answers, the nearest first."""
    named = [*reversed(mail.in_reply_to), *reversed(mail.references)]
    return tuple(one for one in dict.fromkeys(named) if one != mail.message_id)[:MOST_ANSWERS]


def proven(mail: Mail, secret: str) -> ConversationId | None:
    """The conversation whose address it was sent to, wherever on its way that address was left."""
    for name in RECIPIENTS:
        for value in mail.every(name)[:50]:
            if (found := tokens.conversation_of(value, secret)) is not None:
                return found
    return None


def own_addresses(settings: Settings) -> frozenset[str]:
    """Ours as the settings name them: who writes from one of these may be us."""
    return frozenset(tokens.without_tag(one) for one in settings.addresses)


def our_addresses(mail: Mail, settings: Settings) -> frozenset[str]:
    """These, and those that this mail says it was delivered to: an alias must never get our own answer."""
    delivered = {tokens.without_tag(value.strip("<> ")) for name in DELIVERED for value in mail.every(name)[:10]}
    return own_addresses(settings) | {one for one in delivered if "@" in one and " " not in one}


def everyone(mail: Mail, ours: frozenset[str], but: str) -> tuple[str, ...]:
    """Who gets an answer to all, besides `but`: To and Cc without ourselves and without the sender."""
    left = {but.lower(), mail.sender.address.lower()}
    found = (one.address.lower() for one in (*mail.to, *mail.cc) if "@" in one.address)
    kept = (one for one in dict.fromkeys(found) if one not in left and tokens.without_tag(one) not in ours)
    return tuple(kept)[:MOST_EVERYONE]
