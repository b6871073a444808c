"""What an email account keeps: its settings and its secrets, decoded once. No I/O and no mail here."""

from typing import Literal

import msgspec

from hub.errors import BadInput
from hub.model import Account

Security = Literal["tls", "starttls", "none"]
HookForm = Literal["raw", "mailgun", "postmark"]

FORM = "mail-form"  # header of an arrival: which of HookForm its body has
FOLDER = "folder"  # header of an arrival from IMAP: the folder's name
FOLDER_KIND = "folder-kind"  # header of an arrival from IMAP: "inbox" or "sent"
LOOP = "X-Hub-Loop"  # on everything that we send by ourselves: the installation it came from


class Server(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where to connect to; `user` is the name to sign in with, "" where no sign-in is wanted."""

    host: str = ""
    port: int = 0
    security: Security = "tls"
    user: str = ""


class OAuth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The public half of a sign-in by token; the other half is in `Secrets`."""

    provider: str = ""  # "google", "microsoft" or "" for another one
    client_id: str = ""
    token_url: str = ""
    scope: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`account.settings` of a mailbox; keys that are not listed here are left alone."""

    address: str = ""  # the mailbox: From of every answer
    name: str = ""  # what stands before it
    own: tuple[str, ...] = ()  # further addresses that are ours: aliases, old addresses
    plus: bool = True  # the server delivers local+anything@domain to local@domain
    imap: Server | None = None
    smtp: Server | None = None
    folders: tuple[str, ...] = ("INBOX",)
    sent_folder: str | None = None  # None: the one that the server marks \Sent; "": none is watched
    save_sent: bool = False  # put our own answers into the Sent folder (Gmail and Microsoft do it by themselves)
    oauth: OAuth | None = None
    trusted_authserv: tuple[str, ...] = ()  # authserv-ids whose Authentication-Results are believed
    ca_file: str | None = None  # a private authority that signed the server's certificate
    dkim_domain: str | None = None
    dkim_selector: str | None = None
    since: str | None = None  # ISO time from which on mail is news
    history: bool = False  # older mail is fetched too, as history; without it, it is left where it is
    install: str = "hub"  # names this installation in X-Hub-Loop

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of ours, the mailbox's first."""
        return (self.address, *self.own) if self.address else self.own


class Secrets(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`account.secrets` of a mailbox, as the key ring opens them."""

    imap_password: str = ""
    smtp_password: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    access_token: str = ""
    access_until: float = 0.0  # unix seconds; 0: unknown
    token_secret: str = ""  # signs our plus-addresses, return paths and Message-IDs
    hook_secret: str = ""  # signs raw mails that are posted to us
    mailgun_key: str = ""  # Mailgun's HTTP webhook signing key
    postmark_user: str = ""
    postmark_password: str = ""
    dkim_key: str = ""  # PEM


secrets_decoder = msgspec.json.Decoder(Secrets)


def settings_of(account: Account) -> Settings:
    """The account's settings. Raises BadInput, which names the key that cannot be used."""
    try:
        return msgspec.convert(account.settings, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(f"This mailbox's settings cannot be used: {error}", "settings") from error


def secrets_of(account: Account) -> Secrets:
    """The account's secrets. Raises BadInput when they are not the JSON of a mailbox."""
    try:
        return secrets_decoder.decode(account.secrets or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("This mailbox's secrets cannot be read. Connect it again.", "secrets") from error
