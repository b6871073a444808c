"""A backup as one file: a gzipped tar, written and read as a stream, complete only with its last member.

hub-backup.json            what it is, of which version, and a proof by which the right key is told
secret.key                 only when asked for
data/<collection>/<n>.bson some documents, one after the other
models/<path>              the tagger's models
end.json                   how many documents each collection has
"""

import datetime as dt
import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import bson
import msgspec
from bson.codec_options import CodecOptions

from hub.errors import HubError

FORMAT = 1
LEVEL = 4  # of compression: a third of the time for a few percent
PRIVATE_FILE = 0o600
HEAD, END, KEY = "hub-backup.json", "end.json", "secret.key"
DATA, MODELS = "data/", "models/"

Documents = list[dict[str, Any]]
_aware: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """`proof` was signed with the installation's key: whoever has that key can tell."""

    format: int
    schema: int
    at: dt.datetime
    proof: str
    with_key: bool = False


class End(msgspec.Struct, frozen=True, kw_only=True):
    """How many documents each collection has."""

    counts: dict[str, int]


class Broken(HubError):
    """The file is no backup, or not a whole one."""


class Writer:
    """Writes `path`, readable by its owner only; until `close` it has another name. Nothing is overwritten."""

    def __init__(self, path: Path, head: Head) -> None:
        self._path = path
        self._draft = path.with_name(path.name + ".part")
        self._at = head.at
        try:
            handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        except OSError as error:
            raise HubError(f"{path} cannot be written ({error.strerror}); name a file in a folder of yours.") from error
        self._file = os.fdopen(handle, "wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=self._file)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|")  # noqa: SIM115 (closed by `close` or `drop`)
        self._parts: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self.add(HEAD, msgspec.json.encode(head))

    def documents(self, collection: str, rows: Documents) -> None:
        """One more part of a collection."""
        part = self._parts[collection] = self._parts.get(collection, 0) + 1
        self._counts[collection] = self._counts.get(collection, 0) + len(rows)
        self.add(f"{DATA}{collection}/{part:06}.bson", b"".join(bson.encode(row) for row in rows))

    def add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = len(content), PRIVATE_FILE, int(self._at.timestamp())
        self._tar.addfile(member, io.BytesIO(content))

    def close(self) -> dict[str, int]:
        """Write the end, put the file on disk under its name; the counts."""
        self.add(END, msgspec.json.encode(End(counts=self._counts)))
        self._tar.close()
        self._gzip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self._path)
        return self._counts

    def drop(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._draft.unlink(missing_ok=True)


class Reader:
    """Reads a backup from beginning to end. Raises Broken, also in the middle, when it is damaged or cut off."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self.key: bytes | None = None
        self.head: Head

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("rb")
        except OSError as error:
            raise Broken(f"{self._path} cannot be read ({error.strerror}).") from error
        try:
            self._members = self._read(tarfile.open(fileobj=self._file, mode="r|gz"))
            name, content = next(self._members)
            if name != HEAD:
                raise Broken(f"{self._path} is no backup of a hub.")
            self.head = msgspec.json.decode(content, type=Head)
        except (tarfile.TarError, OSError, EOFError, zlib.error, StopIteration, msgspec.DecodeError) as error:
            self._file.close()
            raise Broken(f"{self._path} is no backup of a hub.") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Every member behind the head, in order; ends only after a whole file."""
        whole = False
        try:
            for name, content in self._members:
                whole = name == END
                if name == KEY:
                    self.key = content
                yield name, content
        except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
            raise Broken(f"{self._path} is damaged or cut off; take another backup. Nothing of it counts.") from error
        if not whole:
            raise Broken(f"{self._path} is cut off: its end is missing. Take another backup.")

    def _read(self, tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None:
                yield member.name, file.read()


def documents(content: bytes) -> Documents:
    """The documents of one part."""
    return bson.decode_all(content, _aware)


def collection_of(name: str) -> str | None:
    """The collection whose part this member is, or None."""
    return name.removeprefix(DATA).rpartition("/")[0] if name.startswith(DATA) else None


def model_of(name: str) -> Path | None:
    """Where this member belongs in the folder of models, or None; never outside it."""
    path = Path(name.removeprefix(MODELS))
    return path if name.startswith(MODELS) and not path.is_absolute() and ".." not in path.parts else None
