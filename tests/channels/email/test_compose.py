"""The bytes of an answer: whole ids, one subject, every recipient, and the same bytes at every try."""

import datetime as dt
import email
import email.policy
from email.message import EmailMessage

import msgspec
import pytest

from channels.email import tokens, wire
from channels.email.sending.addresses import checked
from channels.email.sending.body import File, as_html, parameter
from channels.email.sending.compose import compose, message_id, subject
from hub.errors import Refused
from hub.model import Part
from tests.channels.email.accounts import CONVERSATION, MESSAGE, NOW, part

SETTINGS = wire.Settings(address="hotro@mocan.test", name="Mộc An", install="house-1")
SECRETS = wire.Secrets(token_secret="t0ken")
LONG = "x" * 60 + "-0123456789abcdef@" + "mail.prod.outlook.example.test" * 3  # 166 characters, as Outlook makes them


def mail(one: Part, *, files: tuple[File, ...] = (), to: str = "khach@elsewhere.test") -> tuple[bytes, EmailMessage]:
    raw = compose(one, to, files, SETTINGS, SECRETS, NOW)
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return raw, read


def test_trap_27_ids_of_any_length_stand_whole_on_lines_of_their_own() -> None:
    raw, _ = mail(part(answers=(LONG, "old@x.test", "oldest@x.test")))

    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert f"In-Reply-To: <{LONG}>".encode() in lines
    at = lines.index(b"References: <oldest@x.test>")
    assert lines[at + 1 : at + 3] == [b" <old@x.test>", f" <{LONG}>".encode()]


def test_references_keep_the_first_and_the_last_nineteen() -> None:
    answers = tuple(f"{number}@x.test" for number in range(50))
    _, read = mail(part(answers=answers))

    named = read["References"].split()
    assert named == ["<49@x.test>", *(f"<{number}@x.test>" for number in range(18, -1, -1))]
    assert read["In-Reply-To"] == "<0@x.test>"


def test_ids_that_a_header_cannot_carry_are_left_out() -> None:
    raw, read = mail(
        part(answers=("a b@x", "x@y\r\nBcc: spy@evil.test", "good@x.test#0123456789abcdef", "<in@brackets>"))
    )

    assert read["References"] == "<in@brackets> <good@x.test>"
    assert read["In-Reply-To"] == "<good@x.test>"
    assert b"spy" not in raw


@pytest.mark.parametrize(
    ("said", "answers", "shown"),
    [
        ("Hỏi giá", True, "Re: Hỏi giá"),
        ("Re: Hỏi giá", True, "Re: Hỏi giá"),
        ("RE: Re[2]: re: Hỏi giá", True, "Re: Hỏi giá"),
        ("Trả lời: Hỏi giá", True, "Re: Hỏi giá"),
        ("Re: Hỏi giá", False, "Re: Hỏi giá"),
        ("Rest: nothing", True, "Re: Rest: nothing"),
        (None, True, "Re: (không có tiêu đề)"),
        ("", False, "Thư từ Mộc An"),
    ],
)
def test_an_answer_says_re_once(said: str | None, answers: bool, shown: str) -> None:
    assert subject(said, "Thư từ Mộc An", answers=answers) == shown


def test_trap_27_line_ends_in_a_subject_add_no_header_and_raise_nothing() -> None:
    raw, read = mail(part(subject="Đơn hàng\r\nBcc: spy@evil.test\n\n 12", answers=("a@x",)))

    assert read["Subject"] == "Re: Đơn hàng Bcc: spy@evil.test 12"
    assert "Bcc" not in read
    assert raw.count(b"\r\nSubject:") == 1


