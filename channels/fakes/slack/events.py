"""Events on their way to the app's address: signed, retried at Slack's times, given up, switched off.

https://docs.slack.dev/apis/events-api#retries. Time is the world's clock: `push_due` sends what is due now, `push_all`
turns a test's clock until nothing is left.
"""

import asyncio
import hashlib
import hmac
import json
import random
import secrets
from collections import deque
from collections.abc import Callable

import aiohttp
import msgspec

from channels.fakes.slack.world import Clock, Json

RETRY_AFTER_S = (1.0, 60.0, 300.0)
ANSWER_S = 3.0
WATCHED_S = 3600.0
MOST_FAILING = 0.95


class Weather(msgspec.Struct, kw_only=True):
    """What goes wrong between Slack and the app, each with its probability."""

    double: float = 0.0  # sent twice at once
    reorder: bool = False
    lose: float = 0.0  # never reaches the app
    lose_answer: float = 0.0  # reaches it, but its answer gets lost


class Delivery(msgspec.Struct, kw_only=True):
    body: bytes
    due: float
    content_type: str = "application/json"
    tries: int = 0
    reason: str = ""


class Pusher:
    """Posts to one address. `given_up` holds what Slack would never send again."""

    def __init__(self, clock: Callable[[], float], signing_secret: str, chance: random.Random) -> None:
        self._clock = clock
        self._secret = signing_secret
        self._chance = chance
        self.url = ""
        self.answer_s = ANSWER_S
        self.watch_from = 1000  # with fewer events an hour nothing is switched off
        self.weather = Weather()
        self.waiting: list[Delivery] = []
        self.given_up: list[Delivery] = []
        self.statuses: list[int] = []  # of every try that was answered
        self.disabled = False
        self._outcomes: deque[tuple[float, bool]] = deque()

    def add(self, body: bytes, content_type: str = "application/json") -> None:
        """Something happened; while the subscription is switched off, nobody is ever told."""
        if self.disabled:
            return
        copies = 2 if self._chance.random() < self.weather.double else 1
        self.waiting += [Delivery(body=body, due=self._clock(), content_type=content_type) for _ in range(copies)]
        if self.weather.reorder:
            self._chance.shuffle(self.waiting)

    async def verify_url(self) -> bool:
        """Send a challenge, as Slack does when the address is entered."""
        challenge = secrets.token_hex(16)
        body = json.dumps({"type": "url_verification", "challenge": challenge, "token": ""}).encode()
        headers = self._headers(body, "application/json")
        async with aiohttp.ClientSession() as http, http.post(self.url, data=body, headers=headers) as response:
            said = await response.text()
        return response.status == 200 and challenge in said

    async def push_due(self, at_once: int = 50) -> None:
        """Try everything that is due, some at once."""
        due = [one for one in self.waiting if one.due <= self._clock()]
        self.waiting = [one for one in self.waiting if one.due > self._clock()]
        room = asyncio.Semaphore(at_once)
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
            for one in due:
                group.create_task(self._push(http, one, room))

    async def run(self, look_s: float = 0.05) -> None:
        """Send what is due, for ever; for a world whose clock is the real one."""
        while True:
            await self.push_due()
            await asyncio.sleep(look_s)

    async def push_all(self, clock: Clock) -> None:
        """Turn the clock until everything is delivered or given up."""
        while self.waiting and not self.disabled:
            clock.now = max(clock.now, min(one.due for one in self.waiting))
            await self.push_due()

    async def _push(self, http: aiohttp.ClientSession, one: Delivery, room: asyncio.Semaphore) -> None:
        async with room:
            reason, may_retry = await self._try(http, one)
        self._judge(reason == "")
        if not reason:
            return
        if self.disabled or not may_retry or one.tries >= len(RETRY_AFTER_S):
            self.given_up.append(one)
            return
        one.due, one.reason = self._clock() + RETRY_AFTER_S[one.tries], reason
        one.tries += 1
        self.waiting.append(one)

    async def _try(self, http: aiohttp.ClientSession, one: Delivery) -> tuple[str, bool]:
        """Why it failed ("" when it did not), and whether it may be tried again."""
        if self._chance.random() < self.weather.lose:
            return "connection_failed", True
        headers = self._headers(one.body, one.content_type)
        if one.tries:
            headers |= {"X-Slack-Retry-Num": str(one.tries), "X-Slack-Retry-Reason": one.reason}
        try:
            async with asyncio.timeout(self.answer_s), http.post(self.url, data=one.body, headers=headers) as response:
                await response.read()
        except TimeoutError:
            return "http_timeout", True
        except aiohttp.ClientError:
            return "connection_failed", True
        self.statuses.append(response.status)
        if self._chance.random() < self.weather.lose_answer:
            return "http_timeout", True
        if 200 <= response.status < 300:
            return "", True
        return "http_error", response.headers.get("x-slack-no-retry") != "1"

    def _headers(self, body: bytes, content_type: str) -> dict[str, str]:
        at = str(int(self._clock()))
        signature = hmac.new(self._secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signature}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    def _judge(self, went_well: bool) -> None:
        """Switch the subscription off when nearly everything of the last hour failed."""
        now = self._clock()
        self._outcomes.append((now, went_well))
        while self._outcomes[0][0] < now - WATCHED_S:
            self._outcomes.popleft()
        failed = sum(not well for _, well in self._outcomes)
        if len(self._outcomes) >= self.watch_from and failed > MOST_FAILING * len(self._outcomes):
            self.disabled = True
            self.waiting.clear()


def event(
    app_id: str, team: str, bot_user: str, event_id: str, at: float, inner: Json, *, shared: bool = False
) -> Json:
    """An event in its wrapper."""
    installed = {"enterprise_id": None, "team_id": team, "user_id": bot_user, "is_bot": True}
    return {
        "token": "old",
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [{**installed, "is_enterprise_install": False}],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }
