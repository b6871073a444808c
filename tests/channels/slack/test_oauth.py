"""A further workspace by "Add to Slack", through Bolt's OAuth flow."""

import json
import logging
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from channels.base import Connected
from channels.fakes.slack import FakeSlack, Fault
from channels.slack import Slack, manifest
from hub.errors import BadInput, Forged
from hub.model import Account, AccountId
from tests.channels.slack import room

BACK = "https://hub.example/slack/back"
APP = {"client_id": "111.222", "client_secret": "fake client secret", "signing_secret": "fake signing secret"}
CAME = {"code": "a-code", "state": "signed"}


class Visit:
    """Somebody's way to Slack and back; what is kept lies in a list."""

    back = BACK

    def __init__(self) -> None:
        self.kept: list[tuple[AccountId, Connected]] = []

    def issue(self) -> str:
        return "signed"

    def consume(self, state: str) -> Account:
        if state != "signed":
            raise Forged("Somebody else began this; begin once more.")
        return Account(id=AccountId("new"), kind="slack", name="", at=room.AT)

    async def keep(self, account: Account, connected: Connected) -> None:
        self.kept.append((account.id, connected))


@pytest.fixture
def slack(slack: FakeSlack) -> FakeSlack:
    slack.codes["a-code"] = slack.home
    return slack


@pytest.fixture
def visit() -> Visit:
    return Visit()


def app_of(slack: FakeSlack, **more: str) -> Account:
    secrets = json.dumps(APP | {"bot_token": slack.home.bot_token} | more).encode()
    return msgspec.structs.replace(room.account_of(slack), secrets=secrets)


async def test_add_to_slack_asks_for_what_the_channel_uses(slack: FakeSlack, channel: Slack, visit: Visit) -> None:
    place = urlsplit(await channel.install_url(app_of(slack), visit))
    asked = parse_qs(place.query)

    assert (place.hostname, set(asked["scope"][0].split(","))) == ("slack.com", set(manifest.SCOPES))
    assert (asked["client_id"], asked["state"], asked["redirect_uri"]) == (["111.222"], ["signed"], [BACK])
    assert slack.calls == []


async def test_a_code_becomes_a_connected_account_once(slack: FakeSlack, channel: Slack, visit: Visit) -> None:
    await channel.install(app_of(slack), visit, CAME)

    ((account, made),) = visit.kept
    assert (account, made.name, made.settings["team_id"]) == ("new", "Mộc An", "T0SHOP0001")
    assert json.loads(made.secrets) == {**APP, "bot_token": slack.home.bot_token, "app_token": ""}
    with pytest.raises(BadInput, match="used already"):
        await channel.install(app_of(slack), visit, CAME)
    assert len(visit.kept) == 1


async def test_each_app_uses_its_own_id_and_secret(slack: FakeSlack, channel: Slack, visit: Visit) -> None:
    async with FakeSlack() as other:
        other.client, other.codes["b-code"] = ("333.444", "another secret"), other.home
        its_own = {"client_id": "333.444", "client_secret": "another secret"}
        await channel.install(app_of(other, **its_own), visit, {**CAME, "code": "b-code"})
    await channel.install(app_of(slack), visit, CAME)

    assert [json.loads(made.secrets)["client_id"] for _, made in visit.kept] == ["333.444", "111.222"]


@pytest.mark.parametrize(
    ("wrong", "sentence"), [({"client_id": "9"}, "client id"), ({"client_secret": "9"}, "client secret")]
)
async def test_what_is_wrong_with_the_app_is_said(
    slack: FakeSlack, channel: Slack, visit: Visit, wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        await channel.install(app_of(slack, **wrong), visit, CAME)
    assert visit.kept == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"error": "access_denied", "state": "signed"}, "did not allow it"),
        ({"error": "invalid_team_for_non_distributed_app", "state": "signed"}, "invalid_team_for_non_distributed_app"),
        ({"error": "<b>Call 1-800</b>", "state": "signed"}, "without its permission"),
        ({"state": "signed"}, "without its permission"),
    ],
)
async def test_what_slack_led_back_with_instead_of_a_code_is_said(
    slack: FakeSlack, channel: Slack, visit: Visit, query: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        await channel.install(app_of(slack), visit, query)
    assert (visit.kept, slack.calls) == ([], [])


@pytest.mark.parametrize("query", [{"code": "a-code"}, {"code": "a-code", "state": "forged"}])
async def test_without_a_state_of_ours_no_code_is_used(
    slack: FakeSlack, channel: Slack, visit: Visit, query: dict[str, str]
) -> None:
    with pytest.raises(Forged, match="begin once more"):
        await channel.install(app_of(slack), visit, query)
    assert (visit.kept, slack.calls) == ([], [])


async def test_a_slack_that_nobody_reaches_is_said(slack: FakeSlack, channel: Slack, visit: Visit) -> None:
    nowhere = msgspec.structs.replace(app_of(slack), settings={"api_url": "http://127.0.0.1:9/api/"})
    with pytest.raises(BadInput, match="cannot be reached"):
        await channel.install(nowhere, visit, CAME)


async def test_an_answer_that_got_lost_is_said(slack: FakeSlack, channel: Slack, visit: Visit) -> None:
    slack.faults.append(Fault(method="oauth.v2.access", harm="drop"))
    with pytest.raises(BadInput, match="did not answer"):
        await channel.install(app_of(slack), visit, CAME)


async def test_a_workspace_that_gives_too_few_rights_is_not_kept(
    slack: FakeSlack, channel: Slack, visit: Visit
) -> None:
    slack.home.scopes = "chat:write"
    with pytest.raises(BadInput, match="lacks"):
        await channel.install(app_of(slack), visit, CAME)
    assert visit.kept == []


async def test_no_log_tells_a_code_or_token(
    slack: FakeSlack, channel: Slack, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # lower, the SDK tells every form
    await channel.install(app_of(slack), visit, CAME)
    with pytest.raises(BadInput):
        await channel.install(app_of(slack), visit, CAME)

    assert "a-code" not in caplog.text and slack.home.bot_token not in caplog.text


def test_an_account_that_does_not_know_its_app_says_so(slack: FakeSlack) -> None:
    with pytest.raises(BadInput, match="client id"):
        Slack().check_app(room.account_of(slack))
