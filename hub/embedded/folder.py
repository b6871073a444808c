"""The data folder: one owner at a time, and `run.json`, in which the others read how to reach its stores.

The lock is the operating system's (`flock`): it goes with its process, however that ends, and is never stale.
"""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

import msgspec

from hub.errors import HubError

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class InUse(HubError):
    """Another process owns the folder's stores; say so, and end."""


class StoreRun(msgspec.Struct, frozen=True, kw_only=True):
    """How one store is reached. `port` is 0 when it listens on `socket`; `pid` is None when it does not run."""

    port: int
    password: str
    socket: str | None = None
    pid: int | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What `run.json` holds. Ports and passwords outlive every process; `pid` is the owner's, None when none runs."""

    database: StoreRun | None = None
    redis: StoreRun | None = None
    pid: int | None = None


class Folder:
    """One data folder, made private to its user on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    def make(self) -> None:
        """Create what is missing. Raises HubError when that is not allowed."""
        try:
            for folder in (self.path, self.path / "db", self.path / "redis", self.path / "logs"):
                folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        except OSError as error:
            raise HubError(
                f"The data folder {self.path} cannot be made or written ({error.strerror}). "
                "Give this user the right to it, or name another with --data."
            ) from error

    def take(self) -> None:
        """Become the owner. Raises InUse when somebody else is."""
        if not self.try_to_take():
            raise InUse(
                f"The data folder {self.path} is in use by process {self._owner()}. "
                "Stop that one, or use another folder with --data."
            )

    def try_to_take(self) -> bool:
        """Become the owner if nobody is; False when somebody is."""
        lock = (self.path / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock
        return True

    def give_up(self) -> None:
        """Let another process own the folder; harmless when this one does not."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def read(self) -> Run:
        """What the last owner wrote. A missing or broken file is an empty run: ports and passwords are made anew."""
        try:
            return msgspec.json.decode((self.path / "run.json").read_bytes(), type=Run)
        except (FileNotFoundError, msgspec.DecodeError):
            return Run()

    def write(self, run: Run) -> None:
        """Replace `run.json` as one step, readable by this user only."""
        fresh = self.path / f"run.json.{secrets.token_hex(4)}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(run), indent=2))
        fresh.replace(self.path / "run.json")

    def _owner(self) -> str:
        return (self.path / "lock").read_text("utf-8").strip() or "unknown"
