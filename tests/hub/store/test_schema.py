"""What the ledger says of itself: the version of its data, and whether this hub may touch them."""

import pytest

from hub.embedded import StoreUrls
from hub.errors import BadSetting
from hub.store import open_store
from hub.store.schema import VERSION


async def test_data_of_a_newer_hub_are_refused_and_left_as_they_are(fresh: StoreUrls) -> None:
    async with open_store(fresh.mongo) as store:
        meta = store.ledger.durable("meta")
        await meta.update_one({"_id": "schema"}, {"$set": {"version": VERSION + 1, "indexes": ["theirs"]}})

        with pytest.raises(BadSetting, match=f"version {VERSION + 1}, this hub knows {VERSION}.*newer hub again"):
            async with open_store(fresh.mongo):
                pass

        assert await meta.find_one({"_id": "schema"}) == {
            "_id": "schema",
            "version": VERSION + 1,
            "indexes": ["theirs"],
        }
