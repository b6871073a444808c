"""Sign-in by token: a fresh access token when the old one ends, under a lock; what the provider gave anew is kept."""

import asyncio
import datetime as dt

import aiohttp
import msgspec

from channels.base import House
from channels.email import wire
from hub.errors import Unreachable
from hub.model import Account, AccountId

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=10)
MARGIN_S = 300.0  # a token with less life left is not begun with
MOST_ANSWER = 64 * 1024
REREAD_S = 10.0  # until what another process kept is known here, too: longer than an account book's memory
TOKEN_URLS = {
    "google": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}
REVOKED = (
    "The permission for {address} was withdrawn or has ended ({why}). Nothing is lost: connect the mailbox again, and "
    "all mail since then is fetched."
)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider answers, with a token or with an error."""

    access_token: str = ""
    refresh_token: str = ""
    expires_in: float = 3600.0
    error: str = ""


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and until when it holds, in seconds since the epoch."""

    token: str
    until: float


class Tokens:
    """The access tokens of this process, by account; whoever needs one asks here, so that one refresh serves all."""

    def __init__(self) -> None:
        self._locks: dict[AccountId, asyncio.Lock] = {}
        self._known: dict[tuple[AccountId, str], wire.Secrets] = {}  # by the refresh token that it came from
        self._refused: dict[str, float] = {}  # when refresh tokens were refused first
        self._rejected: set[AccountId] = set()  # whose last access token the server did not take

    async def access(self, account: Account, house: House | None, now: dt.datetime) -> Access:
        """A token with some life left. Raises Unreachable, `for_good` once the permission is known to be withdrawn."""
        settings, given = wire.settings_of(account), wire.secrets_of(account)
        async with self._locks.setdefault(account.id, asyncio.Lock()):
            secrets = self._known.get((account.id, given.refresh_token), given)
            if secrets.access_until - MARGIN_S < now.timestamp():
                secrets = await self._refresh(settings, secrets, now)
                for origin in (given.refresh_token, secrets.refresh_token):
                    self._known[account.id, origin] = secrets
                if house is not None:
                    await house.keep_secrets(account.id, msgspec.json.encode(secrets))
        return Access(token=secrets.access_token, until=secrets.access_until)

    def latest(self, account: Account) -> wire.Secrets:
        """The account's secrets with what its provider gave anew meanwhile."""
        given = wire.secrets_of(account)
        return self._known.get((account.id, given.refresh_token), given)

    def rejected(self, account: Account) -> bool:
        """The next token is asked for anew; whether it is the second in a row that the server did not take."""
        for key in [key for key in self._known if key[0] == account.id]:
            self._known[key] = msgspec.structs.replace(self._known[key], access_until=0.0)
        again = account.id in self._rejected
        self._rejected.add(account.id)
        return again

    def worked(self, account: Account) -> None:
        """The server took the token."""
        self._rejected.discard(account.id)

    async def _refresh(self, settings: wire.Settings, secrets: wire.Secrets, now: dt.datetime) -> wire.Secrets:
        if now.timestamp() - self._refused.get(secrets.refresh_token, 0.0) < REREAD_S:  # others here ran into it, too
            raise self._no(settings, secrets, "invalid_grant", now)
        given = await self._ask(settings, secrets)
        if given.error:
            raise self._no(settings, secrets, given.error, now)
        if not given.access_token:
            raise Unreachable("The sign-in service gave no token. It is tried again.")
        return msgspec.structs.replace(
            secrets,
            access_token=given.access_token,
            refresh_token=given.refresh_token or secrets.refresh_token,
            access_until=now.timestamp() + given.expires_in,
        )

    async def _ask(self, settings: wire.Settings, secrets: wire.Secrets) -> Given:
        oauth = settings.oauth or wire.OAuth()
        url = oauth.token_url or TOKEN_URLS.get(oauth.provider, "")
        if not url or not secrets.refresh_token:
            raise Unreachable("This mailbox has no sign-in by token yet. Connect it again.", for_good=True)
        form = {
            "grant_type": "refresh_token",
            "client_id": oauth.client_id,
            "client_secret": secrets.client_secret,
            "refresh_token": secrets.refresh_token,
            "scope": oauth.scope,
        }
        asked = {name: value for name, value in form.items() if value}
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as http,
                http.post(url, data=asked, allow_redirects=False) as answer,
            ):
                return msgspec.json.decode(await answer.content.read(MOST_ANSWER), type=Given)
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError) as error:
            raise Unreachable(
                f"The sign-in service cannot be reached or understood ({type(error).__name__}). It is tried again."
            ) from error

    def _no(self, settings: wire.Settings, secrets: wire.Secrets, why: str, now: dt.datetime) -> Unreachable:
        """A first refusal may only mean that another process took the token's turn: its new one is read next time.

        However many ask here meanwhile, only a refusal after that counts as the second.
        """
        if why not in ("invalid_grant", "invalid_client", "unauthorized_client", "interaction_required"):
            return Unreachable(f"The sign-in service answered {why[:60]}. It is tried again.")
        sentence = REVOKED.format(address=settings.address, why=why)
        first = self._refused.setdefault(secrets.refresh_token, now.timestamp())
        if now.timestamp() - first >= REREAD_S:
            return Unreachable(sentence, for_good=True)
        return Unreachable(sentence, after_s=REREAD_S)
