"""Connecting a workspace: the tokens are tried live, and the account learns who it is there."""

import re
from collections.abc import Mapping

import aiohttp
import msgspec

from channels.base import Connected, Field
from channels.slack import api, manifest, socket_mode, wire
from hub.errors import BadInput, Refused, Retry, Unreachable
from hub.model import Account

FIELDS = (
    Field(
        name="bot_token",
        label={"vi": "Token của bot (xoxb-…)", "en": "Bot token (xoxb-…)"},
        help={
            "vi": "Tạo ứng dụng ở https://api.slack.com/apps, vào OAuth & Permissions, thêm các Bot Token Scopes "
            + ", ".join(manifest.SCOPES)
            + ", bấm Install to Workspace rồi chép Bot User OAuth Token.",
            "en": "Create an app at https://api.slack.com/apps; under OAuth & Permissions add the Bot Token Scopes "
            + ", ".join(manifest.SCOPES)
            + ", press Install to Workspace and copy the Bot User OAuth Token.",
        },
        secret=True,
    ),
    Field(
        name="signing_secret",
        label={"vi": "Signing Secret", "en": "Signing secret"},
        help={
            "vi": "Trong Basic Information, mục App Credentials. Cần khi Slack gửi tin đến địa chỉ của hub.",
            "en": "Under Basic Information, App Credentials. Needed when Slack posts events to this hub.",
        },
        secret=True,
        required=False,
    ),
    Field(
        name="app_token",
        label={"vi": "Token của ứng dụng (xapp-…)", "en": "App token (xapp-…)"},
        help={
            "vi": "Trong Basic Information, mục App-Level Tokens, với quyền connections:write. Cần cho Socket Mode, "
            "khi hub không có địa chỉ mà Slack gọi tới được.",
            "en": "Under Basic Information, App-Level Tokens, with the scope connections:write. Needed for "
            "Socket Mode, when this hub has no address that Slack can reach.",
        },
        secret=True,
        required=False,
    ),
    Field(
        name="client_id",
        label={"vi": "Client ID", "en": "Client ID"},
        help={
            "vi": "Trong Basic Information. Chỉ cần khi muốn cài ứng dụng này vào thêm workspace khác.",
            "en": "Under Basic Information. Needed only to add this app to further workspaces.",
        },
        required=False,
    ),
    Field(name="client_secret", label={"vi": "Client Secret", "en": "Client secret"}, secret=True, required=False),
    Field(
        name="mirror",
        label={"vi": "Kênh của nhóm (gương)", "en": "The team's channel (mirror)"},
        help={
            "vi": "Nếu muốn nhóm thấy mọi cuộc trò chuyện ngay trong Slack: mời bot vào một kênh riêng rồi dán liên "
            "kết hoặc mã của kênh đó (C…). Ai viết được ở kênh này cũng trả lời được khách. Ghi - để thôi.",
            "en": "To show the team every conversation in Slack: invite the bot to a private channel and paste that "
            "channel's link or id (C…). Whoever can write there can answer customers. Write - to stop it.",
        },
        required=False,
    ),
)
TOKENS = ("bot_token", "signing_secret", "app_token")
OF_APP = ("client_id", "client_secret")
CHANNEL = re.compile(r"\b[CG][A-Z0-9]{7,}\b")


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """What auth.test says of a token."""

    team_id: str = ""
    team: str = ""
    user_id: str = ""
    user: str = ""
    bot_id: str | None = None
    enterprise_id: str | None = None
    is_enterprise_install: bool = False


