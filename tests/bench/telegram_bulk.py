"""How near does a bulk to 1,000 Telegram chats come to the rate that Telegram allows, while some chats are limited?

The far side is the fake Bot API at Telegram's own numbers, unscaled: 30 messages a second for the bot. An answer to
each of 1,000 conversations stands queued when the worker starts, and 100 of the chats are told "too many" for 5 to 20
seconds. Counted from the first message that the fake took to the last. A chat that is not limited has waited for
another's limit when its message came later than its place in the row allows at nine tenths of the rate.
"""

import asyncio
import contextlib
import random
import shutil
import time
from collections.abc import AsyncIterator

import msgspec

from channels.fakes.telegram import Bot, FakeTelegram, Json, person
from channels.telegram import wire
from channels.telegram.inbound import raw_arrival
from hub.clock import utc_now
from hub.commands.rooms import Rooms
from hub.departures.compose import Draft
from hub.ids import conversation_id
from hub.model import Account, AccountId, Author
from tests.bench.figures import Figure, Goal
from tests.bench.house import Grounds, House, Process

CHATS, LIMITED = 1_000, 100
PAUSES_S = (5, 20)
ALLOWED = 30.0  # messages a second, of the whole bot
SLACK_S = 1.0
INTAKE_S, BULK_S = 120.0, 240.0
TOKEN = "7000000001:AAF-a_token-of-nobody_0123456789abcd"
TG = AccountId("bench-telegram")
AGENT = Author(kind="agent", id="a_bench", name="Lan")

RATE = Goal(
    what="Telegram bulk of 1,000 chats, 100 of them limited: share of the allowed rate",
    unit="of 30/s",
    must=0.9,
    aim=0.97,
    issue="channels",
)
WAITED = Goal(
    what="Telegram bulk: chats that waited for another's limit",
    unit="chats",
    sense="at most",
    must=0,
    aim=0,
    issue="channels",
)
EARLY = Goal(
    what="Telegram bulk: tries before a chat's pause was over",
    unit="tries",
    sense="at most",
    must=0,
    aim=0,
    issue="channels",
)
GOALS = (RATE, WAITED, EARLY)


class Taken(msgspec.Struct, frozen=True):
    """A message that the fake took, and when."""

    chat: int
    at: float


async def run(grounds: Grounds) -> list[Figure]:
    async with FakeTelegram() as fake, _bare(grounds) as house:
        bot = fake.add_bot(TOKEN, "bench_bot")
        people = [person(10_000 + at, f"Khách {at}") for at in range(CHATS)]
        async with house.rooms() as rooms:
            await _account(rooms, fake.url)
            await _conversations(house, rooms, bot, people)
            await _answers(rooms, people)
        limited = _limit(bot, people)
        worker = await house.start_beside("worker")
        taken = await _watch(bot, worker)
        await worker.stop()
    return _figures(bot, taken, limited)


@contextlib.asynccontextmanager
async def _bare(grounds: Grounds) -> AsyncIterator[House]:
    """A hub without a tagger, whose work would only be noise here."""
    house = await grounds.house(trained=False)
    try:
        await house.start("web")
        yield house
    finally:
        await house.stop()
        shutil.rmtree(house.data, ignore_errors=True)


async def _account(rooms: Rooms, url: str) -> None:
    sealed = rooms.ring.seal(f"account:{TG}", msgspec.json.encode(wire.Secrets(token=TOKEN, secret="bench")))
    # Its updates do not matter here; "webhook" keeps the worker from asking for them.
    settings: dict[str, object] = {"api_url": url, "way": "webhook"}
    await rooms.store.accounts.add(
        Account(id=TG, kind="telegram", name="Bench", at=utc_now(), settings=settings, secrets=sealed)
    )
    rooms.accounts.forget()


async def _conversations(house: House, rooms: Rooms, bot: Bot, people: list[Json]) -> None:
    """Everybody has written once; a worker logs it and is stopped."""
    account = await rooms.accounts.get(TG)
    assert account is not None
    said = [
        msgspec.json.encode({"update_id": at, "message": bot.hears(one, "Chào shop")}) for at, one in enumerate(people)
    ]
    await rooms.door.keep(account, [raw_arrival(one) for one in said])
    worker = await house.start_beside("worker")
    ids = [conversation_id(f"{TG}:{one['id']}", 0) for one in people]
    async with asyncio.timeout(INTAKE_S):
        while len(await rooms.store.conversations.by_ids(ids)) < CHATS:
            await asyncio.sleep(0.2)
    await worker.stop()


async def _answers(rooms: Rooms, people: list[Json]) -> None:
    """An answer to each, queued."""
    for start in range(0, CHATS, 50):
        await asyncio.gather(*(_answer(rooms, one) for one in people[start : start + 50]))


async def _answer(rooms: Rooms, one: Json) -> None:
    talk = conversation_id(f"{TG}:{one['id']}", 0)
    found = await rooms.store.conversations.get(talk)
    assert found is not None
    text = f"Dạ em gửi anh/chị {one['first_name']} bảng giá tháng này ạ."
    await rooms.composer.reply(Draft(author=AGENT, conversation=talk, key=f"bulk-{talk}", text=text, seen=found.head))


def _limit(bot: Bot, people: list[Json]) -> set[int]:
    """Some of the chats take nothing for a while."""
    chance = random.Random(28)
    chats = {int(one["id"]) for one in chance.sample(people, LIMITED)}
    for chat in chats:
        bot.floods.block(chat, chance.uniform(*PAUSES_S), bot.clock.now())
    return chats


async def _watch(bot: Bot, worker: Process) -> list[Taken]:
    """When each message was taken, to the hundredth of a second."""
    taken: list[Taken] = []
    async with asyncio.timeout(BULK_S):
        while len(taken) < CHATS:
            if worker.ended:
                raise RuntimeError("the worker ended")
            now = time.perf_counter()
            taken += [Taken(int(one["chat"]["id"]), now) for one in bot.sent[len(taken) :]]
            await asyncio.sleep(0.01)
    if len({one.chat for one in taken}) != CHATS:
        raise RuntimeError("a chat got its message twice")
    return taken


def _figures(bot: Bot, taken: list[Taken], limited: set[int]) -> list[Figure]:
    began, took_s = taken[0].at, taken[-1].at - taken[0].at
    rate = (CHATS - 1) / took_s
    late = [
        one
        for place, one in enumerate(taken)
        if one.chat not in limited and one.at - began > place / (0.9 * ALLOWED) + SLACK_S
    ]
    repeats = sum(bot.floods.refused[one] - 1 for one in limited if bot.floods.refused[one])  # one try has to learn it
    beside = {
        "taken": f"{rate:.1f}/s in {took_s:.1f} s",
        "429s to limited chats": str(sum(bot.floods.refused[one] for one in limited)),
        "429s to the whole bot": str(bot.floods.refused[0]),
    }
    return [
        Figure(goal=RATE, readings=(rate / ALLOWED,), beside=beside),
        Figure(goal=WAITED, readings=(float(len(late)),)),
        Figure(goal=EARLY, readings=(float(repeats),)),
    ]
