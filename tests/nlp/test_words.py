import itertools

import numpy as np
import pytest

from nlp import concepts, features
from nlp.fold import fold
from nlp.words import normalise, words


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ALOOOO shop ƠIIII", "alo shop ơi"),
        ("xin chào", "xin chào"),
        ("𝐕𝐚𝐲 𝐭𝐢𝐞̂̀𝐧", "vay tiền"),
        ("gọi 0912 345 678 nha", "gọi  xphone  nha"),
        ("đơn DH20391 đâu", "đơn  xcode  đâu"),
        ("xem https://a.vn/b?c=1 đi", "xem  xlink  đi"),
        ("gửi a.b@c.vn", "gửi  xmail "),
        ("giá 1000000 đó", "giá 1000000 đó"),
    ],
)
def test_a_text_is_brought_to_one_form(text: str, form: str) -> None:
    assert normalise(text) == form


def test_the_two_views_have_the_same_number_of_words() -> None:
    found = words("Shop ơi, còn size 39 ko ạ??? 😍")
    assert found.typed == ["shop", "ơi", "còn", "size", "00", "ko", "ạ", "?", "😍"]
    assert found.folded == ["shop", "oi", "con", "size", "00", "khong", "a", "?", "😍"]


@pytest.mark.parametrize(
    ("text", "bare"), [("Đường Nguyễn Huệ", "Duong Nguyen Hue"), ("größe", "große"), ("日本 ok", "日本 ok")]
)
def test_folding_takes_diacritics_off_and_nothing_else(text: str, bare: str) -> None:
    assert fold(text) == bare


def _by_hand(text: str) -> int:
    """How many different n-grams of words and characters both views have, counted without hashing."""
    found = set()
    for view, said in enumerate(words(text)):
        found |= {(view, word) for word in said} | {(view, *pair) for pair in itertools.pairwise(said)}
        padded = [f" {word} " for word in said]
        found |= {(view, n, p[i : i + n], 0) for p in padded for n in range(2, 6) for i in range(len(p) - n + 1)}
    return len(found)


def test_hashing_finds_as_many_n_grams_as_counting_by_hand() -> None:
    text = "Cho mình hỏi áo này còn size M không ạ, ship về Đà Nẵng mấy ngày"
    message = words(text)
    keys = features.grams([message]).key
    of_concepts = {key >> 10 for _, key in concepts.keys(message)}
    assert len(np.unique(keys)) == _by_hand(text) + len(of_concepts)


def test_a_message_has_the_same_n_grams_alone_and_in_a_batch() -> None:
    batch = [words("giá bao nhiêu"), words(""), words("còn hàng không shop"), words("😀")]
    together = features.grams(batch)
    alone = features.grams([batch[2]])
    assert sorted(together.key[together.message == 2]) == sorted(alone.key)
    assert set(together.message) == {0, 2, 3}


def test_concepts_are_found_in_both_languages_and_the_longest_phrase_wins() -> None:
    def named(text: str) -> set[str]:
        return {name for _, name in concepts.concepts(words(text).folded)}

    assert "refund" in named("hoàn tiền cho mình") & named("I want my money back") & named("hoan tien di")
    assert "account" in named("quên mật khẩu") & named("forgot my password")
    assert named("tài khoản ngân hàng") == {"bank_account"}
