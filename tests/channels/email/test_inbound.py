"""What a mail means: who wrote it, to whom an answer goes, what it belongs to, when it was."""

import base64
import datetime as dt

import pytest

from channels.email import tokens
from channels.email.inbound import normalise
from hub.errors import Poison
from hub.inbound import InboundMessage
from tests.channels.email.mails import (
    AT,
    FROM_SENT,
    ORDER,
    SECRET,
    SHOP,
    account,
    arrival,
    mail,
    message,
    understood,
)

CONVERSATION = "v_" + "0123456789ab" * 2
OURS = tokens.message_id("mocan.example", SECRET, "m_" + "ba9876543210" * 2, 0)
TOKEN = tokens.reply_address(SHOP, SECRET, CONVERSATION)
TRUSTED = account({"trusted_authserv": ["mx.mocan.example"]})


def test_a_mail_is_a_message_with_its_words_and_where_an_answer_goes() -> None:
    found = message(mail("Shop ơi\n\nVào Th 2, 12 thg 1, 2026 vào lúc 10:23 A <a@b.c> đã viết:\n> cũ"))
    assert (found.sender.value, found.sender.name, found.to) == ("lan@khach.example", "Lan", "lan@khach.example")
    assert found.subject == "Đơn hàng"
    assert found.text.startswith("Shop ơi")
    assert [found.text[start:end] for start, end in found.visible] == ["Shop ơi"]
    assert found.known_as == ("1@khach.example",)
    assert (found.at, found.order) == (dt.datetime(2026, 1, 12, 3, 23, 45, tzinfo=dt.UTC), ORDER)


# 3 and 4: Message-IDs ---------------------------------------------------------------------------------------------


def test_trap_3_mails_without_a_message_id_are_different_messages() -> None:
    one, two = message(mail("một", message_id=None)), message(mail("hai", message_id=None))
    assert one.external != two.external
    assert one.known_as == two.known_as == ()


def test_trap_4_the_same_message_id_with_other_words_is_another_mail() -> None:
    one, two = message(mail("một")), message(mail("hai"))
    assert one.external != two.external
    assert one.thread != two.thread


def test_trap_5_copies_of_one_mail_are_one_message_however_they_were_encoded() -> None:
    plain = mail("Đơn của em")
    packed = mail(base64.b64encode("Đơn của em".encode()).decode(), content_transfer_encoding="base64")
    assert message(plain).external == message(packed + b"\r\n", {"mail-form": "raw"}).external


# 9 to 13: what it belongs to --------------------------------------------------------------------------------------


def test_trap_9_in_reply_to_counts_before_references_that_were_overwritten() -> None:
    found = message(mail(in_reply_to="<our@id>", references="<old@id> <wrong@id>"))
    assert found.answers == ("our@id", "wrong@id", "old@id")


def test_trap_10_an_answer_names_what_we_sent_first() -> None:
    assert message(mail(in_reply_to=f"<{OURS}>")).answers == (OURS,)


@pytest.mark.parametrize(
    "name", ["to", "cc", "delivered_to", "x_original_to", "envelope_to", "x_forwarded_to", "resent_to"]
)
def test_trap_11_a_token_counts_wherever_the_address_was_left(name: str) -> None:
    assert message(mail(**{"to": "nhom@khach.example", name: f"Shop <{TOKEN.upper()}>"})).conversation == CONVERSATION


@pytest.mark.parametrize(
    "address",
    [
        TOKEN.replace("+c.a", "+c.b"),
        TOKEN[:-20] + "a@mocan.example",
        tokens.reply_address(SHOP, "another secret", CONVERSATION),
        "cskh+c.aaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaa@mocan.example",
    ],
)
def test_trap_11_a_forged_token_counts_nowhere(address: str) -> None:
    assert message(mail(to=address)).conversation is None


def test_trap_12_equal_subjects_and_words_a_year_later_are_another_thread() -> None:
    one = message(mail(message_id="<1@x>"))
    two = message(mail(message_id="<2@x>", date="Tue, 12 Jan 2027 10:23:45 +0700", subject="Re: Đơn hàng"))
    assert one.thread != two.thread
    assert two.answers == ()


def test_trap_12_a_marker_line_of_another_system_leads_nowhere() -> None:
    found = message(mail("##- Please type your reply above this line -##\nhello"))
    assert (found.conversation, found.answers) == (None, ())


