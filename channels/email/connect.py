"""Connecting a mailbox: the questions, the servers that follow from the address, and the live test of both."""

import datetime as dt
import secrets as chance
from collections.abc import Mapping
from typing import cast, get_args

import msgspec

from channels.base import Connected, Field, House
from channels.email import providers, wire
from channels.email.check import check
from channels.email.oauth import Tokens
from channels.email.sending.addresses import checked
from hub.errors import BadInput, Refused
from hub.model import Account

YES = frozenset({"yes", "y", "true", "1", "có", "co"})
WAYS = ("password", "google", "microsoft")
SECURITIES = get_args(wire.Security)


def _field(name: str, vi: str, en: str, help_vi: str = "", help_en: str = "", **more: object) -> Field:
    help_ = {"vi": help_vi, "en": help_en} if help_vi else {}
    return msgspec.convert({"name": name, "label": {"vi": vi, "en": en}, "help": help_, **more}, Field)


FIELDS: tuple[Field, ...] = (
    _field("address", "Địa chỉ email", "E-mail address", "Ví dụ: hotro@tenshop.vn", "For example: support@shop.com"),
    _field("name", "Tên hiện trên thư", "Name shown on mails", required=False),
    _field("sign_in", "Cách đăng nhập", "How to sign in", options=WAYS, default="password", required=False),
    _field(
        "password",
        "Mật khẩu",
        "Password",
        "Với Gmail, Yahoo và iCloud: tạo mật khẩu ứng dụng rồi nhập vào đây.",
        "For Gmail, Yahoo and iCloud: create an app password and enter that.",
        secret=True,
        required=False,
    ),
    _field(
        "history",
        "Lấy cả thư cũ?",
        "Fetch older mail, too?",
        "Thư cũ được lưu để tìm lại, không báo là thư mới.",
        "It is kept to be searched, and is no news to anybody.",
        options=("no", "yes"),
        default="no",
        required=False,
    ),
    _field("imap_host", "Máy chủ IMAP", "IMAP server", "Để trống: tự tìm.", "Empty: it is found.", required=False),
    _field("imap_port", "Cổng IMAP", "IMAP port", required=False),
    _field("imap_security", "Bảo mật IMAP", "IMAP security", options=SECURITIES, default="tls", required=False),
    _field("smtp_host", "Máy chủ SMTP", "SMTP server", "Để trống: tự tìm.", "Empty: it is found.", required=False),
    _field("smtp_port", "Cổng SMTP", "SMTP port", required=False),
    _field("smtp_security", "Bảo mật SMTP", "SMTP security", options=("", *SECURITIES), required=False),
    _field("user", "Tên đăng nhập", "User name", "Để trống: là địa chỉ.", "Empty: the address.", required=False),
    _field("ca_file", "Tệp chứng chỉ gốc", "File of the server's authority", required=False),
    _field("client_id", "OAuth client ID", "OAuth client ID", required=False),
    _field("client_secret", "OAuth client secret", "OAuth client secret", secret=True, required=False),
    _field("refresh_token", "OAuth refresh token", "OAuth refresh token", secret=True, required=False),
    _field("token_url", "OAuth token URL", "OAuth token URL", required=False),
)


async def connect(
    account: Account, answers: Mapping[str, str], tokens: Tokens, house: House | None, now: dt.datetime
) -> Connected:
    """Check the answers live, both ways. Raises BadInput with what to do."""
    said = {name: value.strip() for name, value in answers.items() if value.strip()}
    settings = _settings(said, now)
    settings = msgspec.structs.replace(settings, since=_since(account, settings.address, now))
    _check_goes_where_it_was(account, settings, said)
    secrets = _secrets(account, said)
    tried = msgspec.structs.replace(
        account,
        settings=cast("dict[str, object]", msgspec.to_builtins(settings)),
        secrets=msgspec.json.encode(secrets),
    )
    if why := await check(tried, tokens, None, now):
        raise BadInput(why, "password" if "password" in why else None)
    return Connected(
        name=settings.name or settings.address,
        # What is not said any more must not stay from the time before: a token beside a new password.
        settings={"oauth": None, "ca_file": None} | tried.settings,
        secrets=msgspec.json.encode(tokens.latest(tried)),
        steps=_steps(account, settings, house.base_url if house else ""),
    )