async def connect(
    http: aiohttp.ClientSession, account: Account, answers: Mapping[str, str], base_url: str
) -> Connected:
    """Try the tokens and say what to store. Raises BadInput with what to do."""
    given = {name: answers.get(name, "").strip() for name in TOKENS}
    _check_kinds(given)
    given |= {name: answers[name].strip() for name in OF_APP if answers.get(name, "").strip()}
    asking = msgspec.structs.replace(account, secrets=msgspec.json.encode(given))
    who, app_id = await _who(http, asking)
    if given["app_token"]:
        await _check_app_token(asking)
    settings: dict[str, object] = {
        "team_id": who.team_id,
        "team": who.team,
        "bot_user_id": who.user_id,
        "bot_name": who.user,
        "bot_id": who.bot_id or "",
        "app_id": app_id,
        "enterprise_id": (who.enterprise_id or "") if who.is_enterprise_install else "",
    }
    if "api_url" in account.settings:
        settings["api_url"] = account.settings["api_url"]
    if mirror := answers.get("mirror", "").strip():
        settings["mirror"] = "" if mirror == "-" else await _mirror(http, asking, mirror)
    steps = manifest.steps(who.user, f"{base_url}/in/{account.id}", socket=bool(given["app_token"]))
    if all(name in given for name in OF_APP):
        further = manifest.further(f"{base_url}/oauth/{account.id}")
        steps = {language: (*told, further[language]) for language, told in steps.items()}
    return Connected(name=who.team, settings=settings, secrets=msgspec.json.encode(given), steps=steps)


def _check_kinds(given: Mapping[str, str]) -> None:
    """The mistakes that can be seen without asking Slack."""
    if not given["bot_token"].startswith("xoxb-"):
        raise BadInput("A bot token begins with xoxb-. It is under OAuth & Permissions of your app.", "bot_token")
    if not given["signing_secret"] and not given["app_token"]:
        raise BadInput("Give the signing secret, or the app token if Slack cannot reach this hub.", "signing_secret")
    if given["app_token"] and not given["app_token"].startswith("xapp-"):
        raise BadInput("An app token begins with xapp-. It is under Basic Information, App-Level Tokens.", "app_token")


async def _who(http: aiohttp.ClientSession, account: Account) -> tuple[Who, str]:
    """Whose token this is, and the id of its app. Raises BadInput."""
    slack = api.client(http, account)
    try:
        answer, headers = await api.ask(slack.auth_test())
        if lacking := missing_scopes(headers):
            raise BadInput(_lacks(lacking), "bot_token")
        who = msgspec.convert(answer, Who)
        bot, _ = await api.ask(slack.bots_info(bot=who.bot_id)) if who.bot_id else ({}, {})
    except (Retry, Refused) as error:
        raise BadInput(str(error), "bot_token") from error
    return who, str((bot.get("bot") or {}).get("app_id") or "")


async def _mirror(http: aiohttp.ClientSession, account: Account, said: str) -> str:
    """The channel that a link or id names, if the bot may write there. Raises BadInput."""
    found = CHANNEL.search(said)
    if found is None:
        raise BadInput("This is no channel: its link ends in an id such as C0123456789.", "mirror")
    try:
        answer, _ = await api.ask(api.client(http, account).conversations_info(channel=found[0]))
    except (Retry, Refused) as error:
        raise BadInput(str(error), "mirror") from error
    if not (answer.get("channel") or {}).get("is_member"):
        raise BadInput("The bot is not in this channel. Invite it there (/invite), then try again.", "mirror")
    return found[0]


async def _check_app_token(account: Account) -> None:
    try:
        await socket_mode.new_url(account)
    except Unreachable as error:
        raise BadInput(str(error), "app_token") from error


def missing_scopes(headers: Mapping[str, str]) -> list[str]:
    """Scopes that the token lacks, as far as Slack says which it has."""
    given = headers.get("x-oauth-scopes", "")
    return sorted(manifest.NEEDED - {one.strip() for one in given.split(",")}) if given else []


def _lacks(scopes: list[str]) -> str:
    return f"The app lacks {', '.join(scopes)}. Add that under OAuth & Permissions and install the app again."


async def check(http: aiohttp.ClientSession, account: Account) -> str | None:
    """Try the account: None when it works, else what to do."""
    secrets = wire.secrets_of(account.secrets)
    try:
        _, headers = await api.ask(api.client(http, account).auth_test())
        if secrets.app_token:
            await socket_mode.new_url(account)
    except (Retry, Refused, Unreachable) as error:
        return str(error)
    if not secrets.app_token and not secrets.signing_secret:
        return "The account has neither a signing secret nor an app token: nothing can come in. Connect it again."
    lacking = missing_scopes(headers)
    return _lacks(lacking) if lacking else None
