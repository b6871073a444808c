"""Whatever the bytes: a mail has a meaning, ranges lie within its text, and everything can be stored."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.email.reading import text
from channels.email.reading.charset import decode, decode_words
from channels.email.reading.html import safe, words
from channels.email.reading.mail import Mail
from channels.email.reading.quote import visible
from channels.email.reading.tnef import files
from hub.commands.mail import parse
from tests.channels.email.mails import understood

PIECES = st.sampled_from(
    [
        b"From: ",
        b"To: ",
        b"Subject: ",
        b"Date: ",
        b"Message-ID: <",
        b"References: <a@b> <",
        b"In-Reply-To: ",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: text/plain; charset=",
        b"Content-Type: text/html",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"Final-Recipient: rfc822; ",
        b"Action: failed\r\n",
        b"Status: 5.1.1\r\n",
        b"Content-Type: application/ms-tnef; name=winmail.dat\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''",
        b"Content-Disposition: inline; filename=",
        b"Content-ID: <",
        b"\r\n",
        b"\r\n\r\n",
        b"\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"=?utf-8?b?",
        b"=?x?q?=C4",
        b"?=",
        b"\x00",
        b"\xff",
        b"\x1b$B",
        "Đã viết:".encode(),
        b"> ",
        b"-- \r\n",
        b"<div class=gmail_quote>",
        b"<blockquote type=cite>",
        b"Return-Path: <>\r\n",
        b"begin 644 x\r\n",
        b"x@y.example",
        b",",
        b";",
        b":",
        b'"',
        b"\\",
        b"(",
        b"%",
        b"'",
        b"utf-7",
        b"iso-2022-jp",
        b"rot13",
    ]
)
MAILS = st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=60).map(b"".join)
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(MAILS)
def test_every_mail_has_a_meaning_that_can_be_stored(raw: bytes) -> None:
    for one in understood(raw):
        assert msgspec.json.encode(one)
    assert msgspec.json.encode(parse(raw))


@MANY
@given(st.text())
def test_ranges_are_in_order_and_lie_within_the_text(said: str) -> None:
    flat = [place for span in visible(said) for place in span]
    assert flat == sorted(flat)
    assert all(0 <= place <= len(said) for place in flat)


@MANY
@given(st.text(st.sampled_from("<>/=\"' abdivloquteypcisg&;!-\ue000\ue001\ue002\x00đ")))
def test_every_page_has_words_and_a_safe_form(page: str) -> None:
    found = words(page)
    assert all(0 <= start <= end <= len(found.text) for start, end in found.quoted)
    assert "<script" not in (safe(page) or "")
    assert text.read(Mail(html=page)).text is not None


@MANY
@given(st.binary(), st.one_of(st.none(), st.text()))
def test_all_bytes_are_text_in_every_charset(raw: bytes, declared: str | None) -> None:
    assert isinstance(decode(raw, declared), str)


@MANY
@given(st.text(st.sampled_from("=?utf-8bqQ_ \t\r\nÄ+/AZ")))
def test_all_headers_can_be_decoded(value: str) -> None:
    assert isinstance(decode_words(value), str)


@MANY
@given(st.binary())
def test_every_winmail_dat_can_be_looked_into(raw: bytes) -> None:
    assert isinstance(files(b"\x78\x9f\x3e\x22\x01\x00" + raw), list)
