"""What owners decided about routing, and what rules did: rules, business hours, desks, and one row for each act.

Rules, hours and desks are few and read whole. Each change of one of them raises one number, `revision`, so that a
process which holds them in memory asks for that number and not for all of them.
"""

import contextlib
import datetime as dt
from typing import Any, TypeVar

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from hub.errors import Conflict
from hub.flow import Flow
from hub.model import ConversationId, MessageId, Reason, Record
from hub.roster import AgentDesk, Hours, TeamDesk
from hub.rule import AnyAction, Rule, Trigger
from hub.store.documents import builtin, document, record
from hub.store.driver import Ledger, guarded, taken_keys
from hub.store.house import Few

ACT_INDEXES: list[tuple[str, ...]] = [("due",)]  # only on acts that are not done: sparse
KEEP = dt.timedelta(days=30)  # an act is remembered; events, its causes, are kept for a shorter time

R = TypeVar("R", bound=Record)
V = TypeVar("V", Rule, Flow)


class Revision:
    """One number that every change of the settings of routing raises."""

    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("cursors")

    async def get(self) -> int:
        """0 before anybody changed anything."""
        with guarded():
            row = await self._rows.find_one({"_id": "routing"})
        return int(row["n"]) if row else 0

    async def next(self) -> None:
        """Something changed."""
        with guarded():
            await self._rows.update_one({"_id": "routing"}, {"$inc": {"n": 1}}, upsert=True)


class Settings(Few[R]):
    """A small collection whose rows are replaced as a whole."""

    async def put(self, one: R) -> None:
        """Write it, whether or not it was there."""
        row = document(one)
        with guarded():
            await self._rows.replace_one({"_id": row["_id"]}, row, upsert=True)


class Versioned(Settings[V]):
    """A change says which version it was made of; `STALE` is the sentence for whoever saw an older one."""

    STALE: str

    async def save(self, one: V) -> None:
        """Replace version − 1 of it. Raises Conflict when that is not the one that is there."""
        with guarded():
            done = await self._rows.replace_one({"_id": one.id, "version": one.version - 1}, document(one))
        if done.matched_count == 0:
            raise Conflict(self.STALE)


class Rules(Versioned[Rule]):
    """Ordered."""

    STALE = "Somebody changed this rule meanwhile. Look at it again before you save yours."

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "rules", Rule)

    async def all(self) -> list[Rule]:
        """Every rule, in the order in which they are looked at."""
        return sorted(await super().all(), key=lambda one: (one.order, one.id))

    async def place(self, orders: dict[str, int]) -> None:
        """Give these rules their places; their versions stay."""
        with guarded():
            await self._rows.bulk_write([UpdateOne({"_id": id_}, {"$set": {"order": n}}) for id_, n in orders.items()])


class Act(Record, frozen=True, kw_only=True):
    """That a rule matched, and what it says is to be done; the id is derived from rule, trigger and cause.

    `due` is there until it is done: when to try (again). What the rule says later changes nothing of it.
    """

    id: str
    rule: str
    name: str
    when: Trigger
    cause: str
    conversation: ConversationId
    at: dt.datetime
    actions: tuple[AnyAction, ...]
    message: MessageId | None = None
    seen: int = 0  # the conversation's number up to which the rule knew it
    why: tuple[Reason, ...] = ()  # what the rule found, of one that gives the conversation to somebody
    always: bool = False  # moves the conversation even though somebody took or answered it
    due: dt.datetime | None = None
    attempts: int = 0
    outcome: tuple[str, ...] = ()  # for each action, what came of it


class Acts:
    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("acts")

    async def add(self, acts: list[Act]) -> None:
        """Keep them, journaled; one that is known stays as it is, done or not."""
        with guarded(), contextlib.suppress(DuplicateKeyError):
            try:
                await self._rows.insert_many([self._row(one) for one in acts], ordered=False)
            except BulkWriteError as error:
                taken_keys(error)

    def _row(self, act: Act) -> dict[str, Any]:
        return document(act) | {"gone": act.at + KEEP}

    async def waiting(self, ids: list[str]) -> list[Act]:
        """Those of these that are not done."""
        with guarded():
            rows = await self._rows.find({"_id": {"$in": ids}}).to_list(None)
        return [record(row, Act) for row in rows if row.get("due") is not None]

    async def due(self, since: dt.datetime, now: dt.datetime) -> list[Act]:
        """What should have been done in [since, now]."""
        with guarded():
            rows = await self._rows.find({"due": {"$gte": since, "$lte": now}}).to_list(None)
        return sorted((record(row, Act) for row in rows), key=lambda one: (one.at, one.id))

    async def done(self, id_: str, outcome: tuple[str, ...]) -> None:
        """It is done; `outcome` says for each action what came of it."""
        change = {"$set": {"outcome": builtin(outcome)}, "$unset": {"due": ""}}
        with guarded():
            await self._rows.update_one({"_id": id_}, change)

    async def later(self, id_: str, due: dt.datetime, attempts: int, outcome: tuple[str, ...]) -> None:
        """Something of it did not go; try again then. What went (a non-empty outcome) is not done again."""
        change = {"$set": {"due": due, "attempts": attempts, "outcome": builtin(outcome)}}
        with guarded():
            await self._rows.update_one({"_id": id_}, change)


class HoursOf(Settings[Hours]):
    """Business hours, by team; SHOP's hold for all who have none."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "hours", Hours)


class TeamDesks(Settings[TeamDesk]):
    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "team_desks", TeamDesk)


class AgentDesks(Settings[AgentDesk]):
    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "agent_desks", AgentDesk)
