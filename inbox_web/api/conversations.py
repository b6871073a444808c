"""/conversations: lists, counts, one conversation, its state; every list is served by a compound index."""

import asyncio
import datetime as dt
import time
from typing import Any, Literal

import msgspec
from aiohttp import web

from hub.departures.change import Wish
from hub.errors import BadInput, NotFound
from hub.model import Agent, Author, Conversation, ConversationId, ConversationState
from hub.views import Row, row
from inbox_web.api.contacts import whole_contact
from inbox_web.api.route import Ask, Route
from inbox_web.api.search import plain
from inbox_web.api.views import ContactView
from inbox_web.api.windows import BEGINNING, MS, cursor_of, newest, read_cursor
from inbox_web.seq import Seq

MOST_ROWS = 100
MOST_COUNTED = 1000
COUNTS_FRESH_S = 2.0
MOST_SEARCHED = 2000  # rows that a search looks through

ViewName = Literal["open", "mine", "unassigned", "waiting", "snoozed", "resolved", "all"]


class ListWish(msgspec.Struct, frozen=True, kw_only=True):
    view: ViewName = "open"
    team: str | None = None
    account: str | None = None
    channel: str | None = None
    label: str | None = None
    q: str = ""
    cursor: str | None = None
    limit: int = 50


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    items: list[Row]
    next: str | None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """1000 means "1000 or more"."""

    open: int
    mine: int
    unassigned: int
    waiting: int
    snoozed: int
    teams: dict[str, int]
    channels: dict[str, int]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    conversation: Row
    contact: ContactView


class ChangeWish(msgspec.Struct, frozen=True, kw_only=True):
    """Fields that are left out stay; null takes the agent or team away."""

    state: ConversationState | msgspec.UnsetType = msgspec.UNSET
    snoozed_until: dt.datetime | None = None
    agent: str | msgspec.UnsetType | None = msgspec.UNSET
    team: str | msgspec.UnsetType | None = msgspec.UNSET
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    seen: Seq | None = None


class ReadWish(msgspec.Struct, frozen=True, kw_only=True):
    seq: Seq


# -- lists ------------------------------------------------------------------------------------------------------------


async def _list(ask: Ask, wish: ListWish) -> Rows:
    most = max(1, min(wish.limit, MOST_ROWS))
    at, last_id = read_cursor(wish.cursor) if wish.cursor else (ask.parts.now() + dt.timedelta(days=1), "")
    where, rest = _indexed(wish, ask.agent)
    searched = Searched(plain(wish.q.strip()))

    async def fetch(since: dt.datetime, before: dt.datetime) -> list[Conversation]:
        return await ask.parts.store.conversations.listed(where, since, before)

    def keep(one: Conversation) -> bool:
        behind = not wish.cursor or (one.last, one.id) < (at, last_id)
        return behind and all(_has(one, name, value) for name, value in rest.items()) and searched.finds(one)

    found = await newest(fetch, at + MS, most + 1, keep)
    page = found[:most]
    more = len(found) > most
    return Rows(items=[row(one) for one in page], next=cursor_of(page[-1].last, page[-1].id) if more else None)


class Searched:
    """Accent-blind search in the name and the last words; gives up after so many rows, and then finds nothing more."""

    def __init__(self, folded: str) -> None:
        self._words = folded.split()
        self._left = MOST_SEARCHED

    def finds(self, one: Conversation) -> bool:
        if not self._words:
            return True
        self._left -= 1
        if self._left < 0:
            return False
        text = plain(f"{one.name} {one.preview.text if one.preview else ''}")
        return all(word in text for word in self._words)


def _indexed(wish: ListWish, agent: Agent) -> tuple[dict[str, Any], dict[str, Any]]:
    """The equalities that an index serves, and what is filtered behind it."""
    fields = _view(wish.view, agent)
    for name, value in (("team", wish.team), ("account", wish.account), ("channel", wish.channel)):
        if value is not None:
            fields[name] = value
    if wish.label is not None:
        fields["labels"] = wish.label
    state = {"state": fields.pop("state")} if "state" in fields else {}
    if not state:
        return {}, fields
    for served in ("agent", "team"):
        if served in fields:
            return state | {served: fields.pop(served)}, fields
    return state, fields


def _view(view: ViewName, agent: Agent) -> dict[str, Any]:
    match view:
        case "open" | "snoozed" | "resolved":
            return {"state": view}
        case "mine":
            return {"state": "open", "agent": agent.id}
        case "unassigned":
            return {"state": "open", "agent": None}
        case "waiting":
            return {"state": "open", "waiting": True}
        case "all":
            return {}


