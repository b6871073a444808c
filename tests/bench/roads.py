"""Is everything there once, and in the platform's order, that came over bad roads, also while the hub is killed?

1,000 Telegram updates in 50 chats and 1,000 Slack messages in 20 threads (with the mentions that Slack tells of twice)
go to one `hub up` at the same time, from the fakes, by webhook: half of them doubled, all reordered, a tenth of the
hub's answers lost. Then the same with a hub that is killed with -9, stores and all, at drawn moments while people
write, and started again. Repeats come as each platform makes them; only when everybody has written and the hub is up
for good, those that would come after minutes come within a second. HUB_BENCH_SEED=… draws the same chances again.
"""

import asyncio
import contextlib
import os
import random
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator

import msgspec

from channels.fakes.slack import FakeSlack, Json, Weather
from channels.fakes.telegram import FakeTelegram, MachineClock, person
from channels.telegram import Telegram
from hub.clock import utc_now
from hub.ids import conversation_id
from hub.model import Account, ConversationId, Message
from hub.store import Store, open_store
from hub.store.documents import record
from tests.bench.figures import Figure, Goal, not_run
from tests.bench.house import Grounds, House
from tests.channels.slack import room
from tests.channels.telegram import scene
from tests.faults import verdict
from tests.query_shapes import FROM_A_TEST

SAID, BURST = 1_000, 50
CHATS, THREADS = 50, 20
DOUBLE, LOSE = 0.5, 0.1
KILLS = 4
BETWEEN_S = 2.0  # two bursts, where the hub is killed meanwhile
UP_S = (0.2, 2.0)  # how long a hub lives at least
SETTLE_S, ALL_S = 90.0, 280.0
LOOK_S = 0.02
AGAIN_S = 1.0  # between two tries, in a hurry
PLATFORMS = ("Telegram updates", "Slack events")
WRONG = ("lost", "doubled", "out of order")


def _goal(platform: str, wrong: str, killed: bool) -> Goal:
    how = f"hub killed (-9) {KILLS} times" if killed else "doubled, reordered, 10 % unanswered"
    what = f"1,000 {platform}, {how}: {wrong}"
    return Goal(what=what, unit="messages", sense="at most", must=None if killed else 0, aim=0, issue="channels")


CALM, KILLED = (
    {(platform, wrong): _goal(platform, wrong, killed) for platform in PLATFORMS for wrong in WRONG}
    for killed in (False, True)
)
GOALS = (*CALM.values(), *KILLED.values())


async def run(grounds: Grounds) -> list[Figure]:
    seed = int(os.environ.get("HUB_BENCH_SEED", "0")) or secrets.randbelow(1_000_000)
    print(f"HUB_BENCH_SEED={seed}", flush=True)
    return [*await _judged(grounds, seed, CALM, 0), *await _judged(grounds, seed, KILLED, KILLS)]


async def _judged(grounds: Grounds, seed: int, goals: dict[tuple[str, str], Goal], kills: int) -> list[Figure]:
    """Both platforms' figures; a hub that does not come back is said in the place of these, not of the others."""
    try:
        async with asyncio.timeout(ALL_S):
            return await _journey(grounds, seed, goals, kills)
    except (RuntimeError, TimeoutError) as error:
        why = f"it failed with the seed {seed}: {type(error).__name__}: {error}"[:200]
        return [not_run(goal, why) for goal in goals.values()]


async def _journey(grounds: Grounds, seed: int, goals: dict[tuple[str, str], Goal], kills: int) -> list[Figure]:
    chance = random.Random(f"{seed}:{kills}")
    async with (
        grounds.open("up") as house,
        telegram_road(house, chance) as telegram,
        slack_road(house, chance) as slack,
    ):
        roads = {PLATFORMS[0]: telegram, PLATFORMS[1]: slack}
        began = time.perf_counter()
        await asyncio.gather(_write(roads, BETWEEN_S if kills else 0.0), _kill(house, telegram, kills, chance))
        for road in roads.values():
            road.hurry.set()
        entries, left = await _settled(house, roads)
        about = {"seed": str(seed), "took": f"{time.perf_counter() - began:.0f} s", **left}
        return [
            Figure(goal=goals[name, wrong], readings=(float(count),), beside=about | road.told())
            for name, road in roads.items()
            for wrong, count in zip(WRONG, judge(road.wanted, entries), strict=True)
        ]


