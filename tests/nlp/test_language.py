import pytest

from nlp.examples import blind, shipped
from nlp.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Áo này còn size M không", "vi"),
        ("shop oi ao nay con hang khong", "vi"),
        ("mk mun mua 2 cai", "vi"),
        ("cancel giúp mình đơn này", "vi"),
        ("Do you ship to Hanoi?", "en"),
        ("where is my order DH12345", "en"),
        ("price please", "en"),
        ("hola quiero comprar un vestido", "other"),
        ("你好，请问有货吗", "other"),
        ("สวัสดีค่ะ", "other"),
        ("😍😍", "other"),
        ("", "other"),
        ("0912345678", "other"),
    ],
)
def test_the_language_of_a_message(text: str, expected: str) -> None:
    assert language(text) == expected


def test_nearly_every_shipped_message_is_told_right() -> None:
    rows = [row for row in [*shipped(), *blind()] if row.lang in ("vi", "en") and row.intent != "unknown"]
    wrong = [row.text for row in rows if language(row.text) != row.lang]
    print(f"{len(wrong)} of {len(rows)} wrong: {wrong[:12]}")
    assert len(wrong) / len(rows) < 0.03
