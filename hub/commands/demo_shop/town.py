"""The platforms of the demo: false ones on loopback in this process, and the shop's demo accounts at them.

An account of the demo is marked (`demo: true` in its settings), reused by the next run and switched off when its
platform ends, so that it is never ill for want of a platform. Nothing outside this machine is asked.
"""

import asyncio
import contextlib
import datetime as dt
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping

import msgspec

from channels.fakes.imap import FakeImap
from channels.fakes.slack import FakeSlack
from channels.fakes.smtp import FakeSmtp
from channels.fakes.telegram import Bot, FakeTelegram, Json, Rule, Rules, person
from hub.clock import utc_now
from hub.commands.demo_shop import script
from hub.commands.demo_shop.script import Story
from hub.commands.rooms import Rooms
from hub.errors import Conflict
from hub.events import settings_changed
from hub.model import Account, AccountId
from hub.people.connecting import Connector, Wanted

ADDRESS = "chao@mocan.example"
CHANNEL = "C0KHACHSI1"
REGULARS = 200  # people whom the bot knows from earlier runs; live customers are among them
FIRST_REGULAR = 7_100_000_000
FIRST_RESIDENT = 6_100_000_000
NAMES = {"telegram": "@mocan_demo_bot", "slack": "Mộc An – khách sỉ", "email": ADDRESS}
PAST = dt.timedelta(days=60)  # what the demo tells of is news
UNHURRIED = Rule(0.0, 1e9)  # its own clock may go back, which a bucket that fills would not survive
LEAVE_S = 20.0
LOOK_S = 0.1