def test_trap_13_a_forged_in_reply_to_is_only_a_claim() -> None:
    found = message(mail(in_reply_to="<victim@khach.example>", **{"from": "evil@bad.example"}))
    assert found.conversation is None
    assert found.answers == ("victim@khach.example",)
    assert found.thread == found.external


def test_the_thread_of_a_new_conversation_cannot_be_guessed_from_a_known_message_id() -> None:
    victim, forged = message(mail("một")), message(mail("hai", references="<1@khach.example>"))
    assert forged.thread != victim.thread


def test_twenty_answers_are_enough_and_the_nearest_stay() -> None:
    found = message(mail(references=" ".join(f"<{n}@x>" for n in range(60))))
    assert found.answers[0] == "59@x"
    assert len(found.answers) == 20


# 21: time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "soon",
        "Wed, 12 Jan 2050 10:00:00 +0700",
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "Mon, 12 Jan 2026 10:45:00 +0700",
    ],
)
def test_trap_21_an_absurd_date_is_not_believed_and_never_orders(date: str | None) -> None:
    found = message(mail(date=date))
    assert (found.at, found.order) == (AT, ORDER)


def test_trap_21_an_old_mail_that_is_history_keeps_its_date() -> None:
    (found,) = normalise(account(), arrival(mail(date="Mon, 12 Jan 2015 10:00:00 +0700"), history=True))
    assert isinstance(found, InboundMessage)
    assert found.at == dt.datetime(2015, 1, 12, 3, tzinfo=dt.UTC)
    assert found.history


# 22: everyone -----------------------------------------------------------------------------------------------------


def test_trap_22_an_answer_to_all_reaches_every_recipient_but_us_and_the_sender() -> None:
    raw = mail(
        to=f"Shop <{SHOP}>, Hoa <Hoa@khach.example>",
        cc="ke.toan@khach.example, Lan <LAN@khach.example>, hoa@khach.example, CSKH+x@MoCan.example, ban@mocan.example",
    )
    found = message(raw, whose=account({"own": ["ban@mocan.example"]}))
    assert found.to == "lan@khach.example"
    assert found.everyone == ("hoa@khach.example", "ke.toan@khach.example")


def test_trap_22_an_alias_that_the_mail_was_delivered_to_gets_no_answer() -> None:
    found = message(mail(to="hotro@mocan.example, hoa@khach.example", delivered_to="hotro@mocan.example"))
    assert found.everyone == ("hoa@khach.example",)


def test_trap_22_an_answer_goes_where_the_sender_asks_for_it() -> None:
    found = message(mail(reply_to="Lan <lan@nha.example>", to=f"{SHOP}, lan@nha.example"))
    assert (found.sender.value, found.to, found.everyone) == ("lan@khach.example", "lan@nha.example", ())


def test_trap_22_a_group_that_asks_for_answers_to_itself_gets_none() -> None:
    assert message(mail(reply_to=SHOP)).to == "lan@khach.example"


def test_a_form_on_our_website_speaks_for_the_customer_that_it_names() -> None:
    found = message(mail(**{"from": f"Web <{SHOP}>", "reply-to": "Lan <Lan@khach.example>"}))
    assert (found.sender.value, found.to) == ("lan@khach.example", "lan@khach.example")
    assert not found.elsewhere
    assert not found.auto


def test_trap_2_a_mail_from_nobody_is_kept_as_from_somebody_unknown() -> None:
    found = message(mail(**{"from": None}))
    assert found.sender.value.startswith("unknown-")
    assert found.to == ""


# 23: answers written elsewhere ------------------------------------------------------------------------------------


def test_trap_23_a_mail_in_the_sent_folder_is_an_answer_of_ours() -> None:
    raw = mail(**{"from": f"Mộc An <{SHOP}>", "to": "lan@khach.example", "cc": f"hoa@khach.example, {SHOP}"})
    found = message(raw, FROM_SENT)
    assert found.elsewhere
    assert (found.to, found.everyone, found.auto) == ("lan@khach.example", ("hoa@khach.example",), False)


def test_trap_23_our_own_mail_in_the_sent_folder_names_itself_as_it_was_sent() -> None:
    raw = mail(**{"from": SHOP, "to": "lan@khach.example", "message-id": f"<{OURS}>"})
    found = message(raw, FROM_SENT)
    assert found.elsewhere
    assert found.known_as == (OURS, tokens.message_of(OURS, SECRET))


def test_trap_23_a_note_to_ourselves_is_nothing_for_us() -> None:
    assert understood(mail(**{"from": SHOP}), FROM_SENT) == []


