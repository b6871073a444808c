"""Which requests are Slack's, whose they are, and what is kept of them."""

import json
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from channels.fakes.slack import FakeSlack, Workspace
from channels.slack import Slack, inbound
from hub.errors import Forged
from hub.model import Account, AccountId
from tests.channels.slack import room

EVENT = {"type": "event_callback", "event_id": "Ev1", "team_id": "T0SHOP0001"}
WORDS = {"type": "message", "channel": room.HELP, "user": room.LAN, "text": "Chào", "ts": "1795000000.000001"}


def event(**more: object) -> bytes:
    return json.dumps({**EVENT, "event": WORDS, **more}).encode()


def test_a_signed_event_is_kept_under_its_messages_name_in_slacks_order(slack: FakeSlack, account: Account) -> None:
    (raw,) = room.verify(slack, account, event()).arrivals

    assert (raw.external, raw.lane, raw.order) == (f"{room.HELP}:1795000000.000001", room.HELP, 1795000000000001)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "-5", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "٣", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "1795000000", "X-Slack-Signature": "v0=chữ ký"},
        {"X-Slack-Request-Timestamp": "1795000000", "X-Slack-Signature": "v0=\udcff"},
    ],
)
def test_odd_headers_are_a_forgery_and_no_error_of_ours(
    slack: FakeSlack, account: Account, headers: dict[str, str]
) -> None:
    with pytest.raises(Forged):
        Slack().verify(headers, event(), [account], room.now(slack))


def test_one_changed_byte_is_a_forgery(slack: FakeSlack, account: Account) -> None:
    with pytest.raises(Forged):
        Slack().verify(room.signed(slack, event()), event() + b" ", [account], room.now(slack))


@pytest.mark.parametrize("late", [-301, 301])
def test_a_signature_is_good_for_five_minutes(slack: FakeSlack, account: Account, late: int) -> None:
    headers = room.signed(slack, event(), at=int(slack.clock()) + late)
    with pytest.raises(Forged, match="replay"):
        Slack().verify(headers, event(), [account], room.now(slack))


def test_an_account_without_a_signing_secret_takes_nothing(slack: FakeSlack, account: Account) -> None:
    bare = msgspec.structs.replace(account, secrets=b"{}")
    with pytest.raises(Forged):
        Slack().verify(room.signed(slack, event(), secret=""), event(), [bare], room.now(slack))


def test_the_check_of_the_certificate_is_answered_without_a_signature(slack: FakeSlack, account: Account) -> None:
    answer = Slack().verify({}, b"token=old&ssl_check=1", [account], room.now(slack))

    assert (answer.status, answer.arrivals) == (200, ())


@pytest.mark.parametrize(
    "body",
    [
        b"command=%2Fhelp&team_id=T0SHOP0001&text=x",
        urlencode({"payload": '{"type":"shortcut","team":{"id":"T0SHOP0001"}}'}).encode(),
        b'{"type":"event_callback","team_id":"T0SHOP0001","event":{"type":"star_added"}}',
        b'{"type":"event_callback","team_id":"T0SHOP0001"}',
        b'{"type":"something_new"}',
        b'{"type":"url_verification","challenge":"3eZb"}',
        b"",
    ],
)
def test_what_the_hub_has_no_use_for_is_answered_well(slack: FakeSlack, account: Account, body: bytes) -> None:
    answer = room.verify(slack, account, body)

    assert (answer.status, answer.arrivals) == (200, ())


def test_a_limited_minute_is_remembered(slack: FakeSlack, account: Account) -> None:
    limited = b'{"type":"app_rate_limited","team_id":"T0SHOP0001","minute_rate_limited":1795000020}'

    assert [one.external for one in room.verify(slack, account, limited).arrivals] == ["limited:T0SHOP0001:1795000020"]


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"type":"event_callback","team_id":"T0SHOP0001","event":{"type":"message","channel":5}}', b"payload=%ff"],
)
def test_what_is_signed_and_unreadable_is_kept_for_a_person(slack: FakeSlack, account: Account, body: bytes) -> None:
    (raw,) = room.verify(slack, account, body).arrivals

    assert raw.external.startswith("hook:") and raw.body == body


def test_words_in_a_channel_that_is_not_chosen_are_not_kept(slack: FakeSlack) -> None:
    choosy = room.account_of(slack, channels=["C0OTHER001"])

    assert room.verify(slack, choosy, event()).arrivals == ()


