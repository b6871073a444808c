"""Who in a team gets which conversation: capacity, skills, turns, and the queue of what nobody has room for. Pure.

`Floor` is a picture of what is open, kept by whoever follows the events. It decides; the ledger's guarded update, which
asks that nobody took the conversation meanwhile, is what makes it so. A picture that is behind costs a refused update.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec

from hub.model import AgentId, ContactId, ConversationId, Priority, Record, TeamId
from hub.roster import RANK, AgentDesk, TeamDesk


class Seat(Record, frozen=True, kw_only=True):
    """An agent as assignment sees them; one who was switched off has no seat."""

    agent: AgentId
    teams: tuple[TeamId, ...]
    desk: AgentDesk


class Talk(Record, frozen=True, kw_only=True):
    """An open conversation as assignment sees it. `since` is when its queueing began; `intent` only a certain one."""

    id: ConversationId
    contact: ContactId
    channel: str
    since: dt.datetime
    team: TeamId | None = None
    agent: AgentId | None = None
    intent: str | None = None
    language: str | None = None
    priority: Priority = "normal"
    last_agent: AgentId | None = None  # who served this person last


class Given(Record, frozen=True):
    """A conversation and who should get it."""

    talk: Talk
    agent: AgentId


class Floor:
    """What is open and who is there. Everything it answers follows from what it was told, and in which order."""

    def __init__(self) -> None:
        self._teams: dict[str, TeamDesk] = {}
        self._seats: dict[AgentId, Seat] = {}
        self._talks: dict[ConversationId, Talk] = {}
        self._load: Counter[AgentId] = Counter()
        self._on_channel: Counter[tuple[AgentId, str]] = Counter()
        self._served: dict[ContactId, AgentId | None] = {}  # None: looked for, and nobody was found
        self._turn: dict[tuple[TeamId, AgentId], int] = {}  # when each was last given something, as a running number
        self._turns = 0

    # -- what it is told ----------------------------------------------------------------------------------------------

    def furnish(self, teams: Iterable[TeamDesk], seats: Iterable[Seat]) -> None:
        """The settings as they are now."""
        self._teams = {one.id: one for one in teams}
        self._seats = {one.agent: one for one in seats}

    def put(self, talk: Talk) -> None:
        """This conversation is open, as it stands now."""
        self._count(self._talks.get(talk.id), -1)
        self._talks[talk.id] = talk
        self._count(talk, +1)
        if talk.agent is not None:
            self._served[talk.contact] = talk.agent

    def drop(self, id_: ConversationId) -> None:
        """This conversation is not open any more; what it took up is free."""
        self._count(self._talks.pop(id_, None), -1)

    def remember(self, contact: ContactId, agent: AgentId | None) -> None:
        """Who served this person last, by the ledger; what was seen here is newer."""
        self._served.setdefault(contact, agent)

    def clear(self) -> None:
        """Forget every conversation, before they are read anew; whose turn it is stays."""
        self._talks.clear()
        self._load.clear()
        self._on_channel.clear()

    def _count(self, talk: Talk | None, step: int) -> None:
        if talk is not None and talk.agent is not None:
            self._load[talk.agent] += step
            self._on_channel[talk.agent, talk.channel] += step

    def get(self, id_: ConversationId) -> Talk | None:
        """As it was last told, or None."""
        return self._talks.get(id_)

    def load(self, agent: AgentId) -> int:
        """How many open conversations somebody has."""
        return self._load[agent]

    # -- what it answers ----------------------------------------------------------------------------------------------

    def drain(self, is_open: Callable[[TeamId], bool] = lambda team: True) -> list[Given]:
        """Give out what waits, the urgent first and then the longest waiting, as far as there is room; it is counted.

        Whoever cannot give one of them after all puts it back as it stands.
        """
        found = []
        giving = {one for one in self._teams if self._may(TeamId(one), is_open) and self._is_room_in(TeamId(one))}
        for talk in self.queue():
            agent = self.choose(talk) if talk.team in giving else None
            if agent is not None and talk.team is not None:
                found.append(Given(talk, agent))
                self.put(msgspec.structs.replace(talk, agent=agent))
                self._turns += 1
                self._turn[talk.team, agent] = self._turns
        return found

    def queue(self) -> list[Talk]:
        """What waits for an agent in a team that gives out by itself, in the order of its turn."""
        waiting = [one for one in self._talks.values() if one.agent is None and self._gives(one.team)]
        return sorted(waiting, key=lambda one: (RANK[one.priority], one.since, one.id))

    def strangers(self) -> list[ContactId]:
        """Whoever waits for the one who served them last, where nothing is known of that and somebody has room."""
        by_last = {id_ for id_, one in self._teams.items() if one.how == "last_agent" and self._is_room_in(TeamId(id_))}
        waiting = (one for one in self.queue() if one.team in by_last) if by_last else ()
        return list(dict.fromkeys(one.contact for one in waiting if one.contact not in self._served))

    def left(self) -> list[Talk]:
        """What somebody has who is not there any more: switched off, or no longer in the conversation's team."""
        return [one for one in self._talks.values() if one.agent is not None and not self._is_there(one)]

    def choose(self, talk: Talk) -> AgentId | None:
        """Who should get this conversation now; None when nobody has room, or its team gives nothing out."""
        desk = self._teams.get(talk.team or "")
        if desk is None or desk.how == "by_hand" or talk.team is None:
            return None
        team = talk.team
        able = [one for one in self._able(talk, team) if self._has_room(one, desk, talk.channel)]
        if not able:
            return None
        if desk.how == "last_agent":
            last = self._served.get(talk.contact) or talk.last_agent
            if any(one.agent == last for one in able):
                return last
        if desk.how == "round_robin":
            return min(able, key=lambda one: (self._turn.get((team, one.agent), 0), one.agent)).agent
        return min(
            able, key=lambda one: (self._share(one, desk), self._turn.get((team, one.agent), 0), one.agent)
        ).agent

    # -- the questions behind it --------------------------------------------------------------------------------------

    def _able(self, talk: Talk, team: TeamId) -> list[Seat]:
        """Who is there and knows enough; skills that nobody there has are not asked for, or it would wait for ever."""
        there = [one for one in self._seats.values() if team in one.teams and not one.desk.away]
        for asked, skills in ((talk.intent, _intents), (talk.language, _languages)):
            knowing = [one for one in there if asked is None or not skills(one) or asked in skills(one)]
            there = knowing or there
        return there

    def _has_room(self, seat: Seat, desk: TeamDesk, channel: str) -> bool:
        most = seat.desk.channels.get(channel)
        if most is not None and self._on_channel[seat.agent, channel] >= most:
            return False
        return self._load[seat.agent] < _capacity(seat, desk)

    def _share(self, seat: Seat, desk: TeamDesk) -> float:
        return self._load[seat.agent] / _capacity(seat, desk)

    def _gives(self, team: TeamId | None) -> bool:
        desk = self._teams.get(team or "")
        return desk is not None and desk.how != "by_hand"

    def _may(self, team: TeamId, is_open: Callable[[TeamId], bool]) -> bool:
        return self._gives(team) and (not self._teams[team].only_open or is_open(team))

    def _is_room_in(self, team: TeamId) -> bool:
        """A look that spares a long queue the rest, when everybody has what fits."""
        there = [one for one in self._seats.values() if team in one.teams and not one.desk.away]
        return any(self._load[one.agent] < _capacity(one, self._teams[team]) for one in there)

    def _is_there(self, talk: Talk) -> bool:
        seat = self._seats.get(talk.agent) if talk.agent is not None else None
        return seat is not None and (talk.team is None or not self._gives(talk.team) or talk.team in seat.teams)

    def __iter__(self) -> Iterator[Talk]:
        return iter(self._talks.values())


def _capacity(seat: Seat, desk: TeamDesk) -> int:
    return seat.desk.capacity if seat.desk.capacity is not None else desk.capacity


def _intents(seat: Seat) -> tuple[str, ...]:
    return seat.desk.intents


def _languages(seat: Seat) -> tuple[str, ...]:
    return seat.desk.languages
