"""The door: the secret first, in bytes; then everything is kept, whatever it is."""

import msgspec
import pytest

from channels.telegram import Telegram
from hub.clock import utc_now
from hub.errors import Forged
from tests.channels.telegram.scene import SECRET, an_account

HEADER = "x-telegram-bot-api-secret-token"
ACCOUNT = an_account("http://127.0.0.1")


def verified(body: bytes, secret: str = SECRET) -> object:
    return Telegram().verify({HEADER: secret}, body, [ACCOUNT], utc_now()).arrivals


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "x", "mật khẩu", "\udcff", SECRET.upper()])
def test_another_secret_is_forged(secret: str) -> None:
    with pytest.raises(Forged):
        verified(b'{"update_id":1}', secret)


def test_an_account_without_a_secret_takes_nothing() -> None:
    bare = msgspec.structs.replace(ACCOUNT, secrets=b"{}")

    with pytest.raises(Forged):
        Telegram().verify({HEADER: ""}, b'{"update_id":1}', [bare], utc_now())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"update_id":"x"}', b"\xff", b'{"update_id":1,"message":5}'])
def test_what_cannot_be_read_is_kept_and_answered_200(body: bytes) -> None:
    kept = Telegram().verify({HEADER: SECRET}, body, [ACCOUNT], utc_now())

    assert kept.status == 200
    assert [one.body for one in kept.arrivals] == [body]
