"""Formatting comes in as light marks and leaves as entities, counted in UTF-16 code units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from channels.telegram.entities import marked, units, unmarked

WORDS = st.text(alphabet=st.sampled_from(list("abcạệ👍🏽漢 .,-")), min_size=1, max_size=12).filter(
    lambda one: one == one.strip()
)
KINDS = st.sampled_from(["bold", "italic", "strikethrough", "code", "text_link", "plain"])


def entity(kind: str, text: str, part: str, url: str | None = None) -> MessageEntity:
    return MessageEntity(kind, units(text[: text.index(part)]), units(part), url=url)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("bold", "👍 mua **áo** nhé"),
        ("italic", "👍 mua _áo_ nhé"),
        ("strikethrough", "👍 mua ~~áo~~ nhé"),
        ("code", "👍 mua `áo` nhé"),
        ("pre", "👍 mua ```áo``` nhé"),
        ("spoiler", "👍 mua áo nhé"),
        ("hashtag", "👍 mua áo nhé"),
    ],
)
def test_what_comes_in_is_marked_at_the_right_letters(kind: str, shown: str) -> None:
    text = "👍 mua áo nhé"

    assert marked(text, [entity(kind, text, "áo")]) == shown


def test_a_link_behind_words_is_not_lost_and_one_in_plain_sight_is_not_doubled() -> None:
    text = "Xem mẫu ở https://mocan.example/m"
    hidden = entity("text_link", text, "mẫu", "https://mocan.example/m")
    plain = entity("text_link", text, "https://mocan.example/m", "https://mocan.example/m")

    assert marked(text, [hidden, plain]) == "Xem [mẫu](https://mocan.example/m) ở https://mocan.example/m"


def test_marks_stand_at_the_words_though_the_entity_holds_spaces() -> None:
    assert marked("mua áo nhé", [MessageEntity("bold", 3, 4)]) == "mua **áo** nhé"


@pytest.mark.parametrize(("offset", "length"), [(-5, 3), (0, 99), (50, 5), (1, 1), (2, 0)])
def test_an_entity_that_fits_nowhere_breaks_nothing(offset: int, length: int) -> None:
    assert "mua" in marked("👍mua", [MessageEntity("italic", offset, length)])


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4 và 5 ** 6 ** 7",
        "snake_case_name và __init__.py",
        "giá ~~",
        "[không](phải link) [1](ftp://x) [a](javascript:alert(1))",
        "****",
        "a_b_c `",
        "-- * _ ~ ` [ ] ( )",
    ],
)
def test_signs_that_only_look_like_marks_stay(text: str) -> None:
    assert unmarked(text) == (text, [])


def test_marks_within_marks() -> None:
    words, entities = unmarked("**a _b_ c** và [**d**](https://e.example)")

    assert words == "a b c và d"
    assert [(one.type, one.offset, one.length) for one in entities] == [
        ("bold", 0, 5),
        ("italic", 2, 1),
        ("text_link", 9, 1),
        ("bold", 9, 1),
    ]


def test_nothing_within_code_is_a_mark() -> None:
    words, entities = unmarked("`**a**` ```\nb _c_\n```")

    assert words == "**a** b _c_"
    assert [one.type for one in entities] == ["code", "pre"]


@given(pieces=st.lists(st.tuples(KINDS, WORDS), min_size=1, max_size=6))
def test_what_came_in_leaves_as_it_came(pieces: list[tuple[str, str]]) -> None:
    text, entities = "", []
    for kind, words in pieces:
        if kind != "plain":
            url = "https://e.example/x" if kind == "text_link" else None
            entities.append(MessageEntity(kind, units(text), units(words), url=url))
        text += words + "\n"

    assert unmarked(marked(text, entities)) == (text, entities)


@given(text=st.text(alphabet=st.sampled_from(list("a*_~`[]() \nạ👍")), max_size=60))
def test_no_text_fails_and_every_entity_fits(text: str) -> None:
    words, entities = unmarked(text)

    assert all(0 <= one.offset < one.offset + one.length <= units(words) for one in entities)
