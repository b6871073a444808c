"""Records to documents and back; the only place where `id` becomes `_id`."""

import datetime as dt
from typing import Any, TypeVar

import msgspec

from hub.model import Record

R = TypeVar("R", bound=Record)

_KEPT = (dt.datetime, bytes)


def document(record: Record) -> dict[str, Any]:
    """The record as a document; absent values are left out, since a query for null also finds what is missing."""
    plain = msgspec.to_builtins(record, builtin_types=_KEPT)
    made = {name: value for name, value in plain.items() if value is not None}
    if "id" in made:
        made["_id"] = made.pop("id")
    return made


def builtin(value: object) -> Any:
    """A record inside an update, as the driver takes it."""
    return msgspec.to_builtins(value, builtin_types=_KEPT)


def record(document: dict[str, Any], kind: type[R]) -> R:
    """The document as a record; raises msgspec.ValidationError when it is not one."""
    if "_id" in document:
        document = {**document, "id": document["_id"]}
    if "settings" in document:  # the one field whose values have no types of their own
        document = {**document, "settings": _plain(document["settings"])}
    return msgspec.convert(document, kind, strict=False)


def _plain(value: Any) -> Any:
    """Without the driver's own kind of long integer (a bot's id, say), which no encoder of ours takes."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, int) and type(value) not in (int, bool) else value
