"""What an agent sees of a mail first: the new words, in the ways that mail programs quote in Vietnamese and English."""

from pathlib import Path

import pytest

from channels.email.reading import text
from channels.email.reading.mail import Mail
from channels.email.reading.quote import visible, words

HERE = Path(__file__).parent / "fixtures"
PARTS = "=== visible ===\n"
TEXTS = sorted((HERE / "quotes").glob("*.txt"))
PAGES = sorted((HERE / "html").glob("*.txt"))


def parts(path: Path) -> tuple[str, str]:
    whole, shown = path.read_text("utf-8").split(PARTS)
    return whole, shown.strip("\n")


@pytest.mark.parametrize("path", TEXTS, ids=[path.stem for path in TEXTS])
def test_the_new_words_of_a_text_are_visible(path: Path) -> None:
    whole, shown = parts(path)
    assert words(whole, visible(whole)) == shown


@pytest.mark.parametrize("path", TEXTS, ids=[path.stem for path in TEXTS])
def test_the_same_with_the_line_ends_of_mails(path: Path) -> None:
    whole, shown = parts(path)
    assert text.read(Mail(plain=whole.replace("\n", "\r\n"))).words == shown


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_the_new_words_of_html_are_visible(path: Path) -> None:
    whole, shown = parts(path)
    assert text.read(Mail(html=whole)).words == shown


@pytest.mark.parametrize("path", [*TEXTS, *PAGES], ids=[path.stem for path in [*TEXTS, *PAGES]])
def test_ranges_are_in_order_and_lie_within_the_whole_text(path: Path) -> None:
    whole, _ = parts(path)
    read = text.read(Mail(plain=whole) if path in TEXTS else Mail(html=whole))
    flat = [place for span in read.visible for place in span]
    assert flat == sorted(flat)
    assert all(0 <= place <= len(read.text) for place in flat)


def test_the_whole_text_stays_with_its_quotation() -> None:
    whole, _ = parts(HERE / "quotes" / "gmail_vi.txt")
    assert text.read(Mail(plain=whole)).text == whole.strip("\n")


def test_html_says_where_the_quotation_of_a_text_begins_that_no_rule_knows() -> None:
    plain = "Em lấy 2 hộp\n\nMộc An hôm qua\nChị lấy mấy hộp ạ?"
    page = '<div>Em lấy 2 hộp</div><div class="gmail_quote"><div>Mộc An hôm qua</div>Chị lấy mấy hộp ạ?</div>'
    assert text.read(Mail(plain=plain, html=page)).words == "Em lấy 2 hộp"


def test_a_text_that_says_something_else_than_its_html_is_not_cut_by_it() -> None:
    page = '<div>Hoàn toàn khác</div><div class="gmail_quote">cũ</div>'
    assert text.read(Mail(plain="Em lấy 2 hộp\nChị nhé", html=page)).visible == ()


def test_flowed_paragraphs_are_on_one_line_again_and_quotations_stay_apart() -> None:
    mail = Mail(plain="Em xin \r\nchào \r\nshop\r\n> hôm \r\n> qua\r\n-- \r\nHoa", flowed="flowed")
    assert text.read(mail).text == "Em xin chào shop\n> hôm qua\n-- \nHoa"


def test_flowed_text_may_say_that_its_spaces_are_not_meant() -> None:
    assert text.read(Mail(plain="日本 \r\n語", flowed="delsp")).text == "日本語"
