"""Environment → one frozen `Settings`. The only reader of `os.environ`, and of `.env` in the working folder.

Each setting is declared once, on its field: how its value is read, and its help line. The command line's own options
win over the environment, the environment over `.env`, `.env` over the default. A value that cannot be used raises
`BadSetting` with the setting's name and what it should be.
"""

import ipaddress
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec

from hub.errors import BadSetting

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Source = Literal["option", "environment", ".env", "default"]


class Wrong(Exception):
    """Carries what a value should be; `read` adds the setting's name to it."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What a field says about itself beside its type and default."""

    name: str
    parse: Callable[[str], Any]
    help: str
    secret: bool = False


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as `hub settings` shows it; `shown` is masked when it is a secret."""

    name: str
    shown: str
    default: str
    source: Source
    help: str


# --- how values are read ------------------------------------------------------------------------------------------


def _text(value: str) -> str:
    return value


def _number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if value.isdecimal() and least <= int(value) <= most:
            return int(value)
        raise Wrong(f"a whole number from {least} to {most}")

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() in choices:
            return value.lower()
        raise Wrong("one of " + ", ".join(choices))

    return parse


def _address_with(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if any(value.startswith(scheme + "://") and len(value) > len(scheme) + 3 for scheme in schemes):
            return value
        raise Wrong("an address that begins with " + " or ".join(scheme + "://" for scheme in schemes))

    return parse


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"} and not parts.query:
        return value.rstrip("/")
    raise Wrong("the address that browsers use, such as https://hub.example.com, without a path")


def _folder(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise Wrong("a folder, and this is a file")
    return path


def _key(value: str) -> str:
    if len(value) >= 32:
        return value
    raise Wrong("at least 32 characters; make one with: openssl rand -base64 32")


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise Wrong("addresses or networks with commas between them, such as 127.0.0.1, 10.0.0.0/8") from error


# --- the settings -------------------------------------------------------------------------------------------------


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an owner can set from outside; read once, at the start."""

    host: Annotated[str, Declared(name="HUB_HOST", parse=_text, help="Address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, Declared(name="HUB_PORT", parse=_number(0, 65535), help="Port to listen on; 0 takes a free one.")
    ] = 8080
    data: Annotated[
        Path,
        Declared(name="HUB_DATA", parse=_folder, help="Folder of the embedded stores, keys, models and logs."),
    ] = Path("data")
    base_url: Annotated[
        str | None,
        Declared(
            name="HUB_BASE_URL",
            parse=_base_url,
            help="Address under which browsers and platforms reach the hub. A public one switches the demo page off.",
        ),
    ] = None
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Declared(
            name="HUB_TRUSTED_PROXIES",
            parse=_networks,
            help="Networks whose X-Forwarded-* headers are believed, with commas between them.",
        ),
    ] = ()
    mongo_url: Annotated[
        str | None,
        Declared(
            name="HUB_MONGO_URL",
            parse=_address_with("mongodb", "mongodb+srv"),
            help="A MongoDB of your own instead of the embedded database; needs a replica set for w=majority.",
            secret=True,
        ),
    ] = None
    redis_url: Annotated[
        str | None,
        Declared(
            name="HUB_REDIS_URL",
            parse=_address_with("redis", "rediss", "unix"),
            help="A Redis or Valkey of your own instead of the embedded one.",
            secret=True,
        ),
    ] = None
    secret_key: Annotated[
        str | None,
        Declared(
            name="HUB_SECRET_KEY",
            parse=_key,
            help="Encrypts the channels' secrets. Without it: the key in HUB_DATA/secret.key, made on first use.",
            secret=True,
        ),
    ] = None
    log_level: Annotated[
        str,
        Declared(
            name="HUB_LOG_LEVEL",
            parse=_one_of("debug", "info", "warning", "error"),
            help="Least important line that is logged: debug, info, warning or error.",
        ),
    ] = "info"
    log_format: Annotated[
        str,
        Declared(
            name="HUB_LOG_FORMAT",
            parse=_one_of("auto", "console", "json"),
            help="console, json, or auto: console on a terminal, JSON lines elsewhere.",
        ),
    ] = "auto"
    disk_floor_mb: Annotated[
        int,
        Declared(
            name="HUB_DISK_FLOOR_MB",
            parse=_number(0, 1_000_000),
            help="With less free space than this the door answers 503 before the database fails.",
        ),
    ] = 200
    session_days: Annotated[
        int,
        Declared(name="HUB_SESSION_DAYS", parse=_number(1, 365), help="Days until an agent has to sign in again."),
    ] = 14
    max_body_kb: Annotated[
        int,
        Declared(name="HUB_MAX_BODY_KB", parse=_number(1, 16_384), help="Largest request body that is not a file."),
    ] = 1024
    max_file_mb: Annotated[
        int, Declared(name="HUB_MAX_FILE_MB", parse=_number(1, 1024), help="Largest attachment.")
    ] = 20
    raw_days: Annotated[
        int,
        Declared(
            name="HUB_RAW_DAYS",
            parse=_number(1, 3650),
            help="Days that the raw form of an understood arrival is kept; raw mails stay with their messages.",
        ),
    ] = 30
    event_days: Annotated[
        int,
        Declared(
            name="HUB_EVENT_DAYS",
            parse=_number(1, 365),
            help="Days that events are kept for browsers and programs that come back.",
        ),
    ] = 7
    demo: Annotated[
        Literal["auto", "on", "off"],
        Declared(
            name="HUB_DEMO",
            parse=_one_of("auto", "on", "off"),
            help="The demo shop's page: on, off, or auto: on until HUB_BASE_URL is public.",
        ),
    ] = "auto"

    @property
    def public(self) -> bool:
        """Whether strangers can be expected: `base_url` is set and does not name this machine itself."""
        host = urlsplit(self.base_url).hostname if self.base_url else None
        return host is not None and not _loopback(host)

    @property
    def demo_on(self) -> bool:
        return self.demo == "on" or (self.demo == "auto" and not self.public)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def load(
    environ: Mapping[str, str] | None = None, dotenv: Path = Path(".env"), options: Mapping[str, str] | None = None
) -> Settings:
    """The settings of this process; `options` are the command line's, by field (`{"port": "9000"}`)."""
    found = {field: raw for field, (raw, _) in _raw(environ, dotenv, options).items()}
    values = {field: _parsed(declared, found[field]) for field, declared in declarations() if field in found}
    values.setdefault("data", _folder("data"))
    return Settings(**values)


