"""Mails that other programs fell over, each named after the trap it is."""

import base64
import struct
from email.message import Message
from unicodedata import normalize

import pytest

from channels.email.reading import headers, mime, text, vietnamese
from channels.email.reading.charset import decode, decode_words
from channels.email.reading.mail import Mail, Mailbox
from tests.channels.email.mails import mail


def words(raw: bytes) -> str:
    return text.read(mime.parse(raw)).text


def parts(*bodies: str, kind: str = "mixed") -> bytes:
    whole = "".join(f"--b\n{body}\n" for body in bodies) + "--b--\n"
    return mail(whole, content_type=f"multipart/{kind}; boundary=b", mime_version="1.0")


# 1: one malformed mail stops the mailbox --------------------------------------------------------------------------


def test_trap_1_a_thousand_nested_parts_are_a_mail_with_a_head() -> None:
    raw = mail("x\n", content_type="multipart/mixed; boundary=b0")
    body = "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(1500))
    found = mime.parse(raw + body.encode())
    assert found.subject == "Đơn hàng"
    assert found.sender == Mailbox(address="lan@khach.example", name="Lan")
    assert found.left_out == ("structure",)


def test_trap_1_parts_deeper_than_fifty_are_left_out_and_named() -> None:
    body = "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(100))
    assert mime.parse(mail("x\n", content_type="multipart/mixed; boundary=b0") + body.encode()).left_out == ("depth",)


def test_trap_1_of_a_hundred_thousand_parts_five_hundred_are_read() -> None:
    found = mime.parse(mail("--b\n\nx\n" * 100_000, content_type="multipart/mixed; boundary=b"))
    assert found.left_out == ("parts",)
    assert 0 < len(found.plain) <= 500 * 3


def test_trap_1_of_eight_thousand_addresses_five_hundred_are_read() -> None:
    assert len(mime.parse(mail(to=", ".join(f"a{n}@khach.example" for n in range(8000)))).to) == 500


def test_trap_1_a_mail_over_the_limit_is_read_as_far_as_it_goes() -> None:
    found = mime.parse(mail("x" * (mime.MOST_BYTES + 10)))
    assert found.subject == "Đơn hàng"
    assert found.left_out == ("size",)


def test_trap_1_a_leaf_that_calls_itself_multipart_is_read_as_text_or_left() -> None:
    found = mime.parse(parts("Content-Type: multipart/alternative\n\nno boundary at all", "\nwords"))
    assert found.plain.strip() == "words"


@pytest.mark.parametrize("raw", [b"", b"\n", b"\x00", b"Subject", b":", b": \n\n", b"\xff\xfe", b"From \n", b"\r\r\r"])
def test_trap_1_next_to_nothing_is_an_empty_mail(raw: bytes) -> None:
    assert mime.parse(raw).message_id == ""


# 2: From ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        (None, Mailbox(address="")),
        ("", Mailbox(address="")),
        ("undisclosed-recipients:;", Mailbox(address="")),
        ("Lan", Mailbox(address="", name="Lan")),
        ("<>", Mailbox(address="")),
        ("Nhóm: Lan <lan@khach.example>;", Mailbox(address="lan@khach.example", name="Lan")),
        (
            "=?utf-8?q?Lan=0D=0ABcc:_x@y.z?= <lan@khach.example>",
            Mailbox(address="lan@khach.example", name="LanBcc: x@y.z"),
        ),
        ("=?utf-8?q?Lan_<lan@khach.example>?=", Mailbox(address="lan@khach.example", name="Lan")),
        ("=?utf-8?b?TmfDtCBMYW4=?= <LAN@khach.example>", Mailbox(address="LAN@khach.example", name="Ngô Lan")),
        ('"Lan, Ngô" <lan@khach.example>', Mailbox(address="lan@khach.example", name="Lan, Ngô")),
        ("a@b, c@d <lan@khach.example>", Mailbox(address="a@b")),
        ("\u202eLan\u202c <lan@khach.example>", Mailbox(address="lan@khach.example", name="Lan")),
    ],
)
def test_trap_2_whatever_stands_in_from_is_somebody_or_nobody(value: str | None, sender: Mailbox) -> None:
    found = mime.parse(mail(**{"from": value})).sender
    assert found.name == sender.name
    assert sender.address in found.address


def test_trap_2_a_subject_with_encoded_line_ends_is_one_line() -> None:
    assert mime.parse(mail(subject="=?utf-8?q?Xin=0D=0ABcc:_x@y.z?=")).subject == "XinBcc: x@y.z"


# 3: Message-ID, 21: Date ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "", "<>", "  "])
def test_trap_3_a_missing_message_id_is_empty(value: str | None) -> None:
    assert mime.parse(mail(message_id=value)).message_id == ""


@pytest.mark.parametrize("value", ["<1@x>", " <1@x> ", "<1@x> (comment)", "1@x", "< 1@x >", "<1@\r\n x>"])
def test_trap_3_a_message_id_is_found_in_every_dress(value: str) -> None:
    assert mime.parse(mail(message_id=value)).message_id == "1@x"


