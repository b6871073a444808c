"""Installing the app in a further workspace by "Add to Slack", where one app serves several.

Whoever serves the page makes `state`, signs it and checks it when Slack leads back: this room keeps nothing.
https://docs.slack.dev/authentication/installing-with-oauth
"""

import aiohttp
import msgspec
from slack_sdk.oauth import AuthorizeUrlGenerator

from channels.base import Connected
from channels.slack import api, connect, manifest, wire
from hub.errors import BadInput, Refused, Retry
from hub.model import Account

LACKS = "This account does not know its app's client id and client secret. Connect it again and give them."


def install_url(app: Account, redirect_uri: str, state: str) -> str:
    """Where "Add to Slack" leads. Raises BadInput."""
    client_id = _app(app).client_id
    made = AuthorizeUrlGenerator(client_id=client_id, redirect_uri=redirect_uri, scopes=manifest.SCOPES)
    return made.generate(state)


async def install(
    http: aiohttp.ClientSession, account: Account, app: Account, code: str, redirect_uri: str, base_url: str
) -> Connected:
    """Change the code that Slack led back with into a token, and connect with it. Raises BadInput.

    `app` is an account of the same app, which knows its secrets.
    """
    secrets = _app(app)
    place = {"api_url": app.settings["api_url"]} if "api_url" in app.settings else {}
    account = msgspec.structs.replace(account, settings={**place, **account.settings})
    slack = api.client(http, account, "")
    fields = {"client_id": secrets.client_id, "client_secret": secrets.client_secret}
    asked = slack.api_call("oauth.v2.access", data={**fields, "code": code, "redirect_uri": redirect_uri})
    try:
        answer, _ = await api.ask(asked)
    except (Retry, Refused) as error:
        raise BadInput(f"Slack did not finish the installation ({error}) Press Add to Slack again.") from error
    token = answer.get("access_token")
    if not isinstance(token, str) or answer.get("token_type") != "bot":
        raise BadInput("Slack gave no bot token. See that the app has a bot, then press Add to Slack again.")
    answers = {"bot_token": token, "signing_secret": secrets.signing_secret, **fields}
    return await connect.connect(http, account, answers, base_url)


def _app(account: Account) -> wire.Secrets:
    secrets = wire.secrets_of(account.secrets)
    if not secrets.client_id or not secrets.client_secret:
        raise BadInput(LACKS)
    return secrets
