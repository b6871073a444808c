"""Connecting a workspace, looking after it, and what people there are called."""

import json
import ssl
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.fakes.slack import FakeSlack, Fault
from channels.slack import Slack, manifest
from hub.errors import BadInput, Retry, Unreachable
from hub.model import Account, AccountId
from tests.channels.email.certificates import Authority
from tests.channels.slack import room

ANSWERS = {"bot_token": "xoxb-fake-token", "signing_secret": "fake signing secret"}


def bare(slack: FakeSlack) -> Account:
    return Account(id=AccountId("new"), kind="slack", name="", at=room.AT, settings={"api_url": slack.api_url})


async def test_a_workspace_is_connected_by_its_tokens(slack: FakeSlack, channel: Slack) -> None:
    made = await channel.connect(bare(slack), ANSWERS)

    assert made.name == "Mộc An"
    assert made.settings == room.settings(slack, enterprise_id="") | {"team": "Mộc An", "bot_name": "hub"}
    assert json.loads(made.secrets) == {**ANSWERS, "app_token": ""}


async def test_what_to_click_is_said_in_both_languages_with_the_apps_manifest(slack: FakeSlack, channel: Slack) -> None:
    made = await channel.connect(bare(slack), ANSWERS)

    assert len(made.steps["vi"]) == len(made.steps["en"])
    shown = made.steps["en"][0]
    assert json.loads(shown[shown.index("{") :])["settings"]["event_subscriptions"]["request_url"] == "/in/new"


