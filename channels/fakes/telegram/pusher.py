"""Handing updates over to a webhook: in order within a queue, several queues at a time, again until it is taken.

As github.com/tdlib/telegram-bot-api does it in WebhookActor.cpp: the first repeat follows at once, then 2, 4, 8 …
seconds, at most a random minute or two; a Retry-After in the answer is obeyed; what is a day old is dropped. A queue
is a chat's messages and edits; reactions and members of the same chat have queues of their own.
"""

import asyncio
import contextlib

import aiohttp

from channels.fakes.telegram.bot import Bot
from channels.fakes.telegram.faults import Faults
from channels.fakes.telegram.updates import Waiting

SECRET = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_S = 30.0
MOST_AFTER_S = 3600
CAP_S = (60, 120)
GONE = 410


class Pusher:
    """`routes` says where a public address really is: {"https://hub.example": "http://127.0.0.1:8080"}."""

    def __init__(self, bot: Bot, faults: Faults, routes: dict[str, str]) -> None:
        self._bot = bot
        self._faults = faults
        self._routes = routes
        self._task: asyncio.Task[None] | None = None
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._http: aiohttp.ClientSession | None = None
        self.pushes: list[int] = []  # update ids, each time one is pushed
        self.pauses: list[float] = []  # seconds that were waited before a repeat

    def restart(self) -> None:
        """Follow a webhook that was set, or stop for one that was taken away."""
        self._stop()
        if self._bot.hook:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def _stop(self) -> None:
        for task in (self._task, *self._busy.values()):
            if task is not None:
                task.cancel()
        self._task = None
        self._busy.clear()

    async def close(self) -> None:
        self._stop()
        if self._http is not None:
            await self._http.close()

    async def _run(self) -> None:
        room = asyncio.Semaphore(int(self._bot.hook["max_connections"]))
        while True:
            self._bot.updates.expire()
            waiting = list(self._bot.updates.waiting)
            if self._faults.reorder:
                self._faults.chance.shuffle(waiting)
            for one in waiting:
                queue = str(one.id) if self._faults.reorder else one.queue
                if queue not in self._busy:
                    self._busy[queue] = asyncio.create_task(self._through(queue, one, room))
            await self._bot.updates.news()

    async def _through(self, queue: str, first: Waiting, room: asyncio.Semaphore) -> None:
        """A queue's updates one behind the other, until none is left."""
        one: Waiting | None = first
        try:
            while one is not None:
                await self._until_taken(one, room)
                self._bot.updates.forget({one.id})
                one = None if self._faults.reorder else self._next(queue)
        finally:
            self._busy.pop(queue, None)

    def _next(self, queue: str) -> Waiting | None:
        return next((one for one in self._bot.updates.waiting if one.queue == queue), None)

    async def _until_taken(self, one: Waiting, room: asyncio.Semaphore) -> None:
        pause = 0.0
        while one in self._bot.updates.waiting:
            async with room:
                after_s = await self._push(one)
                if after_s is None and self._faults.doubles():
                    await self._push(one)
            if after_s is None:
                return
            wait_s = after_s or pause
            self.pauses.append(wait_s)
            await self._bot.clock.sleep(wait_s)
            cap = self._faults.chance.uniform(*CAP_S)
            pause = min(cap, pause * 2 or 2.0)
            self._bot.updates.expire()

    async def _push(self, one: Waiting) -> float | None:
        """None when it was taken; else after how many seconds it is to be repeated, 0 for the usual pause."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_S))
        hook = self._bot.hook
        headers = {SECRET: hook["secret_token"]} if hook["secret_token"] else {}
        self.pushes.append(one.id)
        try:
            async with self._http.post(self._route(hook["url"]), json=one.update, headers=headers) as answer:
                status, after = answer.status, answer.headers.get("Retry-After", "")
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            return self._failed(f"Connection failed: {type(error).__name__}")
        if self._faults.loses():
            return self._failed("Read timeout expired")
        if 200 <= status < 300:
            return None
        self._failed(f"Wrong response from the webhook: {status}")
        return min(float(after), MOST_AFTER_S) if after.isdecimal() else 0.0

    def _failed(self, why: str) -> float:
        with contextlib.suppress(KeyError):  # the webhook may have been taken away meanwhile
            self._bot.hook |= {"last_error_date": int(self._bot.clock.now()), "last_error_message": why}
        return 0.0

    def _route(self, url: str) -> str:
        for public, real in self._routes.items():
            if url.startswith(public):
                return real + url[len(public) :]
        return url
