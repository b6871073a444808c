"""Every query that the suite sends to the database, by shape; and which shapes are forbidden.

The embedded database answers some shapes by reading the whole collection (measured: a claim by `findAndModify` on
20,000 rows takes 0.2 s where a guarded update takes 1 ms), and one such query stalls everybody. A collection may be
read so only if it stays small. A query that a test sends on its own account carries `comment=FROM_A_TEST`.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pymongo import monitoring

from hub.store.schema import EXPIRING, INDEXES, SMALL, SPARSE

FROM_A_TEST = "asked by a test"
SCANNING = ("$or", "$and", "$nor", "$expr", "$all")
RANGES = {"$gt", "$gte", "$lt", "$lte", "$ne", "$nin", "$regex", "$exists", "$not"}
# GridFS makes these by itself.
GRIDFS = {".files": [("filename", "uploadDate")], ".chunks": [("files_id", "n")]}


class Shape(NamedTuple):
    collection: str
    command: str
    filter: str
    sort: str

    def __str__(self) -> str:
        return f"{self.collection}.{self.command} {{{self.filter}}}" + (f" sort {self.sort}" if self.sort else "")


class Seen(monitoring.CommandListener):
    """Counts the shapes, and keeps for each forbidden one why and the first test that sent it."""

    def __init__(self) -> None:
        self.counts: Counter[Shape] = Counter()
        self.forbidden: dict[Shape, str] = {}
        self._lock = threading.Lock()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.database_name == "admin" or event.command.get("comment") == FROM_A_TEST:
            return
        for shape, query, sort in shapes(event.command_name, event.command):
            why = objection(shape.collection, shape.command, query, sort)
            with self._lock:
                self.counts[shape] += 1
                if why and shape not in self.forbidden:
                    self.forbidden[shape] = f"{why}; first in {os.environ.get('PYTEST_CURRENT_TEST', 'a fixture')}"

    def report(self) -> dict[str, Any]:
        """What `add` of another process takes, in types that pytest-xdist sends."""
        with self._lock:
            return {
                "counts": [[list(shape), count] for shape, count in self.counts.items()],
                "forbidden": [[list(shape), why] for shape, why in self.forbidden.items()],
            }

    def add(self, report: dict[str, Any]) -> None:
        """Count what another process saw."""
        with self._lock:
            for fields, count in report["counts"]:
                self.counts[Shape(*fields)] += count
            for fields, why in report["forbidden"]:
                self.forbidden.setdefault(Shape(*fields), why)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """What counts is that it was asked."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """What counts is that it was asked."""


def shapes(name: str, command: Mapping[str, Any]) -> Iterator[tuple[Shape, Mapping[str, Any], Mapping[str, Any]]]:
    """The shape, filter and sort of each query in a command; nothing for commands that look for nothing."""
    for query, sort in _queries(name, command):
        fields = ", ".join(f"{key}{_operators(value)}" for key, value in query.items())
        yield Shape(str(command[name]), name, fields, ", ".join(sort)), query, sort


def objection(collection: str, command: str, query: Mapping[str, Any], sort: Mapping[str, Any]) -> str | None:
    """Why this query would scan a collection that grows; None when it would not."""
    if collection in SMALL or collection.startswith("system."):
        return None
    if command in {"findAndModify", "findandmodify"}:
        return "find-and-modify always scans: read candidates, then a guarded update"
    if scanning := [key for key in query if key in SCANNING]:
        return f"{scanning[0]} at the top is not served by an index"
    if any("$all" in value for value in query.values() if isinstance(value, Mapping)):
        return "$all is not served by an index"
    if not query:
        return "no filter: it reads the whole collection"
    if "_id" in query:
        return "a range of _id is not served by an index" if _is_range(query["_id"]) and len(query) == 1 else None
    served = {index[0] for index in indexes_of(collection)} & query.keys()
    if not served:
        return "no declared index begins with one of its fields"
    if all(_several_in_a_range(collection, field, query) for field in served):
        return "an index serves several values or a range behind it, not both: ask for one value at a time"
    if all(_may_match_missing(collection, field, query[field]) for field in served):
        return "a sparse index does not serve what a row without its field could match"
    return None


def _may_match_missing(collection: str, field: str, condition: Any) -> bool:
    """Whether the index of this field leaves out rows that the condition could mean."""
    sparse = {index[0] for index in SPARSE.get(collection, [])}
    return field in sparse and isinstance(condition, Mapping) and bool({"$ne", "$nin", "$not"} & condition.keys())


def _several_in_a_range(collection: str, first: str, query: Mapping[str, Any]) -> bool:
    """Whether every index that begins with this field would be asked for several of its values within a range."""
    several = isinstance(query[first], Mapping) and "$in" in query[first]
    behind = [index[1:] for index in indexes_of(collection) if index[0] == first]
    return several and all(any(_is_range(query.get(field)) for field in fields) for fields in behind)


def indexes_of(collection: str) -> list[tuple[str, ...]]:
    """What the store declares, what expiry needs, and what GridFS makes."""
    found = list(INDEXES.get(collection, []))
    if collection in EXPIRING:
        found.append(("gone",))
    for ending, indexes in GRIDFS.items():
        if collection.endswith(ending):
            found += indexes
    return found


def _queries(name: str, command: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    match name:
        case "find":
            yield command.get("filter", {}), command.get("sort", {})
        case "count" | "distinct" | "findAndModify" | "findandmodify":
            yield command.get("query", {}), command.get("sort", {})
        case "update":
            yield from ((update["q"], {}) for update in command["updates"])
        case "delete":
            yield from ((delete["q"], {}) for delete in command["deletes"])
        case "aggregate" if isinstance(command["aggregate"], str):
            first = command["pipeline"][0] if command["pipeline"] else {}
            yield first.get("$match", {}), {}


def _operators(value: Any) -> str:
    """`: $gt,$lt` of a condition; nothing for a plain value."""
    if isinstance(value, Mapping) and any(str(key).startswith("$") for key in value):
        return ": " + ",".join(sorted(value))
    return ""


def _is_range(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(RANGES & set(value))
