"""Listening to a mailbox: everything that is in it and not kept yet, then what comes, as long as the connection lasts.

Which mails are kept stands in the cursor as sets of UIDs (`cursor.py`). At every connection and hourly the whole list
of UIDs is compared with them, so that an outage of any length loses nothing; between that the mails behind the last
one are asked for when the server says so (IDLE), and every minute in case it does not.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import msgspec

from channels.base import Batch, House, RawArrival
from channels.email import wire
from channels.email.listening import cursor as cursors
from channels.email.listening.arriving import Fetched, arrival
from channels.email.listening.collect import Scars, ahead, collect
from channels.email.listening.cursor import Cursor, Place
from channels.email.listening.imap import Imap, No
from channels.email.listening.session import Session, Watched, kept, sign_in, watched
from channels.email.listening.stream import Gone
from channels.email.oauth import Tokens
from channels.email.reach import unreachable
from hub.errors import Unreachable
from hub.model import Account, AccountId

A_DAY = dt.timedelta(days=1)

Wounds = dict[tuple[AccountId, str, int], Scars]  # by account, folder and UIDVALIDITY: at which mails it broke


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How long it listens before it looks by itself, in seconds."""

    idle_s: float = 50.0  # far below the 29 minutes of RFC 2177: it also proves that the server still answers
    poll_s: float = 50.0  # for servers without IDLE
    compare_s: float = 3600.0


async def listen(
    account: Account,
    text: str | None,
    tokens: Tokens,
    house: House | None,
    pace: Pace | None = None,
    wounds: Wounds | None = None,
) -> AsyncGenerator[Batch]:
    """For ever, from the cursor `text` on; `house` tells the time, `wounds` what broke before. Raises Unreachable."""
    pace = pace or Pace()
    while _is_told(account):
        yield Batch(arrivals=(), cursor=text or cursors.read(None).written())
        await asyncio.sleep(pace.poll_s)
    listening = Listening(account, tokens, house, pace, {} if wounds is None else wounds)
    async with aclosing(listening.batches(text)) as batches:
        async for batch in batches:
            yield batch


def _is_told(account: Account) -> bool:
    """Whether its mails are posted to us: then nobody is asked for them."""
    settings, secrets = kept(account)
    asked = settings.imap is not None and bool(settings.imap.host)
    return not asked and bool(secrets.hook_secret or secrets.mailgun_key or secrets.postmark_user)


