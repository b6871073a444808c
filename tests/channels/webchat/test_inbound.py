"""What a widget's frame must be to be kept."""

import datetime as dt
import hashlib
import hmac
import json
from typing import Any

import pytest

from channels.webchat import WebChat
from hub.errors import BadInput, Forged, TooLarge
from hub.model import Account, AccountId

NOW = dt.datetime(2026, 11, 21, 9, 54, tzinfo=dt.UTC)
SECRET = "the shop knows this"
ACCOUNT = Account(
    id=AccountId("shop"),
    kind="webchat",
    name="Mộc An",
    at=NOW,
    secrets=json.dumps({"identity_secret": SECRET}).encode(),
)


def verify(frame: Any, account: Account = ACCOUNT) -> str:
    """The external id under which the frame would be kept."""
    body = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
    verified = WebChat().verify({"x-visitor": "v1"}, body, [account], NOW)
    [raw] = verified.arrivals
    assert (raw.lane, raw.body) == ("v1", body)
    return raw.external


def signed(claims: Any, secret: str = SECRET) -> dict[str, Any]:
    data = claims if isinstance(claims, str) else json.dumps(claims)
    return {
        "t": "identify",
        "data": data,
        "signature": hmac.new(secret.encode(), data.encode(), hashlib.sha256).hexdigest(),
    }


def test_a_message_is_kept_under_the_visitor_and_the_widgets_own_id() -> None:
    assert verify({"t": "send", "id": "12345678", "text": "Chào"}) == "v1:12345678"


@pytest.mark.parametrize(
    "frame",
    [
        b"{",
        b"\xff",
        b'{"t":"send","id":"12345678","text":"\xff"}',
        {"t": "dance"},
        {"t": "send", "id": "short", "text": "Chào"},
        {"t": "send", "id": "with:colon", "text": "Chào"},
        {"t": "send", "id": "12345678", "text": "  "},
        {"t": "profile", "id": ""},
        {"t": "read", "seq": "seven"},
    ],
)
def test_what_is_no_frame_is_bad_input(frame: Any) -> None:
    with pytest.raises(BadInput):
        verify(frame)


def test_a_message_has_a_greatest_length() -> None:
    with pytest.raises(TooLarge):
        verify({"t": "send", "id": "12345678", "text": "x" * 10_001})


def test_a_signed_identity_is_kept() -> None:
    assert verify(signed({"id": "u42", "iat": int(NOW.timestamp())})).startswith("v1:identify:")


@pytest.mark.parametrize(
    "frame",
    [
        signed({"id": "u42"}, "another secret"),
        {**signed({"id": "u42"}), "data": '{"id":"u43"}'},
        {**signed({"id": "u42"}), "signature": ""},
        {**signed({"id": "u42"}), "signature": "chữ ký"},
        signed({"id": "u42", "iat": int(NOW.timestamp()) - 8 * 86_400}),
    ],
    ids=["another's secret", "other data", "none", "not hex", "a week old"],
)
def test_an_identity_that_the_shop_did_not_sign_just_now_is_forged(frame: Any) -> None:
    with pytest.raises(Forged):
        verify(frame)


@pytest.mark.parametrize("claims", [{"id": ""}, {"name": "Hoa"}, "not json", "[]"])
def test_an_identity_without_a_user_is_bad_input(claims: Any) -> None:
    with pytest.raises(BadInput):
        verify(signed(claims))


def test_an_account_without_a_secret_vouches_for_nobody() -> None:
    bare = Account(id=AccountId("shop"), kind="webchat", name="Mộc An", at=NOW)
    with pytest.raises(Forged):
        verify(signed({"id": "u42"}, ""), bare)
