"""The door: the secret first, in bytes; then everything is kept, whatever it is."""

import json

import msgspec
import pytest

from channels.telegram import Telegram
from channels.telegram.inbound import raw_arrival
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


def order_of(**content: object) -> int:
    order = raw_arrival(msgspec.json.encode({"update_id": 7, **content})).order
    assert order is not None
    return order


def test_messages_of_one_second_keep_the_order_of_their_numbers_and_edits_come_after_them() -> None:
    chat = {"id": 5}
    messages = [order_of(message={"message_id": number, "chat": chat, "date": 1_795_254_840}) for number in (8, 9, 10)]
    next_second = order_of(message={"message_id": 11, "chat": chat, "date": 1_795_254_841})
    edit = order_of(edited_message={"message_id": 8, "chat": chat, "date": 1_795_254_840, "edit_date": 1_795_254_842})

    assert [*messages, next_second, edit] == sorted({*messages, next_second, edit})


def test_an_update_that_is_written_otherwise_the_second_time_is_the_same() -> None:
    update = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 5}, "date": 1_795_254_840, "text": "Chào"}}
    pushed, asked = (raw_arrival(one.encode()) for one in (json.dumps(update), json.dumps(update, ensure_ascii=False)))

    assert (pushed.external, pushed.same, pushed.lane) == (asked.external, asked.same, asked.lane)
    assert pushed.body != asked.body
