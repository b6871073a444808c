"""Who is a machine (traps 14 and 16): never answered, never lost; and people are not taken for one."""

import pytest

from channels.email import tokens
from tests.channels.email.mails import SECRET, SHOP, mail, message

OURS = tokens.message_id("mocan.example", SECRET, "m_" + "a" * 24, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied"},
        {"auto-submitted": "auto-generated; x=y"},
        {"auto-submitted": "auto-notified"},
        {"x-autoreply": "yes"},
        {"x-autorespond": "nghỉ phép"},
        {"precedence": "auto_reply"},
        {"return-path": "<>"},
        {"x-hub-loop": "another-installation"},
        {"x-post-messageclass": "9; Autoresponder"},
        {"subject": "Trả lời tự động: Đơn hàng", "in-reply-to": "<1@x>"},
        {"subject": "Out of office: Đơn hàng", "references": "<1@x>"},
    ],
)
def test_trap_14_what_says_that_it_is_automatic_is_even_as_an_answer(headers: dict[str, str]) -> None:
    assert message(mail(**{"in-reply-to": f"<{OURS}>", **headers})).auto


@pytest.mark.parametrize(
    "headers",
    [
        {"precedence": "bulk"},
        {"precedence": "junk"},
        {"x-auto-response-suppress": "DR, RN, All"},
        {"from": "no-reply@shopee.example"},
        {"from": "MAILER-DAEMON@mx.example", "subject": "hello"},
        {"list-unsubscribe": "<https://x.example>"},
        {"list-id": "<tin.example>", "to": "tin@list.example"},
    ],
)
def test_trap_14_bulk_is_a_machine_unless_it_answers_us(headers: dict[str, str]) -> None:
    assert message(mail(**headers)).auto
    assert not message(mail(**headers, **{"in-reply-to": f"<{OURS}>"})).auto


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto-submitted": "no"},
        {"feedback-id": "foxmail.example:1"},
        {"precedence": "normal"},
        {"from": "noreply.smith@khach.example"},
        {"from": "postmasters-wife@khach.example"},
        {"subject": "Auto parts for my car"},
        {"subject": "Out of office supplies"},
        {"list-id": "<cskh.mocan.example>", "list-post": f"<mailto:{SHOP}>", "precedence": "list"},
        {"x-auto-response-suppress": "OOF"},
    ],
)
def test_trap_16_people_are_people(headers: dict[str, str]) -> None:
    assert not message(mail(**headers)).auto


def test_trap_16_an_absence_note_is_kept_with_its_words() -> None:
    found = message(mail("Em nghỉ đến thứ Hai", auto_submitted="auto-replied", in_reply_to=f"<{OURS}>"))
    assert (found.text, found.auto, found.answers) == ("Em nghỉ đến thứ Hai", True, (OURS,))


def test_trap_16_an_absence_note_to_a_return_path_finds_the_message_that_it_answers() -> None:
    back = tokens.return_path(SHOP, SECRET, "m_" + "a" * 24, "lan@khach.example")
    found = message(mail("Em nghỉ", to=back, auto_submitted="auto-replied", return_path="<>"))
    assert (found.auto, found.answers) == (True, (OURS,))
