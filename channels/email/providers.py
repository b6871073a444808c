"""Where the mail servers of well-known providers are: most people enter an address and a password only."""

from channels.email.wire import Server

# Domain of the address: IMAP host, SMTP host. All speak TLS at 993; SMTP at 465, or STARTTLS at 587.
GMAIL = ("imap.gmail.com", "smtp.gmail.com")
MICROSOFT = ("outlook.office365.com", "smtp.office365.com")
YAHOO = ("imap.mail.yahoo.com", "smtp.mail.yahoo.com")
ZOHO = ("imap.zoho.com", "smtp.zoho.com")
YANDEX = ("imap.yandex.com", "smtp.yandex.com")
APPLE = ("imap.mail.me.com", "smtp.mail.me.com")
KNOWN = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), GMAIL),
    **dict.fromkeys(("outlook.com", "outlook.com.vn", "hotmail.com", "live.com", "msn.com"), MICROSOFT),
    **dict.fromkeys(("yahoo.com", "yahoo.com.vn", "ymail.com"), YAHOO),
    **dict.fromkeys(("zoho.com", "zohomail.com"), ZOHO),
    **dict.fromkeys(("yandex.com", "yandex.ru", "ya.ru"), YANDEX),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), APPLE),
    "fastmail.com": ("imap.fastmail.com", "smtp.fastmail.com"),
    "gmx.com": ("imap.gmx.com", "mail.gmx.com"),
    "gmx.net": ("imap.gmx.net", "mail.gmx.net"),
}
STARTTLS_ONLY = frozenset({"smtp.office365.com", "smtp.mail.me.com"})
OAUTH = {"google": GMAIL, "microsoft": MICROSOFT}
SCOPES = {
    "google": "https://mail.google.com/",
    "microsoft": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
}
IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}


def servers(address: str, provider: str = "") -> tuple[Server, Server]:
    """IMAP and SMTP for this address; a domain of one's own most often has both at mail.<domain>."""
    domain = address.rpartition("@")[2].lower()
    imap, smtp = OAUTH.get(provider) or KNOWN.get(domain) or (f"mail.{domain}", f"mail.{domain}")
    starttls = smtp in STARTTLS_ONLY
    return (
        Server(host=imap, port=993, security="tls", user=address),
        Server(host=smtp, port=587 if starttls else 465, security="starttls" if starttls else "tls", user=address),
    )
