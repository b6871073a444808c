import pytest

from nlp.parts import parts
from nlp.signs import Signs, signs
from nlp.tagger import Tagger
from nlp.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cần gấp trong hôm nay nha shop", Signs(urgent=True, mood="plain")),
        ("can gap lam roi ad oi", Signs(urgent=True, mood="plain")),
        ("Dịch vụ quá tệ", Signs(urgent=False, mood="bad")),
        ("Không hài lòng chút nào", Signs(urgent=False, mood="bad")),
        ("I am not happy, fix it ASAP", Signs(urgent=True, mood="bad")),
        ("GIAO HÀNG GÌ MÀ LÂU THẾ!!!", Signs(urgent=False, mood="bad")),
        ("😡 sao chưa giao", Signs(urgent=False, mood="bad")),
        ("Hàng đẹp lắm, ưng quá", Signs(urgent=False, mood="good")),
        ("Everything was perfect, thank you so much", Signs(urgent=False, mood="good")),
        ("Giá bao nhiêu vậy shop", Signs(urgent=False, mood="plain")),
        ("", Signs(urgent=False, mood="plain")),
    ],
)
def test_hurry_and_mood_are_told_by_rule(text: str, expected: Signs) -> None:
    assert signs(words(text), text) == expected


def test_a_message_is_cut_where_one_wish_may_end() -> None:
    assert parts("Áo này giá bao nhiêu vậy, ship về Huế mấy ngày ạ") == [
        "Áo này giá bao nhiêu vậy",
        "ship về Huế mấy ngày ạ",
    ]
    assert parts("còn hàng không") == []
    assert parts("Ok, giá bao nhiêu vậy shop") == []
    assert len(parts("a b c. " * 1_000)) == 4


def test_a_message_with_two_wishes_has_both(tagger: Tagger) -> None:
    (tag,) = tagger.tag(["Cho mình xin địa chỉ cửa hàng với. Chủ nhật shop mở cửa tới mấy giờ vậy ạ"])
    assert {tag.intent, *(other.intent for other in tag.others)} == {"ask_location", "ask_hours"}


def test_a_message_with_one_wish_has_no_other(tagger: Tagger) -> None:
    assert [tag.others for tag in tagger.tag(["còn size M không shop", "Shop ơi, cho em hỏi chút", ""])] == [[], [], []]
