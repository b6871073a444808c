"""What Prometheus is told of this process; one registry for each app, so that two apps in one process do not mix."""

import msgspec
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from hub.events import Added, Changed
from inbox_web.follower import Batch

OUTCOMES = frozenset({"sent", "refused", "unknown"})


class _Said(msgspec.Struct, frozen=True):
    kind: str
    channel: str


class _Set(msgspec.Struct, frozen=True):
    delivery: str | None = None


_added = msgspec.json.Decoder(Added[_Said])
_changed = msgspec.json.Decoder(Changed[_Set])


class Meters:
    """Counters and gauges; names begin with hub_."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self._counter("requests", "HTTP requests answered.", "method", "route", "status")
        self.arrivals = self._counter("arrivals_kept", "Raw arrivals kept, before they were acknowledged.", "channel")
        self.messages = self._counter("messages_logged", "Entries that were added to the log.", "kind", "channel")
        self.sends = self._counter("sends", "Deliveries that reached a state.", "outcome")
        self.events = self._counter("events", "Batches of the event log that this process followed.")
        self.sockets = Gauge("hub_sockets", "Open sockets.", ["side"], registry=self.registry)
        self.keep = Histogram(
            "hub_keep_seconds",
            "From frame or webhook to kept.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self.registry,
        )

    def heard(self, batches: list[Batch]) -> None:
        """Count what the event log says; every process that follows it counts the same."""
        self.events.inc(len(batches))
        for batch in batches:
            for item in batch.items:
                if item.type == "message.added":
                    said = _added.decode(item.data).message
                    self.messages.labels(said.kind, said.channel).inc()
                elif item.type == "message.changed":
                    state = _changed.decode(item.data).set.delivery
                    if state in OUTCOMES:
                        self.sends.labels(state).inc()

    def _counter(self, name: str, help_line: str, *labels: str) -> Counter:
        return Counter(f"hub_{name}", help_line, labels, registry=self.registry)


METERS = web.AppKey("meters", Meters)
