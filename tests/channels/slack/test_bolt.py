"""Bolt takes what Slack hands over to one handler, which keeps it before it acknowledges."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from channels.base import Carried, Verified
from channels.fakes.slack import FakeSlack
from channels.slack import Slack
from hub.errors import StoreDown
from hub.model import Account
from tests.channels.slack import room

PRESSED: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T0SHOP0001"},
    "user": {"id": room.LAN},
    "channel": {"id": room.HELP},
    "actions": [{"action_id": "hub_option_0", "value": "Có", "action_ts": "1795000000.000009"}],
    "response_url": "https://hooks.slack.example/actions/1",
}
EVENT = {"type": "event_callback", "team_id": "T0SHOP0001", "event": {"type": "message", "channel": room.HELP}}


def form(payload: object) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


class Shelf:
    """What is kept; the first `fails` times it cannot be."""

    def __init__(self, fails: int = 0) -> None:
        self.kept, self.asked, self._fails = 0, 0, fails

    async def keep(self) -> None:
        self.asked += 1
        if self.asked <= self._fails:
            raise StoreDown("The disk is nearly full.", after_s=60)
        self.kept += 1


NOTHING = Verified(arrivals=())


def test_the_hub_leaves_it_to_bolt() -> None:
    assert isinstance(Slack(), Carried)


@pytest.mark.parametrize("body", [form(PRESSED), json.dumps(EVENT).encode()])
async def test_nothing_is_acknowledged_while_it_is_not_kept(channel: Slack, body: bytes) -> None:
    asked, allowed = asyncio.Event(), asyncio.Event()

    async def keep() -> None:
        asked.set()
        await allowed.wait()

    carrying = asyncio.ensure_future(channel.carry(body, NOTHING, keep))
    await asked.wait()
    assert not carrying.done()

    allowed.set()
    assert ((await carrying).status, (await carrying).answer) == (200, b"")


@pytest.mark.parametrize(
    "body", [form(PRESSED), json.dumps(EVENT).encode(), b"command=%2Fhelp", b'{"type":"event_callback","event":5}']
)
async def test_what_cannot_be_kept_is_tried_once_and_comes_back_as_it_failed(channel: Slack, body: bytes) -> None:
    shelf = Shelf(fails=5)
    with pytest.raises(StoreDown) as down:
        await channel.carry(body, NOTHING, shelf.keep)

    assert (down.value.after_s, shelf.asked) == (60, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b"\xff\xfe",
        b"payload=%zz",
        b"payload=[]",
        b"command=%2Fhelp&team_id=T0SHOP0001&text=x",
        b'{"type":"event_callback","event":5}',
        b'{"type":"event_callback","event":{"type":5}}',
        b'{"type":"event_callback","team":5,"event":{"type":"message"}}',
        b'{"type":"event_callback","authorizations":[5],"event":{"type":"message"}}',
        b'{"type":"event_callback","authorizations":{"a":1},"event":{"type":"message","bot_id":5}}',
        b'{"type":"app_rate_limited","team_id":"T0SHOP0001"}',
        b'{"type":"function_executed"}',
        form({**PRESSED, "actions": []}),
        form({**PRESSED, "actions": [{}]}),
        form({**PRESSED, "actions": 5}),
        form({**PRESSED, "user": 5, "channel": 5}),
        form({"type": "view_submission", "view": {"callback_id": "x"}}),
        form({"type": "shortcut", "callback_id": "x", "response_urls": [5]}),
        b"[" * 5000,
    ],
)
async def test_whatever_comes_is_kept_once_and_answered_well(channel: Slack, body: bytes) -> None:
    """The hub says what of it is worth keeping; to Bolt nothing is too odd."""
    shelf = Shelf()
    answer = await channel.carry(body, NOTHING, shelf.keep)

    assert (answer.status, answer.answer, shelf.kept) == (200, b"", 1)


async def test_a_challenge_is_echoed(channel: Slack) -> None:
    answer = await channel.carry(b'{"type":"url_verification","challenge":"3eZb"}', NOTHING, Shelf().keep)

    assert (answer.status, answer.content_type) == (200, "application/json")
    assert json.loads(answer.answer) == {"challenge": "3eZb"}


async def test_bolt_asks_slack_nothing(slack: FakeSlack, channel: Slack, account: Account) -> None:
    for body in (form(PRESSED), json.dumps(EVENT).encode(), b"command=%2Fhelp"):
        await channel.carry(body, room.verify(slack, account, body), Shelf().keep)

    assert slack.calls == []


async def test_an_environment_made_for_another_bolt_app_changes_nothing(
    channel: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BOT_TOKEN", "SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET", "APP_TOKEN"):
        monkeypatch.setenv(f"SLACK_{name}", "of another app")
    shelf = Shelf()

    assert (await channel.carry(form(PRESSED), NOTHING, shelf.keep)).status == 200
    assert shelf.kept == 1
