"""Slack's own samples of events and interactions (values blanked): none is an error, whatever its shape."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from channels.fakes.slack import FakeSlack
from channels.slack import Slack
from hub.model import Account
from tests.channels.slack import room

SHARED = Path(__file__).parents[4] / "shared" / "fixtures" / "slack"
EVENTS = sorted((SHARED / "events").glob("*.json"))
PRESSED = sorted((SHARED / "app-backend" / "interactive-components").glob("*.json"))


@pytest.mark.skipif(not EVENTS, reason="Slack's samples are not on this machine")
def test_every_sample_of_an_event_is_taken_and_understood(slack: FakeSlack, account: Account) -> None:
    unread = []
    for path in EVENTS:
        sample = json.loads(path.read_text("utf-8")) | {"type": "event_callback", "team_id": "T0SHOP0001"}
        sample["authorizations"] = []
        answer = room.verify(slack, account, json.dumps(sample).encode())
        assert answer.status == 200, path.name
        for raw in answer.arrivals:
            Slack().normalise(account, room.kept(account, raw))
            unread += [path.name] if raw.external.startswith("hook:") else []
    assert len(EVENTS) > 80
    assert unread == []


@pytest.mark.skipif(not PRESSED, reason="Slack's samples are not on this machine")
@pytest.mark.parametrize("path", PRESSED, ids=lambda path: path.stem)
def test_every_sample_of_an_interaction_is_taken(slack: FakeSlack, account: Account, path: Path) -> None:
    sample = json.loads(path.read_text("utf-8")) | {"team": {"id": "T0SHOP0001"}}
    answer = room.verify(slack, account, urlencode({"payload": json.dumps(sample)}).encode())

    assert answer.status == 200
    assert [one.external for one in answer.arrivals if one.external.startswith("hook:")] == []