def _has(one: Conversation, name: str, value: Any) -> bool:
    if name == "labels":
        return value in one.labels
    if name == "waiting":
        return one.waiting is not None
    return bool(getattr(one, name) == value)


# -- counts -----------------------------------------------------------------------------------------------------------


class Counter:
    """Counts kept for two seconds, so that fifty open inboxes ask the ledger as rarely as one."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, int]] = {}

    async def count(self, ask: Ask, where: dict[str, Any]) -> int:
        key = repr(sorted(where.items()))
        at, number = self._kept.get(key, (-COUNTS_FRESH_S, 0))
        if time.monotonic() - at < COUNTS_FRESH_S:
            return number
        number = await ask.parts.store.conversations.count(where, MOST_COUNTED)
        self._kept[key] = (time.monotonic(), number)
        return number


COUNTER = web.AppKey("counter", Counter)


async def _counts(ask: Ask, _: None) -> Counts:
    counter, is_open = ask.request.app[COUNTER], {"state": "open"}
    teams = [team.id for team in await ask.parts.accounts.teams()]
    kinds = sorted({account.kind for account in await ask.parts.accounts.all()})
    one_kind = len(kinds) == 1  # then everything that is open is of that kind
    wanted: list[dict[str, Any]] = [
        is_open,
        is_open | {"agent": ask.agent.id},
        is_open | {"agent": None},
        {"waiting": {"$gt": BEGINNING}},
        {"state": "snoozed"},
        *(is_open | {"team": team} for team in teams),
        *(is_open if one_kind else is_open | {"channel": kind} for kind in kinds),
    ]
    found = await asyncio.gather(*(counter.count(ask, where) for where in wanted))
    return Counts(
        open=found[0],
        mine=found[1],
        unassigned=found[2],
        waiting=found[3],
        snoozed=found[4],
        teams=dict(zip(teams, found[5:], strict=False)),
        channels=dict(zip(kinds, found[5 + len(teams) :], strict=True)),
    )


# -- one --------------------------------------------------------------------------------------------------------------


async def conversation(ask: Ask) -> Conversation:
    """The conversation of the path; raises NotFound."""
    found = await ask.parts.store.conversations.get(ConversationId(ask.path["id"]))
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


async def _get(ask: Ask, _: None) -> Opened:
    one = await conversation(ask)
    return Opened(conversation=row(one), contact=await whole_contact(ask.parts, one.contact))


async def _change(ask: Ask, wish: ChangeWish) -> Row:
    full = Wish(
        state=wish.state,
        snoozed_until=wish.snoozed_until,
        agent=wish.agent,
        agent_name=await _agent_name(ask, wish.agent),
        team=wish.team,
        team_name=await _team_name(ask, wish.team),
        add_labels=tuple(label.strip() for label in wish.add_labels),
        remove_labels=wish.remove_labels,
        seen=wish.seen,
    )
    return row(await ask.parts.changer.apply(author(ask.agent), ConversationId(ask.path["id"]), full))


async def _agent_name(ask: Ask, id_: str | msgspec.UnsetType | None) -> str | None:
    if not isinstance(id_, str):
        return None
    agent = await ask.parts.store.agents.get(id_)
    if agent is None or not agent.on:
        raise BadInput("There is no such agent.", "agent")
    return agent.name


async def _team_name(ask: Ask, id_: str | msgspec.UnsetType | None) -> str | None:
    if not isinstance(id_, str):
        return None
    team = await ask.parts.store.teams.get(id_)
    if team is None:
        raise BadInput("There is no such team.", "team")
    return team.name


async def _read(ask: Ask, wish: ReadWish) -> None:
    await ask.parts.changer.read(ConversationId(ask.path["id"]), wish.seq)


def author(agent: Agent) -> Author:
    """The agent as an entry names its author."""
    return Author(kind="agent", id=agent.id, name=agent.name)


ROUTES = [
    Route(
        method="GET",
        path="/conversations",
        run=_list,
        summary="Conversations, newest first",
        takes=ListWish,
        gives=Rows,
    ),
    Route(method="GET", path="/counts", run=_counts, summary="How many are where; 1000 means more", gives=Counts),
    Route(method="GET", path="/conversations/{id}", run=_get, summary="One conversation and its contact", gives=Opened),
    Route(
        method="PATCH",
        path="/conversations/{id}",
        run=_change,
        summary="Resolve, reopen, snooze, assign, label",
        takes=ChangeWish,
        gives=Row,
    ),
    Route(
        method="PUT",
        path="/conversations/{id}/read",
        run=_read,
        summary="The team has seen everything up to seq",
        takes=ReadWish,
        status=204,
    ),
]
