"""The small collections of the house: accounts, agents, teams, sessions, cursors, answers to idempotent requests.

Accounts, agents and teams are few (tens): they are read whole.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from pymongo.errors import DuplicateKeyError

from hub.errors import Conflict
from hub.model import Account, Agent, Answer, Record, Session, Team
from hub.store.documents import builtin, document, record
from hub.store.driver import Ledger, guarded

AGENT_UNIQUE: list[tuple[str, ...]] = [("email",)]
SESSION_INDEXES: list[tuple[str, ...]] = [("agent",)]
ANSWER_LIFE = dt.timedelta(hours=24)

R = TypeVar("R", bound=Record)


class Few(Generic[R]):
    """A collection that stays small enough to be read whole."""

    def __init__(self, ledger: Ledger, name: str, kind: type[R]) -> None:
        self._rows = ledger.durable(name)
        self._kind = kind

    async def all(self) -> list[R]:
        """Every one of them, in the order of their ids."""
        with guarded():
            rows = await self._rows.find({}).to_list(None)
        return [record(row, self._kind) for row in sorted(rows, key=lambda row: str(row["_id"]))]

    async def get(self, id_: str) -> R | None:
        """One, or None."""
        with guarded():
            row = await self._rows.find_one({"_id": id_})
        return record(row, self._kind) if row else None

    async def add(self, one: R) -> None:
        """Insert; raises Conflict when its id or unique key is taken."""
        with guarded():
            try:
                await self._rows.insert_one(document(one) | self._gone(one))
            except DuplicateKeyError as error:
                raise Conflict("There is one with this name already.") from error

    def _gone(self, one: R) -> dict[str, Any]:
        """When the database drops it by itself, for those that do not stay."""
        return {}

    async def change(self, id_: str, changes: dict[str, Any]) -> bool:
        """Set fields (None removes one); False when there is no such one."""
        kept = {name: builtin(value) for name, value in changes.items() if value is not None}
        gone = {name: "" for name, value in changes.items() if value is None}
        update = ({"$set": kept} if kept else {}) | ({"$unset": gone} if gone else {})
        if not update:
            return await self.get(id_) is not None
        with guarded():
            try:
                done = await self._rows.update_one({"_id": id_}, update)
            except DuplicateKeyError as error:
                raise Conflict("There is one with this name already.") from error
        return done.matched_count == 1

    async def remove(self, id_: str) -> bool:
        """Delete; False when there was none."""
        with guarded():
            done = await self._rows.delete_one({"_id": id_})
        return done.deleted_count == 1


class Accounts(Few[Account]):
    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "accounts", Account)


class Teams(Few[Team]):
    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "teams", Team)


class Agents(Few[Agent]):
    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "agents", Agent)

    async def by_email(self, email: str) -> Agent | None:
        """The agent that signs in with this address (lower case), or None."""
        with guarded():
            row = await self._rows.find_one({"email": email})
        return record(row, Agent) if row else None


class Sessions(Few[Session]):
    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "sessions", Session)

    def _gone(self, one: Session) -> dict[str, Any]:
        return {"gone": one.until}

    async def end_all(self, agent: str, but: str | None = None) -> None:
        """Sign this agent out everywhere, except where `but` names the session to keep."""
        with guarded():
            rows = await self._rows.find({"agent": agent}, {"_id": 1}).to_list(None)
            ids = [row["_id"] for row in rows if row["_id"] != but]
            await self._rows.delete_many({"_id": {"$in": ids}})


class Answers(Few[Answer]):
    """What idempotent requests were answered; they expire after a day."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "answers", Answer)

    def _gone(self, one: Answer) -> dict[str, Any]:
        return {"gone": one.at + ANSWER_LIFE}


class Progress(Record, frozen=True, kw_only=True):
    """How far a listener has come: `found` is what the platform has, `stored` what of it was kept."""

    cursor: str | None = None
    at: dt.datetime | None = None  # of the last word from the platform
    found: int | None = None
    stored: int = 0
    filled: dt.datetime | None = None  # everything before this was looked for once more


class Cursors:
    """How far each listener has come."""

    def __init__(self, ledger: Ledger) -> None:
        self._rows = ledger.durable("cursors")

    async def get(self, account: str) -> str | None:
        """The cursor of this account, or None before its first batch."""
        return (await self.progress([account])).get(account, Progress()).cursor

    async def progress(self, accounts: Iterable[str]) -> dict[str, Progress]:
        """How far these accounts' listeners have come, those that have begun."""
        names = {f"account:{one}": one for one in accounts}
        with guarded():
            rows = await self._rows.find({"_id": {"$in": list(names)}}).to_list(None)
        return {names[row["_id"]]: record(row, Progress) for row in rows}

    async def move(self, account: str, cursor: str, now: dt.datetime) -> None:
        """Everything before this cursor is kept."""
        await self._set(account, {"$set": {"cursor": cursor, "at": now}})

    async def advance(
        self, account: str, before: str | None, cursor: str, now: dt.datetime, stored: int, found: int | None
    ) -> None:
        """The same, and count what came with it, once: a redo finds the cursor moved."""
        told: dict[str, Any] = {"cursor": cursor, "at": now} | ({} if found is None else {"found": found})
        with guarded():
            done = await self._rows.update_one(
                {"_id": f"account:{account}", "cursor": before}, {"$set": told, "$inc": {"stored": stored}}
            )
        if done.matched_count == 0:  # the first batch, or another listener moved it
            count = {"$inc": {"stored": stored}} if before is None else {}
            await self._set(account, {"$set": told, **count})

    async def filled(self, account: str, until: dt.datetime, stored: int) -> None:
        """Everything before `until` was looked for once more; `stored` of it had been missing."""
        await self._set(account, {"$set": {"filled": until}, "$inc": {"stored": stored}})

    async def _set(self, account: str, update: dict[str, Any]) -> None:
        with guarded():
            await self._rows.update_one({"_id": f"account:{account}"}, update, upsert=True)
