"""Which lane a raw mail waits in, by its headers alone: a thread's mails one behind the other, others side by side.

Cheap on purpose, since it is asked on the event loop for every mail; what a mail means is decided in `threads.py`.
"""

import hashlib
import re

MOST_HEADERS = 64 * 1024
_END = re.compile(rb"\r?\n\r?\n")
_HEADERS = re.compile(rb"(?im)^(References|In-Reply-To|Message-ID)[ \t]*:((?:[^\n]|\n[ \t])*)")
_ID = re.compile(rb"<[^<>\s]{1,990}>")


def lane(mail: bytes) -> str:
    """The thread's first id that the mail names, else its own, as a short hash; the same for a mail and its answers."""
    head = mail[:MOST_HEADERS]
    end = _END.search(head)
    named: dict[bytes, bytes] = {}
    for name, value in _HEADERS.findall(head[: end.start()] if end else head):
        found = _ID.search(value)
        if found:
            named.setdefault(name.lower(), found[0])
    for name in (b"references", b"in-reply-to", b"message-id"):
        if name in named:
            return hashlib.sha256(named[name]).hexdigest()[:16]
    return hashlib.sha256(head).hexdigest()[:16]
