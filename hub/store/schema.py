"""Every index of the ledger, gathered from the files whose queries it serves, and the version of the data."""

import asyncio
import contextlib

from pymongo import ASCENDING, IndexModel
from pymongo.errors import OperationFailure

from hub.errors import BadSetting
from hub.store import (
    amendments,
    arrivals,
    consents,
    conversations,
    corrections,
    events,
    fetches,
    files,
    flows,
    house,
    intents,
    links,
    mailings,
    messages,
    mirrored,
    namings,
    outbox,
    people,
    rules,
)
from hub.store.driver import Ledger, guarded
from hub.store.expiry import EXPIRING as EXPIRING

VERSION = 2  # since 2 dockets name what is new

INDEXES: dict[str, list[tuple[str, ...]]] = {
    "arrivals": [*arrivals.INDEXES, *arrivals.SPARSE],
    "messages": [*messages.INDEXES, *messages.UNIQUE, *outbox.INDEXES, *outbox.SPARSE],
    "conversations": [*conversations.INDEXES, *conversations.UNIQUE],
    "corrections": corrections.INDEXES,
    "events": events.INDEXES,
    "contacts": people.CONTACT_INDEXES,
    "addresses": people.ADDRESS_INDEXES,
    "consents": consents.INDEXES,
    "merges": people.MERGE_INDEXES,
    "agents": house.AGENT_UNIQUE,
    "sessions": house.SESSION_INDEXES,
    "uploads": files.UPLOAD_INDEXES,
    "files.files": files.FILE_SPARSE,
    "files.chunks": files.CHUNK_UNIQUE,
    "amendments": amendments.INDEXES,
    "fetches": fetches.INDEXES,
    "intent_examples": intents.EXAMPLE_INDEXES,
    "links": links.INDEXES,
    "mailings": mailings.INDEXES,
    "namings": namings.INDEXES,
    "mirror_replies": mirrored.REPLY_INDEXES,
    "acts": rules.ACT_INDEXES,
    "dialogues": flows.INDEXES,
}
UNIQUE: dict[str, list[tuple[str, ...]]] = {
    "messages": messages.UNIQUE,
    "conversations": conversations.UNIQUE,
    "agents": house.AGENT_UNIQUE,
    "files.chunks": files.CHUNK_UNIQUE,
}
SPARSE: dict[str, list[tuple[str, ...]]] = {
    "arrivals": arrivals.SPARSE,
    "messages": [*outbox.SPARSE, *outbox.INDEXES],
    "acts": rules.ACT_INDEXES,
    "files.files": files.FILE_SPARSE,
    "dialogues": flows.INDEXES,
}
# Collections that stay small: reading them whole is no scan that grows.
SMALL = frozenset(
    {"accounts", "agents", "teams", "cursors", "meta", "rules", "flows", "hours"}
    | {"team_desks", "agent_desks", "intents"}
)


def _models(collection: str) -> list[IndexModel]:
    unique, sparse = UNIQUE.get(collection, []), SPARSE.get(collection, [])
    models = [
        IndexModel(
            [(name, ASCENDING) for name in fields],
            name="_".join(fields).replace(".", "_"),
            unique=fields in unique,
            sparse=fields in sparse,
        )
        for fields in INDEXES.get(collection, [])
    ]
    if collection in EXPIRING:
        models.append(IndexModel([("gone", ASCENDING)], name="gone", expireAfterSeconds=0))
    return models


async def ensure(ledger: Ledger) -> None:
    """Check the data's version and make what indexes are missing. Raises BadSetting on newer data."""
    meta = ledger.durable("meta")
    with guarded():
        found = await meta.find_one({"_id": "schema"})
        if found is not None and found["version"] > VERSION:
            raise BadSetting(
                f"These data are of version {found['version']}, this hub knows {VERSION}. "
                "Install the newer hub again, or point HUB_DATA at another folder."
            )
        if found is not None and found["version"] == VERSION and found.get("indexes") == _names():
            return
        collections = sorted({*INDEXES, *EXPIRING})
        await asyncio.gather(*(ledger.durable(name).create_indexes(_models(name)) for name in collections))
        if found is not None and found["version"] < 2:
            with contextlib.suppress(OperationFailure):  # there is none
                await ledger.durable("arrivals").drop_index("since")
        await meta.update_one({"_id": "schema"}, {"$set": {"version": VERSION, "indexes": _names()}}, upsert=True)


def _names() -> list[str]:
    return sorted(f"{name}.{'_'.join(fields)}" for name, all_ in INDEXES.items() for fields in all_)
