from pathlib import Path

import numpy as np
import pytest

from nlp.examples import blind, shipped
from nlp.second import FILE, Second, Shape, read, write
from nlp.swift import MOST_KEPT
from nlp.words import words

SMALL = Shape(width=32, rows=500, batch=32, epochs=6)


@pytest.fixture(scope="module")
def second() -> Second:
    rows = [row for row in shipped() if row.intent in ("ask_price", "refund", "spam")]
    labels = sorted({row.intent for row in rows})
    learnt = Second(labels, SMALL)
    learnt.learn([words(row.text) for row in rows], np.array([labels.index(row.intent) for row in rows]))
    return learnt


TEXTS = ["giá bao nhiêu vậy shop", "hoan tien cho minh", "", "😀", "trúng thưởng iphone, bấm " * 40, "quầy lạ zzz"]


def test_it_learns_what_it_is_shown(second: Second) -> None:
    found = second.probabilities([words("giá bao nhiêu vậy"), words("refund my money"), words("vay tiền nhanh")])
    assert [second.labels[place] for place in found.argmax(axis=1)] == ["ask_price", "refund", "spam"]


def test_the_swift_arithmetic_gives_the_network_s_own_numbers(second: Second) -> None:
    batch = [words(text) for text in TEXTS]
    assert second.probabilities(batch) == pytest.approx(second.model.predict(second.docs(batch)), abs=1e-5)


def test_a_batch_is_judged_like_its_messages_alone(second: Second) -> None:
    batch = [words(text) for text in TEXTS]
    alone = np.concatenate([second.probabilities([message]) for message in batch])
    assert second.probabilities(batch) == pytest.approx(alone, abs=1e-5)
    assert second.probabilities([]).shape == (0, 3)


def test_words_beyond_the_memory_change_nothing(second: Second) -> None:
    batch = [words(text) for text in TEXTS]
    expected = second.model.predict(second.docs(batch))
    for start in range(0, MOST_KEPT + 200, 100):
        second.probabilities([words(" ".join(f"chữ{'abcdefghij'[n % 10]}q{n:x}z" for n in range(start, start + 100)))])
    assert second.probabilities(batch) == pytest.approx(expected, abs=1e-5)


def test_every_message_that_was_written_blind_gets_the_network_s_own_numbers(second: Second) -> None:
    batch = [words(row.text) for row in blind()]
    assert second.probabilities(batch) == pytest.approx(second.model.predict(second.docs(batch)), abs=1e-5)


def test_diacritics_change_nothing(second: Second) -> None:
    assert second.probabilities([words("hoàn tiền cho mình")]) == pytest.approx(
        second.probabilities([words("hoan tien cho minh")])
    )


def test_what_was_written_is_read_again_and_small(second: Second, tmp_path: Path) -> None:
    write(second, tmp_path)
    again = read(tmp_path)
    assert again is not None
    batch = [words(text) for text in TEXTS]
    assert again.probabilities(batch) == pytest.approx(second.probabilities(batch), abs=0.01)
    assert (tmp_path / FILE).stat().st_size < 1_000_000


def test_a_model_with_one_head_has_no_second(tmp_path: Path) -> None:
    assert read(tmp_path) is None


def test_words_that_were_never_seen_do_not_fill_the_memory(second: Second) -> None:
    second.probabilities([words("giá")])
    before = len(second.vocab.strings)
    for number in range(100):
        second.probabilities([words(f"chữlạ{number}x")])
    assert len(second.vocab.strings) == before
