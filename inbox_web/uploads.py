"""Files in and out: uploads streamed into the ledger with their type sniffed, downloads that no page can run."""

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import msgspec
import structlog
from aiohttp import BodyPartReader, MultipartReader, web

from hub.errors import BadInput, TooLarge, TooMany
from hub.logs import where
from hub.model import Attachment
from hub.store.files import LOOSE_LIFE, Upload
from inbox_web import sniff
from inbox_web.parts import Parts

CHUNK = 64 * 1024
HEAD_BYTES = 256 * 1024  # a photo's own header can lie behind its thumbnail
NAME_LETTERS = 120
MOST_PARTS = 4
AT_ONCE = 4
WAIT_S = 30.0  # for a place
LONGEST_S = 300.0  # a photo over a slow line; who is slower must not keep the others out

POLICY = "sandbox; default-src 'none'"
FITTED = "; style-src 'unsafe-inline'"  # by which a browser fits a picture that is opened by itself into its window

PLACES = web.AppKey("upload_places", asyncio.Semaphore)

log = structlog.get_logger(__name__)


class UploadView(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded file, to be sent by its id."""

    id: str
    name: str
    mime: str
    bytes: int
    width: int | None = None
    height: int | None = None


async def take(parts: Parts, request: web.Request, owner: str, id_: str) -> UploadView:
    """Store the multipart field "file" for its uploader; raises BadInput, TooLarge or TooMany, and then keeps nothing.

    The same id by the same owner again answers what was stored the first time. A few at a time: each is held in memory.
    """
    places = request.app[PLACES]
    try:
        async with asyncio.timeout(WAIT_S):
            await places.acquire()
    except TimeoutError as error:
        raise TooMany("Many files come in just now. Try again in a moment.", after_s=5) from error
    try:
        async with asyncio.timeout(LONGEST_S):
            return await _taken(parts, request, owner, id_)
    except TimeoutError as error:
        raise BadInput("This file did not come in time; nothing of it was kept.", "file") from error
    finally:
        places.release()


async def _taken(parts: Parts, request: web.Request, owner: str, id_: str) -> UploadView:
    most = parts.settings.max_file_mb * 1_000_000
    if request.content_length is not None and request.content_length > most + 100_000:
        raise TooLarge("This file is larger than the hub takes.")
    if not request.content_type.startswith("multipart/"):
        raise BadInput("Send the file as multipart/form-data, in the field `file`.", "file")
    part = await _file_part(await request.multipart())
    head = Head()
    file, size, _ = await parts.store.files.put(head.through(part), most, parts.now() + LOOSE_LIFE)
    if size == 0:
        raise BadInput("This file is empty.", "file")
    name = safe_name(part.filename or "file")
    mime = sniff.kind(head.bytes, name)
    sides = sniff.size(head.bytes, mime) or (None, None)
    attachment = Attachment(file=file, name=name, mime=mime, bytes=size, width=sides[0], height=sides[1])
    kept = await parts.store.files.add_upload(Upload(id=id_, owner=owner, file=attachment, at=parts.now()))
    return _view(kept)


class Head:
    """Lets content pass and remembers its beginning."""

    def __init__(self) -> None:
        self.bytes = b""

    async def through(self, part: BodyPartReader) -> AsyncIterator[bytes]:
        while chunk := await part.read_chunk(CHUNK):
            if len(self.bytes) < HEAD_BYTES:
                self.bytes += bytes(chunk[: HEAD_BYTES - len(self.bytes)])
            yield bytes(chunk)


async def _file_part(reader: MultipartReader) -> BodyPartReader:
    try:
        for _ in range(MOST_PARTS):
            part = await reader.next()
            if part is None:
                break
            if isinstance(part, BodyPartReader) and part.name == "file":
                return part
    except ValueError as error:
        raise BadInput("This multipart body cannot be read.") from error
    raise BadInput("There is no field `file` in this request.", "file")


def safe_name(name: str) -> str:
    """A file's name without folders and control letters, short enough for any disk; its ending stays."""
    plain = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", name)
    plain = plain.replace("\\", "/").rsplit("/", 1)[-1].strip(". ") or "file"
    if len(plain) <= NAME_LETTERS:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: NAME_LETTERS - 12]}{dot}{ending[:10]}" if dot else plain[:NAME_LETTERS]


async def give(parts: Parts, request: web.Request, file: Attachment) -> web.StreamResponse:
    """Stream a file: four kinds of picture may be shown, everything else is a download without a type of its own."""
    shown = file.mime in sniff.SHOWN
    way, name = "inline" if shown else "attachment", quote(file.name, safe="")
    chunks = parts.store.files.read(file.file)
    first = await anext(chunks, b"")  # raises NotFound while an error can still be answered
    response = web.StreamResponse(
        headers={
            "Content-Type": file.mime if shown else sniff.UNKNOWN,
            "Content-Disposition": f"{way}; filename*=UTF-8''{name}",
            "Content-Length": str(file.bytes),
            "Content-Security-Policy": POLICY + (FITTED if shown else ""),
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "private, max-age=1800, immutable",
        }
    )
    await response.prepare(request)
    try:
        await response.write(first)
        async for chunk in chunks:
            await response.write(chunk)
        await response.write_eof()
    except ConnectionError:
        raise
    except Exception as error:  # the answer has begun: the browser must see it end too early, and no second one
        log.error("download failed", file=file.file, error=type(error).__name__, at=where(error))
        if request.transport is not None:
            request.transport.abort()
    return response


def _view(upload: Upload) -> UploadView:
    file = upload.file
    return UploadView(
        id=upload.id, name=file.name, mime=file.mime, bytes=file.bytes, width=file.width, height=file.height
    )