def test_a_forged_from_of_ours_is_no_answer_of_ours() -> None:
    found = message(mail(**{"from": SHOP, "to": "lan@khach.example"}))
    assert not found.elsewhere
    assert found.auto


def test_our_message_id_in_a_strangers_mail_names_nothing() -> None:
    assert message(mail(message_id=f"<{OURS}>")).known_as == ()


def test_a_line_that_says_where_a_mail_was_delivered_makes_its_sender_nobody_of_ours() -> None:
    proven = PASS.replace("@khach.example", "@la.example")
    raw = mail(**{"from": "La <la@la.example>", "delivered-to": "la@la.example", "authentication-results": proven})
    found = message(raw, whose=TRUSTED)
    assert (found.sender.value, found.sender.verified) == ("la@la.example", "dkim")
    assert (found.elsewhere, found.auto) == (False, False)


def test_a_sender_who_claims_a_delivery_to_themselves_speaks_for_nobody_else() -> None:
    raw = mail(**{"from": "la@la.example", "delivered-to": "la@la.example", "reply-to": "lan@khach.example"})
    assert message(raw).sender.value == "la@la.example"


# Proof of the sender ----------------------------------------------------------------------------------------------

PASS = "mx.mocan.example; dkim=pass header.i=@khach.example; spf=pass smtp.mailfrom=lan@khach.example"


def test_a_trusted_servers_word_proves_the_sender() -> None:
    assert message(mail(authentication_results=PASS), whose=TRUSTED).sender.verified == "dkim"


@pytest.mark.parametrize(
    "value",
    [
        PASS.replace("mx.mocan.example", "mx.evil.example"),
        PASS.replace("dkim=pass", "dkim=fail"),
        PASS.replace("@khach.example", "@evil.example"),
        "mx.mocan.example; spf=pass smtp.mailfrom=lan@khach.example",
        "mx.mocan.example; none",
        "\x00 ((( ;;",
        "",
    ],
)
def test_nothing_else_proves_the_sender(value: str) -> None:
    assert message(mail(authentication_results=value), whose=TRUSTED).sender.verified is None


def test_without_a_trusted_server_nothing_is_proven() -> None:
    assert message(mail(authentication_results=PASS)).sender.verified is None


def test_the_topmost_word_of_a_trusted_server_counts() -> None:
    two = mail(authentication_results=PASS.replace("dkim=pass", "dkim=fail"))
    below = b"Authentication-Results: " + PASS.encode() + b"\r\n\r\n"
    assert message(two.replace(b"\r\n\r\n", b"\r\n" + below, 1), whose=TRUSTED).sender.verified is None


# Files ------------------------------------------------------------------------------------------------------------


def related(page: str, *headers: str) -> bytes:
    pictures = "".join(f"--b\nContent-Type: image/png\n{header}\n\nx\n" for header in headers)
    body = f"--b\nContent-Type: text/html\n\n{page}\n{pictures}--b--\n"
    return mail(body, content_type="multipart/related; boundary=b", mime_version="1.0")


def test_trap_19_a_picture_that_the_html_shows_is_inline() -> None:
    (file,) = message(related('<img src="cid:1@x">', "Content-ID: <1@x>\nContent-Disposition: inline")).files
    assert (file.inline, file.name, file.data, file.size) == ("1@x", "image-1.png", b"x", 1)


def test_trap_19_a_picture_with_an_id_that_nobody_shows_is_a_file() -> None:
    (file,) = message(related("<p>x</p>", "Content-ID: <1@x>\nContent-Disposition: inline; filename=anh.png")).files
    assert (file.inline, file.name) == (None, "anh.png")


def test_remote_pictures_wait_until_they_are_asked_for() -> None:
    found = message(related('<p>x<img src="https://track.example/1.gif?a=b"><img src="cid:1@x"></p>'))
    assert found.html == '<p>x<img data-remote-src="https://track.example/1.gif?a=b"><img src="cid:1@x"></p>'


# What is no mail --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{}", b'{"from": "x"}', b"\x00", b"hello\r\nworld"])
def test_what_was_posted_and_is_no_mail_is_poison(body: bytes) -> None:
    with pytest.raises(Poison):
        understood(body, {})


def test_what_lies_in_a_mailbox_is_a_mail_whatever_it_is() -> None:
    assert message(b"hello\r\nworld").sender.value.startswith("unknown-")


def test_settings_that_cannot_be_used_are_named() -> None:
    with pytest.raises(Poison, match="imap"):
        understood(mail(), whose=account({"imap": {"port": "many"}}))
