"""Installing the app in a further workspace by "Add to Slack": Bolt's OAuth flow, one for each visit.

Its two stores are the hub's, lent with the visit: a signed state that whoever serves the page makes and checks, and
the ledger. This room keeps nothing. https://docs.slack.dev/authentication/installing-with-oauth
"""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from channels.base import Visit
from channels.slack import api, connect, manifest, wire
from hub.errors import BadInput, Forged, Refused, Retry
from hub.model import Account

LACKS = "This account does not know its app's client id and client secret. Connect it again and give them."
CANCELLED = "The workspace did not allow it. Nothing was changed here."
NO_STATE = "Slack did not say who began this; begin once more."
NO_CODE = "Slack led back without its permission. Press Add to Slack again."
REASON = re.compile(r"[a-z_]{1,60}", re.ASCII)  # what Slack's words for errors look like


class Books(AsyncOAuthStateStore, AsyncInstallationStore):
    """What Bolt's flow writes down during one visit, and where: its states and the installation."""

    def __init__(self, http: aiohttp.ClientSession, app: Account, visit: Visit, base_url: str) -> None:
        self._http, self._app, self._visit, self._base_url = http, app, visit, base_url
        self._account: Account | None = None

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return self._visit.issue()

    async def async_consume(self, state: str) -> bool:
        """Raises Forged, which says more than Bolt's False."""
        self._account = self._visit.consume(state)
        return True

    async def async_save(self, installation: Installation) -> None:
        """Try its token and keep it as an account. Raises BadInput, and what the ledger raises."""
        if not installation.bot_token or installation.token_type != "bot":
            raise BadInput("Slack gave no bot token. See that the app has a bot, then press Add to Slack again.")
        if self._account is None:
            raise Forged(NO_STATE)
        secrets = _secrets(self._app)
        answers = {
            "bot_token": installation.bot_token,
            "signing_secret": secrets.signing_secret,
            "client_id": secrets.client_id,
            "client_secret": secrets.client_secret,
        }
        place = {"api_url": self._app.settings["api_url"]} if "api_url" in self._app.settings else {}
        account = msgspec.structs.replace(self._account, settings={**place, **self._account.settings})
        await self._visit.keep(account, await connect.connect(self._http, account, answers, self._base_url))


class OneBrowser(OAuthStateUtils):
    """The state names who is signed in, and the visit sees that it is they: more than Bolt's further cookie says."""

    def is_valid_browser(self, state: str | None, request_headers: Mapping[str, Any]) -> bool:
        return state is not None


class Asking(AsyncWebClient):
    """Raises the hub's errors: of Slack's own Bolt would log the code, and say only that something went wrong."""

    async def api_call(
        self, api_method: str, *, auth: dict[str, str] | None = None, data: Any = None, **more: Any
    ) -> AsyncSlackResponse:
        """The app's id and secret go into the form: for a header the SDK needs what aiohttp is about to drop."""
        data = {**(data or {}), **auth} if auth else data
        return await api.answer_to(super().api_call(api_method, data=data, **more))


def check_app(app: Account) -> None:
    """Raises BadInput when the account does not know its app."""
    _secrets(app)


async def install_url(http: aiohttp.ClientSession, app: Account, visit: Visit) -> str:
    """Where "Add to Slack" leads. Raises BadInput."""
    answer = await _flow(http, app, visit, "").handle_installation(AsyncBoltRequest(body=""))
    return answer.headers["location"][0]


async def install(
    http: aiohttp.ClientSession, app: Account, visit: Visit, query: Mapping[str, str], base_url: str
) -> None:
    """Change the code that Slack led back with into a token, connect with it, keep it. Raises BadInput and Forged."""
    back = AsyncBoltRequest(body="", query=dict(query))
    try:
        await _flow(http, app, visit, base_url).handle_callback(back)
    except (Retry, Refused) as error:
        raise BadInput(f"Slack did not finish the installation ({error}) Press Add to Slack again.") from error


def _flow(http: aiohttp.ClientSession, app: Account, visit: Visit, base_url: str) -> AsyncOAuthFlow:
    secrets, books = _secrets(app), Books(http, app, visit, base_url)
    settings = AsyncOAuthSettings(
        client_id=secrets.client_id,
        client_secret=secrets.client_secret,
        scopes=manifest.SCOPES,
        user_scopes=(),
        redirect_uri=visit.back,
        install_page_rendering_enabled=False,
        callback_options=AsyncCallbackOptions(success=_done, failure=_failed),
        installation_store=books,
        state_store=books,
    )
    settings.state_utils = OneBrowser()
    place = wire.settings_of(app.settings).api_url
    slack = Asking(base_url=place, session=http, retry_handlers=[], timeout=int(api.TOTAL_S))
    return AsyncOAuthFlow(client=slack, settings=settings)


async def _done(args: AsyncSuccessArgs) -> BoltResponse:
    return BoltResponse(status=200)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    """What Bolt found wrong, as a sentence. `reason` may be anything: it comes with the address."""
    if args.reason in ("invalid_browser", "invalid_state"):
        raise Forged(NO_STATE)
    if args.reason == "access_denied":
        raise BadInput(CANCELLED)
    if args.reason == "missing_code" or not REASON.fullmatch(args.reason):
        raise BadInput(NO_CODE)
    raise BadInput(f"Slack did not allow the installation ({args.reason}). Press Add to Slack again.")


def _secrets(app: Account) -> wire.Secrets:
    secrets = wire.secrets_of(app.secrets)
    if not secrets.client_id or not secrets.client_secret:
        raise BadInput(LACKS)
    return secrets
