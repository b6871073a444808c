"""The shop's own side: its accounts, and who answers there."""

import datetime as dt
from typing import Literal

import msgspec

from hub.model.record import AccountId, AgentId, Record, TeamId

RoleName = Literal["administrator", "agent"]


class Account(Record, frozen=True, kw_only=True):
    """A connected website, mailbox, bot token or workspace. `secrets` is encrypted at rest."""

    id: AccountId
    kind: str
    name: str
    at: dt.datetime
    on: bool = True
    team: TeamId | None = None  # where untagged conversations go
    settings: dict[str, object] = msgspec.field(default_factory=dict)
    secrets: bytes | None = None
    health: str | None = None  # a sentence when something is wrong


class Preferences(Record, frozen=True, kw_only=True, omit_defaults=True):
    """How somebody likes to work, in whatever browser they sign in; None: they never said."""

    undo_s: int | None = None  # so long an answer can be taken back before it leaves
    notify: bool | None = None  # tell of new messages while the page is out of sight


class Agent(Record, frozen=True, kw_only=True):
    """Somebody who answers. `password` is an argon2id hash."""

    id: AgentId
    name: str
    email: str
    role: RoleName
    password: str
    at: dt.datetime
    teams: tuple[TeamId, ...] = ()
    on: bool = True
    language: str = "vi"
    preferences: Preferences = Preferences()


class Team(Record, frozen=True, kw_only=True):
    id: TeamId
    name: str
    at: dt.datetime
    intents: tuple[str, ...] = ()  # the intents that are routed here


class Session(Record, frozen=True, kw_only=True):
    """A signed-in browser; `id` is the hash of its cookie."""

    id: str
    agent: AgentId
    at: dt.datetime
    until: dt.datetime
    device: str = ""
