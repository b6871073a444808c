"""/conversations: lists, counts, one conversation, its state; every list is served by a compound index."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from hub.departures.change import Wish
from hub.errors import BadInput, NotFound, StoreDown
from hub.model import Agent, Author, Conversation, ConversationId, ConversationState, Priority
from hub.views import Row, row
from inbox_web.api.contacts import whole_contact
from inbox_web.api.route import Ask, Route
from inbox_web.api.search import plain
from inbox_web.api.views import ContactView
from inbox_web.finding import SEARCH, Found, HitView
from inbox_web.finding import found as found_by_words
from inbox_web.seq import Seq
from inbox_web.tally import TALLY, Place, Tally
from inbox_web.windows import MS, cursor_of, newest, read_cursor

MOST_ROWS = 100
MOST_COUNTED = 1000
TALLY_S = 5.0
MOST_SEARCHED = 2000  # rows in whose names a search looks
MORE_HITS, MOST_HITS = 4, 200  # of a list that shows not everything some hits are left out

Fields = dict[str, Any]
Behind = tuple[dt.datetime, str] | None
Keep = Callable[[Conversation], bool]
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


class FoundRow(Row, frozen=True, kw_only=True):
    """A row of a list; `hit` says where the words of a search stand in its messages."""

    hit: HitView | msgspec.UnsetType = msgspec.UNSET


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    items: list[FoundRow]
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
    priority: Priority | msgspec.UnsetType = msgspec.UNSET
    seen: Seq | None = None


class ReadWish(msgspec.Struct, frozen=True, kw_only=True):
    seq: Seq


# -- lists ------------------------------------------------------------------------------------------------------------


async def _list(ask: Ask, wish: ListWish) -> Rows:
    most = max(1, min(wish.limit, MOST_ROWS))
    behind = read_cursor(wish.cursor) if wish.cursor else None
    fields = _fields(wish, ask.agent)
    searched = Searched(plain(wish.q.strip()))

    def keep(one: Conversation) -> bool:
        fresh = behind is None or (one.last, one.id) < behind
        return fresh and all(_has(one, name, value) for name, value in fields.items()) and searched.finds(one)

    few = "state" in fields and not fields.keys().isdisjoint(("agent", "team", "waiting"))
    hits, named = await asyncio.gather(
        _hits(ask, "" if behind else wish.q, fields, most),
        (_of_tally if few else _of_windows)(ask, fields, behind, most + 1, keep, searched),
    )
    others = [one for one in named[:most] if one.id not in hits]
    # Names have half a page, and what messages leave of it; the pages behind are of names alone.
    page = others[: max(most - len(hits), most // 2, 1)]
    shown = [*page, *(one.conversation for one in list(hits.values())[: most - len(page)])]
    views = {id_: one.hit for id_, one in hits.items()}
    items = sorted((_row(one, views.get(one.id, msgspec.UNSET)) for one in shown), key=_newest, reverse=True)
    cut = len(page) < len(others)
    if not cut and len(named) <= most:
        return Rows(items=items, next=None)
    last = page[-1] if cut else named[most - 1]
    return Rows(items=items, next=cursor_of(last.last, last.id))


async def _hits(ask: Ask, typed: str, fields: Fields, most: int) -> dict[ConversationId, Found]:
    """The conversations of this list whose messages hold the words, the newest hit first."""
    if not typed.strip():
        return {}
    asked = most if not fields else min(most * MORE_HITS, MOST_HITS)
    there = await found_by_words(ask.request.app[SEARCH], ask.parts.store, typed, asked)
    fit = [one for one in there if all(_has(one.conversation, name, value) for name, value in fields.items())]
    return {one.conversation.id: one for one in fit[:most]}


def _row(one: Conversation, hit: HitView | msgspec.UnsetType) -> FoundRow:
    plain_row = row(one)
    return FoundRow(**{name: getattr(plain_row, name) for name in plain_row.__struct_fields__}, hit=hit)


def _newest(one: FoundRow) -> tuple[dt.datetime, str]:
    return (one.hit.at if isinstance(one.hit, HitView) else one.last, one.id)


async def _of_windows(
    ask: Ask, fields: Fields, behind: Behind, most: int, keep: Keep, searched: "Searched"
) -> list[Conversation]:
    """Read along (state, last): for lists that most of what is there belongs to."""
    where = {"state": fields["state"]} if "state" in fields else {}

    async def fetch(since: dt.datetime, before: dt.datetime) -> list[Conversation]:
        return [] if searched.is_over else await ask.parts.store.conversations.listed(where, since, before)

    before = behind[0] if behind else ask.parts.now() + dt.timedelta(days=1)
    return await newest(fetch, before + MS, most, keep)


async def _of_tally(
    ask: Ask, fields: Fields, behind: Behind, most: int, keep: Keep, searched: "Searched"
) -> list[Conversation]:
    """Read those that the tally names: few among many. Their rows are looked at again before they are shown."""
    tally = await _tally(ask)
    named = ("state", "agent", "team", "waiting")
    wanted = {name: fields[name] for name in named if name in fields}

    def stands(place: Place) -> bool:
        fresh = behind is None or place.last <= behind[0]
        return fresh and all(getattr(place, name) == value for name, value in wanted.items())

    ids, found = tally.ids(stands), list[Conversation]()
    for start in range(0, len(ids), MOST_ROWS):
        rows = await ask.parts.store.conversations.by_ids(ids[start : start + MOST_ROWS])
        found += sorted((one for one in rows if keep(one)), key=lambda one: (one.last, one.id), reverse=True)
        if len(found) >= most or searched.is_over:
            break
    return found


class Searched:
    """Accent-blind search in the name and the last words; gives up after so many rows, and then finds nothing more."""

    def __init__(self, folded: str) -> None:
        self._words = folded.split()
        self._left = MOST_SEARCHED

    @property
    def is_over(self) -> bool:
        return self._left < 0

    def finds(self, one: Conversation) -> bool:
        if not self._words:
            return True
        self._left -= 1
        if self._left < 0:
            return False
        text = plain(f"{one.name} {one.preview.text if one.preview else ''}")
        return all(word in text for word in self._words)


def _fields(wish: ListWish, agent: Agent) -> Fields:
    """What a row must be, to stand in this list."""
    fields = _view(wish.view, agent)
    for name, value in (("team", wish.team), ("account", wish.account), ("channel", wish.channel)):
        if value is not None:
            fields[name] = value
    return fields if wish.label is None else fields | {"labels": wish.label}


def _view(view: ViewName, agent: Agent) -> Fields:
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


async def _counts(ask: Ask, _: None) -> Counts:
    teams = [team.id for team in await ask.parts.accounts.teams()]
    kinds = sorted({account.kind for account in await ask.parts.accounts.all()})
    found = (await _tally(ask)).summary()
    return Counts(
        open=_capped(found.open),
        mine=_capped(found.agents[ask.agent.id]),
        unassigned=_capped(found.agents[None]),
        waiting=_capped(found.waiting),
        snoozed=_capped(found.snoozed),
        teams={team: _capped(found.teams[team]) for team in teams},
        channels={kind: _capped(found.channels[kind]) for kind in kinds},
    )


def _capped(number: int) -> int:
    return min(number, MOST_COUNTED)


async def _tally(ask: Ask) -> Tally:
    """Once it has read what there is. Raises StoreDown when that takes too long."""
    tally = ask.request.app[TALLY]
    try:
        async with asyncio.timeout(TALLY_S):
            await tally.ready.wait()
    except TimeoutError as error:
        raise StoreDown("The lists are still being read.") from error
    return tally


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
        priority=wish.priority,
        seen=wish.seen,
    )
    changed = await ask.parts.changer.apply(author(ask.agent), ConversationId(ask.path["id"]), full)
    ask.request.app[TALLY].put(changed)
    return row(changed)


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


async def _unread(ask: Ask, _: None) -> Row:
    changed = await ask.parts.changer.unread(ConversationId(ask.path["id"]))
    ask.request.app[TALLY].put(changed)
    return row(changed)


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
        summary="Resolve, reopen, snooze, assign, label, set the priority",
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
    Route(
        method="PUT",
        path="/conversations/{id}/unread",
        run=_unread,
        summary="The customer's last words are unread again, for the whole team",
        gives=Row,
    ),
]