@pytest.mark.parametrize(
    "value", [None, "", "yesterday", "Mon, 99 Foo 99999 99:99", "0", "Mon, 12 Jan 0 10:00 +9999999"]
)
def test_trap_21_a_date_that_is_none_is_none(value: str | None) -> None:
    assert mime.parse(mail(date=value)).date is None


# 17: letters ------------------------------------------------------------------------------------------------------


def test_trap_17_iso_2022_jp_without_a_charset() -> None:
    raw = mail(content_type=None) + "ご注文ありがとう".encode("iso2022_jp")
    assert "ご注文ありがとう" in words(raw)


def test_trap_17_windows_1258_is_composed() -> None:
    raw = mail("", content_type="text/plain; charset=windows-1258") + "Tiê\u0301ng Viê\u0323t".encode("cp1258")
    assert words(raw) == "Tiếng Việt"


def test_trap_17_windows_1250_in_html() -> None:
    raw = mail("", content_type="text/html; charset=windows-1250") + "<p>Příliš žluťoučký</p>".encode("cp1250")
    assert words(raw) == "Příliš žluťoučký"


def test_trap_17_a_broken_letter_in_declared_utf_8_does_not_start_a_guess() -> None:
    raw = mail("", content_type="text/plain; charset=utf-8") + "Đơn hàng ".encode() + b"\xe1\xbb" + " của em".encode()
    assert words(raw) == "Đơn hàng \ufffd của em"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("x-gbk", "gbk"),
        ("gb2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("x-sjis", "cp932"),
        ("unicode-1-1-utf-7", "utf-7"),
        ('"utf-8"', "utf-8"),
        ("UTF8", "utf-8"),
    ],
)
def test_trap_17_names_that_only_mails_use(declared: str, codec: str) -> None:
    assert decode("中文字".encode(codec, "replace"), declared) == "中文字".encode(codec, "replace").decode(codec)


SENTENCE = "Kính gửi cửa hàng, tôi muốn đổi ÁO ĐỎ cỡ vừa lấy màu xanh; Mỹ và Quỳnh chờ ở ngõ 5 - Ỷ Lan"


@pytest.mark.parametrize(("charset", "table"), [("VISCII", "viscii"), ("x-tcvn5712", "tcvn5712"), ("TCVN", "tcvn5712")])
def test_trap_17_vietnamese_from_before_unicode_is_read_as_declared(charset: str, table: str) -> None:
    raw = bytes(vietnamese.TABLES[table].index(one) for one in SENTENCE)
    assert words(mail("", content_type=f"text/plain; charset={charset}") + raw).strip() == SENTENCE


def test_trap_17_every_letter_of_vietnamese_has_its_byte_in_the_old_tables() -> None:
    marks = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    letters = {normalize("NFC", one + mark) for one in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for mark in marks} | {"đ", "Đ"}
    assert [len(letters - set(table)) for table in vietnamese.TABLES.values()] == [0, 0]
    assert [decode(b"Vi\xaet", "viscii"), decode(b"Vi\xd6t", "tcvn3")] == ["Việt", "Việt"]


@pytest.mark.parametrize(
    "declared", ["x-nothing", "", "rot13", "base64", "zlib", "idna", "us-ascii", "\x00", "a" * 5000]
)
def test_trap_17_what_is_no_charset_is_read_as_utf_8(declared: str) -> None:
    assert decode("Đà Nẵng".encode(), declared) == "Đà Nẵng"


def test_trap_17_letters_cut_in_two_by_encoded_words_are_joined() -> None:
    one, two = base64.b64encode("Đ".encode()[:1]).decode(), base64.b64encode("Đ".encode()[1:]).decode()
    assert decode_words(f"=?utf-8?b?{one}?= =?utf-8?b?{two}?= à") == "Đ à"


@pytest.mark.parametrize("value", ["=?utf-8?b?a?=", "=?utf-8?b?$$$?=", "=?x?q?=C4=90?=", "=??q??=", "=?utf-8?q?=ZZ?="])
def test_trap_17_broken_encoded_words_are_read_as_far_as_they_go(value: str) -> None:
    assert "\x00" not in decode_words(value)


def test_trap_17_bad_quoted_printable_is_kept() -> None:
    raw = mail("gi=E1=BA=A3m 50=% =XY", content_transfer_encoding="quoted-printable")
    assert words(raw) == "giảm 50=% =XY"


