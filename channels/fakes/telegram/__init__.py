"""A Telegram to try things against: the Bot API as a server on this machine, and people who write to its bots.

    async with FakeTelegram() as telegram:
        bot = telegram.add_bot("123:ABC", "mocan_bot")
        bot.hears(person(7, "Lan"), "Chào shop")     # now ask http://…/bot123:ABC/getUpdates

Real are: who is refused and how, the confirming of updates by offset, webhooks with their secret, order and repeats,
the limits of texts, files and speed. Missing are: inline mode, payments, games, business accounts, polls.
"""

import random
from types import TracebackType

from aiohttp import web

from channels.fakes.telegram.bot import Bot, Chat, File, Json, person
from channels.fakes.telegram.clock import Clock, MachineClock, TurnedClock
from channels.fakes.telegram.faults import Fault, Faults
from channels.fakes.telegram.floods import Rule, Rules
from channels.fakes.telegram.methods import Methods
from channels.fakes.telegram.pusher import Pusher
from channels.fakes.telegram.server import Call, Server

__all__ = [
    "Bot",
    "Call",
    "Chat",
    "FakeTelegram",
    "Fault",
    "Faults",
    "File",
    "Json",
    "MachineClock",
    "Rule",
    "Rules",
    "TurnedClock",
    "person",
]


class FakeTelegram:
    """Serves while the block runs; `port` 0 takes a free one. `calls` is everything that bots asked so far."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        rules: Rules | None = None,
        chance: random.Random | None = None,
        routes: dict[str, str] | None = None,
        conflict_s: float = 3.0,
        port: int = 0,
    ) -> None:
        self.clock = clock or MachineClock()
        self.faults = Faults(chance)
        self.routes = routes if routes is not None else {}
        self.bots: dict[str, Bot] = {}
        self.pushers: dict[str, Pusher] = {}
        self.url = ""
        self._rules = rules or Rules()
        self._conflict_s = conflict_s
        self._port = port
        self._server = Server(self.faults)
        self._runner: web.AppRunner | None = None

    @property
    def calls(self) -> list[Call]:
        return self._server.calls

    def add_bot(self, token: str, username: str, first_update: int = 548_120_001) -> Bot:
        """What @BotFather does."""
        bot = Bot(token, username, self.clock, self._rules, first_update, self._conflict_s)
        self.bots[token] = bot
        self.pushers[token] = Pusher(bot, self.faults, self.routes)
        self._server.serve(bot, Methods(bot, self.pushers[token].restart))
        return bot

    async def __aenter__(self) -> "FakeTelegram":
        self._runner = web.AppRunner(self._server.app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pusher in self.pushers.values():
            await pusher.close()
        if self._runner is not None:
            await self._runner.cleanup()