async def _write(roads: dict[str, "Road"], pause_s: float) -> None:
    """Everybody writes, in bursts."""
    for _ in range(0, SAID, BURST):
        for road in roads.values():
            road.speak(BURST)
        await asyncio.sleep(pause_s)


async def _kill(house: House, road: "Road", kills: int, chance: random.Random) -> None:
    """kill -9 to the hub and its stores when a drawn part of it was said, and start it again."""
    for mark in sorted(chance.uniform(0.05, 0.85) for _ in range(kills)):
        while road.said < mark * SAID:
            await asyncio.sleep(0.05)
        await asyncio.sleep(chance.uniform(*UP_S))
        await house.kill()
        await house.start("up")


async def _settled(house: House, roads: dict[str, "Road"]) -> tuple[list[Message], dict[str, str]]:
    """The customers' entries of the log once nothing is on its way, and what still is when the time for that is up."""
    async with open_store(house.mongo) as store:
        left = await _left(store, roads)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while any(left.values()):
                    await asyncio.sleep(0.2)
                    left = await _left(store, roads)
        rows = await store.ledger.light("messages").find({}, comment=FROM_A_TEST).to_list(None)
    entries = [record(row, Message) for row in rows]
    unsettled = {f"still on the way, {name}": str(count) for name, count in left.items() if count}
    return [one for one in entries if one.kind == "in"], unsettled


async def _left(store: Store, roads: dict[str, "Road"]) -> dict[str, int]:
    return {name: road.waiting() for name, road in roads.items()} | await verdict.waiting(store)


def judge(wanted: dict[ConversationId, list[str]], entries: list[Message]) -> tuple[int, int, int]:
    """How many are lost, are there too often, or stand behind one that the platform has later."""
    lost = doubled = late = 0
    for talk, texts in wanted.items():
        drawn = sorted((one for one in entries if one.conversation == talk), key=lambda one: (one.order, one.seq))
        found = Counter(one.text for one in drawn)
        place = {text: at for at, text in enumerate(texts)}
        lost += sum(text not in found for text in texts)
        doubled += sum(found.values()) - len(found)
        places = [place[one.text] for one in drawn if one.text in place]
        late += sum(at < max(places[:behind], default=-1) for behind, at in enumerate(places))
    return lost, doubled + _strays(wanted, entries), late


def _strays(wanted: dict[ConversationId, list[str]], entries: list[Message]) -> int:
    """How many of these platforms' texts stand in a conversation where nobody wrote them."""
    where = {text: talk for talk, texts in wanted.items() for text in texts}
    return sum(one.text in where and where[one.text] != one.conversation for one in entries)


# -- the roads ---------------------------------------------------------------------------------------------------------


