"""Whether the mailbox's own server vouches for the sender. Everybody can write an Authentication-Results header."""

import authres

from channels.email.reading.mail import Mail

MOST_CHARS = 8_000


def verified(mail: Mail, trusted: tuple[str, ...]) -> str | None:
    """ "dkim" when the topmost result of a trusted server proves the From domain; None when nothing does."""
    domain = mail.sender.address.lower().rpartition("@")[2]
    if not trusted or not domain or len(mail.every("from")) != 1:
        return None
    names = {one.lower() for one in trusted}
    for value in mail.every("authentication-results"):
        found = _parsed(value[:MOST_CHARS])
        if found is not None and str(found.authserv_id).lower() in names:
            return "dkim" if any(_proves(result, domain) for result in found.results) else None
    return None


def _parsed(value: str) -> authres.AuthenticationResultsHeader | None:
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    except Exception:  # the library raises whatever comes to it on malformed fields
        return None


def _proves(result: authres.core.AuthenticationResult, domain: str) -> bool:
    if result.result != "pass":
        return False
    wanted = {"dmarc": ("from",), "dkim": ("d", "i")}.get(result.method, ())
    named = [_domain(prop.value) for prop in result.properties if prop.type == "header" and prop.name in wanted]
    return any("." in one and (domain == one or domain.endswith(f".{one}")) for one in named)


def _domain(value: object) -> str:
    return str(value).strip().lower().rpartition("@")[2]