# -- several workspaces at one address --------------------------------------------------------------------------------


def second(slack: FakeSlack, first: Account) -> Account:
    settings = room.settings(slack, team_id="T0NORTH001")
    return msgspec.structs.replace(first, id=AccountId("north"), settings=settings)


def installed(team: str) -> dict[str, object]:
    return {"authorizations": [{"team_id": team, "user_id": "U0BOT00001", "is_bot": True}]}


def test_an_event_is_for_the_workspace_that_authorised_it(slack: FakeSlack, account: Account) -> None:
    body = event(**installed("T0NORTH001"))

    found = Slack().verify(room.signed(slack, body), body, [account, second(slack, account)], room.now(slack))

    assert found.account == "north" and len(found.arrivals) == 1


def test_in_a_shared_channel_the_other_companys_id_does_not_mislead(slack: FakeSlack, account: Account) -> None:
    body = event(team_id="T0NORTH001", is_ext_shared_channel=True, **installed("T0SHOP0001"))

    found = Slack().verify(room.signed(slack, body), body, [second(slack, account), account], room.now(slack))

    assert found.account == "acc"


def test_an_organisations_installation_is_found_by_the_organisation(slack: FakeSlack) -> None:
    whole = room.account_of(slack, team_id="", enterprise_id="E0ORG00001")
    given = [{"enterprise_id": "E0ORG00001", "team_id": "T0ANY00001", "is_enterprise_install": True}]

    assert len(room.verify(slack, whole, event(authorizations=given)).arrivals) == 1


def test_an_unknown_workspace_is_answered_well_and_nothing_is_kept(slack: FakeSlack, account: Account) -> None:
    answer = room.verify(slack, account, event(**installed("T0GONE0001")))

    assert answer is inbound.NOT_OURS and answer.status == 200 and answer.arrivals == ()


def test_another_apps_secret_proves_nothing_about_this_ones_workspace(slack: FakeSlack, account: Account) -> None:
    """Whoever may post for the other app could else put words into this workspace's conversations."""
    other = msgspec.structs.replace(second(slack, account), secrets=b'{"signing_secret":"of another app"}')
    body = event(**installed("T0SHOP0001"))
    headers = room.signed(slack, body, secret="of another app")

    assert Slack().verify(headers, body, [account, other], room.now(slack)).arrivals == ()


def test_a_pressed_button_is_for_its_workspace(slack: FakeSlack, account: Account) -> None:
    pressed: dict[str, Any] = {"type": "block_actions", "team": {"id": "T0NORTH001"}, "channel": {"id": room.HELP}}
    pressed["actions"] = [{"action_id": "hub_option_0", "value": "Có", "action_ts": "1795000000.000009"}]
    body = urlencode({"payload": json.dumps(pressed)}).encode()

    found = Slack().verify(room.signed(slack, body), body, [account, second(slack, account)], room.now(slack))

    assert found.account == "north"
    assert [one.external for one in found.arrivals] == [f"press:{room.HELP}:1795000000.000009"]


def test_of_two_workspaces_of_one_organisation_the_named_one_is_meant(slack: FakeSlack, account: Account) -> None:
    grid = {**account.settings, "enterprise_id": "E0ORG00001"}
    first = msgspec.structs.replace(account, settings={**grid, "team_id": "T0OTHER001"})
    second = msgspec.structs.replace(account, id=AccountId("second"), settings=grid)
    pressed: dict[str, object] = {"type": "block_actions", "channel": {"id": room.HELP}}
    pressed |= {"team": {"id": "T0SHOP0001"}, "enterprise": {"id": "E0ORG00001"}}
    pressed["actions"] = [{"action_id": "hub_option_0", "value": "Có", "action_ts": "1795000000.000009"}]
    body = urlencode({"payload": json.dumps(pressed)}).encode()

    assert Slack().verify(room.signed(slack, body), body, [first, second], room.now(slack)).account == "second"


async def test_the_false_slack_finds_the_address_good(slack: FakeSlack, account: Account) -> None:
    """It signs as Slack does: what it sends needs no help to be taken."""
    slack.workspaces.append(Workspace(id="T0NORTH001", bot_token="xoxb-north"))
    slack.say(room.HELP, room.LAN, "Chào <@U0BOT00001>")

    assert [one.external for one in room.arrivals_of(slack, account)] == [
        f"{room.HELP}:1795000000.000000",
        f"{room.HELP}:1795000000.000000",
    ]
