"""Who may do what: asked in one place."""

import datetime as dt

import msgspec
import pytest

from hub.errors import Denied
from hub.model import Agent, AgentId
from hub.safety.roles import may, require

LAN = Agent(
    id=AgentId("a_1"),
    name="Lan",
    email="lan@shop.example",
    role="administrator",
    password="",
    at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC),
)
MAI = msgspec.structs.replace(LAN, role="agent")


def test_everyone_answers_and_only_administrators_change_settings() -> None:
    assert [may(LAN, "answer"), may(LAN, "settings"), may(MAI, "answer"), may(MAI, "settings")] == [
        True,
        True,
        True,
        False,
    ]


def test_whoever_is_switched_off_may_nothing() -> None:
    with pytest.raises(Denied):
        require(msgspec.structs.replace(LAN, on=False), "answer")