class _Time:
    """Telegram's time is the demo's."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Town:
    """The platforms, and the accounts with their secrets opened."""

    def __init__(
        self,
        telegram: FakeTelegram,
        slack: FakeSlack,
        imap: FakeImap,
        smtp: FakeSmtp,
    ) -> None:
        self.telegram, self.slack, self.imap, self.smtp = telegram, slack, imap, smtp
        self.bot: Bot = telegram.add_bot(f"7000000001:{secrets.token_urlsafe(24)}", "mocan_demo_bot")
        self.password = secrets.token_urlsafe(12)
        self.accounts: dict[str, Account] = {}

    def furnish(self) -> None:
        """Who may sign in where, and who is known already."""
        self.slack.socket_mode = True
        self.slack.app_token = f"xapp-{secrets.token_hex(8)}"
        self.slack.home.bot_token = f"xoxb-{secrets.token_hex(8)}"
        self.slack.home.add_channel(CHANNEL, "khach-si-moc-an", shared=True)
        now = int(time.time())
        for server in (self.imap, self.smtp):
            server.users = {ADDRESS: self.password}
        self.smtp.must_sign_in = True
        for box in self.imap.boxes.values():
            box.uidvalidity = now  # it is another mailbox than that of the last run
        told = script.elsewhere()
        known = [regular(number) for number in range(REGULARS)]
        for one in [*known, *(resident(one) for one in told if one.channel == "telegram")]:
            self.bot.private(one).next = now  # a message's number never comes twice
        for story in told:
            if story.channel == "slack":
                self.slack.home.add_user(slack_user(story), story.person.name)

    def answers(self) -> dict[str, tuple[dict[str, object], dict[str, str]]]:
        """For each channel what stands in its account beforehand, and what its questions are answered."""
        host = "127.0.0.1"
        mail = {"address": ADDRESS, "name": "Tiệm Trà Mộc An", "password": self.password}
        for name, port in (("imap", self.imap.port), ("smtp", self.smtp.port)):
            mail |= {f"{name}_host": host, f"{name}_port": str(port), f"{name}_security": "none"}
        tokens = {"bot_token": self.slack.home.bot_token, "app_token": self.slack.app_token}
        return {
            "email": ({}, mail),
            "telegram": ({"api_url": self.telegram.url}, {"token": self.bot.token}),
            "slack": ({"api_url": self.slack.api_url}, {**tokens, "signing_secret": self.slack.signing_secret}),
        }


def regular(number: int, name: str = "Khách") -> Json:
    """One of those who write to the bot again and again."""
    first, _, rest = name.partition(" ")
    return person(FIRST_REGULAR + number % REGULARS, first, rest)


def resident(story: Story) -> Json:
    """Who tells a story to the bot."""
    return person(FIRST_RESIDENT + story.number, story.person.name, language=story.person.language)


def slack_user(story: Story) -> str:
    return f"U0AWAY{story.number:04}"


def account_id(kind: str) -> AccountId:
    return AccountId(f"demo_{kind}")


@contextlib.asynccontextmanager
async def open_town(rooms: Rooms, address: str, clock: Callable[[], dt.datetime] = utc_now) -> AsyncIterator[Town]:
    """Platforms that serve while the block runs, with the accounts on; `address` is where the hub answers here."""
    public = (rooms.settings.base_url or "").rstrip("/")
    rules = Rules(bot=UNHURRIED, chat=UNHURRIED, group=UNHURRIED)
    routes = {public: address} if public else {}
    async with (
        FakeTelegram(clock=_Time(clock), rules=rules, routes=routes) as telegram,
        FakeSlack(lambda: clock().timestamp(), random.Random()) as slack,
        FakeImap() as imap,
        FakeSmtp() as smtp,
    ):
        town = Town(telegram, slack, imap, smtp)
        town.furnish()
        try:
            for kind, (settings, answers) in town.answers().items():
                town.accounts[kind] = await _connect(rooms, kind, settings, answers)
            yield town
        finally:
            await _leave(rooms, town.accounts.values())


async def _connect(rooms: Rooms, kind: str, settings: dict[str, object], answers: Mapping[str, str]) -> Account:
    """The demo's account of this channel, new or the one of the last run, tried at its platform and switched on."""
    id_, now = account_id(kind), utc_now()
    known = await rooms.accounts.get(id_)
    if known is None:
        known = Account(id=id_, kind=kind, name=NAMES[kind], at=now, on=False, settings={"since": _since(now)})
        with contextlib.suppress(Conflict):  # another `hub demo` was a moment faster
            await rooms.store.accounts.add(known)
    asked = msgspec.structs.replace(known, settings={**known.settings, "demo": True, **settings})
    wanted = Wanted(id=id_, kind=kind, answers=answers, name=known.name, known=asked)
    connector = Connector(rooms.store, rooms.announcer, rooms.ring.seal, utc_now)
    await connector.connect(rooms.channels[kind], wanted)
    rooms.accounts.forget()
    connected = await rooms.accounts.get(id_)
    assert connected is not None
    return connected


def _since(now: dt.datetime) -> str:
    return (now - PAST).isoformat()


async def _leave(rooms: Rooms, accounts: Collection[Account]) -> None:
    """Switch the accounts off, unless another run has them by now, and wait until the hub has let go of them."""
    rooms.accounts.forget()
    ours = [one for one in accounts if (there := await rooms.accounts.get(one.id)) and there.secrets == one.secrets]
    for one in ours:
        await rooms.store.accounts.change(one.id, {"on": False})
    await rooms.announcer.announce([settings_changed()], utc_now())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LEAVE_S):
            for one in ours:
                await _until_unheard(rooms, one.id)
    for one in ours:  # what was written down in the last moment is no illness
        await rooms.store.accounts.change(one.id, {"health": None})
    await rooms.announcer.announce([settings_changed()], utc_now())


async def _until_unheard(rooms: Rooms, id_: AccountId) -> None:
    """Whoever listens to an account holds this lease (hub/arrivals/hearing.py)."""
    lease, holder = f"listen:{id_}", secrets.token_hex(8)
    while not await rooms.bus.lease(lease, holder, LEAVE_S):
        await asyncio.sleep(LOOK_S)
    await rooms.bus.give_up(lease, holder)
