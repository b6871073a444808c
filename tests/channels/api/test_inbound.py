"""What a program's request must be to be kept."""

import datetime as dt
import json
from typing import Any

import pytest

from channels.api import Api, wire
from hub.errors import BadInput, Forged, TooLarge
from hub.model import Account, AccountId

NOW = dt.datetime(2026, 11, 21, 9, 54, tzinfo=dt.UTC)
AT = int(NOW.timestamp())
ACCOUNT = Account(id=AccountId("shop"), kind="api", name="CRM", at=NOW, secrets=b'{"signing_secret":"shared"}')
GOOD = {"id": "1", "thread": "c", "from": {"id": "u"}, "text": "Hi"}


def verify(body: Any, header: str | None = None, at: int = AT) -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = wire.sign("shared", raw, at) if header is None else header
    return Api().verify({wire.SIGNATURE: signature}, raw, [ACCOUNT], NOW).arrivals[0].external


def test_a_signed_message_is_kept_under_its_own_id() -> None:
    assert verify(GOOD) == "1"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "v1=00",
        f"t={AT},v1=00",
        f"t={AT},v1=chữ ký",
        f"t={AT}",
        "t=-1,v1=00",
        "t=" + "9" * 400 + ",v1=00",
        "t=٣,v1=00",
        wire.sign("another", json.dumps(GOOD).encode(), AT),
    ],
)
def test_what_is_not_signed_with_the_accounts_secret_is_forged(header: str) -> None:
    with pytest.raises(Forged):
        verify(GOOD, header)


@pytest.mark.parametrize("at", [AT - 301, AT + 301])
def test_an_old_signature_is_a_replay(at: int) -> None:
    with pytest.raises(Forged, match="replay"):
        verify(GOOD, at=at)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"id":"1","thread":"c","from":{"id":"u"},"text":"\xff"}',
        [],
        {**GOOD, "id": ""},
        {**GOOD, "thread": ""},
        {**GOOD, "from": {"id": ""}},
        {"id": "1"},
    ],
)
def test_what_is_signed_but_no_message_is_bad_input(body: Any) -> None:
    with pytest.raises(BadInput):
        verify(body)


def test_a_message_has_a_greatest_length() -> None:
    with pytest.raises(TooLarge):
        verify({**GOOD, "text": "x" * (wire.MOST_TEXT + 1)})
