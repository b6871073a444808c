"""Which addresses a mail may be sent to. Strict: what a server could read in two ways is no address. Pure."""

import re

from hub.errors import Refused

MOST = 254  # RFC 5321 4.5.3.1.3, without the brackets
MOST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def checked(address: str) -> str:
    """The address with its domain as DNS writes it. Raises Refused with the sentence for the agent."""
    local, at, domain = address.strip(" ").rpartition("@")
    try:
        written = domain.encode("ascii" if domain.isascii() else "idna").decode()
    except UnicodeError:
        written = ""
    fits = len(local.encode("utf-8", "replace")) <= MOST_LOCAL and len(address) <= MOST and local.isprintable()
    if not at or not fits or not _LOCAL.fullmatch(local) or not all(map(_LABEL.fullmatch, written.split("."))):
        raise Refused(f"{_shown(address)} is no e-mail address. Correct the contact's address and send it again.")
    return f"{local}@{written}"


def needs_utf8(address: str) -> bool:
    """Whether only a server with SMTPUTF8 can take it."""
    return not address.isascii()


def _shown(address: str) -> str:
    plain = "".join(one if one.isprintable() else "�" for one in address.strip())
    return f"“{plain[:80]}”" if plain else "An empty address"
