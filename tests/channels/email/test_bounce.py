"""Mails that came back (trap 15): they belong to the message that bounced and open nothing."""

import pytest

from channels.email import tokens
from channels.email.meaning.bounce import bounces
from channels.email.reading import mime
from hub.inbound import From, InboundReach, InboundReceipt
from hub.model import MessageId
from tests.channels.email.mails import FROM_INBOX, SECRET, SHOP, account, mail, message, understood

MESSAGE = MessageId("m_" + "0a1b2c3d" * 3)
LAN = "lan@khach.example"
BACK = tokens.return_path(SHOP, SECRET, MESSAGE, LAN)
OURS = tokens.message_id("mocan.example", SECRET, MESSAGE, 0)
UNKNOWN = "smtp; 550 5.1.1 <lan@khach.example>: Recipient address rejected: User unknown"


def report(
    to: str = BACK,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = UNKNOWN,
    final: str = LAN,
    id_: str = OURS,
) -> bytes:
    """A report as Postfix writes it."""
    body = f"""This is the mail system at host mx.mocan.example.

--b
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mocan.example
Arrival-Date: Mon, 12 Jan 2026 10:23:45 +0700 (ICT)

Final-Recipient: rfc822; {final}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b
Content-Type: text/rfc822-headers

Message-ID: <{id_}>
To: {LAN}
Subject: Re: don hang

--b--
"""
    head = {"from": "MAILER-DAEMON@mx.mocan.example", "to": to, "return-path": "<>", "auto-submitted": "auto-replied"}
    return mail(
        body, **head, content_type="multipart/report; report-type=delivery-status; boundary=b", mime_version="1.0"
    )


def test_trap_15_a_bounce_belongs_to_the_message_that_bounced() -> None:
    why = f"There is no such address ({LAN}). It said: 550 5.1.1 <{LAN}>: Recipient address rejected: User unknown"
    assert understood(report()) == [
        InboundReceipt(state="refused", message=MESSAGE, to=LAN, why=why),
        InboundReach(sender=From(value=LAN), why=why),
    ]


def test_trap_15_a_full_mailbox_does_not_make_an_address_unreachable() -> None:
    (found,) = understood(report(status="5.2.2", said="smtp; 552 5.2.2 mailbox full"))
    assert isinstance(found, InboundReceipt)
    assert found.why == f"The mailbox is full ({LAN}). It said: 552 5.2.2 mailbox full"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_trap_15_what_did_not_fail_is_nothing_for_us(action: str) -> None:
    assert understood(report(action=action, status="4.4.1")) == []


def test_trap_15_a_bounce_from_where_it_was_forwarded_to_names_the_recipient_that_we_know() -> None:
    (found,) = understood(report(status="5.7.1", final="lan@moi.example"))
    assert isinstance(found, InboundReceipt)
    assert found.to == LAN


def test_trap_15_without_a_return_path_the_mail_that_came_back_says_which_it_was() -> None:
    found = understood(report(to=SHOP))[0]
    assert isinstance(found, InboundReceipt)
    assert (found.message, found.to) == (MESSAGE, LAN)


def test_trap_15_a_bounce_of_a_mail_written_elsewhere_names_it_and_marks_nobody() -> None:
    (found,) = understood(report(to=SHOP, id_="CAF123@mail.gmail.example"))
    assert isinstance(found, InboundReceipt)
    assert (found.message, found.external) == (None, "CAF123@mail.gmail.example")


def test_a_forged_return_path_names_nothing_of_ours() -> None:
    forged = tokens.return_path(SHOP, "another secret", MESSAGE, LAN)
    assert all(getattr(one, "message", None) is None for one in understood(report(to=forged, id_="x@y")))


def test_a_mail_system_that_writes_prose_is_understood_by_experience() -> None:
    body = (
        "Hi. This is the qmail-send program at mx.khach.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{LAN}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n"
    )
    raw = mail(body, **{"from": "MAILER-DAEMON@mx.khach.example", "to": BACK, "return-path": "<>"})
    found = understood(raw)[0]
    assert isinstance(found, InboundReceipt)
    assert (found.state, found.message, found.to) == ("refused", MESSAGE, LAN)


def test_prose_that_nobody_knows_counts_when_it_came_back_to_a_return_path() -> None:
    raw = mail("Không gửi được", **{"from": "postmaster@khach.example", "to": BACK, "return-path": "<>"})
    (found,) = understood(raw)
    assert isinstance(found, InboundReceipt)
    assert found.message == MESSAGE


def test_several_recipients_are_told_one_by_one() -> None:
    second = b"Final-Recipient: rfc822; hoa@khach.example\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"
    raw = report().replace(b"--b\r\nContent-Type: text/rfc822", second + b"--b\r\nContent-Type: text/rfc822")
    found = bounces(mime.parse(raw), raw, SECRET)
    assert [(one.recipient, one.kind) for one in found] == [(LAN, "permanent"), ("hoa@khach.example", "permanent")]


def test_a_complaint_says_that_nobody_should_write_to_them_again() -> None:
    body = f"""--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Loop/1.0
Original-Rcpt-To: {LAN}

--b
Content-Type: message/rfc822

Message-ID: <{OURS}>
To: {LAN}
Subject: x

words
--b--
"""
    raw = mail(
        body, **{"from": "fbl@big.example"}, content_type="multipart/report; report-type=feedback-report; boundary=b"
    )
    receipt, reach = understood(raw)
    assert isinstance(receipt, InboundReceipt)
    assert isinstance(reach, InboundReach)
    assert receipt.message == MESSAGE
    assert (reach.sender.value, reach.why) == (LAN, receipt.why)


def test_a_customer_who_writes_about_a_bounce_is_a_customer() -> None:
    found = understood(mail("Mail của em bị trả lại: 550 5.1.1 User unknown"), FROM_INBOX, account())
    assert [type(one).__name__ for one in found] == ["InboundMessage"]


STATUS = f"Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; {SHOP}\nAction: failed\nStatus: 5.2.2\n"
ATTACHED = ["message/rfc822", "message/delivery-status"]


@pytest.mark.parametrize("kind", ATTACHED)
def test_a_customer_who_forwards_a_report_is_a_customer(kind: str) -> None:
    """Thunderbird attaches the whole report, Gmail its parts as they were."""
    inner = {"message/rfc822": report(to=LAN, id_="their@mail").decode(), "message/delivery-status": STATUS}[kind]
    body = f"--o\nContent-Type: text/plain\n\nShop xem giúp\n--o\nContent-Type: {kind}\n\n{inner}\n--o--\n"
    found = message(mail(body.replace("\r\n", "\n"), content_type="multipart/mixed; boundary=o", mime_version="1.0"))
    assert (found.sender.value, found.text) == (LAN, "Shop xem giúp")


def test_who_got_one_mail_of_ours_can_speak_of_nobody_else() -> None:
    """Whoever holds a return path may write any recipient into a report: the hub asks whether the mail went to them."""
    receipt, reach = understood(report(final="hoa@khach.example").replace(LAN.encode(), b"hoa@khach.example"))
    assert isinstance(receipt, InboundReceipt)
    assert isinstance(reach, InboundReach)
    assert (reach.sender.value, reach.of) == ("hoa@khach.example", MESSAGE)
