"""Slack's Web API: one call, and what its answer or its failure means.

slack_sdk's client would try again by itself after a broken connection, which sends a message twice: that is off here,
and the outbox decides.
"""

from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from channels.slack import wire
from hub.errors import Refused, Retry, Unknown, Unreachable
from hub.model import Account

CONNECT_S, TOTAL_S = 5.0, 20.0
DEFAULT_PAUSE_S = 30.0
FILE_TIME = aiohttp.ClientTimeout(total=120.0, connect=CONNECT_S, sock_read=TOTAL_S)  # of one file, either way

REINSTALL = "Install the app again in Slack and connect the account with its new token."
TO_ACCOUNT = {  # what is wrong with the account as a whole
    "invalid_auth": f"Slack does not accept this account's token. {REINSTALL}",
    "not_authed": f"This account has no token. {REINSTALL}",
    "token_revoked": f"The token of this account was revoked. {REINSTALL}",
    "token_expired": f"The token of this account has expired. {REINSTALL}",
    "account_inactive": f"The app was removed from the workspace, or the workspace was closed. {REINSTALL}",
    "no_permission": f"The app may not do this in the workspace. {REINSTALL}",
    "missing_scope": "The app lacks a permission (scope). Add those of its manifest and install it again.",
    "not_allowed_token_type": "This is the wrong kind of token: bot tokens begin with xoxb-, app tokens with xapp-.",
    "org_login_required": "The organisation is being moved; Slack answers again when that is done.",
    "ekm_access_denied": "The workspace's administrators have suspended access to its messages.",
    "access_denied": "Slack denies this app access to the workspace. Ask its administrators.",
    "team_access_not_granted": "The app is not approved for this workspace. Ask its administrators.",
    "invalid_client_id": "Slack does not know this client id; copy it from the app's Basic Information.",
    "bad_client_secret": "The client secret is wrong; copy it from the app's Basic Information.",
    "bad_redirect_uri": "The app does not list this hub's address under OAuth & Permissions, Redirect URLs.",
    "invalid_code": "The permission that Slack gave was used already or is too old.",
}
TO_MESSAGE = {  # what is wrong with this message or chat
    "not_in_channel": "The bot is not in this channel any more. Invite it there (/invite), then send again.",
    "channel_not_found": "Slack does not know this channel, or the bot may not see it. Invite the bot there.",
    "is_archived": "The channel is archived. Unarchive it in Slack, or answer in another way.",
    "is_inactive": "The channel is frozen; nobody can write there.",
    "msg_too_long": "Slack found the message too long. Send it in parts.",
    "no_text": "Slack takes no empty message.",
    "restricted_action": "The workspace lets only certain people write in this channel.",
    "restricted_action_read_only_channel": "The channel is read-only.",
    "restricted_action_thread_only_channel": "In this channel only threads may be written in.",
    "restricted_action_thread_locked": "The thread is locked.",
    "cannot_reply_to_message": "This message cannot be answered in a thread.",
    "thread_not_found": "The thread was deleted in Slack.",
    "user_not_found": "Slack does not know this person any more.",
    "user_disabled": "This person's Slack account was closed.",
    "cannot_dm_bot": "A bot cannot be written to.",
    "messages_tab_disabled": "People cannot write to this app: switch on its Messages tab in the app's settings.",
    "file_not_found": "Slack does not know this file any more.",
    "file_deleted": "The file was deleted in Slack.",
    "storage_limit_reached": "The workspace has no room left for files.",
    "file_upload_size_restricted": "The workspace does not take files this large.",
}
NOT_TAKEN = frozenset({"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"})
MAYBE = frozenset({"fatal_error", "internal_error"})  # Slack: some of it may have succeeded before the error
FOR_GOOD = frozenset(TO_ACCOUNT) - {"org_login_required"}


class Denied(Refused):
    """Slack said no to the account itself, not to this call alone; `error` is its word for it."""

    def __init__(self, why: str, error: str) -> None:
        super().__init__(why)
        self.error = error


def client(http: aiohttp.ClientSession, account: Account, token: str | None = None) -> AsyncWebClient:
    """The account's client, over a shared session; it tries nothing again by itself."""
    given = token if token is not None else wire.secrets_of(account.secrets).bot_token
    base = wire.settings_of(account.settings).api_url
    return AsyncWebClient(token=given, base_url=base, session=http, retry_handlers=[], timeout=int(TOTAL_S))


def new_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TOTAL_S, connect=CONNECT_S))


async def call(asked: Awaitable[AsyncSlackResponse]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """What Slack answers, and its headers. Raises Retry when it took nothing, Refused (Denied), or Unknown."""
    response = await response_to(asked)
    return response.data if isinstance(response.data, dict) else {}, response.headers


async def response_to(asked: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """What Slack answers, as the SDK has it. Raises as `call`."""
    try:
        return await asked
    except SlackApiError as error:
        raise _judged(error) from error
    except aiohttp.ClientSSLError as error:
        raise Retry("Slack's certificate is not trusted here. See that this machine's clock is right.") from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:  # nothing left
        raise Retry("Slack cannot be reached.") from error
    except (TimeoutError, aiohttp.ClientError, AttributeError) as error:  # AttributeError: an answer in words
        raise Unknown("The connection to Slack broke before its answer. It may have the message.") from error


async def ask(asked: Awaitable[AsyncSlackResponse]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """As `call` for a question, which changes nothing at Slack: what is unknown may be asked again. Raises Retry."""
    return await call(answer_to(asked))


async def answer_to(asked: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """The answer to such a question, as the SDK has it."""
    try:
        return await response_to(asked)
    except Unknown as error:
        raise Retry("Slack did not answer.") from error


def unreachable(error: Retry | Refused | Unknown) -> Unreachable:
    """A failed call as what it says about the account."""
    if isinstance(error, Retry):
        return Unreachable(f"{error} The hub tries again by itself.", after_s=error.after_s)
    for_good = isinstance(error, Denied) and error.error in FOR_GOOD
    return Unreachable(str(error), for_good=for_good)


def _judged(failed: SlackApiError) -> Retry | Refused | Unknown:
    response = failed.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    error = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status in (429, 503) or error in NOT_TAKEN:
        return Retry("Slack asks to wait.", _pause(response.headers))
    if error in TO_ACCOUNT:
        return Denied(TO_ACCOUNT[error], error)
    if error in TO_MESSAGE:
        return Refused(TO_MESSAGE[error])
    if not error or error in MAYBE or status >= 500:
        return Unknown(f"Slack failed while taking the message (HTTP {status}). It may have it.")
    return Refused(f"Slack refused it: {error}.")


def _pause(headers: Mapping[str, str]) -> float | None:
    after = headers.get("Retry-After", "")
    return float(after) if after.isascii() and after.isdecimal() else DEFAULT_PAUSE_S
