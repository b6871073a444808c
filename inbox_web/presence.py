"""Who is here, who looks at which conversation, who is typing: said over the bus, forgotten after half a minute.

Nothing of it is stored. Each process keeps what it heard; agents say it again every ten seconds while it is true.
"""

import datetime as dt
from collections.abc import Callable

import msgspec

HERE, PRESENCE, TYPING = "here", "presence", "typing"  # channels of the bus
KEPT_S = 25.0


class Presence(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="presence"):
    """What agents are told about each other; also what the bus carries."""

    conversation: str
    agent: str
    name: str
    state: str  # viewing | typing | gone


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """The agents that are connected to one process."""

    process: str
    agents: list[str]


class VisitorTyping(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="visitor_typing"):
    """A customer is writing in this conversation."""

    conversation: str


class Kept(msgspec.Struct, frozen=True):
    said: Presence
    until: dt.datetime


class Room:
    """What this process has heard, with the time at which it is forgotten."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._looking: dict[tuple[str, str], Kept] = {}
        self._processes: dict[str, tuple[tuple[str, ...], dt.datetime]] = {}

    def hear(self, said: Presence) -> bool:
        """Take it in; True when it is news to those who look."""
        key = (said.conversation, said.agent)
        before = self._looking.get(key)
        if said.state == "gone":
            return self._looking.pop(key, None) is not None
        self._looking[key] = Kept(said, self._now() + dt.timedelta(seconds=KEPT_S))
        return before is None or before.said.state != said.state

    def at(self, conversation: str) -> list[Presence]:
        """Who looks at this conversation now."""
        now = self._now()
        return [kept.said for (where, _), kept in self._looking.items() if where == conversation and kept.until > now]

    def hear_here(self, said: Here) -> None:
        """Take in who is connected to another process, or to this one."""
        self._processes[said.process] = (tuple(said.agents), self._now() + dt.timedelta(seconds=KEPT_S))

    def here(self) -> list[str]:
        """The agents that are connected anywhere, sorted."""
        now = self._now()
        return sorted({agent for agents, until in self._processes.values() if until > now for agent in agents})

    def forget(self) -> list[Presence]:
        """Drop what was not said again in time; what the others must be told."""
        now = self._now()
        late = [key for key, kept in self._looking.items() if kept.until <= now]
        gone = [msgspec.structs.replace(self._looking.pop(key).said, state="gone") for key in late]
        for process in [name for name, (_, until) in self._processes.items() if until <= now]:
            del self._processes[process]
        return gone