def show(
    environ: Mapping[str, str] | None = None, dotenv: Path = Path(".env"), options: Mapping[str, str] | None = None
) -> list[Value]:
    """Every setting with its value and where that came from, for a person to read; secrets are masked."""
    found = _raw(environ, dotenv, options)
    return [_value(field, declared, *found.get(field, ("", "default"))) for field, declared in declarations()]


def unknown(environ: Mapping[str, str] | None = None, dotenv: Path = Path(".env")) -> list[str]:
    """HUB_* names that are set and mean nothing, sorted: most likely spelling mistakes."""
    names = {declared.name for _, declared in declarations()}
    given = {**_dotenv(dotenv), **(os.environ if environ is None else environ)}
    return sorted(name for name in given if name.startswith("HUB_") and name not in names)


def declarations() -> Iterator[tuple[str, Declared]]:
    """Field name and declaration, in the order in which people read them."""
    for field, annotated in get_type_hints(Settings, include_extras=True).items():
        yield field, next(meta for meta in get_args(annotated) if isinstance(meta, Declared))


def _raw(
    environ: Mapping[str, str] | None, dotenv: Path, options: Mapping[str, str] | None
) -> dict[str, tuple[str, Source]]:
    env = os.environ if environ is None else environ
    file = _dotenv(dotenv)
    found: dict[str, tuple[str, Source]] = {}
    for field, declared in declarations():
        # An empty value means "not set", as container and service files like to write it.
        if (options or {}).get(field):
            found[field] = ((options or {})[field], "option")
        elif env.get(declared.name):
            found[field] = (env[declared.name], "environment")
        elif file.get(declared.name):
            found[field] = (file[declared.name], ".env")
    return found


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (line.strip().removeprefix("export ") for line in path.read_text("utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def _parsed(declared: Declared, raw: str) -> Any:
    try:
        return declared.parse(raw.strip())
    except Wrong as wrong:
        said = "this value" if declared.secret else repr(raw)
        raise BadSetting(f"{declared.name} cannot be {said}: it should be {wrong}.") from wrong


def _value(field: str, declared: Declared, raw: str, source: Source) -> Value:
    default = _default_text(field)
    shown = ("(hidden)" if declared.secret else raw) if raw else default
    return Value(name=declared.name, shown=shown, default=default, source=source, help=declared.help)


def _default_text(field: str) -> str:
    value = next(info.default for info in msgspec.structs.fields(Settings) if info.name == field)
    if field == "data":
        return "./data"
    return "" if value in (None, ()) else str(value)
