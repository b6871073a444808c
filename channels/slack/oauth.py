"""Installing the app in a further workspace by "Add to Slack", where one app serves several.

Whoever serves the page makes `state`, signs it and checks it when Slack leads back: this room keeps nothing.
https://docs.slack.dev/authentication/installing-with-oauth
"""

from collections.abc import Mapping

import aiohttp
from slack_sdk.oauth import AuthorizeUrlGenerator

from channels.base import Connected
from channels.slack import api, connect, manifest
from hub.errors import BadInput, Refused, Retry
from hub.model import Account


def install_url(client_id: str, redirect_uri: str, state: str) -> str:
    """Where "Add to Slack" leads."""
    made = AuthorizeUrlGenerator(client_id=client_id, redirect_uri=redirect_uri, scopes=manifest.SCOPES)
    return made.generate(state)


async def install(
    http: aiohttp.ClientSession, account: Account, app: Mapping[str, str], code: str, redirect_uri: str, base_url: str
) -> Connected:
    """Change the code that Slack led back with into a token, and connect with it. Raises BadInput.

    `app` holds `client_id`, `client_secret` and `signing_secret`, from the app's Basic Information.
    """
    slack = api.client(http, account, "")
    fields = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    asked = slack.api_call("oauth.v2.access", data={**fields, "code": code, "redirect_uri": redirect_uri})
    try:
        answer, _ = await api.ask(asked)
    except (Retry, Refused) as error:
        raise BadInput(f"Slack did not finish the installation ({error}) Press Add to Slack again.") from error
    token = answer.get("access_token")
    if not isinstance(token, str) or answer.get("token_type") != "bot":
        raise BadInput("Slack gave no bot token. See that the app has a bot, then press Add to Slack again.")
    answers = {"bot_token": token, "signing_secret": app["signing_secret"]}
    return await connect.connect(http, account, answers, base_url)
