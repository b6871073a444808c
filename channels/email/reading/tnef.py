"""Microsoft's winmail.dat (TNEF): the files in it. A reader of what real mails carry; never raises.

The format is [MS-OXTNEF]: a signature, then attributes (level, id, length, data, checksum) of the message or of the
attachment that began last. Long names and types stand in an attachment's MAPI properties ([MS-OXPROPS]).
"""

import mimetypes
import struct
from collections.abc import Iterator

from channels.email.reading import headers
from channels.email.reading.charset import decode
from channels.email.reading.mail import File

SIGNATURE = 0x223E9F78
BEGINS, TITLE, DATA, PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
LONG_NAME, MIME_TAG, CONTENT_ID = 0x3707, 0x370E, 0x3712
STRING8, UNICODE, BINARY, OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8}
FIXED[0x0048] = 16  # a GUID
NAMED = 0x8000  # properties from here on bring a name of their own
MOST_FILES = 200


def is_tnef(mime: str, name: str) -> bool:
    """Whether a part is a winmail.dat."""
    return mime in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat"


def files(data: bytes) -> list[File]:
    """The files in it; [] when it is none or is broken before its first file."""
    found: list[dict[int, bytes]] = []
    try:
        for kind, value in _attributes(data):
            if kind == BEGINS:
                found.append({})
            elif found and kind in (TITLE, DATA):
                found[-1][kind] = value
            elif found and kind == PROPERTIES:
                found[-1].update(_properties(value))
    except (struct.error, IndexError):
        pass  # cut off: what came before it is whole
    return [_file(each) for each in found[:MOST_FILES] if DATA in each]


def _file(found: dict[int, bytes]) -> File:
    name = headers.plain_name(_text(found.get(LONG_NAME)) or _text(found.get(TITLE)))
    mime = _text(found.get(MIME_TAG)).lower() or mimetypes.guess_type(name)[0] or "application/octet-stream"
    cid = _text(found.get(CONTENT_ID)).strip("<>")
    return File(name=name, mime=mime, data=found[DATA], cid=cid, disposition="attachment")


def _text(value: bytes | None) -> str:
    return decode(value or b"", None).rstrip("\0").strip()


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return
    at = 6
    while at + 9 <= len(data):
        _, kind, length = struct.unpack_from("<BII", data, at)
        if at + 9 + length > len(data):
            return
        yield kind, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes) -> dict[int, bytes]:
    """Strings and blobs by property id; strings as UTF-8."""
    found: dict[int, bytes] = {}
    (count,), at = struct.unpack_from("<I", data), 4
    for _ in range(min(count, 500)):
        kind, tag = struct.unpack_from("<HH", data, at)
        at += 4
        if tag >= NAMED:
            at = _after_name(data, at)
        if kind in FIXED:
            at += FIXED[kind]
            continue
        if kind not in (STRING8, UNICODE, BINARY, OBJECT):
            return found  # of unknown size: nothing after it can be found
        values, at = struct.unpack_from("<I", data, at)[0], at + 4
        for _ in range(min(values, 500)):
            (length,) = struct.unpack_from("<I", data, at)
            value = data[at + 4 : at + 4 + length]
            at += 4 + length + (-length % 4)
            found[tag] = value.decode("utf-16-le", "replace").encode("utf-8") if kind == UNICODE else value
    return found


def _after_name(data: bytes, at: int) -> int:
    (kind,) = struct.unpack_from("<I", data, at + 16)
    if kind == 0:
        return at + 24
    length = int(struct.unpack_from("<I", data, at + 20)[0])
    return at + 24 + length + (-length % 4)
