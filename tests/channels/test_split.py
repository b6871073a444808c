"""A text that is cut loses nothing but whitespace at the cuts, and every piece fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Limits
from channels.split import length, split

TEXTS = st.text(alphabet=st.sampled_from(list("ab .!?\n\té👍🏽\u200d\u0301ệ漢")), max_size=120)
UNITS = st.sampled_from(["codepoint", "utf16", "utf8"])


def limits(text: int, unit: str = "codepoint") -> Limits:
    return Limits(text=text, text_unit=unit)


@given(text=TEXTS, most=st.integers(4, 40), unit=UNITS)
def test_every_piece_is_within_the_limit_in_the_platforms_unit(text: str, most: int, unit: str) -> None:
    assert all(length(piece, unit) <= most for piece in split(text, limits(most, unit)))


@given(text=TEXTS, most=st.integers(4, 40), unit=UNITS)
def test_nothing_is_lost_but_whitespace(text: str, most: int, unit: str) -> None:
    assert "".join("".join(split(text, limits(most, unit))).split()) == "".join(text.split())


@given(text=TEXTS, most=st.integers(4, 40), unit=UNITS)
def test_no_piece_is_empty_unless_the_text_is(text: str, most: int, unit: str) -> None:
    pieces = split(text, limits(most, unit))
    assert all(piece.strip() for piece in pieces) or len(pieces) == 1


@given(text=TEXTS, most=st.integers(4, 40), unit=UNITS)
def test_it_is_always_cut_the_same_way(text: str, most: int, unit: str) -> None:
    assert split(text, limits(most, unit)) == split(text, limits(most, unit))


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert split("  Chào shop \n", limits(20)) == ["  Chào shop \n"]
    assert split("", limits(20)) == [""]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("một hai ba bốn", ["một hai", "ba bốn"]),
        ("Dạ còn. Size M ạ", ["Dạ còn.", "Size M ạ"]),
        ("dòng một\nhai ba", ["dòng một", "hai ba"]),
        ("abcdefghijklm", ["abcdefghij", "klm"]),
        ("abcdefghij   ", ["abcdefghij"]),
    ],
    ids=["word", "sentence", "line", "nowhere to cut", "only space is left"],
)
def test_it_is_cut_where_a_reader_would(text: str, pieces: list[str]) -> None:
    assert split(text, limits(10)) == pieces


def test_a_letter_keeps_its_marks() -> None:
    text = "e\u0323\u0302" * 4  # ệ, written apart as some phones do

    assert split(text, limits(4)) == ["e\u0323\u0302"] * 4


def test_an_emoji_counts_as_the_platform_counts() -> None:
    assert (length("👍", "codepoint"), length("👍", "utf16"), length("👍", "utf8")) == (1, 2, 4)
    assert split("👍👍👍", limits(4, "utf16")) == ["👍👍", "👍"]