def test_long_subjects_in_any_letters_are_folded_and_come_back() -> None:
    said = "Cần đổi áo khoác màu xanh rêu sang size lớn hơn và hỏi phí giao hàng về Đà Nẵng 🧥 " * 3
    raw, read = mail(part(subject=said))

    assert read["Subject"] == said.strip()
    assert max(len(line) for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 100


def test_whoever_gets_it_can_answer_all() -> None:
    _, read = mail(part(everyone=("khach@elsewhere.test", "ban@elsewhere.test", "me@elsewhere.test")))

    assert read["To"] == "khach@elsewhere.test"
    assert read["Cc"] == "ban@elsewhere.test, me@elsewhere.test"


def test_the_same_part_has_the_same_bytes_for_every_recipient_and_at_every_try() -> None:
    everyone = ("khach@elsewhere.test", "ban@elsewhere.test")
    one = part(everyone=everyone, answers=("a@x",))
    files = (File(name="a.txt", mime="text/plain", data=b"words"),)

    later = NOW + dt.timedelta(hours=3)
    assert compose(one, everyone[0], files, SETTINGS, SECRETS, NOW) == compose(
        one, everyone[1], files, SETTINGS, SECRETS, later
    )


def test_our_message_id_and_reply_address_prove_what_they_name() -> None:
    _, read = mail(part())
    id_ = message_id(part(), SETTINGS, SECRETS)

    assert read["Message-ID"] == f"<{id_}>" and len(id_) <= 76
    assert tokens.message_of(id_, SECRETS.token_secret) == MESSAGE
    assert tokens.conversation_of(read["Reply-To"].addresses[0].addr_spec, SECRETS.token_secret) == CONVERSATION
    assert read["Reply-To"].addresses[0].display_name == read["From"].addresses[0].display_name == "Mộc An"


def test_the_date_is_when_it_was_written() -> None:
    _, read = mail(part())

    assert read["Date"].datetime == NOW


def test_only_automatic_mails_say_that_they_are() -> None:
    _, human = mail(part(answers=("a@x",)))
    _, answer = mail(part(auto=True, answers=("a@x",)))
    _, notice = mail(part(auto=True))

    assert (human["Auto-Submitted"], human[wire.LOOP], human["X-Auto-Response-Suppress"]) == (None, None, None)
    assert (answer["Auto-Submitted"], answer[wire.LOOP]) == ("auto-replied", "house-1")
    assert notice["Auto-Submitted"] == "auto-generated"


def test_the_words_come_as_text_and_as_html() -> None:
    text = "Dạ còn ạ,\n.\nFrom here: https://mocan.test/a?b=1&c=2. <script>x</script>\n" + "á" * 500
    raw, read = mail(part(text))

    plain, page = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None and page is not None
    assert plain.get_content().splitlines() == text.splitlines()
    assert '<a href="https://mocan.test/a?b=1&amp;c=2">' in page.get_content()
    assert "<script>" not in page.get_content()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert raw.isascii()


def test_only_whole_lines_end_a_mail() -> None:
    raw, _ = mail(part("a\r\nb\rc\nd"))

    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0


@pytest.mark.parametrize(
    "name", ["hoá đơn số 12 — bản cuối.pdf", "a.pdf", 'x"; filename="y.exe', "ảnh" * 60 + ".jpg", "\r\nX: y"]
)
def test_files_keep_their_names_in_any_letters(name: str) -> None:
    data = bytes(range(256)) * 40
    raw, read = mail(part(), files=(File(name=name, mime="application/pdf", data=data),))

    (file,) = list(read.iter_attachments())
    assert file.get_content() == data
    assert file.get_filename() == "".join(one for one in name if one.isprintable())
    assert file.get_content_disposition() == "attachment"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 100


def test_what_may_not_be_encoded_goes_as_plain_bytes() -> None:
    _, read = mail(part(), files=(File(name="a.eml", mime="message/rfc822", data=b"Subject: x\r\n\r\n"),))

    assert [one.get_content_type() for one in read.iter_attachments()] == ["application/octet-stream"]


def test_a_short_plain_name_stays_readable() -> None:
    assert parameter("filename", "a b.pdf") == 'filename="a b.pdf"'
    assert parameter("filename", "") == 'filename="file"'


def test_html_shows_the_lines_and_nothing_else() -> None:
    assert "a<br>\n&lt;b&gt;" in as_html("a\n<b>")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no-at-sign",
        "a@exa\r\nmple.test",
        "a@example.test\r\nRCPT TO:<b@evil.test>",
        "a b@example.test",
        "a@@example.test",
        "a@example..test",
        "a@-example.test",
        "<a@example.test>",
        "a@example.test,b@example.test",
        ".a@example.test",
        "a" * 65 + "@example.test",
        "a\u202e@example.test",
        '"a"@example.test',
        "a@" + "x" * 64 + ".test",
    ],
)
def test_what_could_be_read_in_two_ways_is_no_address(address: str) -> None:
    with pytest.raises(Refused, match="address"):
        checked(address)


def test_a_domain_in_any_letters_is_written_as_dns_knows_it() -> None:
    assert checked("an@bücher.test") == "an@xn--bcher-kva.test"
    assert checked("an.b+c@Example.test") == "an.b+c@Example.test"
    assert checked("hồng@example.test") == "hồng@example.test"


def test_a_mailbox_without_plus_addresses_takes_answers_at_its_own() -> None:
    plain = msgspec.structs.replace(SETTINGS, plus=False)

    assert b"Reply-To" not in compose(part(), "a@x.test", (), plain, SECRETS, NOW)
