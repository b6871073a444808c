"""Where the web of a data folder answers on this machine: told by whoever serves it, read by the other commands."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec

from hub.settings import Settings

FILE = "web.json"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


class _Web(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    pid: int


@contextlib.contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Other commands find the web of this process meanwhile. Of several on one data folder they find the last one."""
    path = settings.data / FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, _Web(address=_by_settings(settings), pid=os.getpid()))
    try:
        yield
    finally:
        known = _read(path)
        if known is not None and known.pid == os.getpid():
            path.unlink(missing_ok=True)


def address_of(settings: Settings) -> str:
    """Where the hub of this data folder answers on this machine; when none runs, where it would by these settings."""
    known = _read(settings.data / FILE)
    return known.address if known is not None and _lives(known.pid) else _by_settings(settings)


def _by_settings(settings: Settings) -> str:
    return f"http://{EVERYWHERE.get(settings.host, settings.host)}:{settings.port}"


def _write(path: Path, web: _Web) -> None:
    """As one step: whoever reads it gets the old or the new."""
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    fresh.write_bytes(msgspec.json.encode(web))
    fresh.replace(path)


def _read(path: Path) -> _Web | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Web)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _lives(pid: int) -> bool:
    """Whether there is such a process; one of another user counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
