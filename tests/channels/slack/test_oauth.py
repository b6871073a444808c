"""A further workspace by "Add to Slack"."""

import json
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from channels.fakes.slack import FakeSlack
from channels.slack import Slack, manifest, oauth
from hub.errors import BadInput
from hub.model import Account, AccountId
from tests.channels.slack import room

BACK = "https://hub.example/slack/back"
APP = {"client_id": "111.222", "client_secret": "fake client secret", "signing_secret": "fake signing secret"}


def app_of(slack: FakeSlack, **more: str) -> Account:
    secrets = json.dumps(APP | {"bot_token": slack.home.bot_token} | more).encode()
    return msgspec.structs.replace(room.account_of(slack), secrets=secrets)


def bare(slack: FakeSlack) -> Account:
    return Account(id=AccountId("new"), kind="slack", name="", at=room.AT)


def test_add_to_slack_asks_for_what_the_channel_uses(slack: FakeSlack) -> None:
    asked = parse_qs(urlsplit(oauth.install_url(app_of(slack), BACK, "signed")).query)

    assert set(asked["scope"][0].split(",")) == set(manifest.SCOPES)
    assert (asked["state"], asked["redirect_uri"]) == (["signed"], [BACK])


async def test_a_code_becomes_a_connected_account_once(slack: FakeSlack, channel: Slack) -> None:
    slack.codes["a-code"] = slack.home
    made = await channel.install(bare(slack), app_of(slack), "a-code", BACK)

    assert (made.name, made.settings["team_id"]) == ("Mộc An", "T0SHOP0001")
    assert json.loads(made.secrets)["bot_token"] == slack.home.bot_token
    with pytest.raises(BadInput, match="used already"):
        await channel.install(bare(slack), app_of(slack), "a-code", BACK)


@pytest.mark.parametrize(
    ("wrong", "sentence"), [({"client_id": "9"}, "client id"), ({"client_secret": "9"}, "client secret")]
)
async def test_what_is_wrong_is_said(slack: FakeSlack, channel: Slack, wrong: dict[str, str], sentence: str) -> None:
    slack.codes["a-code"] = slack.home
    with pytest.raises(BadInput, match=sentence):
        await channel.install(bare(slack), app_of(slack, **wrong), "a-code", BACK)


def test_an_account_that_does_not_know_its_app_says_so(slack: FakeSlack) -> None:
    with pytest.raises(BadInput, match="client id"):
        oauth.install_url(room.account_of(slack), BACK, "signed")
