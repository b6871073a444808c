"""The index: one SQLite file with full-text search, beside the ledger and made from it. Nothing is lost with it.

A row's number is its time and then chance, so that the newest is found first without sorting. Everything here waits for
the disk: call it from a thread, one `Index` for one thread.
"""

import contextlib
import datetime as dt
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from hub.model import ConversationId, Message, MessageId
from hub.search.words import folded, phrases

FORMAT = 1  # an index of another format is made anew
FILE = "search.db"
LATEST_MS = 1 << 42  # what a broken clock says later than the year 2109 stands at its end
CHANCE_BITS = 20
MOST_ROWS = 2_000  # hits that a search looks at; who wants older ones says more words
MOST_S = 1.0  # of one search
STEPS = 10_000  # of SQLite between two looks at the time
BUSY_MS = 2_000

TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    at INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3');
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
FIND = """
SELECT entries.message, entries.conversation, entries.seq FROM words
JOIN entries ON entries.at = words.rowid WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?
"""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is found of a message; `text` is empty when it has no words, or none any more."""

    message: MessageId
    conversation: ConversationId
    seq: int
    at: dt.datetime
    text: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    message: MessageId
    conversation: ConversationId
    seq: int


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the index is: whose ledger, the number of the last event in it, and how much of the building is done."""

    ledger: str = ""
    event: int = 0
    built: int = 0


def texts(message: Message) -> tuple[str, ...]:
    """What a message is found by: what it says now, its subject, the names of its files; a deleted one by nothing."""
    amended = message.amended
    if amended is not None and amended.gone:
        return ()
    names = (file.name for file in message.attachments)
    return (message.text if amended is None else amended.text, message.subject or "", *names)


def entry_of(message: Message) -> Entry:
    """A message as it goes in."""
    return Entry(
        message=message.id,
        conversation=message.conversation,
        seq=message.seq,
        at=message.at,
        text="\n".join(filter(None, texts(message))),
    )


def why_not() -> str | None:
    """Why this Python cannot keep an index, None when it can."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
        except sqlite3.OperationalError:
            return f"SQLite {sqlite3.sqlite_version} of this Python has no full-text search (FTS5)."
    return None


class Index:
    """One connection. Methods raise sqlite3.Error when the file is broken; a reader FileNotFoundError without one."""

    def __init__(self, path: Path, write: bool) -> None:
        self.path = path
        if write:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # customers' words: for this user alone
        self._file = path.stat().st_ino
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        try:
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            if not write and self._format() == 0:
                raise FileNotFoundError(f"{path} is being made")
            if self._format() not in (0, FORMAT):
                raise sqlite3.OperationalError("this index is of another format")
            self._prepare() if write else self._connection.execute("PRAGMA query_only = 1")
        except (sqlite3.Error, OSError):
            self.close()
            raise

    def _format(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may take the last moments, both or none
        self._connection.executescript(TABLES)
        self._connection.execute(f"PRAGMA user_version = {FORMAT}")

    def close(self) -> None:
        self._connection.close()

    def is_current(self) -> bool:
        """Whether the file of this name still is the one that was opened: it may be deleted at any time."""
        try:
            return self.path.stat().st_ino == self._file
        except FileNotFoundError:
            return False

    # -- write --------------------------------------------------------------------------------------------------------

    def progress(self) -> Progress:
        rows = dict(self._connection.execute("SELECT name, value FROM state"))
        return msgspec.convert(rows, Progress, strict=False)

    def put(self, entries: Iterable[Entry], progress: Progress) -> None:
        """Put these in as they are now and say how far it is, in one step; those without words go out."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for entry in entries:
                self._put(entry)
            state = [(name, str(value)) for name, value in msgspec.structs.asdict(progress).items()]
            self._connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", state)

    def _put(self, entry: Entry) -> None:
        text = folded(entry.text)
        found = self._connection.execute("SELECT at FROM entries WHERE message = ?", (entry.message,)).fetchone()
        if found is not None:
            self._connection.execute("DELETE FROM words WHERE rowid = ?", found)
        if not text.strip():
            self._connection.execute("DELETE FROM entries WHERE message = ?", (entry.message,))
            return
        at = self._free(entry) if found is None else int(found[0])
        row = (at, entry.message, entry.conversation, entry.seq)
        self._connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", row)
        self._connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (at, text))

    def _free(self, entry: Entry) -> int:
        """A number that sorts by time; messages of one millisecond stand beside each other."""
        ms = min(max(int(entry.at.timestamp() * 1000), 0), LATEST_MS)
        number = (ms << CHANCE_BITS) + (zlib.crc32(entry.message.encode()) >> (32 - CHANCE_BITS))
        while self._connection.execute("SELECT 1 FROM entries WHERE at = ?", (number,)).fetchone():
            number += 1
        return number

    # -- read ---------------------------------------------------------------------------------------------------------

    def find(self, typed: str, most: int) -> list[Hit]:
        """In each of the newest `most` conversations the newest message with all the words, the last being a prefix."""
        wanted = phrases(typed)
        if not wanted:
            return []
        found: dict[str, Hit] = {}
        until = time.monotonic() + MOST_S
        self._connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)  # then it is interrupted
        with contextlib.closing(self._connection.cursor()) as rows:
            for message, conversation, seq in rows.execute(FIND, (wanted, MOST_ROWS)):
                found.setdefault(conversation, Hit(message=message, conversation=conversation, seq=seq))
                if len(found) >= most:
                    break
        return list(found.values())

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM entries").fetchone()[0])


def remove(path: Path) -> None:
    """Delete an index and what SQLite keeps beside it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
