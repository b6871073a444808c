"""How fast one visitor may talk, counted in this process: a bucket of tokens that refills with time."""

from hub.errors import TooMany

MOST_KEYS = 20_000


class Pace:
    """`most` at once, then `most` in every `window_s` seconds."""

    def __init__(self, most: int, window_s: float) -> None:
        self._most = float(most)
        self._per_s = most / window_s
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str, now_s: float) -> None:
        """Take one token; raises TooMany when there is none."""
        left, at_s = self._buckets.pop(key, (self._most, now_s))
        left = min(self._most, left + max(0.0, now_s - at_s) * self._per_s)
        self._buckets[key] = (max(left - 1, 0.0) if left >= 1 else left, now_s)
        if len(self._buckets) > MOST_KEYS:
            del self._buckets[next(iter(self._buckets))]
        if left < 1:
            raise TooMany("You are writing very fast. Wait a moment.", after_s=int((1 - left) / self._per_s) + 1)
