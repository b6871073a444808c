"""The small collections: what an idempotent request was answered stays for a day, and goes then."""

import datetime as dt

from hub.model import Answer
from tests.hub.core import START, Core


def answered(id_: str, at: dt.datetime) -> Answer:
    return Answer(id=id_, digest="0" * 64, at=at, status=201, answer=b'{"id":"m_1"}')


async def test_an_answer_is_given_again_for_a_day_and_is_gone_when_the_day_is_over(core: Core) -> None:
    answers, day, minute = core.store.answers, dt.timedelta(days=1), dt.timedelta(minutes=1)
    await answers.add(answered("older", START - minute))
    await answers.add(answered("younger", START + minute))

    assert await core.store.expiry.sweep(START + day) == 1
    assert await answers.get("older") is None
    assert await answers.get("younger") == answered("younger", START + minute)


async def test_what_has_expired_is_deleted_however_much_it_is(core: Core) -> None:
    events = core.store.ledger.light("events")
    rows = [{"_id": n, "n": n, "at": START, "gone": START + dt.timedelta(seconds=n), "items": b"[]"} for n in range(99)]
    await events.insert_many(rows)

    assert await core.store.expiry.sweep(START + dt.timedelta(seconds=50)) == 50
    assert await core.count("events") == 49
