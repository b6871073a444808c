"""How fast a bot may send: about thirty a second in all, one a second to a chat, twenty a minute to a group.

The real limits are not published; these are the numbers of its FAQ, with short bursts allowed. Whoever goes over is
blocked for `retry_after` seconds, and every try in that time is answered the same.
"""

import math
from collections import Counter

import msgspec

from channels.fakes.telegram.errors import too_many


class Rule(msgspec.Struct, frozen=True):
    """A bucket of `burst` sends that fills by `per_s` a second."""

    per_s: float
    burst: float


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    bot: Rule = Rule(30.0, 30.0)
    chat: Rule = Rule(1.0, 3.0)
    group: Rule = Rule(20 / 60, 20.0)
    pause_s: int = 3  # the least that somebody who went over has to wait


class Bucket:
    def __init__(self, rule: Rule, now: float) -> None:
        self._rule = rule
        self._left = rule.burst
        self._at = now
        self.blocked_until = 0.0

    def fill(self, now: float) -> None:
        self._left = min(self._rule.burst, self._left + (now - self._at) * self._rule.per_s)
        self._at = now

    def has_room(self) -> bool:
        return self._left >= 1.0 - 1e-9

    def take(self) -> None:
        self._left -= 1.0


class Floods:
    """The buckets of one bot.

    `refused` counts tries by whose limit it was (0: the bot's), `early` those before a pause was over.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.refused: Counter[int] = Counter()
        self.early = 0
        self._buckets: dict[int, Bucket] = {}

    def block(self, chat: int, seconds: float, now: float) -> None:
        """As if this chat (0: the whole bot) had gone over its limit."""
        self._bucket(chat, now).blocked_until = now + seconds

    def take(self, chat: int, now: float, most: int = 1) -> None:
        """Room for so many messages to a chat. Raises ApiError 429."""
        buckets = {id_: self._bucket(id_, now) for id_ in (0, chat)}
        for id_, bucket in buckets.items():
            bucket.fill(now)
            if bucket.blocked_until > now:
                self.early += 1
                self.refused[id_] += 1
                raise too_many(math.ceil(bucket.blocked_until - now))
        for id_, bucket in buckets.items():
            if not bucket.has_room():
                bucket.blocked_until = now + self.rules.pause_s
                self.refused[id_] += 1
                raise too_many(self.rules.pause_s)
        for bucket in buckets.values():
            for _ in range(most):
                bucket.take()

    def _bucket(self, chat: int, now: float) -> Bucket:
        if chat not in self._buckets:
            rule = self.rules.bot if chat == 0 else self.rules.chat if chat > 0 else self.rules.group
            self._buckets[chat] = Bucket(rule, now)
        return self._buckets[chat]
