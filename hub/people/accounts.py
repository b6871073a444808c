"""Accounts and teams as this process knows them: read whole, kept for a few seconds, secrets opened."""

import asyncio
import time
from collections.abc import Callable

import msgspec
import structlog

from hub.errors import Forged, StoreDown
from hub.model import Account, AccountId, Team
from hub.store import Store

FRESH_S = 3.0
AGAIN_S = 1.0  # while the database is away, it is asked this often
# So long is a platform kept waiting for what we know already. What it brought is refused only after the database has
# been waited for as well, and Slack hangs up after three seconds.
PATIENCE_S = 0.5

log = structlog.get_logger()


class AccountBook:
    """Answers from memory; what changed elsewhere is seen within `FRESH_S`, or at once after `forget`.

    While the database is away it answers what it knew last: nothing can be stored meanwhile, and each asker is told so
    by what they do next. `unseal` is the key ring's.
    """

    def __init__(self, store: Store, unseal: Callable[[str, bytes], bytes]) -> None:
        self._store = store
        self._unseal = unseal
        self._accounts: dict[str, Account] = {}
        self._teams: list[Team] = []
        self._read = -FRESH_S
        self._read_teams = -FRESH_S
        self._forgotten = 0  # how often: what was being read at that moment is stale already
        self._failed = -FRESH_S  # when a reading failed last
        self._away: StoreDown | None = None  # why the last reading failed
        self._reading = asyncio.Lock()  # one asker reads, the others of that moment wait for it

    def forget(self) -> None:
        """Read again at the next question."""
        self._forgotten += 1
        self._read = self._read_teams = -FRESH_S

    async def get(self, id_: AccountId | str) -> Account | None:
        """The account with its secrets opened, or None; one that is not known yet is looked for at once.

        Raises StoreDown when it is not known and cannot be looked for.
        """
        began = time.monotonic()
        await self._refresh()
        if id_ not in self._accounts and self._failed < began:  # what failed meanwhile is not waited for once more
            self.forget()
            await self._refresh()
        if self._away is not None and id_ not in self._accounts:
            raise self._away
        return self._accounts.get(id_)

    async def all(self) -> list[Account]:
        """Every account, secrets opened."""
        await self._refresh()
        return list(self._accounts.values())

    async def teams(self) -> list[Team]:
        """Every team; read apart, since only a conversation that nobody has yet asks for them."""
        async with self._reading:
            if time.monotonic() - self._read_teams >= FRESH_S:
                forgotten, self._teams = self._forgotten, await self._store.teams.all()
                self._read_teams = self._as_of(forgotten)
        return self._teams

    async def _refresh(self) -> None:
        if self._is_fresh():
            return
        async with self._reading:
            if self._is_fresh():
                return
            forgotten = self._forgotten
            try:
                async with asyncio.timeout(PATIENCE_S if self._accounts else None):
                    rows = await self._store.accounts.all()
            except (StoreDown, TimeoutError) as error:
                self._failed = time.monotonic()
                self._away, self._read = _away(error), self._failed - FRESH_S + AGAIN_S
                if not self._accounts:
                    raise
                return
            self._accounts = {one.id: self._opened(one) for one in rows}
            self._away, self._read = None, self._as_of(forgotten)

    def _as_of(self, forgotten: int) -> float:
        """When what was just read counts as read."""
        return time.monotonic() if forgotten == self._forgotten else -FRESH_S

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._read < FRESH_S

    def _opened(self, account: Account) -> Account:
        if account.secrets is None:
            return account
        try:
            secrets = self._unseal(f"account:{account.id}", account.secrets)
        except Forged as error:  # one damaged secret must not hold up every other account
            log.error("account without its secrets", account_id=account.id, why=str(error))
            return msgspec.structs.replace(account, secrets=None, health=str(error))
        return msgspec.structs.replace(account, secrets=secrets)


def _away(error: StoreDown | TimeoutError) -> StoreDown:
    return error if isinstance(error, StoreDown) else StoreDown("The database does not answer in time; try again soon.")
