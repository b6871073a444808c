"""What a file is, by its own first bytes: never by its name or by what the sender says of it. Pure.

Only four kinds of picture are ever shown inside a page. Whatever could hold a script (SVG, HTML, XML) has no kind of
its own here and leaves as a download.
"""

import struct

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
UNKNOWN = "application/octet-stream"

# (offset, first bytes, kind); only kinds that no browser runs.
SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)

# Office files are zip archives; their name only chooses among these, after the bytes said "zip".
OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OLD_OFFICE = {".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint"}


def kind(head: bytes, name: str) -> str:
    """The MIME type by the first bytes; octet-stream when they say nothing, or something that could run."""
    for offset, sign, mime in SIGNS:
        if head[offset : offset + len(sign)] == sign:
            ending = name[name.rfind(".") :].lower() if "." in name else ""
            if mime == "application/zip":
                return OFFICE.get(ending, mime)
            return OLD_OFFICE.get(ending, mime) if mime == "application/msword" else mime
    return "text/plain" if _plain(head) else UNKNOWN


def size(head: bytes, mime: str) -> tuple[int, int] | None:
    """Width and height of a picture as its header says, None when the header says nothing believable."""
    try:
        found = _SIZES[mime](head) if mime in _SIZES else None
    except (struct.error, IndexError):
        return None
    return found if found and all(0 < side <= 65_535 for side in found) else None


def _png(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _webp(head: bytes) -> tuple[int, int] | None:
    match head[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", head, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", head, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (SOF0 to SOF15, without DHT, JPG and DAC)."""
    at = 2
    while at + 9 < len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", head, at + 2)
        at += 2 + length
    return None


_SIZES = {"image/png": _png, "image/gif": _gif, "image/webp": _webp, "image/jpeg": _jpeg}


def _plain(head: bytes) -> bool:
    """Words only: valid UTF-8 (but for a letter cut off at the end), no control bytes, no markup."""
    if not head or b"<" in head or any(byte < 9 or 13 < byte < 32 for byte in head):
        return False
    try:
        head[:-4].decode() if len(head) > 4 else head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 8
    return True
