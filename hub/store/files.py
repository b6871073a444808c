"""Files in GridFS under the hash of their content, counted by what refers to them; uploads wait here to be sent."""

import contextlib
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Iterable

from gridfs.errors import NoFile
from pymongo.errors import BulkWriteError, DuplicateKeyError

from hub.errors import Conflict, NotFound, TooLarge
from hub.model import Attachment, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

UPLOAD_INDEXES: list[tuple[str, ...]] = [("at",)]
CHUNK = 255 * 1024
CHUNKS_AT_ONCE = 16
CHUNK_UNIQUE: list[tuple[str, ...]] = [("files_id", "n")]
UPLOAD_LIFE = dt.timedelta(hours=24)


class Upload(Record, frozen=True, kw_only=True):
    """A file that somebody handed in and has perhaps not sent yet; `owner` is "agent:id" or "visitor:account:id"."""

    id: str
    owner: str
    file: Attachment
    at: dt.datetime


class Files:
    def __init__(self, ledger: Ledger) -> None:
        self._bucket = ledger.bucket("files")
        self._files = ledger.durable("files.files")
        self._chunks = ledger.durable("files.chunks")
        self._light_files = ledger.light("files.files")
        self._light_chunks = ledger.light("files.chunks")
        self._uploads = ledger.durable("uploads")

    async def put(self, content: AsyncIterator[bytes], most_bytes: int) -> tuple[str, int, bytes]:
        """Store content under its hash, once; its id, length and first 4 kB. Raises TooLarge."""
        parts, size, digest = [], 0, hashlib.sha256()
        async for part in content:
            size += len(part)
            if size > most_bytes:
                raise TooLarge(f"The file is larger than {most_bytes // 1_000_000} MB.")
            digest.update(part)
            parts.append(part)
        whole, id_ = b"".join(parts), digest.hexdigest()
        await self.put_bytes(whole, id_)
        return id_, size, whole[:4096]

    async def put_bytes(self, content: bytes, id_: str | None = None) -> str:
        """Store bytes under their hash, once.

        In GridFS's own layout, but not through the driver's upload: before each one it asks for any document of both
        collections, for which the embedded database reads them whole. The file's row goes in last, and makes it one.
        """
        id_ = id_ or hashlib.sha256(content).hexdigest()
        with guarded():
            if await self._files.find_one({"_id": id_}, {"_id": 1}) is not None:
                return id_  # the same content is there already
        for low in range(0, len(content), CHUNK * CHUNKS_AT_ONCE):
            await self._put_chunks(id_, low // CHUNK, content[low : low + CHUNK * CHUNKS_AT_ONCE])
        row = {"_id": id_, "filename": id_, "length": len(content), "chunkSize": CHUNK}
        with guarded(), contextlib.suppress(DuplicateKeyError):
            await self._files.insert_one(row)
        return id_

    async def put_small(self, contents: Iterable[bytes]) -> None:
        """Store many that fit into one chunk each, in three commands; covered by the caller's journaled write."""
        by_id = {hashlib.sha256(one).hexdigest(): one for one in contents}
        with guarded():
            known = await self._light_files.find({"_id": {"$in": list(by_id)}}, {"_id": 1}).to_list(None)
        new = {id_: one for id_, one in by_id.items() if id_ not in {row["_id"] for row in known}}
        chunks = [{"_id": f"{id_}:0", "files_id": id_, "n": 0, "data": one} for id_, one in new.items() if one]
        files = [{"_id": id_, "filename": id_, "length": len(one), "chunkSize": CHUNK} for id_, one in new.items()]
        for rows, collection in ((chunks, self._light_chunks), (files, self._light_files)):
            with guarded():
                try:
                    await collection.insert_many(rows, ordered=False) if rows else None
                except BulkWriteError as error:
                    taken_keys(error)

    async def _put_chunks(self, id_: str, first: int, content: bytes) -> None:
        """Some chunks, numbered from `first`; those that an earlier try left are the same."""
        rows = [
            {"_id": f"{id_}:{first + n}", "files_id": id_, "n": first + n, "data": content[n * CHUNK : (n + 1) * CHUNK]}
            for n in range(-(-len(content) // CHUNK))
        ]
        with guarded():
            try:
                await self._chunks.insert_many(rows, ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    async def read(self, id_: str) -> AsyncIterator[bytes]:
        """The content, in chunks. Raises NotFound."""
        with guarded():
            try:
                stream = await self._bucket.open_download_stream(id_)
            except NoFile as error:
                raise NotFound("This file is not here any more.") from error
            while chunk := await stream.readchunk():
                yield chunk

    async def read_all(self, id_: str) -> bytes:
        """The whole content. Raises NotFound."""
        return b"".join([chunk async for chunk in self.read(id_)])

    async def add_upload(self, upload: Upload) -> Upload:
        """Remember an upload; the same id by the same owner again is answered as it stands. Raises Conflict."""
        with guarded():
            try:
                await self._uploads.insert_one(document(upload) | {"gone": upload.at + UPLOAD_LIFE})
                return upload
            except DuplicateKeyError:
                known = await self.uploads([upload.id], upload.owner)
                if not known:
                    raise Conflict("This upload id belongs to somebody else.") from None
                return known[0]

    async def uploads(self, ids: list[str], owner: str) -> list[Upload]:
        """Those of these uploads that belong to `owner`, in the order asked for."""
        with guarded():
            rows = await self._uploads.find({"_id": {"$in": ids}, "owner": owner}).to_list(None)
        found = {one.id: one for one in (record(row, Upload) for row in rows)}
        return [found[id_] for id_ in ids if id_ in found]

    async def keep(self, ids: list[str]) -> None:
        """These uploads were sent: they stay."""
        if ids:
            with guarded():
                await self._uploads.update_many({"_id": {"$in": ids}}, {"$unset": {"gone": ""}})