# 18: content types and names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    ["text", "/", ";", "text/plain; charset", "text/plain; charset*=x''y'z", "text/plain; =x", "multipart/mixed"],
)
def test_trap_18_a_malformed_content_type_hides_no_words(value: str) -> None:
    assert words(mail("Shop ơi", content_type=value)) == "Shop ơi"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=utf-8''h%C3%B3a%20%C4%91%C6%A1n.pdf", "hóa đơn.pdf"),
        ("attachment; filename*0*=utf-8''h%C3%B3a; filename*1*=%20n.pdf", "hóa n.pdf"),
        ('attachment; filename="=?utf-8?b?aMOzYSDEkcahbi5wZGY=?="', "hóa đơn.pdf"),
        ("attachment; filename*=utf-8''=?utf-8?b?aMOzYSDEkcahbi5wZGY=?=", "hóa đơn.pdf"),
        ('attachment; filename="hóa đơn.pdf"', "hóa đơn.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\Users\\\\lan\\\\anh.jpg"', "anh.jpg"),
        ('attachment; filename="a\x00b.txt"', "ab.txt"),
        ('attachment; filename="hoadon\u202efdp.exe"', "hoadonfdp.exe"),
        ("attachment; filename*=x-nothing''%C4%90", "Đ"),
        ("attachment; filename*=''''", "''"),
        (f'attachment; filename="{"x" * 500}.pdf"', "x" * 176 + ".pdf"),
        ("attachment", ""),
        ('attachment; filename=""', ""),
    ],
)
def test_trap_18_names_of_files(disposition: str, name: str) -> None:
    part = Message()
    part["content-disposition"] = disposition
    assert headers.file_name(part) == name


def test_trap_18_a_name_may_stand_in_the_content_type_alone() -> None:
    (file,) = mime.parse(parts("Content-Type: image/png; name=anh.png\n\nx")).files
    assert (file.name, file.mime, file.data) == ("anh.png", "image/png", b"x")


def test_trap_18_nul_bytes_are_gone_from_words_and_headers() -> None:
    found = mime.parse(mail("a\x00b", subject="c\x00d"))
    assert (found.plain, found.subject) == ("ab", "cd")


# 19: files that hide ----------------------------------------------------------------------------------------------


def test_trap_19_a_picture_without_name_id_and_disposition_is_a_file() -> None:
    (file,) = mime.parse(parts("\nwords", "Content-Type: image/png\n\nx")).files
    assert (file.name, file.mime) == ("", "image/png")


def test_trap_19_a_mail_in_the_mail_is_a_file_and_its_words_are_not_ours() -> None:
    found = mime.parse(parts("\nwords", "Content-Type: message/rfc822\n\nSubject: inner\n\ninner words"))
    assert found.plain.strip() == "words"
    (file,) = found.files
    assert file.mime == "message/rfc822"
    assert b"inner words" in file.data


def test_trap_19_a_calendar_is_a_file() -> None:
    (file,) = mime.parse(parts("\nwords", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR", kind="alternative")).files
    assert file.mime == "text/calendar"


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("<BII", 2, kind, len(value)) + value + b"\0\0"


def winmail(name: str, data: bytes) -> bytes:
    long = (name + "\0").encode("utf-16-le")
    property_ = struct.pack("<IHHII", 1, 0x001F, 0x3707, 1, len(long)) + long + b"\0" * (-len(long) % 4)
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(0x00069002, b"\0" * 14)
        + attribute(0x00018010, b"HOADON~1.PDF\0")
        + attribute(0x0006800F, data)
        + attribute(0x00069005, property_)
    )


def test_trap_19_winmail_dat_is_unpacked() -> None:
    packed = base64.b64encode(winmail("hóa đơn.pdf", b"%PDF")).decode()
    head = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    (file,) = mime.parse(parts("\nwords", head + packed)).files
    assert (file.name, file.mime, file.data) == ("hóa đơn.pdf", "application/pdf", b"%PDF")


@pytest.mark.parametrize("cut", [3, 6, 20, 60, 90])
def test_trap_19_a_broken_winmail_dat_stays_a_file_or_gives_what_it_holds(cut: int) -> None:
    packed = base64.b64encode(winmail("hóa đơn.pdf", b"%PDF")[:cut]).decode()
    head = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    (file,) = mime.parse(parts("\nwords", head + packed)).files
    assert file.name in {"winmail.dat", "HOADON~1.PDF"}


# 20: blank bodies -------------------------------------------------------------------------------------------------


def test_trap_20_an_empty_html_part_does_not_hide_the_text() -> None:
    raw = parts("Content-Type: text/plain\n\nShop oi", "Content-Type: text/html\n\n", kind="alternative")
    assert words(raw) == "Shop oi"


def test_trap_20_an_empty_text_part_does_not_hide_the_html() -> None:
    raw = parts("Content-Type: text/plain\n\n \n", "Content-Type: text/html\n\n<p>Shop oi</p>", kind="alternative")
    assert words(raw) == "Shop oi"


def test_trap_20_text_between_pictures_is_read_in_its_order() -> None:
    raw = parts(
        "Content-Type: text/plain\n\nmot\n",
        "Content-Type: image/png; name=a.png\n\nx",
        "Content-Type: text/plain\n\nhai\n",
    )
    assert words(raw).split() == ["mot", "hai"]


def test_trap_20_html_that_is_nested_beyond_all_depth_keeps_its_words() -> None:
    assert text.read(Mail(html="<div>" * 3000 + "Shop ơi")).text == "Shop ơi"