async def test_with_an_app_token_events_come_over_a_socket(slack: FakeSlack, channel: Slack) -> None:
    made = await channel.connect(bare(slack), {"bot_token": "xoxb-fake-token", "app_token": "xapp-fake"})

    shown = made.steps["vi"][0]
    assert json.loads(shown[shown.index("{") :])["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({**ANSWERS, "bot_token": "xoxp-a-persons"}, "bot_token"),
        ({**ANSWERS, "bot_token": "xoxb-wrong"}, "bot_token"),
        ({"bot_token": "xoxb-fake-token"}, "signing_secret"),
        ({**ANSWERS, "app_token": "xoxb-fake-token"}, "app_token"),
        ({**ANSWERS, "app_token": "xapp-wrong"}, "app_token"),
    ],
)
async def test_a_wrong_answer_is_named(slack: FakeSlack, channel: Slack, answers: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as wrong:
        await channel.connect(bare(slack), answers)
    assert wrong.value.field == field


async def test_a_mirror_is_a_channel_that_the_bot_is_in(slack: FakeSlack, channel: Slack) -> None:
    slack.home.add_channel("C0TEAM0001", "team")
    slack.home.add_channel("C0AWAY0001", "away", bot_in=False)
    link = "https://moc-an.slack.com/archives/C0TEAM0001"
    made = await channel.connect(bare(slack), {**ANSWERS, "mirror": link})
    stopped = await channel.connect(bare(slack), {**ANSWERS, "mirror": "-"})

    assert (made.settings["mirror"], stopped.settings["mirror"]) == ("C0TEAM0001", "")
    for wrong, sentence in (("team", "no channel"), ("C0AWAY0001", "Invite it"), ("C0NONE0001", "does not know")):
        with pytest.raises(BadInput, match=sentence) as error:
            await channel.connect(bare(slack), {**ANSWERS, "mirror": wrong})
        assert error.value.field == "mirror"


async def test_a_lacking_permission_is_named(slack: FakeSlack, channel: Slack) -> None:
    slack.home.scopes = slack.home.scopes.replace("files:read,", "")
    with pytest.raises(BadInput, match="lacks files:read"):
        await channel.connect(bare(slack), ANSWERS)


def test_the_manifest_asks_for_what_the_channel_uses() -> None:
    made = manifest.manifest("hub", "https://hub.example/in/new", socket=False)

    assert set(made["oauth_config"]["scopes"]["bot"]) >= manifest.NEEDED
    assert made["settings"]["interactivity"]["request_url"] == "https://hub.example/in/new"


# -- health -----------------------------------------------------------------------------------------------------------


async def test_an_account_that_works_has_nothing_to_say(slack: FakeSlack, channel: Slack, account: Account) -> None:
    assert await channel.check(account) is None
    assert await channel.check(room.account_of(slack, socket=True)) is None


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_is_no_good_is_said_with_what_to_do(
    slack: FakeSlack, channel: Slack, account: Account, error: str
) -> None:
    slack.home.revoked = error

    said = await channel.check(account)
    assert said is not None and "Install the app again" in said
    with pytest.raises(Unreachable, match="Install the app again") as ended:
        await anext(channel.listen(account, None))
    assert ended.value.for_good


async def test_a_lost_permission_is_said(slack: FakeSlack, channel: Slack, account: Account) -> None:
    slack.home.scopes = "chat:write"

    assert "files:read" in str(await channel.check(account))


async def test_an_account_that_nothing_reaches_says_so(slack: FakeSlack, channel: Slack, account: Account) -> None:
    bare = msgspec.structs.replace(account, secrets=b'{"bot_token":"xoxb-fake-token"}')

    assert "nothing can come in" in str(await channel.check(bare))


async def test_a_webhooks_account_is_watched_by_asking(slack: FakeSlack, channel: Slack, account: Account) -> None:
    batches = channel.listen(account, None)
    first, second = await anext(batches), await anext(batches)

    assert (first.arrivals, second.arrivals) == ((), ())
    assert [one.method for one in slack.calls] == ["auth.test"] * 2
    await batches.aclose()  # type: ignore[attr-defined]  # a generator, declared as an iterator


async def test_a_slack_that_is_away_is_tried_again(slack: FakeSlack, channel: Slack, account: Account) -> None:
    slack.faults.append(Fault(method="auth.test", harm="refuse", status=503))
    with pytest.raises(Unreachable) as away:
        await anext(channel.listen(account, None))
    assert not away.value.for_good


async def test_a_certificate_that_has_expired_is_said(channel: Slack, account: Account, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    Authority(tmp_path).issue(certificate, key, days=-1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = TestServer(web.Application(), scheme="https")
    await server.start_server(ssl=context)
    old = msgspec.structs.replace(account, settings={**account.settings, "api_url": str(server.make_url("/api/"))})

    assert "certificate" in str(await channel.check(old))
    await server.close()


async def test_a_server_that_is_not_there_is_said(channel: Slack, account: Account) -> None:
    away = msgspec.structs.replace(account, settings={**account.settings, "api_url": "http://127.0.0.1:9/api/"})

    assert await channel.check(away) == "Slack cannot be reached."


# -- names ------------------------------------------------------------------------------------------------------------


async def test_people_and_bots_are_called_by_their_names(slack: FakeSlack, channel: Slack, account: Account) -> None:
    assert await channel.name(account, room.MINH) == "Minh Đỗ"
    assert await channel.name(account, slack.home.bot_id) == "hub"
    assert await channel.name(account, "U0NOBODY01") is None


async def test_a_name_that_slack_does_not_say_now_is_asked_for_later(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    slack.faults.append(Fault(method="users.info", harm="half-close"))
    with pytest.raises(Retry):
        await channel.name(account, room.LAN)
    assert await channel.name(account, room.LAN) == "Lan"


async def test_mentions_and_writers_are_called_by_their_names(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    slack.say(room.HELP, room.LAN, f"<@{room.MINH}> và <@{slack.home.bot_user}> ơi")
    raw = room.arrivals_of(slack, account)[0]

    (said,) = await channel.normalise_apart(account, room.kept(account, raw))
    assert (said.sender.name, said.text) == ("Lan", "@Minh Đỗ và @Mộc An ơi")  # type: ignore[union-attr]  # a message


async def test_a_slack_that_does_not_say_names_holds_no_message_up(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    slack.home.revoked = "internal_error"
    slack.say(room.HELP, room.LAN, f"<@{room.MINH}> ơi")
    raw = room.arrivals_of(slack, account)[0]

    (said,) = await channel.normalise_apart(account, room.kept(account, raw))
    (again,) = await channel.normalise_apart(account, room.kept(account, raw))
    assert said == again == Slack().normalise(account, room.kept(account, raw))[0]
    assert len(slack.calls) == 2  # asked once for each, not with every message
