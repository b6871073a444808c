"""/accounts: connected websites (later mailboxes, bots, workspaces), their settings and secrets."""

import secrets
from html import escape
from typing import Any

import msgspec

from channels.base import Installs
from hub.errors import BadInput, Conflict, NotFound
from hub.model import Account, AccountId, TeamId
from hub.people.connecting import Connector, Wanted, check
from inbox_web.api.agents import checked_name, tell
from inbox_web.api.derived import derived_id
from inbox_web.api.route import Ask, Route
from inbox_web.api.views import WEBCHAT, AccountView, account_view
from inbox_web.middlewares import SPEAKER
from inbox_web.website import checked


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    items: list[AccountView]


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    name: str
    team: TeamId | None = None
    settings: dict[str, Any] = {}


class AccountWish(msgspec.Struct, frozen=True, kw_only=True):
    """Fields that are left out stay; `settings` are merged key by key."""

    name: str | None = None
    on: bool | None = None
    team: TeamId | msgspec.UnsetType | None = msgspec.UNSET
    settings: dict[str, Any] = {}


# What the hub's own secret of an account of this kind is called; other kinds get theirs from the platform.
WHERE = frozenset({"api_url", "imap", "smtp", "oauth", "ca_file"})  # settings that say to whom stored secrets are shown
SECRETS = {WEBCHAT: "identity_secret", "api": "signing_secret"}


class Install(msgspec.Struct, frozen=True, kw_only=True):
    """What a shop pastes into its pages, and the secret that its backend signs users with."""

    snippet: str
    identity_secret: str


