"""The doorbell: Redis carries nudges, wake-ups, presence, rate tokens, leases. Emptied at any moment, nothing is lost.

A nudge says "look at these lanes"; the ledger says what is there. Every call that fails because Redis is away is
answered as if nobody had rung: sweeps find the rest.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hub.bell import Bell

log = structlog.get_logger()

PREFIX = "hub"
CALL_TIMEOUT_S = 2.0
AWAY_PAUSE_S = 1.0
_AWAY = (RedisError, OSError, asyncio.TimeoutError)

# Tokens that refill with time: KEYS[1] bucket; ARGV most, per_s, now. Answers 0, or the milliseconds to wait.
_TOKENS = """
local most, per_s, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'n', 'at')
local n = math.min(most, (tonumber(kept[1]) or most) + math.max(0, now - (tonumber(kept[2]) or now)) * per_s)
local wait = 0
if n >= 1 then n = n - 1 else wait = math.ceil((1 - n) / per_s * 1000) end
redis.call('HSET', KEYS[1], 'n', n, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(most / per_s * 1000) + 1000)
return wait
"""

# A lease is taken when it is free, and made longer by who holds it: KEYS[1]; ARGV holder, milliseconds. Answers 1 or 0.
_LEASE = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# Turns that follow each other at a distance: KEYS[1] the next free time; ARGV now, every, most (ms). Answers the wait;
# a longer one than `most` is not taken: then it is answered as -wait.
_TURN = """
local now, every, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local wait = at - now
if wait > most then return -wait end
if every > 0 then redis.call('SET', KEYS[1], at + every, 'PX', math.ceil(wait + every) + 1000) end
return wait
"""
# No turn before then: KEYS[1] as above; ARGV until, milliseconds that it is kept.
_HOLD = """
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
"""


@contextlib.asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    """Give up after so long, and end when our task is told to: a client that is connecting swallows that word."""
    task = asyncio.current_task()
    assert task is not None
    before = task.cancelling()
    try:
        async with asyncio.timeout(seconds):
            yield
    finally:
        if task.cancelling() > before:
            raise asyncio.CancelledError


class Bus:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.bells: dict[str, Bell] = {}  # by kind: of the workers of this very process
        self._near: dict[str, list[Callable[[bytes], None]]] = {}
        self.away = False  # whether the last waiting for a nudge or a wake-up failed: look into the ledger more often
        self._tokens = redis.register_script(_TOKENS)
        self._leases = redis.register_script(_LEASE)
        self._turns = redis.register_script(_TURN)
        self._holds = redis.register_script(_HOLD)

    async def ping(self) -> bool:
        """Whether Redis answers."""
        try:
            async with _in_time(CALL_TIMEOUT_S):
                return bool(await self.redis.ping())
        except _AWAY:
            return False

    # -- nudges -------------------------------------------------------------------------------------------------------

    async def nudge(self, kind: str, lanes: Iterable[str]) -> None:
        """Ask whoever is free to look at these lanes; a lane that is rung for already is not rung for twice."""
        lanes = list(lanes)
        if kind in self.bells and self.bells[kind].ring(lanes):
            return
        now = time.time()
        rung: dict[str, float] = dict.fromkeys(lanes, now)
        if rung:
            with contextlib.suppress(*_AWAY):
                async with _in_time(CALL_TIMEOUT_S):
                    await self.redis.zadd(f"{PREFIX}:nudge:{kind}", rung, nx=True)

    async def take(self, kinds: list[str], most: int, wait_s: float) -> tuple[str, list[str]]:
        """Up to `most` lanes of the first kind that has any, waiting `wait_s` at most; ("", []) when nobody rang.

        While Redis is away it answers nothing after a pause, so that the caller's sweep goes on.
        """
        try:
            async with _in_time(wait_s + CALL_TIMEOUT_S):
                keys = [f"{PREFIX}:nudge:{kind}" for kind in kinds]
                found: Any = await self.redis.bzmpop(wait_s, len(keys), keys, min=True, count=most)
        except _AWAY:
            self.away = True
            await asyncio.sleep(AWAY_PAUSE_S)
            return "", []
        self.away = False
        if not found:
            return "", []
        key, members = found
        return key.decode().rsplit(":", 1)[1], [member.decode() for member, _ in members]

    # -- wake-ups -----------------------------------------------------------------------------------------------------

    def near(self, channel: str, heard: Callable[[bytes], None]) -> None:
        """Hand what this very process publishes on a channel straight to it; it comes by way of Redis as well."""
        self._near.setdefault(channel, []).append(heard)

    async def publish(self, channel: str, payload: bytes) -> None:
        """Tell everyone who listens now; nobody is promised to hear it."""
        for heard in self._near.get(channel, ()):
            heard(payload)
        with contextlib.suppress(*_AWAY):
            async with _in_time(CALL_TIMEOUT_S):
                await self.redis.publish(f"{PREFIX}:{channel}", payload)

    async def listen(self, channels: list[str]) -> AsyncIterator[tuple[str, bytes]]:
        """What is published on these channels, for ever; ("", b"") on each (re)subscription: read the ledger then."""
        names = [f"{PREFIX}:{channel}" for channel in channels]
        while True:
            try:
                async with self.redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    async with _in_time(CALL_TIMEOUT_S):
                        await pubsub.subscribe(*names)
                    self.away = False
                    yield "", b""
                    async for message in pubsub.listen():
                        yield message["channel"].decode().removeprefix(f"{PREFIX}:"), message["data"]
            except _AWAY as error:
                self.away = True
                log.warning("doorbell away", why=type(error).__name__)
            await asyncio.sleep(AWAY_PAUSE_S)

    # -- short-lived facts --------------------------------------------------------------------------------------------

    async def remember(self, key: str, value: str, for_s: float) -> None:
        """Keep a small fact for a while: presence, a failure counter's lock."""
        with contextlib.suppress(*_AWAY):
            async with _in_time(CALL_TIMEOUT_S):
                await self.redis.set(f"{PREFIX}:{key}", value, px=int(for_s * 1000))

    async def forget(self, key: str) -> None:
        """Drop a small fact."""
        with contextlib.suppress(*_AWAY):
            async with _in_time(CALL_TIMEOUT_S):
                await self.redis.delete(f"{PREFIX}:{key}")

    async def recall(self, key: str) -> str | None:
        """A small fact, or None when it is gone or Redis is away."""
        try:
            async with _in_time(CALL_TIMEOUT_S):
                value: Any = await self.redis.get(f"{PREFIX}:{key}")
        except _AWAY:
            return None
        return str(value.decode()) if value is not None else None

    async def lease(self, name: str, holder: str, for_s: float) -> bool:
        """Take a lease, or hold it longer; it only spares work. True also while Redis is away: nothing rests on it."""
        try:
            async with _in_time(CALL_TIMEOUT_S):
                return bool(await self._leases(keys=[f"{PREFIX}:lease:{name}"], args=[holder, int(for_s * 1000)]))
        except _AWAY:
            return True

    async def give_up(self, name: str, holder: str) -> None:
        """Let go of a lease, if it is still this holder's, so that the next one need not wait for its end."""
        with contextlib.suppress(*_AWAY):
            async with _in_time(CALL_TIMEOUT_S):
                if await self.redis.get(f"{PREFIX}:lease:{name}") == holder.encode():
                    await self.redis.delete(f"{PREFIX}:lease:{name}")

    async def token(self, key: str, most: int, per_s: float, now: float) -> float:
        """Take one of `most` tokens refilled at `per_s`; 0.0 (also while Redis is away), or the seconds to wait."""
        try:
            async with _in_time(CALL_TIMEOUT_S):
                wait_ms = await self._tokens(keys=[f"{PREFIX}:tokens:{key}"], args=[most, per_s, now])
        except _AWAY:
            return 0.0
        return int(wait_ms) / 1000

    async def turn(self, key: str, every_s: float, most_s: float, now: float) -> float:
        """Take the next turn of many that follow each other every `every_s`: the seconds until it, or 0.0.

        One that is further off than `most_s` is not taken, and answered as a negative wait. 0.0 while Redis is away:
        the platform's own refusals are obeyed then.
        """
        times = [round(one * 1000) for one in (now, every_s, most_s)]
        try:
            async with _in_time(CALL_TIMEOUT_S):
                wait_ms = await self._turns(keys=[f"{PREFIX}:turns:{key}"], args=times)
        except _AWAY:
            return 0.0
        return int(wait_ms) / 1000

    async def hold(self, key: str, for_s: float, now: float) -> None:
        """Nobody's turn comes before `for_s` have passed."""
        with contextlib.suppress(*_AWAY):
            async with _in_time(CALL_TIMEOUT_S):
                args = [round((now + for_s) * 1000), round(for_s * 1000) + 1000]
                await self._holds(keys=[f"{PREFIX}:turns:{key}"], args=args)

    async def count(self, key: str, for_s: int) -> int:
        """One more of something; how many in the window that began with the first. 0 while Redis is away."""
        try:
            async with _in_time(CALL_TIMEOUT_S), self.redis.pipeline() as pipe:
                pipe.incr(f"{PREFIX}:count:{key}")
                pipe.expire(f"{PREFIX}:count:{key}", for_s, nx=True)
                counted, _ = await pipe.execute()
        except _AWAY:
            return 0
        return int(counted)


@contextlib.asynccontextmanager
async def open_bus(url: str) -> AsyncIterator[Bus]:
    """Connect lazily; Redis may be away at any time."""
    redis: Redis = Redis.from_url(url, socket_connect_timeout=CALL_TIMEOUT_S, health_check_interval=30)
    try:
        yield Bus(redis)
    finally:
        await redis.aclose()
