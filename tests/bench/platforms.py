"""Platforms that hand over badly, for roads.py: people write there, much is told twice, in any order, and again.

The fakes run in the bench's own process and reach the hub on its port.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator

import msgspec

from channels.fakes.slack import FakeSlack, Json, Weather
from channels.fakes.telegram import FakeTelegram, MachineClock, person
from channels.telegram import Telegram
from hub.clock import utc_now
from hub.ids import conversation_id
from hub.model import Account, ConversationId
from tests.bench.house import House
from tests.channels.slack import room
from tests.channels.telegram import scene
from tests.channels.whole_hub import settle

CHATS, THREADS = 50, 20
DOUBLE, LOSE = 0.5, 0.1
LOOK_S = 0.02
AGAIN_S = 1.0  # between two tries, in a hurry


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
            await settle(rooms, account)

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