class Further(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: where adding the account's app to a further workspace begins; `why` not, when it cannot."""

    url: str | None = None
    why: str | None = None


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    secret: str


class ConnectWish(msgspec.Struct, frozen=True, kw_only=True):
    """Answers to the channel's questions (`fields` of /channels); `account`: one that gets new answers."""

    answers: dict[str, str]
    name: str | None = None
    team: TeamId | None = None
    account: str | None = None


class ConnectedView(msgspec.Struct, frozen=True, kw_only=True):
    """`steps`: what a person still has to do on the platform, by language."""

    account: AccountView
    steps: dict[str, tuple[str, ...]]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with an account, tried just now; null: nothing."""

    health: str | None


class IdentitySecret(msgspec.Struct, frozen=True, kw_only=True):
    identity_secret: str


async def _list(ask: Ask, _: None) -> Accounts:
    accounts = await ask.parts.store.accounts.all()
    progress = await ask.parts.store.cursors.progress([one.id for one in accounts])
    return Accounts(items=[account_view(one, progress=progress.get(one.id)) for one in accounts])


async def _add(ask: Ask, wish: NewAccount) -> AccountView:
    if wish.kind not in ask.parts.channels:
        raise BadInput(f"A channel is one of: {', '.join(sorted(ask.parts.channels))}.", "kind")
    await _check_team(ask, wish.team)
    id_ = AccountId(derived_id("acc", ask))
    account = Account(
        id=id_,
        kind=wish.kind,
        name=checked_name(wish.name),
        at=ask.parts.now(),
        team=wish.team,
        settings=_settings(wish.kind, {}, wish.settings),
        secrets=_sealed(ask, id_, wish.kind, new_secret()) if wish.kind in SECRETS else None,
    )
    try:
        await ask.parts.store.accounts.add(account)
    except Conflict:
        return account_view(await _account(ask, account.id))
    await tell(ask)
    return account_view(account)


async def _connect(ask: Ask, wish: ConnectWish) -> ConnectedView:
    """Checked live by the channel; nothing is stored unless that went well."""
    kind = ask.path["kind"]
    if kind not in ask.parts.channels:
        raise NotFound("There is no such channel.")
    ask.request[SPEAKER] = ask.parts.channels[kind]
    if wish.name is not None:
        checked_name(wish.name)
    await _check_team(ask, wish.team)
    known = await ask.parts.accounts.get(wish.account) if wish.account is not None else None
    if wish.account is not None and (known is None or known.kind != kind):
        raise NotFound("There is no such account.")
    wanted = Wanted(
        id=known.id if known else AccountId(derived_id("acc", ask)),
        kind=kind,
        answers=wish.answers,
        name=wish.name,
        team=wish.team,
        known=known,
    )
    connector = Connector(ask.parts.store, ask.parts.announcer, ask.parts.ring.seal, ask.parts.now)
    account, connected = await connector.connect(ask.parts.channels[kind], wanted)
    ask.parts.accounts.forget()
    return ConnectedView(account=account_view(account), steps=connected.steps)


async def _check(ask: Ask, _: None) -> Checked:
    account = await ask.parts.accounts.get(ask.path["id"])
    if account is None or account.kind not in ask.parts.channels:
        raise NotFound("There is no such account.")
    return Checked(health=await check(ask.parts.channels[account.kind], account))


async def _change(ask: Ask, wish: AccountWish) -> AccountView:
    account = await _account(ask, ask.path["id"])
    changes: dict[str, object] = {}
    if wish.name is not None:
        changes["name"] = checked_name(wish.name)
    if wish.on is not None:
        changes["on"] = wish.on
    if wish.team is not msgspec.UNSET:
        await _check_team(ask, wish.team)
        changes["team"] = wish.team
    if wish.settings:
        _check_stays(account, wish.settings)
        await _check_mirrored(ask, wish.settings)
        changes["settings"] = _settings(account.kind, account.settings, wish.settings)
    await ask.parts.store.accounts.change(account.id, changes)
    await tell(ask)
    return account_view(msgspec.structs.replace(account, **changes))


def _check_stays(account: Account, wish: dict[str, object]) -> None:
    """Secrets that are stored go nowhere else; before there are any, an account may be told where its platform is."""
    moved = sorted(name for name in WHERE & set(wish) if wish[name] != account.settings.get(name))
    if account.secrets is not None and moved:
        raise BadInput(f"Where its secrets go ({moved[0]}) is changed by connecting the account again.", "settings")


async def _check_mirrored(ask: Ask, wish: dict[str, object]) -> None:
    """Whose conversations a mirror shows are accounts of this hub."""
    named = wish.get("mirror_accounts", [])
    known = {one.id for one in await ask.parts.store.accounts.all()} if named else set()
    if not isinstance(named, list) or not all(one in known for one in named):
        raise BadInput("There is no such account.", "settings.mirror_accounts")


def _settings(kind: str, before: dict[str, object], wish: dict[str, object]) -> dict[str, object]:
    merged = {**before, **wish}
    if kind != WEBCHAT:
        return merged
    return dict(msgspec.to_builtins(checked(merged)))


async def _check_team(ask: Ask, id_: TeamId | None) -> None:
    if id_ is not None and await ask.parts.store.teams.get(id_) is None:
        raise BadInput("There is no such team.", "team")


async def _install(ask: Ask, _: None) -> Install:
    account = await _website(ask)
    hub = ask.parts.settings.base_url or ask.caller.origin
    snippet = f'<script src="{escape(hub)}/widget.js" data-account="{escape(account.id)}" async></script>'
    return Install(snippet=snippet, identity_secret=await _secret_of(ask, account))


async def _further(ask: Ask, _: None) -> Further:
    """Whether the channel's app is one that can be added to more workspaces, and this account knows enough of it."""
    account = await ask.parts.accounts.get(ask.path["id"])
    channel: object = ask.parts.channels.get(account.kind) if account is not None else None
    if account is None or not isinstance(channel, Installs):
        raise NotFound("There is no such account.")
    try:
        channel.check_app(account)
    except BadInput as error:
        return Further(why=str(error))
    return Further(url=f"/oauth/{account.id}")


async def _secret(ask: Ask, _: None) -> Secret:
    """What the other side signs with, and where it posts to."""
    account = await _account(ask, ask.path["id"])
    if account.kind not in SECRETS:
        raise NotFound("The secrets of this channel come from its platform.")
    return Secret(secret=await _secret_of(ask, account))


async def _secret_of(ask: Ask, account: Account) -> str:
    if account.secrets is None:
        return await _renew(ask, account)
    return _opened(ask, account.id, account.kind, account.secrets)


async def _new_secret(ask: Ask, _: None) -> IdentitySecret:
    """What the shop's backend signed before is worth nothing from now on."""
    return IdentitySecret(identity_secret=await _renew(ask, await _website(ask)))


async def _renew(ask: Ask, account: Account) -> str:
    secret = new_secret()
    await ask.parts.store.accounts.change(account.id, {"secrets": _sealed(ask, account.id, account.kind, secret)})
    await tell(ask)
    return secret


async def _website(ask: Ask) -> Account:
    account = await _account(ask, ask.path["id"])
    if account.kind != WEBCHAT:
        raise NotFound("Only a web chat is installed with a line of HTML.")
    return account


async def _account(ask: Ask, id_: str) -> Account:
    account = await ask.parts.store.accounts.get(id_)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def new_secret() -> str:
    """An identity secret: 256 bits in hex, as backends like to keep them."""
    return secrets.token_hex(32)


def _sealed(ask: Ask, id_: AccountId, kind: str, secret: str) -> bytes:
    return ask.parts.ring.seal(f"account:{id_}", msgspec.json.encode({SECRETS[kind]: secret}))


def _opened(ask: Ask, id_: AccountId, kind: str, sealed: bytes) -> str:
    plain = ask.parts.ring.unseal(f"account:{id_}", sealed)
    return msgspec.json.decode(plain, type=dict[str, str])[SECRETS[kind]]


ROUTES = [
    Route(method="GET", path="/accounts", run=_list, summary="Connected channels", right="settings", gives=Accounts),
    Route(
        method="POST",
        path="/accounts",
        run=_add,
        summary="Connect a channel",
        right="settings",
        takes=NewAccount,
        gives=AccountView,
        status=201,
    ),
    Route(
        method="POST",
        path="/accounts/connect/{kind}",
        run=_connect,
        summary="Connect an account by its channel's questions, checked live",
        right="settings",
        takes=ConnectWish,
        gives=ConnectedView,
        status=201,
    ),
    Route(
        method="POST",
        path="/accounts/{id}/check",
        run=_check,
        summary="Try an account for real",
        right="settings",
        gives=Checked,
    ),
    Route(
        method="PATCH",
        path="/accounts/{id}",
        run=_change,
        summary="Change name, team and settings; switch off",
        right="settings",
        takes=AccountWish,
        gives=AccountView,
    ),
    Route(
        method="GET",
        path="/accounts/{id}/install",
        run=_install,
        summary="The line of HTML and the identity secret of a web chat",
        right="settings",
        gives=Install,
    ),
    Route(
        method="GET",
        path="/accounts/{id}/further",
        run=_further,
        summary="Where adding the account's app to a further workspace begins",
        right="settings",
        gives=Further,
    ),
    Route(
        method="GET",
        path="/accounts/{id}/secret",
        run=_secret,
        summary="The secret that the other side signs with (web chat, API channel)",
        right="settings",
        gives=Secret,
    ),
    Route(
        method="POST",
        path="/accounts/{id}/identity_secret",
        run=_new_secret,
        summary="Make a new identity secret; the old one is worth nothing at once",
        right="settings",
        gives=IdentitySecret,
        secret=True,
    ),
]