class Road:
    """A platform that people write at; `wanted` is what each conversation should read."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.wanted: dict[ConversationId, list[str]] = {}
        self.said = 0
        self.hurry = asyncio.Event()  # nobody waits minutes for another try any more

    def speak(self, count: int) -> None:
        """So many messages, all at once."""
        for _ in range(count):
            self._say(self.said)
            self.said += 1

    def want(self, thread: str, text: str) -> None:
        self.wanted.setdefault(conversation_id(f"{self.account.id}:{thread}", 0), []).append(text)

    async def settle(self, house: House) -> None:
        """Make the account known to the hub."""
        async with house.rooms() as rooms:
            account = msgspec.structs.replace(self.account, at=utc_now())
            await scene.settle(scene.Hub(rooms, house.url), account)

    def _say(self, number: int) -> None:
        raise NotImplementedError

    def waiting(self) -> int:
        """How much the platform has not handed over yet."""
        raise NotImplementedError

    def told(self) -> dict[str, str]:
        """What stands beside the figures."""
        raise NotImplementedError


class HurriedClock(MachineClock):
    """Lets everybody who sleeps wake within a second once there is a hurry."""

    def __init__(self) -> None:
        self.hurry = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.hurry.wait()
                await asyncio.sleep(AGAIN_S)


class OfTelegram(Road):
    def __init__(self, fake: FakeTelegram, clock: HurriedClock) -> None:
        super().__init__(scene.an_account(fake.url, "webhook"))
        self.hurry = clock.hurry
        self.bot = fake.add_bot(scene.TOKEN, "mocan_bot")
        self._fake = fake
        self._people = [person(900_000 + at, f"Khách {at}") for at in range(CHATS)]

    def _say(self, number: int) -> None:
        one, text = self._people[number % CHATS], f"tin Telegram {number}"
        self.bot.hears(one, text)
        self.want(str(one["id"]), text)

    def waiting(self) -> int:
        return len(self.bot.updates.waiting)

    def told(self) -> dict[str, str]:
        return {"pushes": str(len(self._fake.pushers[self.bot.token].pushes))}


@contextlib.asynccontextmanager
async def telegram_road(house: House, chance: random.Random) -> AsyncIterator[OfTelegram]:
    """The bot's webhook is set as connecting sets it; its public address leads to the hub's port."""
    clock = HurriedClock()
    async with FakeTelegram(clock=clock, chance=chance, routes={scene.PUBLIC: house.url}) as fake:
        fake.faults.double, fake.faults.lose, fake.faults.reorder = DOUBLE, LOSE, True
        road = OfTelegram(fake, clock)
        channel = Telegram()
        channel.borrow(scene.house(scene.PUBLIC))
        await channel.connect(road.account, {"token": scene.TOKEN})
        await channel.close()
        await road.settle(house)
        yield road


class OfSlack(Road):
    def __init__(self, fake: FakeSlack, chance: random.Random) -> None:
        super().__init__(room.account_of(fake))
        self._fake, self._chance = fake, chance
        self._on_the_way = 0
        self._channels = [fake.home.add_channel(f"C0ROOM{at:04}", f"room-{at}").id for at in range(THREADS)]
        self._parents: dict[str, str] = {}  # channel → the message that began its thread

    def _say(self, number: int) -> None:
        channel = self._channels[number] if number < THREADS else self._chance.choice(self._channels)
        called = number % 10 == 0
        mention, text = f"<@{self._fake.home.bot_user}> " if called else "", f"tin Slack {number}"
        more: Json = {"thread_ts": self._parents[channel]} if channel in self._parents else {}
        said = self._fake.say(channel, room.MINH, mention + text, **more)
        began = self._parents.setdefault(channel, said["ts"])
        self.want(f"{self._fake.home.id}/{channel}/{began}", ("@Mộc An " if called else "") + text)

    async def carry(self) -> None:
        """Push what is due, for ever; in a hurry everything is."""
        pusher = self._fake.pusher
        while True:
            for one in pusher.waiting if self.hurry.is_set() else []:
                one.due = min(one.due, self._fake.clock())
            self._on_the_way = len(pusher.waiting)
            await pusher.push_due()
            self._on_the_way = 0
            await asyncio.sleep(AGAIN_S if self.hurry.is_set() else LOOK_S)

    def waiting(self) -> int:
        return len(self._fake.pusher.waiting) + self._on_the_way

    def told(self) -> dict[str, str]:
        pusher = self._fake.pusher
        return {"answers": str(len(pusher.statuses)), "given up by Slack": str(len(pusher.given_up))}


@contextlib.asynccontextmanager
async def slack_road(house: House, chance: random.Random) -> AsyncIterator[OfSlack]:
    async with FakeSlack(time.time, chance) as fake:
        room.furnish(fake)
        road = OfSlack(fake, chance)
        await road.settle(house)
        fake.pusher.url = f"{house.url}/in/{road.account.id}"
        fake.pusher.weather = Weather(double=DOUBLE, reorder=True, lose_answer=LOSE)
        carrying = asyncio.create_task(road.carry())
        try:
            yield road
        finally:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