def _settings(said: Mapping[str, str], now: dt.datetime) -> wire.Settings:
    address = _address(said.get("address", ""))
    way = said.get("sign_in", "password")
    if way not in WAYS:
        raise BadInput(f"Sign in by one of {', '.join(WAYS)}.", "sign_in")
    imap, smtp = providers.servers(address, way)
    return wire.Settings(
        address=address,
        name=said.get("name", ""),
        imap=_server("imap", said, imap, providers.IMAP_PORTS),
        smtp=_server("smtp", said, smtp, providers.SMTP_PORTS),
        oauth=_oauth(way, said) if way != "password" or "refresh_token" in said else None,
        ca_file=said.get("ca_file"),
        since=now.isoformat(),
        history=said.get("history", "no").lower() in YES,
    )


def _since(account: Account, address: str, now: dt.datetime) -> str:
    """Connected again, a mailbox keeps its beginning: what came while it could not be read is news."""
    began = account.settings.get("since")
    same = account.settings.get("address") == address
    return began if same and isinstance(began, str) and began else now.isoformat()


def _address(said: str) -> str:
    try:
        return checked(said)
    except Refused as error:
        raise BadInput("Enter the mailbox's address, such as support@shop.com.", "address") from error


def _server(name: str, said: Mapping[str, str], guess: wire.Server, ports: Mapping[str, int]) -> wire.Server:
    """The guess, with what was entered over it."""
    security = said.get(f"{name}_security", guess.security)
    if security not in SECURITIES:
        raise BadInput(f"Choose one of {', '.join(SECURITIES)}.", f"{name}_security")
    moved = security != guess.security
    port = said.get(f"{name}_port", str(ports[security] if moved else guess.port))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadInput("A port is a number from 1 to 65535.", f"{name}_port")
    host, user = said.get(f"{name}_host", guess.host), said.get("user", guess.user)
    return wire.Server(host=host, port=int(port), security=cast("wire.Security", security), user=user)


def _oauth(way: str, said: Mapping[str, str]) -> wire.OAuth:
    for name in ("client_id", "refresh_token"):
        if name not in said:
            raise BadInput("Signing in by token needs the client ID and a refresh token.", name)
    return wire.OAuth(
        provider="" if way == "password" else way,
        client_id=said["client_id"],
        token_url=said.get("token_url", ""),
        scope=providers.SCOPES.get(way, ""),
    )


def _check_goes_where_it_was(account: Account, settings: wire.Settings, said: Mapping[str, str]) -> None:
    """A kept password or token is never shown to another server than the one that it was given for."""
    before = wire.settings_of(account)
    if before.address and _hosts(before) != _hosts(settings):
        missing = "password" if settings.oauth is None else "refresh_token"
        if missing not in said:
            raise BadInput("The servers are other ones than before: enter what to sign in with there.", missing)


def _hosts(settings: wire.Settings) -> tuple[str, ...]:
    servers = [one.host if one else "" for one in (settings.imap, settings.smtp)]
    return (*servers, settings.oauth.token_url if settings.oauth else "")


def _secrets(account: Account, said: Mapping[str, str]) -> wire.Secrets:
    """Connected again, a mailbox keeps the keys with which its old mails are signed."""
    before = wire.secrets_of(account)
    return msgspec.structs.replace(
        before,
        imap_password=said.get("password", before.imap_password),
        smtp_password=said.get("password", before.smtp_password),
        client_secret=said.get("client_secret", before.client_secret),
        refresh_token=said.get("refresh_token", before.refresh_token),
        access_token="",
        access_until=0.0,
        token_secret=before.token_secret or chance.token_urlsafe(32),
        hook_secret=before.hook_secret or chance.token_urlsafe(32),
    )


def _steps(account: Account, settings: wire.Settings, base_url: str) -> dict[str, tuple[str, ...]]:
    """What is left to do elsewhere."""
    address = settings.address
    vi = [f"Gửi thử một thư tới {address}: thư hiện trong hộp thư chung sau vài giây."]
    en = [f"Send a mail to {address}: it stands in the inbox within seconds."]
    if base_url:
        hook = f"{base_url.rstrip('/')}/in/{account.id}"
        vi.append(f"Nếu thư tới qua webhook (Mailgun, Postmark): đặt địa chỉ nhận là {hook}.")
        en.append(f"If mail comes by webhook (Mailgun, Postmark): let it go to {hook}.")
    vi.append(f"Gửi thử tới {address.replace('@', '+thu@')}: nếu thư không tới, tắt “địa chỉ có dấu cộng” của hộp thư.")
    en.append(f"Send one to {address.replace('@', '+test@')}: if it does not come, turn plus addresses off.")
    return {"vi": tuple(vi), "en": tuple(en)}
