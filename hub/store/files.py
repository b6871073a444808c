"""Files in GridFS under the hash of their content; uploads wait here to be sent.

What only an upload named is *loose*: its row says until when, and it is swept after that. Whatever else names it (a
sent upload, a mail, a fetched file, a raw body) takes that word away first, and no content becomes loose again.
"""

import contextlib
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Iterable
from typing import Any

from gridfs.errors import NoFile
from pymongo.errors import BulkWriteError, DuplicateKeyError

from hub.errors import Conflict, NotFound, StoreDown, TooLarge
from hub.model import Attachment, Record
from hub.store.documents import document, record
from hub.store.driver import Ledger, guarded, taken_keys

UPLOAD_INDEXES: list[tuple[str, ...]] = [("at",)]
CHUNK = 255 * 1024
CHUNKS_AT_ONCE = 16
CHUNK_UNIQUE: list[tuple[str, ...]] = [("files_id", "n")]
FILE_SPARSE: list[tuple[str, ...]] = [("loose",)]
UPLOAD_LIFE = dt.timedelta(hours=24)
LOOSE_LIFE = 2 * UPLOAD_LIFE  # longer than the upload's, so that its end is never a race
SWEEP_LEASE = dt.timedelta(hours=1)  # far longer than a command can hang: nothing clears what was stored anew


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

    async def put(
        self, content: AsyncIterator[bytes], most_bytes: int, loose: dt.datetime | None = None
    ) -> tuple[str, int, bytes]:
        """Store content under its hash, once; its id, length and first 4 kB. Raises TooLarge.

        `loose`: until when it stays although nothing but an upload names it; None: something does, and it stays.
        """
        parts, size, digest = [], 0, hashlib.sha256()
        async for part in content:
            size += len(part)
            if size > most_bytes:
                raise TooLarge(f"The file is larger than {most_bytes // 1_000_000} MB.")
            digest.update(part)
            parts.append(part)
        whole, id_ = b"".join(parts), digest.hexdigest()
        await self.put_bytes(whole, id_, loose)
        return id_, size, whole[:4096]

    async def put_bytes(self, content: bytes, id_: str | None = None, loose: dt.datetime | None = None) -> str:
        """Store bytes under their hash, once.

        In GridFS's own layout, but not through the driver's upload: before each one it asks for any document of both
        collections, for which the embedded database reads them whole. The file's row goes in last, and makes it one.
        """
        id_ = id_ or hashlib.sha256(content).hexdigest()
        if await self._hold([id_], loose):
            return id_  # the same content is there already
        for low in range(0, len(content), CHUNK * CHUNKS_AT_ONCE):
            await self._put_chunks(id_, low // CHUNK, content[low : low + CHUNK * CHUNKS_AT_ONCE])
        row = _row(id_, content) | ({"loose": loose} if loose is not None else {})
        with guarded(), contextlib.suppress(DuplicateKeyError):
            await self._files.insert_one(row)
            return id_
        await self._hold([id_], loose)  # somebody else has just stored the same
        return id_

    async def put_small(self, contents: Iterable[bytes]) -> None:
        """Store many that fit into one chunk each, in three commands; covered by the caller's journaled write."""
        by_id = {hashlib.sha256(one).hexdigest(): one for one in contents}
        known = await self._hold(by_id)
        new = {id_: one for id_, one in by_id.items() if id_ not in known}
        chunks = [{"_id": f"{id_}:0", "files_id": id_, "n": 0, "data": one} for id_, one in new.items() if one]
        files = [_row(id_, one) for id_, one in new.items()]
        taken = False
        for rows, collection in ((chunks, self._light_chunks), (files, self._light_files)):
            with guarded():
                try:
                    await collection.insert_many(rows, ordered=False) if rows else None
                except BulkWriteError as error:
                    taken = bool(taken_keys(error))
        if taken:  # somebody else has just stored the same
            await self._hold(new)

    async def _hold(self, ids: Iterable[str], loose: dt.datetime | None = None) -> set[str]:
        """Those of these contents that are here: they stay from now on, or at least until `loose`.

        Raises StoreDown when one of them is being swept at this moment; a moment later it can be stored anew.
        """
        with guarded():
            rows = await self._light_files.find({"_id": {"$in": list(ids)}}, {"loose": 1, "going": 1}).to_list(None)
        for row in rows:
            if "going" in row:
                raise StoreDown("This very file is just being cleared away; it is taken again in a moment.")
            if "loose" in row and (loose is None or row["loose"] < loose) and not await self._settle(row, loose):
                return await self._hold(ids, loose)  # somebody was faster: look again
        return {row["_id"] for row in rows}

    async def _settle(self, row: dict[str, Any], loose: dt.datetime | None) -> bool:
        """Whether this content now stays until then; None: for good. False when its row is not as it was read."""
        change = {"$unset": {"loose": ""}} if loose is None else {"$set": {"loose": loose}}
        with guarded():
            done = await self._files.update_one({"_id": row["_id"], "loose": row["loose"]}, change)
        return done.matched_count == 1

    async def sweep(self, now: dt.datetime, most: int) -> int:
        """Clear away contents that nothing but an expired upload named, at most so many; how many.

        A row is marked before its chunks go and goes last, so that nobody holds on to half a file. What a worker that
        died left half cleared is found again after the lease.
        """
        with guarded():
            rows = await self._light_files.find({"loose": {"$lte": now}}, {"loose": 1}).limit(most).to_list(None)
        return sum([await self._clear(row, now + SWEEP_LEASE) for row in rows])

    async def _clear(self, row: dict[str, Any], until: dt.datetime) -> bool:
        """Whether it is gone; False when somebody holds it, or clears it already."""
        id_ = row["_id"]
        with guarded():
            marked = await self._files.update_one(
                {"_id": id_, "loose": row["loose"]}, {"$set": {"loose": until, "going": True}}
            )
            if marked.matched_count == 0:
                return False
            await self._chunks.delete_many({"files_id": id_})
            gone = await self._files.delete_one({"_id": id_, "loose": until})
        return gone.deleted_count == 1

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
        """These uploads are about to be sent: they stay, and so do their contents. Raises NotFound if one is gone."""
        if not ids:
            return
        with guarded():
            rows = await self._uploads.find({"_id": {"$in": ids}}, {"file.file": 1}).to_list(None)
        contents = {row["file"]["file"] for row in rows}
        if await self._hold(contents) != contents:
            raise NotFound("One of these files is not here any more; attach it again.")
        with guarded():
            await self._uploads.update_many({"_id": {"$in": ids}}, {"$unset": {"gone": ""}})


def _row(id_: str, content: bytes) -> dict[str, Any]:
    """A file as GridFS knows it."""
    return {"_id": id_, "filename": id_, "length": len(content), "chunkSize": CHUNK}
