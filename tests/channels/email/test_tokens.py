"""Signed addresses and ids: they come back whole, and nobody else can make one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import tokens

SECRET = "a secret of sixteen"
ids = st.text(string.hexdigits.lower()[:16], min_size=24, max_size=24)


@given(ids)
def test_an_answers_address_gives_its_conversation_back_in_any_case(hex_: str) -> None:
    made = tokens.reply_address("cskh@mocan.example", SECRET, f"v_{hex_}")
    assert tokens.conversation_of(made.upper(), SECRET) == f"v_{hex_}"
    assert len(made.split("@")[0]) <= 64


@given(ids, st.emails())
def test_a_return_path_gives_its_message_and_recipient_back(hex_: str, recipient: str) -> None:
    found = tokens.returned(tokens.return_path("cskh@mocan.example", SECRET, f"m_{hex_}", recipient), SECRET)
    assert found is not None
    assert found.message == f"m_{hex_}"
    assert found.recipient == tokens.recipient_mark(recipient.upper())


@given(ids, st.integers(0, 30))
def test_a_message_id_gives_its_message_back(hex_: str, part: int) -> None:
    made = tokens.message_id("mocan.example", SECRET, f"m_{hex_}", part)
    assert tokens.message_of(made, SECRET) == f"m_{hex_}"


@pytest.mark.parametrize(
    "domain", ["x.vn", "mocan.example", "a-very-long-name-of-a-company.mail.example.com.vn", "x" * 200]
)
def test_trap_27_our_message_ids_are_never_so_long_that_they_are_folded(domain: str) -> None:
    assert len(tokens.message_id(domain, SECRET, "m_" + "a" * 24, 0)) <= 76


def test_the_same_message_has_the_same_id_at_every_try() -> None:
    assert len({tokens.message_id("x.vn", SECRET, "m_" + "a" * 24, 0) for _ in range(3)}) == 1


def test_another_secret_proves_nothing() -> None:
    made = tokens.reply_address("cskh@mocan.example", SECRET, "v_" + "a" * 24)
    assert tokens.conversation_of(made, "another") is None
    assert tokens.conversation_of(made, "") is None


def test_a_token_of_one_kind_is_none_of_another() -> None:
    answer = tokens.reply_address("cskh@mocan.example", SECRET, "v_" + "a" * 24)
    back = tokens.return_path("cskh@mocan.example", SECRET, "m_" + "a" * 24, "lan@khach.example")
    assert tokens.returned(answer, SECRET) is None
    assert tokens.conversation_of(back, SECRET) is None


@pytest.mark.parametrize("at", range(5, 45))
def test_no_letter_of_a_token_can_be_another(at: int) -> None:
    made = tokens.reply_address("cskh@mocan.example", SECRET, "v_" + "a" * 24)
    other = made[:at] + ("b" if made[at] != "b" else "c") + made[at + 1 :]
    assert tokens.conversation_of(other, SECRET) is None or at == 27  # the last letter of an id has a spare bit


@pytest.mark.parametrize("address", ["x" * 40 + "@mocan.example", "no address", "@"])
def test_where_no_token_fits_the_address_stays_as_it_is(address: str) -> None:
    assert tokens.reply_address(address, SECRET, "v_" + "a" * 24) == address
    assert tokens.return_path(address, SECRET, "m_" + "a" * 24, "lan@khach.example") == address


@given(st.text())
def test_no_address_makes_them_raise(address: str) -> None:
    assert tokens.conversation_of(address, SECRET) is None
    assert tokens.returned(address, SECRET) is None
    assert tokens.message_of(address, SECRET) is None
    assert isinstance(tokens.without_tag(address), str)
