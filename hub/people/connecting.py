"""Connecting an account: what a person answered is checked live by the channel, then stored with its secrets sealed.

Shared by `hub connect` and the settings page. An account that is there already gets new answers the same way.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping

import msgspec

from channels.base import Backfill, Channel, Check, Connected, Connects, Field, Installs, Listener
from hub.errors import BadInput, Conflict
from hub.events import Announcer, settings_changed
from hub.model import Account, AccountId, TeamId
from hub.store import Store

CONNECT_S = 60.0
MOST_LETTERS = 4_000  # of one answer; a Slack app's manifest or a certificate fits
MOST_NAME = 80
NO_QUESTIONS = "This channel is not connected by questions; the settings page adds it."
SLOW = "The platform did not answer within {seconds:.0f} seconds. Look at the address, and try again."


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants connected; `known` is the account that gets new answers, its secrets opened."""

    id: AccountId
    kind: str
    answers: Mapping[str, str]
    name: str | None = None
    team: TeamId | None = None
    known: Account | None = None


class Connector:
    """`seal` is the key ring's."""

    def __init__(
        self,
        store: Store,
        announcer: Announcer,
        seal: Callable[[str, bytes], bytes],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._seal = seal
        self._clock = clock

    async def connect(self, channel: Channel, wanted: Wanted) -> tuple[Account, Connected]:
        """The account as it is stored, and what is left to click. Raises BadInput with what to do; then nothing is."""
        asks: object = channel
        if not isinstance(asks, Connects):
            raise BadInput(NO_QUESTIONS, "kind")
        answers = complete(asks.fields, wanted.answers)
        asked = wanted.known or Account(id=wanted.id, kind=wanted.kind, name=wanted.name or "", at=self._clock())
        try:
            async with asyncio.timeout(CONNECT_S):
                connected = await asks.connect(asked, answers)
        except TimeoutError as error:
            raise BadInput(SLOW.format(seconds=CONNECT_S)) from error
        return await self._connected(channel, wanted, asked, connected), connected

    async def _connected(self, channel: Channel, wanted: Wanted, asked: Account, connected: Connected) -> Account:
        """Store it, with its secrets sealed, and tell."""
        name = " ".join((wanted.name or connected.name or wanted.kind).split())[:MOST_NAME]
        account = msgspec.structs.replace(
            asked,
            name=name,
            on=True,
            team=wanted.team or asked.team,
            settings={**_since(channel, asked), **asked.settings, **connected.settings},
            secrets=self._seal(f"account:{asked.id}", connected.secrets),
            health=None,
        )
        await self._keep(account, known=wanted.known is not None)
        await self._announcer.announce([settings_changed()], self._clock())
        return account

    async def installed(self, channel: Installs, asked: Account, connected: Connected) -> Account:
        """Store a further workspace of an account's app; one that is there gets its new token."""
        wanted = Wanted(id=asked.id, kind=asked.kind, answers={}, team=asked.team)
        known = [one for one in await self._store.accounts.all() if one.kind == asked.kind]
        there = next((one for one in known if _same(channel, one, connected)), None)
        wanted = msgspec.structs.replace(wanted, known=there, name=there.name if there else None)
        return await self._connected(channel, wanted, there or asked, connected)

    async def _keep(self, account: Account, *, known: bool) -> None:
        if not known:
            try:
                await self._store.accounts.add(account)
                return
            except Conflict:  # the same request again: its answers are the newest
                pass
        fields = ("name", "on", "team", "settings", "secrets", "health")
        await self._store.accounts.change(account.id, {one: getattr(account, one) for one in fields})


def _since(channel: Channel, account: Account) -> dict[str, object]:
    """From when on arrivals are news, where the channel reads what was there before: from the account's beginning."""
    return {"since": account.at.isoformat()} if isinstance(channel, Listener | Backfill) else {}


def _same(channel: Installs, account: Account, connected: Connected) -> bool:
    """Whether the account is the one that was just connected."""
    return all(account.settings.get(one) == connected.settings.get(one) for one in channel.same)


def complete(fields: tuple[Field, ...], answers: Mapping[str, str]) -> dict[str, str]:
    """An answer for each question, defaults where none was given. Raises BadInput for what is missing or unknown."""
    known = {one.name: one for one in fields}
    if unknown := sorted(set(answers) - set(known)):
        raise BadInput(f"Nobody asks for {unknown[0]!r} here; asked are: {', '.join(known)}.", unknown[0])
    made = {}
    for one in fields:
        given = answers.get(one.name, "").strip() or one.default
        if one.required and not given:
            raise BadInput(f"{one.label.get('en', one.name)} is missing ({one.name}).", one.name)
        if len(given) > MOST_LETTERS:
            raise BadInput(f"{one.label.get('en', one.name)} is too long.", one.name)
        if one.options and given and given not in one.options:
            raise BadInput(f"{one.name} is one of: {', '.join(filter(None, one.options))}.", one.name)
        made[one.name] = given
    return made


async def check(channel: Channel, account: Account, within_s: float = 30.0) -> str | None:
    """Try the account for real: None when it works, or when nobody can tell; else a sentence that says what to do."""
    tries: object = channel
    if not isinstance(tries, Check):
        return None
    try:
        async with asyncio.timeout(within_s):
            return await tries.check(account)
    except TimeoutError:
        return SLOW.format(seconds=within_s)
