"""Mails, accounts and arrivals for tests, as small as each test needs them."""

import datetime as dt
import hashlib
from collections.abc import Mapping

import msgspec

from channels.email.inbound import normalise
from channels.email.wire import Secrets
from hub.ids import arrival_id
from hub.inbound import Inbound, InboundMessage
from hub.model import Account, AccountId, Arrival

AT = dt.datetime(2026, 1, 12, 3, 30, tzinfo=dt.UTC)
ORDER = 1_768_188_600_000_000
SECRET = "a secret of sixteen"
SHOP = "cskh@mocan.example"
FROM_INBOX = {"folder": "INBOX", "folder-kind": "inbox"}
FROM_SENT = {"folder": "Sent", "folder-kind": "sent"}


def account(settings: Mapping[str, object] | None = None, secrets: Secrets | None = None, id_: str = "acc") -> Account:
    return Account(
        id=AccountId(id_),
        kind="email",
        name="Mộc An",
        at=AT,
        settings={"address": SHOP, **(settings or {})},
        secrets=msgspec.json.encode(secrets or Secrets(token_secret=SECRET)),
    )


def mail(body: str = "Shop ơi", **headers: str | None) -> bytes:
    """A mail as a customer's program sends it; a header given as None is left out, underscores stand for hyphens."""
    fields: dict[str, str | None] = {
        "from": "Lan <lan@khach.example>",
        "to": SHOP,
        "subject": "Đơn hàng",
        "date": "Mon, 12 Jan 2026 10:23:45 +0700",
        "message-id": "<1@khach.example>",
        "content-type": "text/plain; charset=utf-8",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name.title()}: {value}\r\n" for name, value in fields.items() if value is not None)
    return (head + "\r\n" + body.replace("\n", "\r\n")).encode("utf-8", "surrogateescape")


def arrival(
    raw: bytes, headers: Mapping[str, str] = FROM_INBOX, *, history: bool = False, at: dt.datetime = AT
) -> Arrival:
    digest = hashlib.sha256(raw).hexdigest()
    return Arrival(
        id=arrival_id(AccountId("acc"), digest),
        account=AccountId("acc"),
        channel="email",
        external=digest,
        lane="acc:lane",
        order=ORDER,
        at=at,
        body=raw,
        digest=digest,
        headers=dict(headers),
        history=history,
    )


def understood(raw: bytes, headers: Mapping[str, str] = FROM_INBOX, whose: Account | None = None) -> list[Inbound]:
    return normalise(whose or account(), arrival(raw, headers))


def message(raw: bytes, headers: Mapping[str, str] = FROM_INBOX, whose: Account | None = None) -> InboundMessage:
    """The one message that a mail means."""
    (one,) = understood(raw, headers, whose)
    assert isinstance(one, InboundMessage)
    return one