class Listening:
    """One account's listening; `batches` is what the hub asks."""

    def __init__(self, account: Account, tokens: Tokens, house: House | None, pace: Pace, wounds: Wounds) -> None:
        self._account = account
        self._wounds = wounds
        self._settings = kept(account)[0]
        self._tokens = tokens
        self._house = house
        self._pace = pace
        self._can_idle = True
        self._opened = ""  # the folder that is open
        self._left: dict[str, int] = {}  # by folder, how many mails the server has and did not give
        self._since = since(account, self._settings)

    async def batches(self, text: str | None) -> AsyncGenerator[Batch]:
        """For ever; a session whose token ends is followed by another one. Raises Unreachable."""
        cursor = cursors.read(text)
        while True:
            session = await sign_in(self._account, self._tokens, self._house, self._now())
            polite = True
            try:
                async with aclosing(self._session(session, cursor)) as batches:
                    async for batch in batches:
                        yield batch
            except (Gone, No, OSError, TimeoutError) as error:
                polite = False
                raise unreachable(error, self._settings.imap or wire.Server(), "IMAP") from error
            except BaseException:
                polite = False  # nobody waits for an answer while the hub stops
                raise
            finally:
                await session.imap.close(politely=polite)

    def _now(self) -> dt.datetime:
        return self._house.now() if self._house else dt.datetime.now(dt.UTC)

    async def _session(self, session: Session, cursor: Cursor) -> AsyncGenerator[Batch]:
        imap, clock = session.imap, asyncio.get_running_loop().time
        first, *others = await watched(imap, self._settings)
        self._opened, compare_at = "", 0.0
        while session.until is None or self._now().timestamp() < session.until:
            whole = clock() >= compare_at
            if whole and compare_at:
                self._heal()
            async with aclosing(self._round(imap, first, others, cursor, whole=whole)) as batches:
                async for batch in batches:
                    yield batch
            if whole:
                compare_at = clock() + self._pace.compare_s
            yield Batch(arrivals=(), cursor=cursor.written(), found=_found(cursor) + sum(self._left.values()))
            await self._wait(imap)

    def _heal(self) -> None:
        """What was passed by is tried once more with every comparison: none is passed by for ever."""
        for (account, _, _), scars in self._wounds.items():
            if account == self._account.id:
                scars.clear()

    async def _round(
        self, imap: Imap, first: Watched, others: Sequence[Watched], cursor: Cursor, *, whole: bool
    ) -> AsyncGenerator[Batch]:
        """Each folder once; the first one is the one that is open afterwards, to be told of its news."""
        async for folder, compare in _order(imap, first, others, cursor, whole=whole):
            async with aclosing(self._look(imap, folder, cursor, whole=compare)) as batches:
                async for batch in batches:
                    yield batch

    async def _wait(self, imap: Imap) -> None:
        if self._can_idle and "IDLE" in imap.capabilities:
            try:
                await imap.idle(self._pace.idle_s)
                return
            except No:
                self._can_idle = False  # announced, and refused all the same
        await asyncio.sleep(self._pace.poll_s)
        await imap.noop()

    # -- one folder ---------------------------------------------------------------------------------------------------

    async def _look(self, imap: Imap, folder: Watched, cursor: Cursor, *, whole: bool) -> AsyncGenerator[Batch]:
        """What is not kept yet; `whole` compares everything, else only what came behind the last one."""
        place = cursor.place(folder.name)
        if self._opened != folder.name:
            await self._open(imap, folder, place)
        compares = whole or not place.compared
        wanted = await self._compared(imap, place) if compares else []
        left = len(wanted)
        scars = self._wounds.setdefault((self._account.id, folder.name, place.uidvalidity), {})
        bundles = collect(imap, wanted, place, self._since, scars, history=self._settings.history)
        async with aclosing(ahead(bundles)) as bundles:
            async for bundle in bundles:
                arrivals = self._arrivals(bundle, folder, place)
                place.uids = cursors.plus(place.uids, [one.uid for one in bundle])
                place.kept += len(arrivals)
                left = max(0, left - len(bundle))
                yield Batch(arrivals=arrivals, cursor=cursor.written(), found=_found(cursor) + left)
        if compares:
            self._left[folder.name] = len(cursors.missing(place.uids, wanted))

    async def _open(self, imap: Imap, folder: Watched, place: Place) -> None:
        self._opened = ""
        box = await imap.examine(folder.raw)
        self._opened = folder.name
        if box.uidvalidity != place.uidvalidity:  # all UIDs mean something else now
            place.uidvalidity, place.uids, place.before, place.compared = box.uidvalidity, "", 0, False
        if self._settings.history and not place.history:  # the owner wants the older mail after all
            place.history, place.uids, place.kept = True, "", 0

    async def _compared(self, imap: Imap, place: Place) -> list[int]:
        """The UIDs that are there and not kept. The first time those from before the account are left out."""
        there = await imap.uids()
        wanted = cursors.missing(place.uids, there)
        if not place.compared:
            place.before = there[-1] if there else 0
            if not self._settings.history:
                recent = set(await imap.uids(since=(self._since - 2 * A_DAY).date()))
                wanted = [uid for uid in wanted if uid in recent]
        place.compared = True
        place.uids = cursors.closed(place.uids, there, wanted)
        return wanted

    def _arrivals(self, bundle: Sequence[Fetched], folder: Watched, place: Place) -> tuple[RawArrival, ...]:
        latest = self._now() + A_DAY
        return tuple(
            arrival(one, folder.name, folder.kind, place.uidvalidity, latest) for one in bundle if one.body is not None
        )


def since(account: Account, settings: wire.Settings) -> dt.datetime:
    """From when on mail is news: as the settings say, else since the account was connected."""
    try:
        said = dt.datetime.fromisoformat(settings.since) if settings.since else account.at
    except ValueError as error:
        raise Unreachable(f"{settings.since} is no time from which mail could be read.", for_good=True) from error
    return said if said.tzinfo else said.replace(tzinfo=dt.UTC)


async def _order(
    imap: Imap, first: Watched, others: Sequence[Watched], cursor: Cursor, *, whole: bool
) -> AsyncGenerator[tuple[Watched, bool]]:
    """What to look at, and whether to compare all of it; news in the first folder wait for no other."""
    yield first, whole
    grown = [one for one in others if whole or await _grew(imap, one, cursor)]
    for one in grown:
        yield one, whole
    if grown:
        yield first, False


async def _grew(imap: Imap, folder: Watched, cursor: Cursor) -> bool:
    """Whether a folder that is not open has mails behind the last one, or has begun anew."""
    place = cursor.place(folder.name)
    uidvalidity, uidnext = await imap.uidnext(folder.raw)
    return uidvalidity != place.uidvalidity or uidnext > cursors.last(place.uids) + 1


def _found(cursor: Cursor) -> int:
    return sum(place.kept for place in cursor.folders.values())
