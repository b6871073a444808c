"""The small collections: what an idempotent request was answered stays for a day, and the database drops it then."""

import datetime as dt

from motor.motor_asyncio import AsyncIOMotorClient

from hub.clock import utc_now
from hub.embedded import StoreUrls
from hub.model import Answer
from hub.store import open_store

DROP_WHAT_EXPIRED = "secantusAdmin.pruneTtl"  # what it does by itself every minute, now


def answered(id_: str, at: dt.datetime) -> Answer:
    return Answer(id=id_, digest="0" * 64, at=at, status=201, answer=b'{"id":"m_1"}')


async def test_an_answer_is_given_again_for_a_day_and_is_gone_when_the_day_is_over(fresh: StoreUrls) -> None:
    yesterday, minute = utc_now() - dt.timedelta(days=1), dt.timedelta(minutes=1)
    client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(fresh.mongo)
    async with open_store(fresh.mongo) as store:
        await store.answers.add(answered("older", yesterday - minute))
        await store.answers.add(answered("younger", yesterday + minute))
        await client.admin.command(DROP_WHAT_EXPIRED)

        assert await store.answers.get("older") is None
        assert await store.answers.get("younger") == answered("younger", yesterday + minute)
    client.close()
